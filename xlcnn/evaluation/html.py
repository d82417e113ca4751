"""An evaluation as one page that a class can look at: how often right, which class for which, the worst mistakes as pictures.

The page stands alone: no scripts, nothing from elsewhere; the pictures are inside it. It follows the reader's light or dark.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from html import escape
from math import floor

from xlcnn.evaluation import words
from xlcnn.evaluation.outcome import Evaluation, Mistake, Share
from xlcnn.evaluation.pixels import png

WIDE = 84  # pixels of a picture on the page

STYLE = """
:root{color-scheme:light dark;--ink:#1f2a37;--grey:#55606f;--paper:#fff;--soft:#eef2f7;--line:#c5cdd8;--good:#1d5fa8;--bad:#a83600;
--right:71 136 203;--wrong:226 122 20}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf2;--grey:#a9b4c2;--paper:#12171d;--soft:#1e2630;--line:#3a4654;--good:#7db8f5;
--bad:#ffa066}}
body{font:15px/1.5 Arial,Helvetica,sans-serif;color:var(--ink);background:var(--paper);max-width:64rem;margin:2rem auto;
padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 .5rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}
.figure{font-size:2.6rem;font-weight:bold;line-height:1.2;margin:.3rem 0 0}p{margin:.3rem 0;overflow-wrap:anywhere}
.said{padding:.7rem 1rem;margin:1rem 0 0;background:var(--soft);border-left:.5rem solid var(--good)}.bad{border-color:var(--bad)}
.small{color:var(--grey);font-size:.9em}
.wide{overflow-x:auto}table{border-collapse:collapse}
caption{text-align:left;color:var(--grey);font-size:.9em;padding-bottom:.4rem}
th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}th:first-child{text-align:left}.confusion td{min-width:2.2em;border:1px solid var(--paper)}
.scale{position:relative;display:inline-block;width:16rem;height:.8rem;background:var(--soft);vertical-align:middle}
.scale i{position:absolute;top:0;bottom:0;background:rgb(var(--right) / .55)}.scale b{position:absolute;top:-.15rem;bottom:-.15rem;
width:2px;background:var(--ink)}
.pictures{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0;width:9.5rem}
img{image-rendering:pixelated;border:1px solid var(--line);background:#000;display:block}
figcaption{font-size:.85rem;overflow-wrap:anywhere;margin-top:.3rem}
@media print{body{max-width:none}}
"""


def html_report(found: Evaluation) -> str:
    """The page."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    body = "\n".join((*head(found), by_class(found), confusion(found), mistakes(found), unread(found)))
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>xlcnn: {escape(found.workbook)} evaluated</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n<body><main>\n'
        f"{body}\n</main></body></html>\n"
    )


def head(found: Evaluation) -> Iterator[str]:
    total = found.total
    yield f"<h1>How well {escape(found.workbook)} reads</h1>"
    yield f'<p class="figure">{words.percent(total.value)}</p>'
    yield f"<p>{total.right:,} of {total.pictures:,} pictures right; 95 % confidence: {words.between(total)}</p>"
    yield f'<p class="small">{escape(words.how(found))}</p>'
    if line := words.compared(found):
        yield f'<p class="said{" bad" if found.differing else ""}">{escape(line[0].upper() + line[1:])}</p>'


def by_class(found: Evaluation) -> str:
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("class", "pictures", "right", "accuracy", "95 % confidence"))
    begin = floor(10 * min((share.interval[0] for share in found.by_class if share.interval), default=0.0)) / 10
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{share.pictures:,}</td><td>{share.right:,}</td>'
        f"<td>{words.percent(share.value)}</td><td>{words.between(share)}</td><td>{scale(share, begin)}</td></tr>"
        for name, share in zip(found.classes, found.by_class, strict=True)
    )
    note = f"The line is the accuracy, the bar its confidence interval, between {words.percent(begin, 0)} and 100 %."
    return f'<h2>Class by class</h2><div class="wide"><table><caption>{note}</caption><tr>{heads}<td></td></tr>{rows}</table></div>'


def scale(share: Share, begin: float) -> str:
    """The interval as a bar between `begin` and 100 %; the numbers beside it say the same."""
    if share.interval is None or share.value is None:
        return ""
    low, high, at = (100 * (x - begin) / (1 - begin) for x in (*share.interval, share.value))
    bar = f'<i style="left:{low:.2f}%;width:{high - low:.2f}%"></i><b style="left:{0.99 * max(0.0, at):.2f}%"></b>'
    return f'<span class="scale" aria-hidden="true">{bar}</span>'


def confusion(found: Evaluation) -> str:
    none = any(found.unanswered)
    names = [escape(name) for name in (*found.classes, *(["no answer"] if none else []))]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = []
    most = most_wrong(found)
    for k, (row, missing) in enumerate(zip(found.confusion, found.unanswered, strict=True)):
        counts = (*row, *([missing] if none else []))
        cells = "".join(shaded(count, sum(row) + missing, 1.0 if j == k else most, j == k) for j, count in enumerate(counts))
        rows.append(f'<tr><th scope="row">{names[k]}</th>{cells}</tr>')
    note = "A row for what a picture shows, a column for what it was read as: blue is right, orange is wrong."
    table = f'<table class="confusion"><caption>{note}</caption><tr><th scope="col">shows</th>{heads}</tr>{"".join(rows)}</table>'
    return f'<h2>Which was taken for which</h2><div class="wide">{table}</div>'


def most_wrong(found: Evaluation) -> float:
    """The largest share of a class that was taken for another one, or got no answer."""
    rows = zip(found.confusion, found.unanswered, found.by_class, strict=True)
    wrong = [max((*row[:k], *row[k + 1 :], none)) / share.pictures for k, (row, none, share) in enumerate(rows) if share.pictures]
    return max(wrong, default=0.0)


def shaded(count: int, whole: int, most: float, right: bool) -> str:
    """A cell the stronger in colour the nearer its share of the row is to the largest that a cell of its kind may have."""
    if not count:
        return "<td></td>"
    strength = 0.55 * count / whole / most
    return f'<td style="background:rgb(var(--{"right" if right else "wrong"}) / {strength:.2f})">{count:,}</td>'


def mistakes(found: Evaluation) -> str:
    if not found.mistakes:
        return ""
    shown = "".join(figure(found, mistake) for mistake in found.mistakes)
    note = "Those in which the wrong class got most more than the right one."
    return f'<h2>The worst mistakes</h2><p class="small">{note}</p><div class="pictures">{shown}</div>'


def figure(found: Evaluation, mistake: Mistake) -> str:
    said = escape(words.mistaken(found, mistake))
    image = ""
    if mistake.image is not None:
        high = round(WIDE * mistake.image.shape[1] / mistake.image.shape[2])
        data = b64encode(png(mistake.image)).decode()
        image = f'<img width="{WIDE}" height="{high}" alt="A picture of {said}" src="data:image/png;base64,{data}">'
    return f'<figure>{image}<figcaption>{said}<br><span class="small">{escape(mistake.picture)}</span></figcaption></figure>'


def unread(found: Evaluation) -> str:
    if not found.unread:
        return ""
    more = found.unread - len(found.unread_first)
    lines = [escape(error) for _, error in found.unread_first] + ([f"… and {more:,} more"] if more else [])
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f"<h2>Not counted</h2><p>{words.unread(found)}:</p><ul>{items}</ul>"

"""The verifier's report as one page that a teacher can open: the first cause, the table, heat maps of the difference.

The page stands alone: no scripts, nothing from elsewhere; the pictures are inside it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO

import numpy as np
from PIL import Image

from xlcnn.grid.references import a1
from xlcnn.verifier.compare import TOLERANCE
from xlcnn.verifier.report import PROBLEMS, DifferenceMap, Problem, Report, SheetReport, judged, show, verdict_line

SHOWN = 200  # problems in the table
PIXELS = 4  # of a cell in a heat map

PAPER, AGREES = (255, 255, 255), (221, 230, 240)
FAINT, STRONG = (250, 214, 178), (178, 60, 0)  # just beyond the tolerance; a difference of 1 or more

STYLE = """
body{font:15px/1.5 Arial,Helvetica,sans-serif;color:#1f2a37;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.verdict{padding:.7rem 1rem;border-left:.5rem solid;background:#eef2f7;overflow-wrap:anywhere}
.ok{border-color:#1d5fa8}.bad{border-color:#b23c00}
.cause{background:#fdf0e4;padding:.7rem 1rem;overflow-wrap:anywhere}.cause dt{font-weight:bold}.cause dd{margin:0 0 .4rem}
table{border-collapse:collapse;width:100%}
td:first-child{white-space:nowrap}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #c5cdd8;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td{overflow-wrap:anywhere}
code{font-family:"Courier New",monospace;font-size:.9em}
.maps{display:flex;flex-wrap:wrap;gap:1.2rem}figure{margin:0}img{image-rendering:pixelated;border:1px solid #c5cdd8;max-width:100%}
figcaption{font-size:.85rem;color:#5b6777}
.key span{display:inline-block;width:1em;height:1em;vertical-align:-.15em;margin:0 .3em 0 1em}
"""


def html_report(reports: Sequence[Report], name: str) -> str:
    """The page for one workbook, verified by one or more engines."""
    ok = all(report.ok for report in reports)
    body = [f"<h1>{'Verified' if ok else 'Not verified'}: {escape(name)}</h1>"]
    for report in reports:
        body.append(f'<p class="verdict {"ok" if report.ok else "bad"}">{escape(verdict_line(report, name))}</p>')
        if report.problems:
            body.append(cause(report.problems[0]))
        body.append(sheets_table(report))
        if len(report.problems) > 1:
            body.append(problems_table(report.problems))
        if report.difference_maps:
            body.append(maps(report))
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>xlcnn: {escape(name)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n<body>'
        + "\n".join(body)
        + "</body></html>\n"
    )


def location(problem: Problem) -> str:
    return problem.sheet + (f"!{problem.cell}" if problem.cell else "")


def cause(problem: Problem) -> str:
    """The first problem upstream, in words."""
    rows = [
        ("Where", location(problem)),
        ("What", PROBLEMS[problem.kind]),
        ("Expected", show(problem.expected)),
        ("Found", show(problem.found)),
    ]
    rows += [("Note", problem.note)] if problem.note else []
    lines = "".join(f"<dt>{label}</dt><dd><code>{escape(text)}</code></dd>" for label, text in rows)
    return f'<h2>The first cause</h2><dl class="cause">{lines}</dl>'


def sheets_table(report: Report) -> str:
    head = '<th>sheet</th><th class="n">cells</th><th class="n">formulas</th><th class="n">largest difference</th><th>verdict</th>'
    rows = "".join(
        f'<tr><td>{escape(s.sheet)}</td><td class="n">{s.cells}</td><td class="n">{s.formulas}</td>'
        f'<td class="n">{f"{s.max_abs_error:.1e}" if s.checked else ""}</td><td>{verdict(s)}{judged(s)}</td></tr>'
        for s in report.sheets
    )
    return f"<h2>Sheet by sheet</h2><table><tr>{head}</tr>{rows}</table>" if report.sheets else ""


def verdict(sheet: SheetReport) -> str:
    return "ok" if sheet.ok else f"<b>{sheet.verdict.lower()}</b>"


def problems_table(problems: Sequence[Problem]) -> str:
    rows = "".join(
        f"<tr><td>{escape(location(p))}</td><td>{escape(PROBLEMS[p.kind])}</td><td><code>{escape(show(p.expected))}</code></td>"
        f"<td><code>{escape(show(p.found))}</code></td><td>{escape(p.note)}</td></tr>"
        for p in problems[:SHOWN]
    )
    more = f"<p>… and {len(problems) - SHOWN} more.</p>" if len(problems) > SHOWN else ""
    head = "<th>where</th><th>what</th><th>expected</th><th>found</th><th>note</th>"
    return f"<h2>All problems</h2><table><tr>{head}</tr>{rows}</table>{more}"


def maps(report: Report) -> str:
    key = "".join(
        f'<span style="background:rgb{colour}"></span>{text}'
        for colour, text in ((AGREES, "agrees with NumPy"), (FAINT, "differs a little"), (STRONG, "differs by 1 or more"))
    )
    figures = "".join(figure(m) for m in report.difference_maps)
    return f'<h2>Where the values differ from NumPy\'s</h2><p class="key">{key}</p><div class="maps">{figures}</div>'


def figure(m: DifferenceMap) -> str:
    height, width = m.differences.shape
    wrong = np.argwhere(m.differences > TOLERANCE)
    first = (
        f": {len(wrong)} cells, the first {a1(int(wrong[0][0]) + 1, int(wrong[0][1]) + 1)}" if len(wrong) else ": every cell agrees"
    )
    size = f'width="{width * PIXELS}" height="{height * PIXELS}"'
    text = escape(m.sheet + first)
    image = f'<img {size} alt="{text}" src="data:image/png;base64,{picture(m.differences)}">'
    return f"<figure>{image}<figcaption>{text}</figcaption></figure>"


def picture(differences: np.ndarray) -> str:
    """A PNG with one pixel per cell: white where nothing is compared, blue-grey where it agrees, the darker the further off."""
    with np.errstate(all="ignore"):
        share = np.clip(np.nan_to_num(1 - np.log10(differences) / np.log10(TOLERANCE), nan=0, posinf=1, neginf=0), 0, 1)[..., None]
    pixels = np.array(FAINT) * (1 - share) + np.array(STRONG) * share
    pixels[~(differences > TOLERANCE)] = AGREES
    pixels[np.isnan(differences)] = PAPER
    out = BytesIO()
    Image.fromarray(pixels.round().astype(np.uint8)).save(out, "PNG", optimize=True)
    return b64encode(out.getvalue()).decode()

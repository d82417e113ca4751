"""Whether captions, heads, labels and the titles of charts are those of what they stand at.

A lie is a word that is right at another place: one of the lesson's, or, in anybody's own words, a number that is another one's.
Other words are everybody's own, as long as they are words: no formula, and no letters that cannot be seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import Layout, PlacedSheet, place
from xlcnn.sheets import guide
from xlcnn.sheets.parts import Labels, Menu
from xlcnn.sheets.words import Words
from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.charts import planned, the_lessons
from xlcnn.verifier.shown.language import captions
from xlcnn.verifier.shown.looks import LEAST_POINTS, look_at
from xlcnn.verifier.shown.reading import likeness, seen
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.colours import WHITE, contrast
from xlcnn.xlsx.texts import InRuns

TABLES = ("about", "network")  # sheets that are a table, with heads above its columns
DIGITS = re.compile(r"\d+")
FAINT = 1.5  # contrast with the ground, below which a letter is not seen

Said = tuple[str | None, str, str]
"""Where words stand, those of a new workbook, and those that are there."""


def caption_problems(described: Described, placed: PlacedSheet, words: Words | None) -> Iterator[Problem]:
    """All of it on one sheet. The lesson's words are known, or not."""
    book = described.book
    values = book.sheets[placed.title].values
    above = captions(placed, words)
    labels = [where for part in free_labels(placed) for where in label_places(placed, part)]
    heads = beside(described.layout, placed, words) if words else {}
    yield from unread(book, placed, [*(where for _, where in above.values()), *heads], labels)
    known = list(right_elsewhere(described, placed, words)) if words else []
    yield from known
    named = {problem.cell for problem in known}
    counted = [[(tuple(map(int, b.numbers)), where) for b, (_, where) in above.items() if b.part == name] for name in placed.parts]
    counted += [list(zip(((k,) for _, k in part.keys), label_places(placed, part), strict=True)) for part in free_labels(placed)]
    for some in counted:
        for problem in miscounted(placed, [(numbers, where, seen(values.get(where))) for numbers, where in some]):
            if problem.cell not in named:
                yield problem


def right_elsewhere(described: Described, placed: PlacedSheet, words: Words) -> Iterator[Problem]:
    """Words of the lesson that stand at another place than theirs."""
    book, layout = described.book, described.layout
    values = book.sheets[placed.title].values
    yield from exchanged(placed, at_cells(values, beside(layout, placed, words)), "head")
    yield from exchanged(placed, at_cells(values, {where: text for text, where in captions(placed, words).values()}), "caption")
    for part in free_labels(placed):
        right = dict(zip(label_places(placed, part), words.labels(placed.name, part), strict=True))
        yield from exchanged(placed, at_cells(values, right), "label")
    for titles in chart_titles(book, layout, placed, words):
        yield from exchanged(placed, titles, "title")


def free_labels(placed: PlacedSheet) -> list[Labels]:
    """The parts that hold words which may be somebody's own."""
    return [part for part in placed.parts.values() if isinstance(part, Labels) and not part.texts]


def label_places(placed: PlacedSheet, part: Labels) -> list[Cell]:
    return [(row, col) for row, col in placed.positions(part.name).tolist()]


def at_cells(values: Mapping[Cell, object], right: Mapping[Cell, str]) -> list[Said]:
    return [(a1(*where), text, seen(values.get(where))) for where, text in right.items()]


def beside(layout: Layout, placed: PlacedSheet, words: Words) -> dict[Cell, str]:
    """The heads of the columns of a table, and what stands at the answer; none where rows or columns were inserted."""
    kind = placed.sheet.kind
    if kind not in (*TABLES, guide.NAME) or place(placed.sheet, placed.parts).blocks != placed.blocks:
        return {}
    notes = placed.sheet.notes(words, {name: p.sheet for name, p in layout.items()}, {name: p.parts for name, p in layout.items()})
    wanted = takewhile(lambda note: note.row < guide.STEPS if kind == guide.NAME else note.style.startswith("head"), notes)
    return {(note.row, note.col): note.text for note in wanted}


def chart_titles(book: Book, layout: Layout, placed: PlacedSheet, words: Words) -> Iterator[list[Said]]:
    """The titles of the lesson's charts; and for each of them, those of its axes."""
    charts = planned(layout, placed)
    titles: list[Said] = []
    for drawing in book.sheets[placed.title].drawings:
        one = the_lessons(drawing, placed.title, charts)
        if one is not None and drawing.chart is not None:
            where = a1(*drawing.first)
            titles.append((where, words.own_caption(placed.name, one.plan.title), drawing.chart.title))
            right = [words.own_caption(placed.name, key) if key else "" for key in one.plan.axes]
            if not one.plan.columns:
                right = [text or name for text, name in zip(right, "xy", strict=True)]
            axes = zip(right, drawing.chart.axes, strict=False)
            yield [(where, text, axis.title) for text, axis in axes if text]
    yield titles


def exchanged(placed: PlacedSheet, said: Iterable[Said], kind: str) -> Iterator[Problem]:
    """Words that stand where others should, while they are right elsewhere among them."""
    said = list(said)
    everywhere = {likeness(text) for _, text, _ in said}
    for where, text, found in said:
        like = likeness(found)
        if like != likeness(text) and like in everywhere:
            yield Problem("words", placed.title, where, text, found, f"the {kind} of another one")


def miscounted(placed: PlacedSheet, said: Iterable[tuple[tuple[int, ...], Cell, str]]) -> Iterator[Problem]:
    """Words of one kind whose numbers are those of the places that they stand at, but not in their order."""
    alike: dict[str, list[tuple[tuple[int, ...], Cell, str, list[int]]]] = defaultdict(list)
    for numbers, where, text in said:
        like = likeness(text)
        alike[DIGITS.sub("#", like)].append((numbers, where, text, [int(digits[-9:]) for digits in DIGITS.findall(like)]))
    for some in alike.values():
        for k in range(len(some[0][3])):
            found = [written[k] for *_, written in some]
            counts = [([n[j] + by for n, *_ in some]) for j in range(min(len(n) for n, *_ in some)) for by in (0, 1, -1)]
            if len(set(found)) < 2 or found in counts:
                continue
            right = next((count for count in counts if sorted(count) == sorted(found)), None)
            for (_, where, text, written), number in zip(some, right or found, strict=True):
                if written[k] != number:
                    yield Problem(
                        "words", placed.title, a1(*where), f"words with the number {number}", text, "the number of another one"
                    )


def unread(book: Book, placed: PlacedSheet, captioned: list[Cell], labels: list[Cell]) -> Iterator[Problem]:
    """Captions that a formula makes, and words of which some letters cannot be seen."""
    cells = book.sheets[placed.title]
    for where in captioned:
        if where in cells.formulas:
            yield Problem(
                "words", placed.title, a1(*where), "words", cells.formulas[where].at(where), "a formula in the place of a caption"
            )
    menus = [cell for b in placed.blocks if isinstance(placed.parts[b.part], Menu) for cell in b.cells()]
    for where in (*captioned, *labels, *menus):
        text = cells.values.get(where)
        hidden = hidden_letters(book, placed.title, where, text) if isinstance(text, InRuns) else ""
        if hidden:
            yield Problem(
                "words", placed.title, a1(*where), "words of which all letters can be seen", str(text), f"“{hidden}” cannot"
            )


def hidden_letters(book: Book, title: str, where: Cell, text: InRuns) -> str:
    """The first run of a text that is too small or too faint to be seen."""
    grounds = look_at(book, book.sheets[title], where).grounds or (WHITE,)
    for run in text.runs:
        tiny = run.points is not None and run.points < LEAST_POINTS
        ink = book.looks.palette.colour_of(run.colour) if run.colour is not None else None
        faint = ink is not None and min(contrast(ink, ground) for ground in grounds) < FAINT
        if run.text.strip() and (tiny or faint):
            return run.text
    return ""

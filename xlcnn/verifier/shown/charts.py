"""Whether the lesson's charts show what they show in a new workbook: the same cells, on axes that say how much they are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from xlcnn.grid.references import a1, split_area
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.layout.series import Column, series
from xlcnn.sheets import looks
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.formats import dishonest
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.over import Axis, Chart, Drawing

KINDS = {True: (("barChart",), ("lineChart",)), False: (("scatterChart",),)}  # of columns, or of lines and dots
LEAST_FILL = 0.2  # of an axis, that the numbers of a chart take

Pair = tuple[Column | None, Column | None]


@dataclass(frozen=True)
class Planned:
    """A chart of the lesson and the cells that it reads, x and y of each series."""

    plan: looks.Chart
    pairs: tuple[Pair, ...]


def planned(layout: Layout, placed: PlacedSheet) -> list[Planned]:
    """The charts that a new workbook has on this sheet."""
    return [Planned(plan, tuple(series(layout, placed, plan))) for plan in placed.sheet.charts(placed.parts)]


def read_by(drawing: Drawing, title: str) -> list[Pair]:
    """The cells that a drawing on the tab `title` reads."""
    return [(columns(x, title), columns(y, title)) for x, y in drawing.chart.series] if drawing.chart else []


def the_lessons(drawing: Drawing, title: str, charts: list[Planned]) -> Planned | None:
    """The chart of the lesson that a drawing shows, if only with some of its cells."""
    read = read_by(drawing, title)
    return next((one for one in charts if any(pair in one.pairs for pair in read)), None)


def chart_problems(book: Book, layout: Layout, placed: PlacedSheet, drawings: tuple[Drawing, ...]) -> Iterator[Problem]:
    """Charts that are the lesson's, but show something else. One that was removed is no lie, and others are somebody's own."""
    charts = planned(layout, placed)
    if not charts:
        return
    found = [pair for drawing in drawings for pair in read_by(drawing, placed.title)]
    for drawing in drawings:
        one = the_lessons(drawing, placed.title, charts)
        if one is not None and drawing.chart is not None:
            added = any(pair not in one.pairs for pair in read_by(drawing, placed.title))
            odd = "one with further bars or lines" if added else drawing.chart.odd or wrong_chart(book, one, drawing.chart)
            if odd:
                yield Problem("shown", placed.title, a1(*drawing.first), "the chart as a new workbook has it", odd)
                return
    missing = [pair for one in charts for pair in one.pairs if pair not in found]
    texts = [pair for drawing in drawings if drawing.chart for pair in drawing.chart.series]
    right = [pair for one in charts for pair in one.pairs]
    known = [{pair[k] for pair in right} for k in (0, 1)]  # a chart that reads none of these is somebody's own
    strange = [t for t, p in zip(texts, found, strict=True) if p not in right and any(p[k] and p[k] in known[k] for k in (0, 1))]
    if missing and strange:
        (x, y), (other_x, other_y) = missing[0], strange[0]
        expected = f"a chart of {written(y)} over {written(x)}"
        yield Problem("shown", placed.title, None, expected, f"one of {other_y or 'no cells'} over {other_x or 'no cells'}")


def wrong_chart(book: Book, one: Planned, chart: Chart) -> str | None:
    """What is read otherwise from a chart of the right cells, in words."""
    if chart.kinds not in KINDS[bool(one.plan.columns)]:
        return "another kind of chart"
    across, up = chart.axes
    usual = "0%" if one.plan.percent else "General"
    for code, fresh in ((across.number_format, "General"), (up.number_format, usual), *((code, usual) for code in chart.labels)):
        wrong = dishonest(code, fresh) if code else None
        if wrong:
            return f"numbers in {wrong}"
    low = 0.0 if (one.plan.percent or one.plan.columns) and one.plan.low is None else one.plan.low
    high = 1.0 if one.plan.percent and one.plan.high is None else one.plan.high
    numbers = (numbers_in(book, [pair[0] for pair in one.pairs]), numbers_in(book, [pair[1] for pair in one.pairs]))
    return wrong_axis(across, numbers[0], None, None, False) or wrong_axis(up, numbers[1], low, high, one.plan.logarithmic)


def wrong_axis(axis: Axis, numbers: list[float], low: float | None, high: float | None, logarithmic: bool) -> str | None:
    """What is wrong with an axis: it begins after its numbers, ends before them, or is too long for them to be told apart."""
    if axis.logarithmic and not logarithmic:
        return "an axis that is divided by powers"
    if axis.kind == "catAx" or (axis.low is None and axis.high is None):
        return None
    least, most = low if low is not None else min(numbers, default=None), high if high is not None else max(numbers, default=None)
    if least is None or most is None:
        return None  # nothing was computed yet
    slack = 1e-6 * (abs(least) + abs(most))
    start, end = axis.low if axis.low is not None else least, axis.high if axis.high is not None else most
    if start > least + slack or end < most - slack:
        return f"an axis from {start:g} to {end:g}, which leaves out some of its numbers"
    if not axis.logarithmic and most - least < LEAST_FILL * (end - start) and most > least:
        return f"an axis from {start:g} to {end:g}, on which its numbers look alike"
    return None


def numbers_in(book: Book, cells: list[Column | None]) -> list[float]:
    """The numbers in columns of cells."""
    found = []
    for title, (top, left), (bottom, _) in filter(None, cells):
        values = book.sheets[title].values if title in book.sheets else {}
        column = (values.get((row, left)) for row in range(top, bottom + 1))
        found += [float(v) for v in column if isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)]
    return found


def columns(reference: str, title: str) -> Column | None:
    """The cells of a chart's reference; None where they are not one range."""
    try:
        sheet, first, last = split_area(reference if "!" in reference else f"'{title}'!{reference}")
    except ValueError:
        return None
    return sheet, first, last


def written(column: Column | None) -> str:
    return f"{column[0]}!{a1(*column[1])}:{a1(*column[2])}" if column else "nothing"

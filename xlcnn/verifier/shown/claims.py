"""Whether headings that quote the lesson's own words for the answer give the network's answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.guide import NAME
from xlcnn.sheets.words import Words
from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.formats import shows
from xlcnn.verifier.shown.reading import seen

HEADINGS = 4  # rows above everything else, with the title and what the sheet does
CLAIM = r"[\s:=„“”\"«»'’(]*(\d+(?:[.,]\d+)?(?:\s?%)?)"  # a number right behind other words


def claims(described: Described, placed: PlacedSheet, words: Words) -> Iterator[Problem]:
    """The lesson's words for the answer with another number behind them, in a sheet's headings or the titles of its charts."""
    guide = described.layout.get(NAME)
    if guide is None or "prediction" not in guide.parts or guide.title not in described.book.sheets:
        return
    known = described.book.sheets[guide.title].values
    sheet = described.book.sheets[placed.title]
    top = min((b.row for b in placed.blocks), default=HEADINGS + 1)
    above = min(top, HEADINGS + 1)
    texts = [(a1(*cell), text) for cell, text in sheet.values.items() if cell[0] < above and isinstance(text, str)]
    charts = ((drawing.first, drawing.chart) for drawing in sheet.drawings if drawing.chart)
    texts += [(a1(*first), text) for first, chart in charts for text in (chart.title, *(axis.title for axis in chart.axes))]
    for name, key in (("prediction", "answer"), ("probability", "sure")):
        value = known.get(guide.references.locate(name))
        claim = re.compile(re.escape(seen(words["guide", key])) + CLAIM, re.IGNORECASE)
        if not isinstance(value, float):
            continue  # not computed yet
        for where, text in texts:
            for match in claim.finditer(seen(text)):
                if not shows(match[1].replace(",", "."), value):
                    expected = f"{words['guide', key]} {value:g}"
                    yield Problem("words", placed.title, where, expected, match[0], "another answer than the network's")

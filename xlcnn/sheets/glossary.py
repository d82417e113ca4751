"""The ``Glossary`` sheet: the words of the field, in plain words, each with a link to the sheet that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from xlcnn.grid.blocks import Box
from xlcnn.sheets.base import GLOSSARY, Sheet
from xlcnn.sheets.looks import Note
from xlcnn.sheets.parts import Part, Parts
from xlcnn.sheets.words import Words

NAME = "glossary"
COLUMNS = {"term": 11, "meaning": 43, "where": 9}  # and how many of the sheet's columns each takes
FIRST = 6


@dataclass(frozen=True)
class Glossary(Sheet):
    """The words of the field."""

    kind: ClassVar[str] = NAME
    group = GLOSSARY
    panels = False

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        yield from ()

    def arrange(self, p: Parts) -> Box:
        return Box(0, 0)

    def notes(self, words: Words, sheets: Mapping[str, Sheet], parts: Mapping[str, Parts]) -> Iterator[Note]:
        starts = [2, *(2 + end for end in accumulate(COLUMNS.values()))]
        for col, (key, width) in zip(starts, COLUMNS.items(), strict=False):
            yield Note(FIRST - 1, col, words["glossary_heads", key], "head", width)
        terms = (term for term in words.glossary if term.sheet in sheets)
        for row, term in enumerate(terms, start=FIRST):
            cells = ((term.name, "heading", ""), (term.meaning, "body", ""), (sheets[term.sheet].title, "back", term.sheet))
            for col, width, (text, style, link) in zip(starts, COLUMNS.values(), cells, strict=False):
                yield Note(row, col, text, style, width, wrap=True, ruled=True, link=link)

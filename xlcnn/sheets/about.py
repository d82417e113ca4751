"""The ``About`` sheet: how the workbook describes itself, for ``xlcnn verify``, today and by a newer version.

One line per sheet that holds a part of the network or of the lesson: its name, its kind, what it reads, its options.
Where everything stands is said by the defined names (``conv1.filter1.2``), which spreadsheet programs keep up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from xlcnn.grid.blocks import Box, beside
from xlcnn.sheets.base import ABOUT, Sheet
from xlcnn.sheets.looks import Note
from xlcnn.sheets.options import described, parse_value, write_value
from xlcnn.sheets.parts import Labels, Part, Parts
from xlcnn.sheets.words import Words

NAME = "about"
COLUMNS = {"name": 110, "kind": 110, "reads": 480, "options": 510}  # and their widths in pixels


@dataclass(frozen=True)
class About(Sheet):
    """How this workbook describes itself, for `xlcnn verify`."""

    kind: ClassVar[str] = NAME
    group = ABOUT
    panels = False
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def wide(self) -> Mapping[int, int]:
        return dict(enumerate(COLUMNS.values(), start=2))

    def parts(self, *incoming: Part) -> Iterator[Part]:
        self.no_input(incoming)
        for key, texts in zip(COLUMNS, zip(*self.rows, strict=True), strict=True):
            yield Labels(key, (len(self.rows),), texts=texts, look="body", captioned=False)

    def arrange(self, p: Parts) -> Box:
        return beside((p[key].block() for key in COLUMNS), gap=0)

    def notes(self, words: Words, sheets: Mapping[str, Sheet], parts: Mapping[str, Parts]) -> Iterator[Note]:
        for col, key in enumerate(COLUMNS, start=2):
            yield Note(5, col, words["about", key], "head")


def about(sheets: Iterable[Sheet], title: str) -> About:
    """The sheet that describes these."""
    return About(NAME, title, (), tuple(write_row(sheet) for sheet in sheets))


def write_row(sheet: Sheet) -> tuple[str, ...]:
    """The cells of a sheet's line."""
    options = "; ".join(f"{key} {write_value(value)}" for key, value in described(sheet).items())
    return sheet.name, sheet.kind, ", ".join(sheet.inputs), options


def read_row(cells: Sequence[object]) -> dict[str, Any]:
    """What a line says, as plain data. Raises `ValueError`."""
    name, kind, reads, text = ("" if c is None else str(c) for c in cells)
    options: dict[str, Any] = {}
    for item in filter(None, (t.strip() for t in text.split(";"))):
        key, _, value = item.partition(" ")
        options[key] = parse_value(value.strip())
    return {"name": name, "kind": kind, "inputs": [n.strip() for n in reads.split(",") if n.strip()], **options}

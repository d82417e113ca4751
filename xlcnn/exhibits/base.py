"""Exhibits: sheets that are no layer of the network but explain one thing, with values to play with.

An exhibit is written like a layer, with its NumPy and its Excel side by side, so that layout, workbook and verifier treat
it like one. It may read layers, but no layer reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xlcnn.layers.base import Layer


@dataclass(frozen=True)
class Chart:
    """A chart: lines of the parts `series` against the part `x`, and dots of one part against another.

    `title` is a key of the sheet's words; `row` and `col` say where it stands below the headings, from 0.
    """

    title: str
    x: str
    series: tuple[str, ...]
    row: int
    col: int
    dots: tuple[tuple[str, str], ...] = ()
    height: ClassVar[int] = 12  # cells
    width: ClassVar[int] = 19


@dataclass(frozen=True)
class Exhibit(Layer):
    """A sheet to play with. `title` and the like are keys of its words."""

    def charts(self) -> tuple[Chart, ...]:
        return ()

    def notes(self) -> tuple[tuple[int, int, str], ...]:
        """Words beside the blocks: row and column below the headings, from 0, and the key of the words."""
        return ()

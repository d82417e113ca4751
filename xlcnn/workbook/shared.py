"""Shared formulas: one formula text for a whole block, as if a teacher had typed it once and dragged it.

SpreadsheetML writes the text in the block's first cell, ``<f t="shared" ref="K6:AJ31" si="0">…</f>``, and in all others
only ``<f t="shared" si="0"/>`` (ECMA-376, 18.3.1.40). openpyxl hands a formula *object*'s items to the cell writer as
attributes, so such an object is all that is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.worksheet.formula import ArrayFormula


class SharedFormula(ArrayFormula):  # type: ignore[misc]
    """The formula of one cell of a dragged block; `text` and `ref` only in the first."""

    t = "shared"

    def __init__(self, index: int, text: str | None = None, ref: str | None = None) -> None:
        super().__init__(ref, text)
        self.si = str(index)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield "t", self.t
        if self.text is not None:
            yield "ref", self.ref
        yield "si", self.si

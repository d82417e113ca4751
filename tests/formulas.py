"""A single formula, computed by the embedded spreadsheet engine."""

from __future__ import annotations

import formualizer


def computed(formula: str, a1: float | str) -> object:
    """What the formula gives with that value in A1."""
    book = formualizer.Workbook()
    book.add_sheet("Sheet")
    book.set_value("Sheet", 1, 1, a1)
    book.set_formula("Sheet", 1, 2, "=" + formula)
    book.evaluate_all()
    return book.get_value("Sheet", 1, 2)

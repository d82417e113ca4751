"""What somebody typed, as the nearest number that means something here: once in NumPy, once in Excel.

A word counts as the lowest number, or as 0.
"""

from __future__ import annotations

import numpy as np

from xlcnn.sheets.part import Array


def whole(number: Array, low: float, high: float) -> float:
    """The nearest whole number from `low` to `high`, rounded down as Excel's INT does."""
    return float(low if np.isnan(number) else np.clip(np.floor(number), low, high))


def whole_formula(cell: str, low: int | str, high: int | str) -> str:
    return f"IFERROR(MAX({low},MIN({high},INT({cell}))),{low})"


def number(typed: Array) -> Array:
    """Any number; 0 for a word."""
    return np.where(np.isnan(typed), 0.0, typed)


def number_formula(cell: str) -> str:
    return f"IF(ISNUMBER({cell}),{cell},0)"

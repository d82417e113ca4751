"""Weights of few bits as decimals of few digits: ``0.1`` instead of ``0.100000001490116``.

A number of 32 bits is told from all others by nine significant decimal digits, often by fewer; one of 16 by five (IEEE 754-2019,
5.12.2). More digits say nothing, fill a formula bar, and take half of a large workbook's file.
"""

from __future__ import annotations

import numpy as np

from xlcnn.sheets.parts import Array

DIGITS = {4: (6, 9), 2: (3, 5)}  # bytes of a number → decimal digits that it always keeps, and that always tell it apart


def decimal(x: Array) -> Array:
    """The numbers of an array of any shape as 64-bit numbers; of those of fewer bits, the shortest decimals that mean them."""
    found = x.astype(np.float64)
    fewest, most = DIGITS.get(x.dtype.itemsize, (1, 0))
    usual = (found != 0) & np.isfinite(found)
    before = np.floor(np.log10(np.abs(found, where=usual, out=np.ones_like(found))))  # digits before the point, less one
    with np.errstate(over="ignore"):
        for digits in range(most, fewest - 1, -1):
            scale = 10.0 ** (digits - 1 - before)
            shorter = np.rint(found * scale) / scale
            found = np.where(usual & (shorter.astype(x.dtype) == x), shorter, found)
    return found

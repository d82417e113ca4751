"""When two numbers agree."""

from __future__ import annotations

import numpy as np

from xlcnn.sheets.parts import Array

TOLERANCE = 1e-9


def differs(found: Array, expected: Array, slack: Array | float = 0.0) -> Array:
    """Where numbers differ by more than 1e-9, both absolutely and relatively, and by more than `slack`.

    What is not a number differs, unless none was expected: an error downstream of an error is no error of its own.
    """
    with np.errstate(invalid="ignore"):
        allowed = np.maximum(TOLERANCE * np.maximum(1, np.abs(expected)), slack)
        close = (np.abs(found - expected) <= allowed) & np.isfinite(expected)
    return np.asarray(~(close | (found == expected) | (np.isnan(found) & np.isnan(expected))))


def distance(found: Array, expected: Array) -> Array:
    """How far numbers are apart; infinitely, where one of them is none."""
    with np.errstate(all="ignore"):
        far = np.abs(found - expected)
    return np.where(found == expected, 0.0, np.nan_to_num(far, nan=np.inf))

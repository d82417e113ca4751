"""When two numbers agree, and what one recalculation gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xlcnn.engines import Grid
from xlcnn.layers import Array

TOLERANCE = 1e-9


def differs(found: Array, expected: Array) -> Array:
    """Where numbers differ by more than 1e-9, both absolutely and relatively.

    What is not a number differs, unless none was expected: an error downstream of an error is no error of its own.
    """
    with np.errstate(invalid="ignore"):
        close = np.abs(found - expected) <= TOLERANCE * np.maximum(1, np.abs(expected))
    return np.asarray(~(close | (np.isnan(found) & np.isnan(expected))))


@dataclass(frozen=True)
class Run:
    """One recalculation: the engine's values, and NumPy's for each cell from the cells that it reads."""

    grids: Mapping[str, Grid]
    found: dict[str, dict[str, Array]]
    own: dict[str, dict[str, Array]]

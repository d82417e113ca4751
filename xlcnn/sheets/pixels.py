"""Pixels lie between 0 and 1; what is pasted in may not, and then the sheet says so."""

from __future__ import annotations

import numpy as np

from xlcnn.grid.blocks import Shape
from xlcnn.sheets.parts import Notice

SPAN = 12


def notice(name: str, blocks: Shape) -> Notice:
    """Whether every pixel of the part `name` lies between 0 and 1; `blocks` are its leading axes, spread over blocks."""
    indices = list(np.ndindex(*blocks))

    def valid(x: np.ndarray) -> float:
        return float(bool((x >= 0).all() and (x <= 1).all()))  # what is no number is neither

    return Notice(
        "valid", (), words="pixel", span=SPAN,
        numpy=lambda t: valid(t[name]),
        excel=lambda at: checked(",".join(at.whole(name, *i) for i in indices)),
    )  # fmt: skip


def checked(cells: str) -> str:
    """The same as a formula: the smallest, the largest, and as many numbers as there are cells that hold anything."""
    return f"IF(AND(MIN({cells})>=0,MAX({cells})<=1,COUNT({cells})=COUNTA({cells})),1,0)"

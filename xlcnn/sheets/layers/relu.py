"""ReLU: what is negative becomes 0, what is positive stays.  out = max(0, in)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.sheets.elementwise import Elementwise
from xlcnn.sheets.parts import Array


@dataclass(frozen=True)
class ReLU(Elementwise):
    """ReLU: what is negative becomes 0, what is positive stays."""

    kind: ClassVar[str] = "relu"
    never_negative: ClassVar[bool] = True

    def numpy(self, x: Array) -> Array:
        return np.maximum(0, x)

    def excel(self, x: str) -> str:
        return f"MAX(0,{x})"

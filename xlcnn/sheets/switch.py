"""A switch: 1 is on, 0 is off; anything else counts as off, and a notice beside it says so."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlcnn.grid.blocks import Box, stack
from xlcnn.sheets.parts import WHOLE, Choice, Notice, Part, Parts

SPAN = 3


def switch_parts(on: bool) -> Iterator[Part]:
    """The switch as a new workbook has it, and whether what stands in it means anything."""
    yield Choice("switch", (), np.array(float(on)), span=SPAN, number_format=WHOLE)
    yield Notice(
        "known", (), words="switch", span=2 * SPAN,
        numpy=lambda t: float(t["switch"] in (0, 1)),
        excel=lambda at: f"IF({at('switch')}=0,1,IF({at('switch')}=1,1,0))",
    )  # fmt: skip


def switch_box(p: Parts) -> Box:
    return stack([p["switch"].block(), p["known"].block()], gap=0)

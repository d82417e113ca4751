"""Many steps: how loss and accuracy changed while this very network was trained, and its filters at the start and today.

The numbers of the curves and the filters at the start were recorded by ``xlcnn train``; today's filters are those of the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from xlcnn.grid.blocks import Box, beside, stack
from xlcnn.sheets.base import Learning
from xlcnn.sheets.looks import Chart
from xlcnn.sheets.options import whole
from xlcnn.sheets.parts import FOUR_DECIMALS, PERCENT, WHOLE, Part, Parts, Recorded, incoming

SPAN = 4


@dataclass(frozen=True)
class History(Learning):
    """Many steps: the loss and the accuracy during training, and the filters before and after it."""

    kind: ClassVar[str] = "history"
    points: int = whole(2, 1000)

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        shape = (self.points,)
        yield Recorded("epoch", shape, record="history.epoch", span=SPAN, number_format=WHOLE)
        yield Recorded("loss", shape, record="history.loss", span=SPAN, number_format=FOUR_DECIMALS)
        yield Recorded("accuracy", shape, record="history.accuracy", span=SPAN, number_format=PERCENT)
        for part in incoming_:
            if len(part.shape) != 4:
                raise self.fail("reads the filters of convolutions")
            yield Recorded(
                f"{part.home}_start", part.shape, record=f"start.{part.home}.{part.name}",
                coloured=True, scale=part.home,
            )  # fmt: skip
            yield incoming(f"{part.home}_now", part, scale=part.home)

    def arrange(self, p: Parts) -> Box:
        table = beside((p[name].block() for name in ("epoch", "loss", "accuracy")), gap=0)
        homes = [name.removesuffix("_now") for name in p if name.endswith("_now")]
        return beside([table, stack(filters_box(p, home) for home in homes)], gap=3)

    def charts(self, p: Parts) -> tuple[Chart, ...]:
        filters = 2 * max((part.shape[3] for part in p.values() if len(part.shape) == 4), default=0)
        looks: dict[str, Any] = {"col": 3 * SPAN + 3 + filters + 8, "x": "epoch", "height": 13, "width": 28}
        return (
            Chart("loss_chart", row=0, lines=("loss",), axes=("epoch", "loss"), logarithmic=True, **looks),
            Chart("accuracy_chart", row=14, lines=("accuracy",), axes=("epoch", "accuracy"), percent=True, low=0.9, **looks),
        )


def filters_box(p: Parts, home: str) -> Box:
    """Each filter of a convolution at the start and today, side by side."""
    start, now = p[f"{home}_start"], p[f"{home}_now"]
    pairs = ((o, i) for o in range(start.shape[0]) for i in range(start.shape[1]))
    return stack(beside([start.block(*pair), now.block(*pair)], gap=2) for pair in pairs)

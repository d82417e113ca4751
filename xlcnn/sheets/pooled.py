"""What poolings share: one outgoing map for each incoming one, and the look inside one cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from xlcnn.grid.blocks import Box, Shape, beside, stack
from xlcnn.grid.references import References
from xlcnn.sheets import lens
from xlcnn.sheets.elementwise import ARGUMENTS
from xlcnn.sheets.options import pair
from xlcnn.sheets.parts import Array, Computed, Part, Parts, Text, Values
from xlcnn.sheets.window import Windowed


@dataclass(frozen=True)
class Pooled(Windowed):
    """A layer that replaces each window of a map by one number: Excel's `function` of it."""

    function: ClassVar[str]
    announced: ClassVar[frozenset[str]] = frozenset({"in", "output", "pickmap"})
    kernel: tuple[int, int] = pair(default=(2, 2))
    stride: tuple[int, int] = pair(default=(2, 2))

    def pool(self, windows: Array) -> Array:
        """One number for each window, whose cells are the last two axes."""
        raise NotImplementedError

    def pooled_windows(self, x: Array) -> Array:
        """Every window's cells: those of the maps that it covers, so many apart."""
        return self.windows(x)[..., :: self.dilation[0], :: self.dilation[1]]

    def cells(self, at: References, channel: int, y: int, x: int) -> str:
        """The references to a window's cells: one range, or where they are laid apart, a list."""
        if self.dilation == (1, 1):
            return self.window(at, channel, y, x)
        top, left = self.corner(y, x)
        (kh, kw), (dy, dx) = self.kernel, self.dilation
        if kh * kw > ARGUMENTS:
            raise self.fail(f"a window of {kh * kw} cells that lie apart; a function takes {ARGUMENTS}")
        return ",".join(at("in", channel, top + u * dy, left + v * dx) for u in range(kh) for v in range(kw))

    def lens_parts(self, x: Part, output: Shape) -> Iterator[Part]:
        """The window of the picked cell, and what becomes of it."""
        channels = range(x.shape[0])
        if any(self.padding):
            raise self.fail("lens is for maps without padding: Excel reads empty cells as 0, one by one")

        def window(at: References, u: int, v: int) -> str:
            cells = (lens.window_cell(at, c, u, v, self.stride) for c in channels)
            return f"CHOOSE({lens.picks(at)[0]},{','.join(cells)})"

        yield from lens.pick_parts(output)
        yield Computed(
            "window", self.kernel, signed=x.signed, explained=False,
            numpy=lambda t: lens.look(t, self.kernel, lambda c, y, x: self.window_of(t["in"][..., c, :, :], y, x)),
            excel=window,
        )  # fmt: skip
        yield Computed(
            "result", (), explained=False, span=lens.SPAN,
            numpy=lambda t: self.pool(t["window"]),
            excel=lambda at: f"{self.function}({at.whole('window')})",
        )  # fmt: skip
        yield Text("celltext", (), span=4 * lens.SPAN, look="wrapped", says=self.formula_text, excel=self.formula_as_text)

    def formula_text(self, t: Values, at: References) -> str:
        """The formula of the cell that is looked into."""
        where = lens.looked(t)
        return "" if where is None else f"={self.function}({self.window(at, *where)})"

    def formula_as_text(self, at: References) -> str:
        """The same, put together by Excel."""
        return f'"={self.function}("&{lens.window_text(at, range(at.slices("in")), self.kernel, self.stride)}&")"'

    def arrange(self, p: Parts) -> Box:
        columns = [p["in"].maps(), p["output"].maps()]
        if self.lens:
            result = beside([p["window"].block(), p["result"].block()], gap=2)
            columns.append(stack([lens.pick_box(p), result, p["celltext"].block()]))
        return beside(columns, gap=2)

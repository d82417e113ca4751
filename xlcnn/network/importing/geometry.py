"""How a window slides, in ONNX's words: kernel, strides, dilations, pads at the beginning and the end, `auto_pad`, `ceil_mode`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlcnn.errors import NetworkError

Pair = tuple[int, int]


@dataclass(frozen=True)
class Geometry:
    """Rows before columns; `pads` are those at the top, left, bottom and right, `extra` what `ceil_mode` adds below and right."""

    kernel: Pair
    stride: Pair
    dilation: Pair
    pads: tuple[int, int, int, int]
    extra: Pair = (0, 0)

    @property
    def covered(self) -> Pair:
        """How many rows and columns the window covers."""
        return (self.kernel[0] - 1) * self.dilation[0] + 1, (self.kernel[1] - 1) * self.dilation[1] + 1

    @property
    def padding(self) -> tuple[int, int, int, int]:
        top, left, bottom, right = self.pads
        return top, left, bottom + self.extra[0], right + self.extra[1]


def geometry(attributes: Mapping[str, Any], kernel: tuple[int, ...], size: Pair) -> Geometry:
    """How a window of `kernel` slides over maps of `size`. One axis means columns. Raises `NetworkError`."""
    axes = len(kernel)
    stride = tuple(attributes.get("strides", (1,) * axes))
    dilation = tuple(attributes.get("dilations", (1,) * axes))
    pads = tuple(attributes.get("pads", (0,) * (2 * axes)))
    if axes not in (1, 2) or len(stride) != axes or len(dilation) != axes or len(pads) != 2 * axes:
        raise NetworkError(f"slides a window over {axes} axes; a sheet has two")
    begin, end = pads[:axes], pads[axes:]
    covered = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    auto = attributes.get("auto_pad", "NOTSET")
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        missing = [(-(-n // s) - 1) * s + k - n for n, s, k in zip(size[-axes:], stride, covered, strict=True)]
        if min(missing) < -1:
            raise NetworkError("leaves out rows or columns at the border, which programs do in different ways (auto_pad)")
        missing = [max(0, n) for n in missing]
        less, more = tuple(m // 2 for m in missing), tuple(m - m // 2 for m in missing)
        begin, end = (less, more) if auto == "SAME_UPPER" else (more, less)
    elif auto == "VALID":
        begin = end = (0,) * axes
    if min((*begin, *end)) < 0:
        raise NetworkError("cuts off the border by negative padding")
    extra = tuple(
        beyond(n, k, s, b, e) if attributes.get("ceil_mode") else 0
        for n, k, s, b, e in zip(size[-axes:], covered, stride, begin, end, strict=True)
    )
    (top, left), (bottom, right) = two(begin, 0), two(end, 0)
    return Geometry(two(kernel, 1), two(stride, 1), two(dilation, 1), (top, left, bottom, right), two(extra, 0))


def two(numbers: tuple[int, ...], before: int) -> Pair:
    """Rows and columns, where a file may have columns alone."""
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (before, numbers[0])


def beyond(size: int, kernel: int, stride: int, begin: int, end: int) -> int:
    """How far the last window reaches out, if windows that do not fit whole count; one must begin inside, or it is none."""
    steps = -(-(size + begin + end - kernel) // stride)
    if steps * stride >= size + begin:
        steps -= 1
    return max(0, steps * stride + kernel - (size + begin + end))

"""Input: the image as a matrix of numbers; every later number comes from these.

Where it reads galleries, a drop-down chooses among the user's own image and all their pictures:

    output[c, y, x] = CHOOSE(number, user[c, y, x], gallery 1 [0, c, y, x], gallery 1 [1, c, y, x], …)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.blocks import Box, References, Shape, beside, block, maps, stack
from xlcnn.layers.base import MOST_CHOICES, OPTIONS, Array, Layer, Part, in_parts
from xlcnn.layers.menu import SPAN, choose, list_box, menu_parts, number_formula


@dataclass(frozen=True)
class Input(Layer):
    kind: ClassVar[str] = "input"
    shape: tuple[int, int, int]

    @property
    def explained(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("output",) if self.inputs else ()

    def parts(self, *incoming: Part) -> dict[str, Part]:
        if len(self.shape) != 3 or min(self.shape) < 1:
            raise self.fail(f"its shape is channels × height × width, not {self.shape}")
        image = Part("source", tuple(self.shape), signed=False, blank=True)
        if not incoming:
            return {"output": image}
        for gallery in incoming:
            if gallery.role != "source" or gallery.shape[1:] != image.shape:
                raise self.fail(f"can choose only among pictures of shape {self.shape}, not {gallery.shape[1:]}")
        count = 1 + sum(g.shape[0] for g in incoming)
        if count > MOST_CHOICES:
            raise self.fail(f"can choose among {MOST_CHOICES} pictures, not {count}")
        there = {name: Part("there", g.shape, signed=False) for name, g in zip(in_parts(self), incoming, strict=True)}
        return {"user": image, **there, **menu_parts(count), "output": Part("computed", image.shape, signed=False)}

    def labels(self, parts: Mapping[str, Part]) -> list[tuple[str, int]]:
        if not self.inputs:
            return []
        galleries = zip(self.inputs, in_parts(self), strict=True)
        return [("user", 0), *((name, k) for name, part in galleries for k in range(parts[part].shape[0]))]

    def defaults(self, parts: Mapping[str, Part]) -> dict[str, Array]:
        return {"choice": np.array(1.0)} if self.inputs else {}

    def compute(self, part: str, p: Mapping[str, Array]) -> Array:
        if part == "number":
            return p["choice"]
        pictures = np.concatenate([p["user"][None], *(p[name] for name in in_parts(self))])
        known = 1 <= p["number"] <= len(pictures)
        return np.asarray(pictures[int(p["number"]) - 1] if known else np.full(self.shape, np.nan))

    def formula(self, part: str, index: Shape, ref: References) -> str:
        if part == "number":
            return number_formula(ref, index)
        pictures = [ref.at(name, (k, *index)) for name in in_parts(self) for k in range(ref.count(name))]
        return f"={choose(ref, (), [ref.at('user', index), *pictures])}+0"  # what is empty becomes 0

    def scales(self) -> list[tuple[str, ...]]:
        return [("user", "output")] if self.inputs else []

    def arrange(self, parts: Mapping[str, Part]) -> Box:
        if not self.inputs:
            return maps("output", parts["output"].shape, "map")
        menu = [block("choice", (), "choice", 1, 1, SPAN), block("number", (), "number", 1, 1, 3)]
        middle = stack([*menu, list_box(parts[OPTIONS].shape[0])])
        return beside([maps("user", parts["user"].shape, "user"), middle, maps("output", parts["output"].shape, "map")], gap=3)

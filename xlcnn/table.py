"""The table of layers on the ``Network`` sheet: how a layer is written as a row and read back from it."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from xlcnn.layers import Layer, Part
from xlcnn.network import build_layer, options

SHEET = "Network"
COLUMNS = ("layer", "kind", "reads", "options", "output", "weights", "sheet")
TABLE = "network.layers"  # the defined name of the table's body


def write_row(layer: Layer, parts: Mapping[str, Part]) -> tuple[str | int, ...]:
    """The cells of a layer's row."""
    known = facts(layer, parts)
    return (
        layer.name,
        layer.kind,
        ", ".join(layer.inputs),
        "; ".join(f"{key} {_times(value)}" for key, value in options(layer).items()),
        known["output"],
        known["weights"],
        layer.sheet,
    )


def facts(layer: Layer, parts: Mapping[str, Part]) -> dict[str, str | int]:
    """The columns that follow from the others: the output's shape and the number of weights."""
    weights = sum(prod(p.shape) for p in parts.values() if p.role == "weight")
    return {"output": _times(parts["output"].shape) if "output" in parts else "", "weights": weights}


def read_row(cells: tuple[Any, ...]) -> Layer:
    """The layer that a row describes. Raises `NetworkError` or `ValueError`."""
    name, kind, reads, text, _, _, sheet = ("" if c is None else str(c) for c in cells)
    inputs = [n.strip() for n in reads.split(",") if n.strip()]
    return build_layer({"name": name, "kind": kind, "sheet": sheet, "inputs": inputs, **parse_options(text)})


def parse_options(text: str) -> dict[str, Any]:
    """``filters 2; kernel 3 × 3`` → {"filters": 2, "kernel": [3, 3]}. Raises `ValueError`."""
    found: dict[str, Any] = {}
    for item in filter(None, (t.strip() for t in text.split(";"))):
        key, _, value = item.partition(" ")
        numbers = [int(n) for n in value.split("×")]
        found[key] = numbers if len(numbers) > 1 else numbers[0]
    return found


def _times(value: int | tuple[int, ...]) -> str:
    return " × ".join(str(n) for n in value) if isinstance(value, tuple) else str(value)

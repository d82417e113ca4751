"""How a template is trained: the ``settings`` of its ``training.json``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError, TemplateError
from xlcnn.lesson.templates import Template
from xlcnn.network.network import Network
from xlcnn.sheets.options import fraction, options_of, whole, yes_no

EDGES = {
    "horizontal": np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]) / 3,
    "vertical": np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]]) / 3,
}


@dataclass(frozen=True)
class Settings:
    """`variation` is how much pictures are varied, `unvaried` the share of those that are not; `decay` keeps weights small.

    `drawn` is the share of the pictures that xlcnn draws itself, in ways that MNIST hardly has.
    If it is `calibrated`, its scores are divided by what makes its probabilities fit held-out images best.
    `start` names the layers whose first filters begin as edges, and these edges; `hold` is how strongly they are held near them.
    """

    epochs: int = whole(1, 1000, default=40)
    batch: int = whole(2, 10_000, default=250)
    learning_rate: float = fraction(0, 10, default=0.01)
    seed: int = whole(-(2**63), 2**64 - 1, default=0)
    variation: float = fraction(0, 10, default=0.5)
    unvaried: float = fraction(0, 1, default=0.5)
    start: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hold: float = fraction(0, 1000, default=0.1)
    decay: float = fraction(0, 1, default=0.0)
    drawn: float = fraction(0, 0.9, default=0.0)
    calibrated: bool = yes_no(default=False)

    @staticmethod
    def of(template: Template) -> Settings:
        """The template's settings. Raises `TemplateError` for a key that is not known, or a value that is none."""
        where = f"{template.folder / 'training.json'}: settings"
        data = template.training.get("settings", {})
        if not isinstance(data, dict):
            raise TemplateError(f"{where} must be one object")
        known = options_of(Settings)
        found: dict[str, Any] = {}
        for name, value in data.items():
            if name not in known and name != "start":
                raise TemplateError(f"{where}.{name} is not known")
            try:
                found[name] = start_of(value) if name == "start" else known[name].read(value)
            except ValueError as error:
                raise TemplateError(f"{where}.{name}{error}" if name == "start" else f"{where}.{name} {error}") from None
        return Settings(**found)


def start_of(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which filters begin as edges: ``{"conv1": ["horizontal", …]}``. Raises `ValueError`."""
    if not isinstance(value, dict) or not all(isinstance(names, list) for names in value.values()):
        raise ValueError(": a list of edges for each layer is needed")
    for name in (name for names in value.values() for name in names):
        if not isinstance(name, str) or name not in EDGES:
            raise ValueError(f": {name!r} is not known")
    return tuple((layer, tuple(names)) for layer, names in value.items())


def check_start(network: Network, settings: Settings) -> None:
    """Raises `NetworkError` where edges are wanted of filters that the network does not have."""
    convolutions = {layer.name for layer in network.layers if layer.kind == "conv2d"}
    for layer, edges in settings.start:
        filters, _, *kernel = network.weight_shapes[f"{layer}.weight"] if layer in convolutions else (0, 0)
        if len(edges) > filters or kernel != [3, 3] or f"{layer}.bias" not in network.weight_shapes:
            raise NetworkError(f"settings.start: no layer {layer} has {len(edges)} filters of 3 × 3, and a bias, to begin as edges")

"""One step of learning: every weight goes a little way against its gradient, and the network runs again.

    weight after = weight − η · gradient

η (eta) is the learning rate. The gradient says which way the loss falls from here, not for how long: with too large a step the
weights land on the other side of the valley, higher up than before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside, in_rows, stack
from xlcnn.grid.references import References
from xlcnn.sheets import typed
from xlcnn.sheets.base import Learning
from xlcnn.sheets.layers.dense import unit_cards
from xlcnn.sheets.learning.again import (
    IMAGE,
    SIX_DECIMALS,
    SPAN,
    Again,
    Tensor,
    finite,
    loss_parts,
    read,
    run_box,
    run_parts,
    single,
)
from xlcnn.sheets.learning.loss import already_sure
from xlcnn.sheets.parts import (
    FOUR_DECIMALS,
    GRADIENT,
    WHOLE,
    Array,
    Computed,
    Notice,
    Part,
    Parts,
    Play,
    Values,
    external,
    incoming,
)

MANY = 100  # a tensor of more numbers is not copied: its old numbers and their gradients are read where they stand
LEAST = 1e-9  # a smaller change of the loss is none
LARGE = 0.1  # with a larger η one image overwrites what all others taught


@dataclass(frozen=True)
class Step(Learning):
    """One step: all weights change against their gradients, and the loss falls, if the step is not too large."""

    kind: ClassVar[str] = "step"
    announced: ClassVar[frozenset[str]] = frozenset({IMAGE, "dense_weight"})

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        again = read(self, incoming_, rest=4)
        target, loss, truth, predicted = again.rest
        yield Play("eta", (), np.array(0.01), span=SPAN, number_format="General")
        yield Computed(
            "rate", (), span=SPAN, number_format="General", coloured=False, explained=False,
            numpy=lambda t: np.maximum(0, typed.number(t["eta"])),
            excel=lambda at: f"MAX(0,{typed.number_formula(at('eta'))})",
        )  # fmt: skip
        yield Notice(
            "positive", (), words="eta", span=4 * SPAN,
            numpy=lambda t: np.where(t["rate"] > 0, 1.0, 0.0),
            excel=lambda at: f"IF({at('rate')}>0,1,0)",
        )  # fmt: skip
        for tensor in again.tensors:
            yield from step_parts(tensor)
        yield from run_parts(self, again, {tensor.role: tensor.name for tensor in again.tensors})
        yield from loss_parts(again.score, target)
        yield from self.result_parts(again, loss, truth, predicted)

    def result_parts(self, again: Again, loss: Part, truth: Part, predicted: Part) -> Iterator[Part]:
        """The loss and the answer before and after the step, and what they say."""
        whole: dict[str, Any] = {"span": SPAN, "number_format": WHOLE, "coloured": False}
        loss_: dict[str, Any] = {"span": SPAN, "number_format": SIX_DECIMALS, "coloured": False}
        verdict: dict[str, Any] = {"span": 6 * SPAN}
        yield incoming("before", loss, **loss_)
        yield Computed(
            "change", (), **loss_,
            numpy=lambda t: t["after"] - t["before"],
            excel=lambda at: f"{at('after')}-{at('before')}",
        )  # fmt: skip
        yield incoming("truth", truth, **whole)
        yield incoming("answerbefore", predicted, **whole)
        yield Computed(
            "answerafter", (), explained=False, **whole,
            numpy=lambda t: finite(t[again.score].sum(), t[again.score].argmax()),
            excel=lambda at: f"MATCH(MAX({at.whole(again.score)}),{at.whole(again.score)},0)-1",
        )  # fmt: skip
        yield already_sure("before", span=6 * SPAN)
        yield Notice(
            "fell", (), words="fell", look="good news", **verdict,
            numpy=lambda t: finite(t["change"], np.where((t["change"] < -LEAST) & (t["rate"] <= LARGE), 0.0, 1.0)),
            excel=lambda at: f"IF(AND({at('change')}<-1E-9,{at('rate')}<=0.1),0,1)",
        )  # fmt: skip
        yield Notice(
            "rose", (), words="rose", **verdict,
            numpy=lambda t: finite(t["change"], np.where(t["change"] > LEAST, 0.0, 1.0)),
            excel=lambda at: f"IF({at('change')}>1E-9,0,1)",
        )  # fmt: skip
        yield Notice(
            "righted", (), words="righted", look="good news", **verdict,
            numpy=righted,
            excel=lambda at: (
                f"IF(AND({at('answerbefore')}<>{at('truth')},{at('answerafter')}={at('truth')},{at('rate')}<=0.1),0,1)"
            ),
        )  # fmt: skip
        yield Notice(
            "flooded", (), words="flooded", **verdict,
            numpy=lambda t: np.where(t["rate"] <= LARGE, 1.0, 0.0),
            excel=lambda at: f"IF({at('rate')}<=0.1,1,0)",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        large = [p[name.removeprefix("from.")] for name in p if name.startswith("from.") and not name.endswith("_gradient")]
        return stack([self.top(p), run_box(p), *(unit_cards(part) for part in large)], gap=2)

    def printed(self, p: Parts) -> int:
        """The step itself; not the whole network once more."""
        return self.top(p).height

    def top(self, p: Parts) -> Box:
        """What the step did, and the weights that are few."""

        def row(*names: str) -> Box:
            return beside((p[name].block() for name in names), gap=2)

        verdicts = stack((p[name].block() for name in ("sure", "fell", "rose", "righted", "flooded")), gap=-1)
        results = stack(
            [
                stack([row("eta", "rate"), p["positive"].block()], gap=0),
                row("before", "after", "change"),
                row("truth", "answerbefore", "answerafter"),
                verdicts,
            ]
        )
        tensors = [name.removesuffix("_before") for name in p if name.endswith("_before")]
        small = in_rows((tensor_box(p, name) for name in tensors), across=2, gap=3)
        scores = beside([p["digit"].block(), row("target", "shifted", "exp", "probability")], gap=0)
        return beside([stack([results, scores], gap=1), small], gap=3)


def step_parts(tensor: Tensor) -> Iterator[Part]:
    """A tensor's numbers after the step; beside them those before it and their gradients, if they are few."""
    name, shape = tensor.name, tensor.weight.shape
    few = tensor.size <= MANY
    before, gradient = (f"{name}_before", f"{name}_gradient") if few else (f"from.{name}", f"from.{name}_gradient")
    looks: dict[str, Any] = {"start": tensor.weight.start}
    looks |= single(shape) or ({"number_format": GRADIENT} if few else {})  # a step changes little
    slopes = looks | {"number_format": FOUR_DECIMALS if len(shape) == 1 else GRADIENT}
    if few:
        yield incoming(before, tensor.weight, scale=name, **looks)
        yield incoming(gradient, tensor.gradient, **slopes)
    else:
        yield external(name, tensor.weight)
        yield external(f"{name}_gradient", tensor.gradient)

    def excel(at: References, *index: int) -> str:
        return f"{at(before, *index)}-{at.fixed('rate')}*{at(gradient, *index)}"

    yield Computed(
        name, shape, scale=name, shared_formula=few, explained=tensor.size > 1 and len(shape) > 1, **looks,
        numpy=lambda t: t[before] - t["rate"] * t[gradient],
        excel=excel,
    )  # fmt: skip


def righted(t: Values) -> Array:
    """0 where the answer was wrong before the step and is right after it."""
    well = (t["answerbefore"] != t["truth"]) & (t["answerafter"] == t["truth"]) & (t["rate"] <= LARGE)
    return finite(t["answerbefore"] + t["truth"] + t["answerafter"], np.where(well, 0.0, 1.0))


def tensor_box(p: Parts, name: str) -> Box:
    """Before, the gradient, after: one beside the other."""
    columns = [p[f"{name}_before"], p[f"{name}_gradient"], p[name]]
    if len(p[name].shape) != 4:
        return beside((part.block() for part in columns), gap=1)
    filters, maps = (range(size) for size in p[name].shape[:2])
    return stack(beside((part.block(o, i) for part in columns), gap=1) for o in filters for i in maps)

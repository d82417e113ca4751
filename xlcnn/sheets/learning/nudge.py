"""Nudge one weight: what happens to the loss, and what back-propagation says would happen.

    slope = (loss after − loss before) / by        by running the whole network again with one changed weight
    backprop = the gradient of that weight         from the sheets before, which change no weight at all

The smaller the nudge, the better they agree. Filters and biases of convolutions are copied, with the nudge in one of them. A fully
connected layer's weights are not: one of them changes one score only, by the nudge times the activation that it is multiplied with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, Shape, beside, stack
from xlcnn.grid.references import References
from xlcnn.sheets import typed
from xlcnn.sheets.base import MOST_CHOICES, Learning
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
from xlcnn.sheets.menu import choice_box, choose, chosen, menu_parts
from xlcnn.sheets.parts import WHOLE, Array, Choice, Computed, Menu, Notice, Part, Parts, Play, Values, external, incoming

PICKS = ("pickout", "pickmap", "pickrow", "pickcol")
LEAST = 1e-4  # a smaller nudge would drown in rounding
BEGIN = (2, 1, 1, 1)  # a weight that no ReLU switches off or on when it is nudged


@dataclass(frozen=True)
class Nudge(Learning):
    """One weight is nudged: the loss before and after, and the gradient that back-propagation gives."""

    kind: ClassVar[str] = "nudge"
    announced: ClassVar[frozenset[str]] = frozenset({IMAGE})

    def again(self, incoming_: Sequence[Part]) -> Again:
        return read(self, incoming_, rest=2)

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        again = self.again(incoming_)
        target, before = again.rest
        if max(tensor.shape[0] * tensor.shape[1] for tensor in again.tensors) > MOST_CHOICES:
            raise self.fail(f"can choose among {MOST_CHOICES} matrices of weights in a layer")
        before_last = [number for number, t in enumerate(again.tensors, start=1) if t.weight.home != again.outputs[-1].home]
        begin = max((number for number in before_last if len(again.tensors[number - 1].weight.shape) == 4), default=1)
        for part in menu_parts((tensor.name, 0) for tensor in again.tensors):
            yield replace(part, default=np.array(float(begin))) if isinstance(part, Menu) else part
        yield from pick_parts(again.tensors)
        yield Play("by", (), np.array(0.01), span=SPAN, number_format="General")
        yield Computed(
            "used", (), span=SPAN, number_format="General", coloured=False, explained=False,
            numpy=lambda t: typed.number(t["by"]),
            excel=lambda at: typed.number_formula(at("by")),
        )  # fmt: skip
        yield Notice(
            "moved", (), words="nudge", span=4 * SPAN,
            numpy=lambda t: float(abs(t["used"]) >= LEAST),
            excel=lambda at: f"IF(ABS({at('used')})>=0.0001,1,0)",
        )  # fmt: skip
        for tensor in again.tensors:
            yield external(tensor.name, tensor.weight)
            yield external(f"{tensor.name}_gradient", tensor.gradient)
        yield self.one("weight", again.tensors, "")
        yield Computed(
            "nudged", (), span=SPAN, number_format=SIX_DECIMALS, coloured=False,
            numpy=lambda t: t["weight"] + t["used"],
            excel=lambda at: f"{at('weight')}+{at('used')}",
        )  # fmt: skip
        last = again.outputs[-1].home
        weights = {tensor.role: f"from.{tensor.name}" for tensor in again.tensors}
        for number, tensor in enumerate(again.tensors, start=1):
            if tensor.weight.home != last:
                weights[tensor.role] = tensor.name
                yield nudged(number, tensor)
        yield from run_parts(self, again, weights)
        yield from self.score_parts(again, last)
        yield from loss_parts("score", target)
        yield incoming("before", before, span=SPAN, number_format=SIX_DECIMALS, coloured=False)
        yield from self.result_parts(again.tensors)

    def one(self, name: str, tensors: Sequence[Tensor], suffix: str) -> Computed:
        """The picked number of these tensors, or of their gradients."""
        return Computed(
            name, (), span=SPAN, number_format=SIX_DECIMALS, coloured=False, explained=False,
            numpy=lambda t: look(t, tensors, suffix),
            excel=lambda at: choose(at, (), (look_formula(at, tensor, suffix) for tensor in tensors)),
        )  # fmt: skip

    def score_parts(self, again: Again, last: str) -> Iterator[Part]:
        """The scores: those of the network that ran again, and what a nudged weight of the last layer changes in one of them."""
        numbers = {t.role: number for number, t in enumerate(again.tensors, start=1) if t.weight.home == last}
        weight, bias = numbers.get(f"{last}.weight", 0), numbers.get(f"{last}.bias", 0)
        maps = f"{again.outputs[-2].home}_output"
        channels = range(again.outputs[-2].shape[0])
        if len(again.outputs[-2].shape) != 3 or not weight or not bias:
            raise self.fail("is for a fully connected layer that reads maps")

        def activation(at: References) -> str:
            _, i, row, col = looks(at)
            cells = ",".join(f"INDEX({at.whole(maps, c)},{row},{col})" for c in channels)
            return f"IF({at('number')}={weight},CHOOSE({i},{cells}),IF({at('number')}={bias},1,0))"

        def multiplied(t: Values) -> Array:
            where = looked(t, again.tensors)
            if where is None:
                return np.array(np.nan)
            return np.asarray(t[maps][where[1:]] if t["number"] == weight else float(t["number"] == bias))

        def added(t: Values) -> Array:
            return np.where(units == t["looking"][0, 0], t["used"] * t["times"], 0)

        yield Computed(
            "times", (), span=SPAN, number_format=SIX_DECIMALS, coloured=False, explained=False,
            numpy=multiplied, excel=activation,
        )  # fmt: skip
        first = again.tensors[weight - 1].start
        units = np.arange(again.outputs[-1].shape[0]) + first
        yield Computed(
            "score", again.outputs[-1].shape, span=SPAN, explained=False,
            numpy=lambda t: finite(t["looking"][0, 0], t[again.score] + added(t)),
            excel=lambda at, k: f"{at(again.score, k)}+IF({looks(at)[0]}={k + first},{at.fixed('used')}*{at.fixed('times')},0)",
        )  # fmt: skip

    def result_parts(self, tensors: Sequence[Tensor]) -> Iterator[Part]:
        result: dict[str, Any] = {"span": SPAN, "number_format": SIX_DECIMALS, "coloured": False}
        yield Computed(
            "change", (), **result,
            numpy=lambda t: t["after"] - t["before"],
            excel=lambda at: f"{at('after')}-{at('before')}",
        )  # fmt: skip
        yield Computed(
            "slope", (), **result,
            numpy=lambda t: finite(t["moved"], np.where(t["moved"] == 1, t["change"] / np.where(t["moved"] == 1, t["used"], 1), 0)),
            excel=lambda at: f"IF({at('moved')}=1,{at('change')}/{at('used')},0)",
        )  # fmt: skip
        yield self.one("backprop", tensors, "_gradient")
        yield Computed(
            "apart", (), **result,
            numpy=lambda t: t["slope"] - t["backprop"],
            excel=lambda at: f"{at('slope')}-{at('backprop')}",
        )  # fmt: skip
        yield Notice(
            "agree", (), words="differ", span=6 * SPAN,
            numpy=lambda t: finite(t["apart"], np.where(t["moved"] * abs(t["apart"]) > allowed(t["backprop"]), 0.0, 1.0)),
            excel=lambda at: f"IF({at('moved')}*ABS({at('apart')})>0.1*ABS({at('backprop')})+0.01,0,1)",
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        workings = [beside((p[name].block() for name in ("number", "times")), gap=2)]
        workings += [p[name].block() for name in ("lowest", "highest", "looking")]
        return stack([self.top(p), run_box(p), stack(workings, gap=0)], gap=1)

    def printed(self, p: Parts) -> int:
        """The nudge itself; not the whole network once more."""
        return self.top(p).height

    def top(self, p: Parts) -> Box:
        """What is picked and what came of it, the scores, and the weights that are few."""

        def row(*names: str) -> Box:
            return beside((p[name].block() for name in names), gap=2)

        picks = stack(
            [choice_box(p), row(*PICKS), p["found"].block(), row("by", "used"), p["moved"].block()], gap=0,
        )  # fmt: skip
        result = stack(
            [
                row("weight", "nudged"),
                row("before", "after", "change"),
                stack([row("slope", "backprop", "apart"), p["agree"].block()], gap=0),
            ]
        )
        scores = beside([p["digit"].block(), row("score", "target", "shifted", "exp", "probability")], gap=0)
        copies = beside((block_of(part) for part in copied(p)), gap=2)
        above = beside([picks, result, p["options"].block()], gap=3)
        return stack([above, beside([scores, copies], gap=3)], gap=1)


def pick_parts(tensors: Sequence[Tensor]) -> Iterator[Part]:
    """Which number of the tensor somebody picks, from where to where that can go, and what it comes to."""
    lows = [[tensor.start, 1, 1, 1] for tensor in tensors]
    highs = [
        [low + size - 1 for low, size in zip(row, tensor.shape, strict=True)] for row, tensor in zip(lows, tensors, strict=True)
    ]
    for k, (name, begin) in enumerate(zip(PICKS, BEGIN, strict=True)):
        low, high = min(row[k] for row in lows), max(row[k] for row in highs)
        yield Choice(name, (), np.array(float(min(begin, high))), low=low, high=high, span=SPAN, number_format=WHOLE)
    numbers: dict[str, Any] = {"span": SPAN, "number_format": WHOLE, "coloured": False, "explained": False}
    for bound, rows in (("lowest", lows), ("highest", highs)):
        yield bound_part(bound, rows, numbers)
    yield Computed(
        "looking", (1, 4), **numbers,
        numpy=lambda t: [[typed.whole(t[name], t["lowest"][0, k], t["highest"][0, k]) for k, name in enumerate(PICKS)]],
        excel=lambda at, *i: typed.whole_formula(at(PICKS[i[1]]), at("lowest", *i), at("highest", *i)),
    )  # fmt: skip
    yield Notice(
        "found", (), words="weight", span=6 * SPAN,
        numpy=lambda t: float(all(lo == hi or t[n] == now for n, lo, hi, now in zip(PICKS, *bounds(t), strict=True))),
        excel=lambda at: "IF(AND(" + ",".join(
            f"OR({at('lowest', 0, k)}={at('highest', 0, k)},{at(name)}={at('looking', 0, k)})" for k, name in enumerate(PICKS)
        ) + "),1,0)",
    )  # fmt: skip


def bound_part(name: str, rows: Sequence[Sequence[int]], looks: dict[str, Any]) -> Computed:
    """One row of numbers for the chosen tensor."""
    return Computed(
        name, (1, 4), **looks,
        numpy=lambda t: [chosen(t, [np.array(row, dtype=float) for row in rows])],
        excel=lambda at, _, k: choose(at, (), (str(row[k]) for row in rows)),
    )  # fmt: skip


def allowed(gradient: Array) -> Array:
    """How far the slope may be from the gradient: a nudge is not infinitely small, and the loss is a curve."""
    return 0.1 * abs(gradient) + 0.01


def bounds(t: Values) -> tuple[Array, Array, Array]:
    """From where to where each pick can go, and what it comes to."""
    return t["lowest"][0], t["highest"][0], t["looking"][0]


def nudged(number: int, tensor: Tensor) -> Computed:
    """A tensor's copy, in which the picked number is nudged, if it is this tensor's."""
    offsets = (tensor.start, 1, 1, 1)

    def numpy(t: Values) -> Array:
        places = np.indices(tensor.shape).reshape(4, -1).T + offsets
        picked = (places == t["looking"]).all(axis=1) & (t["number"] == number)
        changed = t[f"from.{tensor.name}"] + (t["used"] * picked).reshape(tensor.weight.shape)
        return finite(t["looking"].sum() + t["number"], changed)

    def excel(at: References, *index: int) -> str:
        place = [n + offset for n, offset in zip((*index, 0, 0, 0)[:4], offsets, strict=True)]
        tests = [f"{at.fixed('number')}={number}", *(f"{look}={n}" for look, n in zip(looks(at), place, strict=True))]
        return f"{at(f'from.{tensor.name}', *index)}+IF(AND({','.join(tests)}),{at.fixed('used')},0)"

    return Computed(tensor.name, tensor.weight.shape, numpy=numpy, excel=excel, explained=False, **single(tensor.weight.shape))


def looks(at: References) -> list[str]:
    """The references to the picked filter or unit, map, row and column."""
    return [at.fixed("looking", 0, k) for k in range(4)]


def looked(t: Values, tensors: Sequence[Tensor]) -> Shape | None:
    """The index of the picked number in its tensor, from 0; None where there is no such number."""
    number = float(t["number"])
    if number not in range(1, len(tensors) + 1):
        return None
    tensor = tensors[int(number) - 1]
    axes = len(tensor.weight.shape)
    found = (t["looking"][0] - (tensor.start, 1, 1, 1))[:axes].tolist()
    if not all(n in range(size) for n, size in zip(found, tensor.shape, strict=False)):
        return None
    return tuple(int(n) for n in found)


def look(t: Values, tensors: Sequence[Tensor], suffix: str) -> Array:
    """The picked number of a tensor, or of its gradient."""
    where = looked(t, tensors)
    return np.array(np.nan) if where is None else np.asarray(t[f"from.{tensors[int(t['number']) - 1].name}{suffix}"][where])


def look_formula(at: References, tensor: Tensor, suffix: str) -> str:
    """The same as a formula, for one of the tensors."""
    first, second, row, col = looks(at)
    units, maps = (range(size) for size in tensor.shape[:2])
    name, shift = f"from.{tensor.name}{suffix}", f"{first}+{1 - tensor.start}"
    if len(tensor.weight.shape) == 1:
        return f"CHOOSE({shift},{','.join(at.fixed(name, k) for k in units)})"
    cells = ",".join(f"INDEX({at.whole(name, k, i)},{row},{col})" for k in units for i in maps)
    return f"CHOOSE(({first}-{tensor.start})*{len(maps)}+{second},{cells})"


def copied(p: Parts) -> Iterator[Part]:
    """The tensors that stand on the sheet, with the nudge in one of them."""
    return (p[name] for name in p if f"from.{name}" in p)


def block_of(part: Part) -> Box:
    """A copy of a tensor: each filter's matrices under each other, filters side by side."""
    if len(part.shape) != 4:
        return part.block()
    return beside((stack(part.block(o, i) for i in range(part.shape[1])) for o in range(part.shape[0])), gap=1)

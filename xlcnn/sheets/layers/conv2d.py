"""Convolution: a filter is laid over every window of the maps; products are summed, the bias is added.

    out[o, y, x] = bias[o] + Σ_i Σ_u Σ_v  in[i, y·stride + u, x·stride + v] · weight[o, i, u, v]

(What deep learning calls a convolution is a cross-correlation: the filter is not turned. PyTorch's `Conv2d`.)
With `presets` a drop-down beside each filter puts a well-known one in place of what was learned:

    filter[o, i, u, v] = CHOOSE(number[o], weight[o, i, u, v], horizontal[u, v], …, own[o, i, u, v])

With `groups` the maps are divided: each filter reads only the maps of its own group (with as many groups as maps, one map:
a depthwise convolution). With a `dilation` the filter's cells are laid apart, with zeros between them:

    filter[o, i, u·dilation, v·dilation] = weight[o, i, u, v]

Without `bias` nothing is added to the sums: so before a batch normalisation, which would take any bias away again.

Of more maps than a formula can name, partial sums stand in cells of their own, each of so many maps i:

    partial[o, g, y, x] = Σ_i Σ_u Σ_v  in[i, y·stride + u, x·stride + v] · weight[o, i, u, v]
    out[o, y, x]        = Σ_g partial[o, g, y, x] + bias[o]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, beside, in_rows, stack, tiled
from xlcnn.grid.references import References
from xlcnn.sheets import lens
from xlcnn.sheets.menu import choice_box, choose, chosen, menu_parts
from xlcnn.sheets.options import later, whole, yes_no
from xlcnn.sheets.partial import PRODUCTS, matrices_of, portions
from xlcnn.sheets.parts import Array, Computed, Constant, Notice, Part, Parts, Play, Text, Values, Weight, incoming
from xlcnn.sheets.window import Windowed

PRESETS: dict[str, Array] = {  # what image processing has always used; the drop-down offers them in this order
    "horizontal": np.array([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]]),
    "vertical": np.array([[1.0, 0, -1], [1, 0, -1], [1, 0, -1]]),
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "identity": np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
}
WARNING = ("replaced1", "replaced2", "replaced3", "replaced4")  # that the later layers know only what was learned
WIDTH = 7  # columns between the maps
OWN = np.array([[0.0, 1, 1], [-1, 0, 1], [-1, -1, 0]])  # to begin with: slanting edges


def correlate(windows: Array, weight: Array) -> Array:
    """Every filter laid over every window: the sum of their products over channels, rows and columns."""
    return np.asarray(np.einsum("...iyxuv,oiuv->...oyx", windows, weight, optimize=True))


@dataclass(frozen=True)
class Conv2d(Windowed):
    """Convolution: every filter is laid over every window of the maps; the products are summed, the bias is added."""

    kind: ClassVar[str] = "conv2d"
    filters: int = whole(1)
    groups: int = later(whole(1, default=1))
    bias: bool = later(yes_no(default=True))
    presets: bool = yes_no(part_of_network=False)

    @property
    def used(self) -> str:
        """The part whose filters are laid over the maps."""
        return "filter" if self.presets or self.dilation != (1, 1) else "weight"

    def maps_of(self, o: int, channels: int) -> range:
        """The incoming maps that a filter reads."""
        each = channels // self.groups
        first = o // (self.filters // self.groups) * each
        return range(first, first + each)

    def grouped(self, windows: Array, weight: Array, channels: int) -> Array:
        """`correlate`, each group of filters with its own maps."""
        if self.groups == 1:
            return correlate(windows, weight)
        each = channels // self.groups
        maps = (windows[..., g * each : (g + 1) * each, :, :, :, :] for g in range(self.groups))
        return np.concatenate([correlate(x, w) for x, w in zip(maps, np.split(weight, self.groups), strict=True)], axis=-3)

    def check_groups(self, channels: int) -> None:
        """Raises `NetworkError` where the maps cannot be divided so, or where the sheet has no place for it."""
        if channels % self.groups or self.filters % self.groups:
            raise self.fail(f"{channels} maps and {self.filters} filters cannot be divided into {self.groups} groups")
        if self.groups > 1 and (self.lens or self.presets):
            raise self.fail("lens and presets are for filters that read every map")
        if self.dilation != (1, 1) and self.presets:
            raise self.fail("presets are for filters whose cells lie side by side")

    def parts(self, *incoming_: Part) -> Iterator[Part]:
        x = self.one_input(incoming_, ndim=3)
        channels = x.shape[0]
        self.check_groups(channels)
        shape = self.slide(x, self.filters)
        looked_at = {"scale": "filters"} if self.lens else {}
        filters = {"label": "filter", "coloured": True, **looked_at}

        yield incoming("in", x, self.pad())
        own_label = filters if self.used == "weight" else {"label": "learned", "coloured": True}
        weight = Weight("weight", (self.filters, channels // self.groups, *self.kernel), **own_label)  # type: ignore[arg-type]
        yield weight
        if self.bias:
            yield Weight("bias", (self.filters,), span=2)
        if self.presets:
            yield from self.preset_parts(weight, filters)
        elif self.used == "filter":
            yield self.spread_part(weight, filters)
        parted = weight.shape[1] > PRODUCTS
        if parted:
            yield self.partial_part(shape, channels)

        def terms(at: References, o: int, y: int, x: int) -> list[str]:
            if parted:
                return [at("partial", o, g, y, x) for g in range(len(portions(range(weight.shape[1]))))]
            return [self.product(at, o, k, i, y, x) for k, i in enumerate(self.maps_of(o, channels))]

        def sums(t: Values) -> Array:
            return np.asarray(t["partial"].sum(axis=-3)) if parted else self.grouped(self.windows(t["in"]), t[self.used], channels)

        yield Computed(
            "output", shape, label="map", shared_formula=parted or self.draggable,
            numpy=lambda t: sums(t) + t["bias"][:, None, None] if self.bias else sums(t),
            excel=lambda at, o, y, x: "+".join([*terms(at, o, y, x), *self.bias_of(at, o)]),
        )  # fmt: skip
        if self.lens:
            yield from self.lens_parts(weight, shape)

    def bias_of(self, at: References, o: int) -> list[str]:
        """The cell of a filter's bias, if there is one."""
        return [at.fixed("bias", o)] if self.bias else []

    def product(self, at: References, o: int, k: int, i: int, y: int, x: int) -> str:
        """One filter's matrix number `k`, which is for the incoming map `i`, times the window."""
        return f"SUMPRODUCT({self.window(at, i, y, x)},{at.whole(self.used, o, k)})"

    def partial_part(self, shape: tuple[int, ...], channels: int) -> Part:
        """The sums over as many maps as fit in one formula."""
        if self.lens or self.presets:
            raise self.fail(f"lens and presets are for filters of at most {PRODUCTS} maps")
        each = channels // self.groups
        some = portions(range(each))

        def partial(t: Values) -> Array:
            windows, found = self.windows(t["in"]), []
            for g in some:
                maps = [first + k for first in range(0, channels, each) for k in g]
                found.append(self.grouped(windows[..., maps, :, :, :, :], t[self.used][:, g], len(maps)))
            return np.stack(found, axis=-3)

        return Computed(
            "partial", (shape[0], len(some), *shape[1:]), shared_formula=self.draggable,
            numpy=partial,
            excel=lambda at, o, g, y, x: "+".join(self.product(at, o, k, self.maps_of(o, channels)[k], y, x) for k in some[g]),
        )  # fmt: skip

    def spread_part(self, weight: Part, looks: dict[str, object]) -> Part:
        """The filters with zeros between their cells."""
        dy, dx = self.dilation

        def spread(t: Values) -> Array:
            wide = np.zeros((*weight.shape[:2], *self.window_size))
            wide[..., ::dy, ::dx] = t["weight"]
            return wide

        return Computed(
            "filter", (*weight.shape[:2], *self.window_size), explained=False, **looks,  # type: ignore[arg-type]
            numpy=spread,
            excel=lambda at, o, i, u, v: "0" if u % dy or v % dx else at("weight", o, i, u // dy, v // dx),
        )  # fmt: skip

    def preset_parts(self, weight: Part, looks: dict[str, object]) -> Iterator[Part]:
        """The drop-downs, what they offer, and the filter that was chosen."""
        if self.kernel != (3, 3):
            raise self.fail("presets are for filters of 3 × 3")
        yield from menu_parts(((name, 0) for name in ("learned", *PRESETS, "own")), (self.filters,))
        for name, matrix in PRESETS.items():
            yield Constant(name, (3, 3), matrix, coloured=True)
        yield Play("own", weight.shape, np.broadcast_to(OWN, weight.shape))

        for line in WARNING:  # a cell that warns cannot wrap its words
            yield Notice(
                line, (), words=line, span=WIDTH,
                numpy=lambda t: float((t["number"] == 1).all()),
                excel=lambda at: "IF(AND(" + ",".join(f"{at('number', o)}=1" for o in range(self.filters)) + "),1,0)",
            )  # fmt: skip

        def sources(t: Values, o: int) -> list[Array]:
            shape = weight.shape[1:]
            return [t["weight"][o], *(np.broadcast_to(t[name], shape) for name in PRESETS), t["own"][o]]

        yield Computed(
            "filter", weight.shape, shared_formula=True, explained=False, **looks,  # type: ignore[arg-type]
            numpy=lambda t: np.stack([chosen(t, sources(t, o), (o,)) for o in range(self.filters)]),
            excel=lambda at, *i: choose(at, i[:1], [at("weight", *i), *(at(name, *i[2:]) for name in PRESETS), at("own", *i)]),
        )  # fmt: skip

    def lens_parts(self, weight: Part, output: tuple[int, ...]) -> Iterator[Part]:
        """The picked cell's window, filter and products for each map, their sums, the bias and the result."""
        _, channels, kh, kw = weight.shape
        stack_ = (channels, kh, kw)
        filters = range(self.filters)

        def pick(at: References, choices: list[str]) -> str:
            return f"CHOOSE({lens.picks(at)[0]},{','.join(choices)})"

        yield from lens.pick_parts(output)
        yield Computed(
            "window", stack_, explained=False,
            numpy=lambda t: lens.look(t, stack_, lambda _, y, x: self.window_of(t["in"], y, x)),
            excel=lambda at, i, u, v: lens.window_cell(at, i, u, v, self.stride),
        )  # fmt: skip
        yield Computed(
            "picked", stack_, explained=False, scale="filters",
            numpy=lambda t: lens.look(t, stack_, lambda o, _y, _x: t[self.used][o]),
            excel=lambda at, *i: pick(at, [at.fixed(self.used, o, *i) for o in filters]),
        )  # fmt: skip
        yield Computed(
            "times", stack_, explained=False,
            numpy=lambda t: t["window"] * t["picked"],
            excel=lambda at, *i: f"{at('window', *i)}*{at('picked', *i)}",
        )  # fmt: skip
        yield Computed(
            "sum", (channels,), explained=False, span=lens.SPAN,
            numpy=lambda t: t["times"].sum(axis=(-2, -1)),
            excel=lambda at, i: f"SUM({at.whole('times', i)})",
        )  # fmt: skip
        if self.bias:
            yield Computed(
                "pickedbias", (), explained=False, span=lens.SPAN,
                numpy=lambda t: lens.look(t, (), lambda o, _y, _x: t["bias"][o]),
                excel=lambda at: pick(at, [at.fixed("bias", o) for o in filters]),
            )  # fmt: skip
        yield Computed(
            "result", (), explained=False, span=lens.SPAN,
            numpy=lambda t: t["sum"].sum(axis=-1) + (t["pickedbias"] if self.bias else 0),
            excel=lambda at: "+".join([*(at("sum", i) for i in range(channels)), *([at("pickedbias")] if self.bias else [])]),
        )  # fmt: skip
        yield Text(
            "celltext", (), span=5 * lens.SPAN, rise=1 + channels, look="wrapped",
            says=self.formula_text,
            excel=self.formula_as_text,
        )  # fmt: skip

    def formula_text(self, t: Values, at: References) -> str:
        """The formula of the cell that is looked into."""
        where = lens.looked(t)
        if where is None:
            return ""
        products = [self.product(at, where[0], i, i, *where[1:]) for i in range(t["in"].shape[-3])]
        return "=" + "+".join([*products, *self.bias_of(at, where[0])])

    def formula_as_text(self, at: References) -> str:
        """The same, put together by Excel."""
        number = lens.picks(at)[0]
        terms = []
        for i in range(at.slices("in")):
            filters = ",".join(lens.range_text(at, self.used, o, i) for o in range(self.filters))
            window = lens.window_text(at, [i], self.kernel, self.stride)
            end = ")+" if self.bias or i < at.slices("in") - 1 else ")"
            terms.append(f'"SUMPRODUCT("&{window}&","&CHOOSE({number},{filters})&"{end}"')
        if self.bias:
            terms.append(f"CHOOSE({number},{','.join(lens.range_text(at, 'bias', o) for o in range(self.filters))})")
        return f'"="&{"&".join(terms)}'

    def arrange(self, p: Parts) -> Box:
        channels = p["weight"].shape[1]
        bands = []
        for o in range(self.filters):  # one band per filter: its matrices and bias beside the map that they make
            filters = matrices_of(p[self.used], o)
            if self.used == "filter" and not self.presets:
                filters = beside([matrices_of(p["weight"], o), filters])
            middle = stack([filters, p["bias"].block(o)]) if self.bias else filters
            if self.presets:
                menu = beside([choice_box(p, o), p["number"].block(o)], gap=0)
                sources = stack(p[name].block(o, i) for name in ("weight", "own") for i in range(channels))
                warning = [p[line].block() for line in WARNING] if o == 0 else []
                middle = stack([menu, beside([middle, sources]), stack(warning, gap=-1)])
            partial = [tiled(p["partial"].block(o, g) for g in range(p["partial"].shape[1]))] if "partial" in p else []
            gap = 2 if self.presets else 5  # room for a heading over narrow filters
            bands.append(beside([middle, *partial, p["output"].block(o)], gap=gap))
        left = [p["in"].maps()]
        if self.presets:
            matrices = in_rows((p[name].block() for name in PRESETS), across=3, gap=3)
            left.append(beside([p["options"].block(), matrices], gap=2))
        columns = [stack(left), tiled(bands, gap=3)]
        whole = beside(columns, gap=2)
        return beside([whole, self.arrange_lens(p)], gap=2 if self.presets else 5) if self.lens else whole

    def arrange_lens(self, p: Parts) -> Box:
        channels = range(p["in"].shape[0])
        terms = [beside(p[name].block(i) for name in ("window", "picked", "times", "sum")) for i in channels]
        result = beside(p[name].block() for name in ("pickedbias", "result") if name in p)
        return stack([lens.pick_box(p), *terms, result, p["celltext"].block()])

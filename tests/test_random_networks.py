"""Any network that the lesson's kinds of layers can make: its workbook is right, and one damaged formula is found.

What the verifier says of the damage is checked against the spreadsheet itself: if it finds nothing, then the damage must
change nothing, whatever numbers the workbook holds.
"""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.conftest import recalculated
from tests.networks import build, write_workbook
from xlcnn import Network, NetworkError, verify
from xlcnn.grid.blocks import Cell, Shape
from xlcnn.grid.formulas import moved
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.sheets.layers import LAYERS
from xlcnn.sheets.options import options_of
from xlcnn.sheets.plan import plan

EXAMPLES = 12
Sheets = dict[str, PlacedSheet]


# ---- networks ----


Description = dict[str, Any]
SMALLEST = {"kernel": 1, "filters": 1, "units": 1}  # of what a kind asks for


def fits(before: list[Description], layer: Description) -> bool:
    """Whether a layer can be made that reads one of those before it."""
    try:
        build([*before, layer])
    except NetworkError:
        return False
    return True


def possible(before: list[Description], read: str) -> list[Description]:
    """A layer of each kind that can read the layer `read`."""
    kinds = {kind: options_of(sheet) for kind, sheet in LAYERS.items() if not sheet.reads_image}
    smallest = {kind: {n: v for n, v in SMALLEST.items() if n in options} for kind, options in kinds.items()}
    size = list(build(before).shapes[read])
    smallest["reshape"] = {"shape": [prod(size)], "split": [prod(size)], "axes": [0]}
    smallest["slice"] = {"start": [0] * len(size), "shape": [*size[:-1], max(1, size[-1] - 1)]}
    layers = ({"name": f"layer{len(before)}", "kind": kind, "inputs": [read], **smallest[kind]} for kind in kinds)
    return [layer for layer in layers if fits(before, layer)]


@st.composite
def windows(draw: st.DrawFn, shape: Shape) -> Description:
    """A kernel, a stride per axis and uneven padding that fit on maps of a shape."""
    kernel = [draw(st.integers(1, min(3, side))) for side in shape[1:]]
    stride = [draw(st.integers(1, 3)) for _ in kernel]
    padding = [draw(st.integers(0, kernel[k % 2] - 1)) for k in range(4)]
    return {"kernel": kernel, "stride": stride, "padding": padding}


@st.composite
def layers(draw: st.DrawFn, before: list[Description], read: str, shape: Shape) -> Description:
    """A layer that reads a tensor of a shape; with something to play with, where that is possible."""
    layer = draw(st.sampled_from(possible(before, read)))
    options = options_of(LAYERS[layer["kind"]])
    if "kernel" in options:
        layer |= draw(windows(shape))
    layer |= {name: draw(st.integers(1, 4)) for name in ("filters", "units") if name in options}
    for name, option in options.items():
        again = name == "confusion" and any(name in other for other in before)  # what is recorded, is so of one layer only
        if not option.part_of_network and draw(st.booleans()) and not again and fits(before, layer | {name: True}):
            layer |= {name: True}
    return layer


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to five layers; each reads any layer before it, so that they may branch, most often the last."""
    shape = [draw(st.integers(1, 3)), draw(st.integers(2, 7)), draw(st.integers(2, 7))]
    descriptions: list[Description] = [{"name": "input", "kind": "input", "shape": shape}]
    for _ in range(draw(st.integers(1, 5))):
        shapes = build(descriptions).shapes
        names = list(shapes)
        read = draw(st.sampled_from([names[-1], names[-1], *names]))
        descriptions.append(draw(layers(descriptions, read, shapes[read])))
    return build(descriptions, seed=draw(st.integers(0, 99)))


# ---- damage ----


def any_formula(sheets: Sheets, random: np.random.Generator) -> tuple[str, Cell, str]:
    """A cell that holds a formula, of any part with the same chance: its tab, its place and the formula."""
    parts = [(placed, part) for placed in sheets.values() for part in placed.parts.values() if part.has_formula and part.has_cells]
    placed, part = parts[random.integers(len(parts))]
    while True:
        index = tuple(int(random.integers(size)) for size in part.shape)
        formula = placed.formula(part.name, index)
        if formula is not None:  # else it is padding
            return placed.title, placed.references.locate(part.name, *index), formula


def damages(formula: str, other: str) -> dict[str, str]:
    """What somebody may do to a formula by mistake."""
    return {
        "a little more": f"{formula}+1E-3",
        "another cell's": other,
        "dragged down": moved(formula, 1, 0),
        "dragged right": moved(formula, 0, 1),
    }


def damaged(path: Path, title: str, cell: Cell, formula: str) -> Path:
    """A copy with another formula in one cell, saved without results."""
    book = openpyxl.load_workbook(path)
    book[title].cell(*cell).value = formula
    target = path.with_name("damaged.xlsx")
    book.save(target)
    return target


def result(path: Path, sheets: Sheets, title: str, cell: Cell, seed: int) -> object:
    """What the cell shows in a copy in which every number that no formula computes is random."""
    random = np.random.default_rng(seed)
    book = openpyxl.load_workbook(path)
    for placed in sheets.values():
        for part in placed.parts.values():
            if (part.is_given and part.limit is None) or (part.name == "output" and part.is_given):
                for row, col in placed.positions(part.name).reshape(-1, 2).tolist():
                    book[placed.title].cell(row, col).value = random.uniform(-1, 1)
    target = path.with_name("random.xlsx")
    book.save(target)
    return openpyxl.load_workbook(recalculated(target), data_only=True)[title].cell(*cell).value


def changes_nothing(path: Path, other: Path, sheets: Sheets, title: str, cell: Cell) -> bool:
    """Whether the cell shows the same in both workbooks, whatever numbers they hold."""
    for seed in range(3):
        one, another = (result(p, sheets, title, cell, seed) for p in (path, other))
        if one != another and not (isinstance(one, float | int) and np.isclose(one, float(str(another)), atol=1e-9)):
            return False
    return True


@settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(network=networks(), chance=st.integers(0, 2**32 - 1))
def test_any_network_is_right_and_one_damaged_formula_is_named(network: Network, chance: int, tmp_path: Path) -> None:
    path = write_workbook(network, tmp_path / "made.xlsx")
    report = verify(path, trials=1)
    assert report.ok, report.problems[:3]

    sheets, random = lay_out(plan(network.layers)), np.random.default_rng(chance)
    (title, cell, formula), (_, _, anothers) = any_formula(sheets, random), any_formula(sheets, random)
    what, wrong = list(damages(formula, anothers).items())[random.integers(4)]
    assume(wrong != formula)
    other = damaged(path, title, cell, wrong)
    report = verify(other, trials=1)
    if report.ok:
        assert changes_nothing(path, other, sheets, title, cell), (what, title, a1(*cell), formula, wrong)
    else:
        first = report.problems[0]
        assert (first.sheet, first.cell) == (title, a1(*cell)), (what, formula, wrong, report.problems[:3])


def test_every_kind_of_layer_is_tried() -> None:
    """On maps or on a vector; a new kind may ask for something that is not in `SMALLEST`."""
    maps: list[Description] = [{"name": "input", "kind": "input", "shape": [1, 3, 3]}]
    vector = [*maps, {"name": "dense", "kind": "dense", "inputs": ["input"], "units": 2}]
    tried = {layer["kind"] for before in (maps, vector) for layer in possible(before, before[-1]["name"])}
    assert tried == set(LAYERS) - {"input"}

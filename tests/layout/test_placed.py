"""Where everything stands, the formula of every cell, and what Excel could not take."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.conftest import LESSON
from tests.networks import branching, build, coloured, uneven
from tests.sheets.alone import stand
from xlcnn import Network, NetworkError
from xlcnn.grid.references import CELL, split_area
from xlcnn.layout.placed import LEFT, TOP, PlacedSheet, lay_out, shortened, sizes
from xlcnn.sheets.layers.dense import Dense
from xlcnn.sheets.parts import Computed, Incoming
from xlcnn.sheets.plan import plan


def placed(network: Network) -> dict[str, PlacedSheet]:
    return lay_out(plan(network.layers))


LAYOUTS: dict[str, dict[str, PlacedSheet]] = {
    "lesson": LESSON, "coloured": placed(coloured()), "branching": placed(branching()), "uneven": placed(uneven()),
}  # fmt: skip
everywhere = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


@everywhere
def test_no_two_values_share_a_cell_nor_does_a_caption(layout: dict[str, PlacedSheet]) -> None:
    for sheet in layout.values():
        taken = [
            (row + y, col + x)
            for b in sheet.blocks
            for row, col in b.cells()
            for y in range(b.rise)
            for x in range(b.span)
        ]  # fmt: skip
        taken += [(b.row - 1, b.col) for b in sheet.blocks if sheet.parts[b.part].captioned]
        assert len(taken) == len(set(taken)), sheet.name


@everywhere
def test_every_value_of_every_part_has_a_cell(layout: dict[str, PlacedSheet]) -> None:
    for sheet in layout.values():
        for part in sheet.parts.values():
            if part.has_cells:
                where = sheet.positions(part.name)
                assert where.shape == (*part.shape, 2)
                assert (where[..., 0] > TOP).all(), f"{sheet.name}.{part.name}"
                assert (where[..., 1] >= LEFT).all(), f"{sheet.name}.{part.name}"


@everywhere
def test_references_and_positions_name_the_same_cells(layout: dict[str, PlacedSheet]) -> None:
    for sheet in layout.values():
        for part in sheet.parts.values():
            where = sheet.positions(part.name)
            for index in list(np.ndindex(*part.shape))[:200] if part.has_cells else ():
                assert sheet.references.locate(part.name, *index) == tuple(where[index]), (sheet.name, part.name, index)


@everywhere
def test_every_cell_that_needs_a_formula_has_one(layout: dict[str, PlacedSheet]) -> None:
    """Of each block the corners; padding needs none."""
    for sheet in layout.values():
        for block in sheet.blocks:
            part = sheet.parts[block.part]
            for _, index in [*sheet.indices(block)][:: max(1, block.height * block.width - 1)]:
                padding = isinstance(part, Incoming) and part.source_index(index) is None
                formula = sheet.formula(part.name, index) if part.has_formula else None
                assert (formula is not None) == (part.has_formula and not padding), (sheet.name, block.label)
                assert formula is None or formula.startswith("=")


@everywhere
def test_defined_names_are_unique_whatever_the_case_and_no_cells(layout: dict[str, PlacedSheet]) -> None:
    names = [sheet.defined_name(block) for sheet in layout.values() for block in sheet.blocks]
    assert len({name.casefold() for name in names}) == len(names)
    assert not [name for name in names if CELL.match(name) or " " in name]


@everywhere
def test_the_extent_of_a_sheet_reaches_its_last_value(layout: dict[str, PlacedSheet]) -> None:
    for sheet in layout.values():
        for row, col in (cell for b in sheet.blocks for cell in b.cells()):
            assert sheet.extent[0] >= row
            assert sheet.extent[1] >= col


@everywhere
def test_results_are_read_where_there_are_any(layout: dict[str, PlacedSheet]) -> None:
    """The glossary is words alone."""
    assert sizes(layout) == {sheet.title: sheet.extent for sheet in layout.values() if sheet.name != "glossary"}
    assert not layout["glossary"].blocks


# ---- links ----


def links(sheet: PlacedSheet) -> dict[tuple[int, ...], str | None]:
    part = sheet.parts["in"]
    assert isinstance(part, Incoming)
    return {index: sheet.link(part, index) for index in np.ndindex(*part.shape)}


def test_padding_links_to_nothing() -> None:
    found = links(LAYOUTS["branching"]["right"])
    first = LAYOUTS["branching"]["input"].references("output", 0, 0, 0)
    assert found[0, 0, 0] is None
    assert found[0, 8, 4] is None
    assert found[0, 1, 1] == f"=Input!{first}"
    assert sum(text is not None for text in found.values()) == 49


def test_uneven_padding_shifts_each_link_by_its_own_side() -> None:
    layout = LAYOUTS["uneven"]
    top, left, bottom, right = 2, 0, 1, 1
    found = links(layout["conv"])
    height, width = (max(index[k] for index in found) + 1 for k in (1, 2))
    assert (height, width) == (9 + top + bottom, 11 + left + right)
    pixels = layout["input"].references
    assert found[0, top, left] == f"=Input!{pixels('output', 0, 0, 0)}"
    assert found[0, height - 1 - bottom, width - 1 - right] == f"=Input!{pixels('output', 0, 8, 10)}"
    padding = [index for index, text in found.items() if text is None]
    assert len(padding) == height * width - 9 * 11
    assert all(y < top or y >= height - bottom or x < left or x >= width - right for _, y, x in padding)


def test_links_to_odd_sheet_names_are_quoted() -> None:
    layout = LAYOUTS["coloured"]
    for name, title in (("pool", "'My ReLU'!"), ("dense", "'A1'!")):
        first = next(iter(links(layout[name]).values()))
        assert first is not None
        assert first.startswith("=" + title)


def test_a_link_leads_to_the_cell_that_holds_the_value() -> None:
    layout = LAYOUTS["coloured"]
    text = links(layout["conv"])[2, 1, 1]
    assert text is not None
    title, cell, _ = split_area(text[1:])
    assert (title, cell) == ("Input", layout["input"].references.locate("output", 2, 0, 0))


# ---- formulas ----


def test_one_formula_is_dragged_over_a_block_where_every_cell_does_the_same() -> None:
    shared = {
        (sheet.sheet.kind, block.part) for sheet in LESSON.values() for block in sheet.blocks if sheet.shares_formula(block)
    }  # fmt: skip
    assert {("conv2d", "output"), ("relu", "output"), ("softmax", "exp")} <= shared
    assert not {("maxpool2d", "output"), ("softmax", "prediction"), ("dense", "product")} & shared, "a stride, or one cell"


def test_the_first_formula_of_each_part_is_explained() -> None:
    sheet = LESSON["softmax"]
    parts = [p for p in sheet.parts.values() if isinstance(p, Computed) and p.explained]
    first = {sheet.references.locate(p.name, *(0,) * len(p.shape)): p for p in parts}
    assert first.keys() == sheet.explained.keys()
    assert all(text == sheet.formula(first[where].name, (0,) * len(first[where].shape)) for where, text in sheet.explained.items())


def wide(channels: int) -> Network:
    return build([
        {"name": "input", "kind": "input", "shape": [channels, 3, 3]},
        {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 1, "kernel": [3, 3]},
    ])  # fmt: skip


def test_of_many_maps_no_formula_is_longer_than_excel_takes() -> None:
    for channels in (100, 128, 129, 300):
        conv = placed(wide(channels))["conv"]
        computed = [part for part in conv.parts.values() if isinstance(part, Computed)]
        lengths = [len(conv.formula(part.name, index) or "") for part in computed for index in np.ndindex(*part.shape)]
        assert max(lengths) < 8192, channels


def test_a_formula_that_excel_would_not_take_is_refused() -> None:
    conv = placed(wide(3))["conv"]
    output = conv.parts["output"]
    assert isinstance(output, Computed)
    long = replace(conv, parts={**conv.parts, "output": replace(output, excel=lambda at, *i: "+".join([at("in", *i)] * 3000))})
    with pytest.raises(
        NetworkError, match=r"layer conv .*needs a formula of [0-9,]+ characters; Excel takes 8,192: use fewer maps"
    ):
        long.formula("output", (0, 0, 0))


def test_of_a_long_formula_the_first_and_the_last_terms_are_shown() -> None:
    conv = placed(wide(100))["conv"]
    ((where, shown),) = conv.explained.items()
    formula = conv.formula("output", (0, 0, 0)) or ""
    head, tail = shown.split("+…+")
    assert conv.references.locate("output", 0, 0, 0) == where
    assert formula.startswith(head + "+")
    assert formula.endswith("+" + tail)
    assert tail == conv.references.fixed("bias", 0)
    assert len(shown) <= 300 < len(formula)


def test_short_formulas_are_shown_whole() -> None:
    assert [f for sheet in LESSON.values() for f in sheet.explained.values() if "…" in f] == []
    assert shortened("=MAX(" + ",".join(["$A$1"] * 90) + ")") == "=MAX(" + ",".join(["$A$1"] * 23) + ",…"


def test_a_sheet_that_excel_has_no_room_for_is_refused() -> None:
    network: list[dict[str, Any]] = [{"name": "input", "kind": "input", "shape": [1, 3, 16_384]}]
    with pytest.raises(NetworkError, match=r"layer input \(input\): needs 16,385 columns; a sheet has 16,384: use smaller images"):
        placed(build(network))
    with pytest.raises(NetworkError, match=r"layer d \(dense\): needs 1,0[0-9]{2},[0-9]{3} rows; a sheet has 1,048,576"):
        stand(Dense("d", "D", ("x",), units=1), (120, 9000, 2))


def test_many_maps_stand_in_rows() -> None:
    """One under the other they would take 1,120,000 rows."""
    network: list[dict[str, Any]] = [{"name": "input", "kind": "input", "shape": [80, 14_000, 1]}]
    rows, cols = placed(build(network))["input"].extent
    assert rows < 100_000
    assert cols < 16_384

"""Which cells are coloured together, by which bounds, and on which ground."""

from collections import Counter
from dataclasses import replace
from math import prod

import pytest

from tests.conftest import LESSON
from tests.networks import branching, build, coloured, uneven
from xlcnn import Network
from xlcnn.grid.blocks import Block, joined
from xlcnn.grid.references import a1_range
from xlcnn.grid.rules import Rule
from xlcnn.layout.colours import MOST_RANGES, colour_rules, groups, heat_maps
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.sheets.plan import plan


def placed(network: Network) -> dict[str, PlacedSheet]:
    return lay_out(plan(network.layers))


def wide(channels: int) -> PlacedSheet:
    return placed(
        build([
            {"name": "input", "kind": "input", "shape": [channels, 3, 3]},
            {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 1, "kernel": [3, 3]},
        ])
    )["conv"]  # fmt: skip


def heat_map(sheet: PlacedSheet, names: tuple[str, ...]) -> Rule:
    """The one heat map of parts that all stand on the same ground."""
    (rule,) = heat_maps(sheet, names)
    return rule


def test_what_may_be_negative_reaches_as_far_on_either_side_of_0() -> None:
    sheet = LESSON["conv2"]
    rule = heat_map(sheet, ("output",))
    blocks = [b for b in sheet.blocks if b.part == "output"]
    fixed = ",".join(a1_range(b) for b in blocks)
    bound = f"MAX(MAX({fixed}),-MIN({fixed}))"
    assert rule.formulas == [f"formula -{bound}", "num 0", f"formula {bound}"]
    assert rule.cells == {cell for b in blocks for cell in b.cells()}


def test_what_is_never_negative_is_coloured_from_0_up() -> None:
    for name, part in (("input", "output"), ("relu1", "output"), ("softmax", "output")):
        assert heat_map(LESSON[name], (part,)).formulas == ["num 0", "max"]


def test_parts_of_the_same_scale_share_their_colours() -> None:
    assert ("in", "output") in groups(LESSON["relu1"])
    assert ("in", "output") in groups(LESSON["maxpool"])
    assert ("user", "output") in groups(LESSON["input"])
    assert ("filter", "picked") in groups(LESSON["conv1"])
    assert ("bias", "product", "output") in groups(LESSON["dense"])
    rule = heat_map(LESSON["relu1"], ("in", "output"))
    assert len(rule.formulas) == 3, "what comes in may be negative"


def test_what_may_be_drawn_on_has_the_same_bounds_on_a_ground_of_its_own() -> None:
    """Yellow says where somebody may draw; everything else is paper."""
    sheet = LESSON["input"]
    rules = list(heat_maps(sheet, ("user", "output")))
    assert [rule.look for rule in rules] == ["paper", "yours"]
    assert rules[0].formulas == rules[1].formulas
    for rule, part in zip(rules, ("output", "user"), strict=True):
        assert rule.cells == {cell for b in sheet.blocks if b.part == part for cell in b.cells()}


@pytest.mark.parametrize("sheet", LESSON.values(), ids=LESSON)
def test_only_pixels_that_may_be_changed_are_on_yellow(sheet: PlacedSheet) -> None:
    """Weights may be changed too; but between orange and blue the middle must be paper."""
    yellow = {cell for rule in colour_rules(sheet) if rule.look == "yours" for cell in rule.cells}
    drawn = {
        cell for b in sheet.blocks for cell in b.cells()
        if (p := sheet.parts[b.part]).editable and not p.signed and p.coloured and prod(p.shape) > 1
    }  # fmt: skip
    assert yellow == drawn


@pytest.mark.parametrize("make", [coloured, branching, uneven])
def test_each_coloured_value_is_in_one_heat_map(make: object) -> None:
    for sheet in placed(make()).values():  # type: ignore[operator]
        grouped = [name for names in groups(sheet) for name in names]
        assert len(grouped) == len(set(grouped))
        numbers: Counter[str] = Counter()
        for part in (coloured_parts := [part for part in sheet.parts.values() if part.coloured]):
            numbers[part.scale or part.name] += prod(part.shape)
        assert set(grouped) == {part.name for part in coloured_parts if numbers[part.scale or part.name] > 1}
        cells = [cell for names in groups(sheet) for rule in heat_maps(sheet, names) for cell in rule.cells]
        assert len(cells) == len(set(cells))
        assert {cell for b in sheet.blocks if b.part in grouped for cell in b.cells()} <= set(cells)


@pytest.mark.parametrize("shape", [[1, 1, 1], [1, 3, 3]])
def test_a_single_number_is_not_coloured(shape: list[int]) -> None:
    """It has nothing to be compared with, whatever its tensor's shape is."""
    assert not [names for names in groups(LESSON["conv1"]) if {"result", "pickedbias"} & set(names)]
    pool: dict[str, object] = {"name": "pool", "kind": "maxpool2d", "inputs": ["input"], "kernel": shape[1:]}
    sheets = placed(build([{"name": "input", "kind": "input", "shape": shape}, pool]))
    assert bool(groups(sheets["input"])) == (prod(shape) > 1)
    alone = [names for sheet in sheets.values() for names in groups(sheet) if sum(prod(sheet.parts[n].shape) for n in names) == 1]
    assert not alone


def test_a_bias_is_not_coloured_beside_a_map() -> None:
    """Its numbers are of another size than the filter's."""
    assert not [names for name in ("conv1", "conv2") for names in groups(LESSON[name]) if "bias" in names]


def test_marks_come_before_the_heat_maps() -> None:
    """The first rule wins."""
    for sheet in LESSON.values():
        kinds = [rule.kind for rule in colour_rules(sheet)]
        assert kinds == sorted(kinds, key=lambda kind: kind == "colorScale")
    kinds = [rule.kind for rule in colour_rules(LESSON["conv1"])]
    assert kinds.count("expression") == 1 + 2, "the window in the one map that comes in, the cell in each of two that go out"


@pytest.mark.parametrize(("channels", "hues"), [(1, []), (2, []), (3, ["red", "green", "blue"]), (4, [])])
def test_three_channels_are_painted_in_their_own_colours_and_can_be_compared(channels: int, hues: list[str]) -> None:
    network = build([
        {"name": "input", "kind": "input", "shape": [channels, 3, 3]},
        {"name": "pool", "kind": "maxpool2d", "inputs": ["input"], "kernel": [2, 2]},
    ])  # fmt: skip
    for sheet, part, ground in (("input", "output", "yours"), ("pool", "in", "paper")):
        rules = list(heat_maps(placed(network)[sheet], (part,)))
        assert {rule.look for rule in rules} == {f"{ground} {hue}" for hue in hues} or {rule.look for rule in rules} == {ground}
        assert len(rules) == max(1, len(hues))
        assert {tuple(rule.formulas) for rule in rules} == {("num 0", "num 1" if hues else "max")}


def test_prepared_numbers_may_be_negative_and_have_no_hue() -> None:
    network = build(
        [{"name": "input", "kind": "input", "shape": [3, 3, 3], "mean": 0.5}, {"name": "relu", "kind": "relu", "inputs": ["input"]}]
    )
    sheets = placed(network)
    assert {rule.look for rule in heat_maps(sheets["input"], ("output",))} == {"paper"}
    assert {rule.look for rule in heat_maps(sheets["input"], ("user",))} == {"yours red", "yours green", "yours blue"}


def test_a_heat_map_of_many_blocks_keeps_to_excels_limits() -> None:
    """Beyond 253 ranges Excel no longer finds their smallest and largest number: rectangles with captions in them are few."""
    many, few = heat_map(wide(200), ("weight",)), heat_map(wide(MOST_RANGES), ("weight",))
    assert len(few.ranges.split()) == MOST_RANGES
    assert len(many.ranges.split()) < 10
    for rule in (many, few):
        assert [bound.split()[0] for bound in rule.formulas] == ["formula", "num", "formula"]
        assert len(rule.formulas[0]) < 8192


def test_where_columns_were_inserted_such_a_rectangle_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    """As every program lets it grow: before, the blocks on both sides of nine new columns were two rectangles."""
    new = wide(200)
    right, gap = max(b.col for b in new.blocks if b.part == "weight"), 9
    moved = replace(new, blocks=tuple(b.moved(0, gap if b.col >= right else 0) for b in new.blocks))
    before, after = heat_map(new, ("weight",)), heat_map(moved, ("weight",))
    wider = [(top, bottom, left + gap * (left >= right), last + gap * (last >= right)) for top, bottom, left, last in before.areas]
    assert any(left < right <= last for _, _, left, last in before.areas)
    assert set(after.areas) == set(wider)
    assert [bound.split()[0] for bound in after.formulas] == ["formula", "num", "formula"]


@pytest.mark.parametrize(("kind", "size"), [("conv2d", {"filters": 70, "kernel": [2, 2]}), ("dense", {"units": 70})])
def test_such_rectangles_hold_all_blocks_of_the_part_and_no_cell_of_another(kind: str, size: dict[str, object]) -> None:
    layers = build([
        {"name": "input", "kind": "input", "shape": [3, 3, 3]},
        {"name": "wide", "kind": kind, "inputs": ["input"], **size},
    ]).layers  # fmt: skip
    placed = lay_out(plan(layers))["wide"]
    for part in {block.part for block in placed.blocks}:
        inside = {cell for b in joined(b for b in placed.blocks if b.part == part) for cell in full(b)}
        assert inside >= {cell for b in placed.blocks if b.part == part for cell in full(b)}
        assert not inside & {cell for b in placed.blocks if b.part != part for cell in full(b)}


def full(block: Block) -> list[tuple[int, int]]:
    """All cells that a block takes."""
    return [(block.row + y, block.col + x) for y in range(block.rows) for x in range(block.columns)]

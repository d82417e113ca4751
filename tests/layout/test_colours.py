"""Which cells are coloured together, and by which bounds."""

import pytest

from tests.conftest import LESSON
from tests.networks import branching, build, coloured, uneven
from xlcnn import Network
from xlcnn.grid.references import a1_range
from xlcnn.layout.colours import MOST_RANGES, colour_rules, groups, heat_map
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


def test_what_may_be_negative_reaches_as_far_on_either_side_of_0() -> None:
    sheet = LESSON["conv2"]
    rule = heat_map(sheet, ("output",))
    blocks = [b for b in sheet.blocks if b.part == "output"]
    fixed = ",".join(a1_range(b) for b in blocks)
    bound = f"MAX(MAX({fixed}),-MIN({fixed}))"
    assert rule.formulas == [f"formula -{bound}", "num 0", f"formula {bound}"]
    assert rule.cells() == {cell for b in blocks for cell in b.cells()}


def test_what_is_never_negative_is_coloured_from_0_up() -> None:
    for name, part in (("input", "output"), ("relu1", "output"), ("softmax", "output")):
        assert heat_map(LESSON[name], (part,)).formulas == ["num 0", "max"]


def test_parts_of_the_same_scale_share_their_colours() -> None:
    assert ("in", "output") in groups(LESSON["relu1"])
    assert ("in", "output") in groups(LESSON["maxpool"])
    assert ("user", "output") in groups(LESSON["input"])
    assert ("filter", "picked") in groups(LESSON["conv1"])
    rule = heat_map(LESSON["relu1"], ("in", "output"))
    assert len(rule.formulas) == 3, "what comes in may be negative"


@pytest.mark.parametrize("make", [coloured, branching, uneven])
def test_each_coloured_value_is_in_one_heat_map(make: object) -> None:
    for sheet in placed(make()).values():  # type: ignore[operator]
        grouped = [name for names in groups(sheet) for name in names]
        assert len(grouped) == len(set(grouped))
        assert set(grouped) == {part.name for part in sheet.parts.values() if part.coloured and part.shape}


def test_a_single_number_is_not_coloured() -> None:
    assert not [names for names in groups(LESSON["conv1"]) if {"result", "pickedbias"} & set(names)]


def test_marks_come_before_the_heat_maps() -> None:
    """The first rule wins."""
    for sheet in LESSON.values():
        kinds = [rule.kind for rule in colour_rules(sheet)]
        assert kinds == sorted(kinds, key=lambda kind: kind == "colorScale")
    kinds = [rule.kind for rule in colour_rules(LESSON["conv1"])]
    assert kinds.count("expression") == 1 + 2, "the window in the one map that comes in, the cell in each of two that go out"


def test_a_heat_map_of_many_blocks_keeps_to_excels_limits() -> None:
    assert heat_map(wide(200), ("weight",)).formulas == ["min", "num 0", "max"]
    assert heat_map(wide(MOST_RANGES + 1), ("weight",)).formulas == ["min", "num 0", "max"]
    rule = heat_map(wide(MOST_RANGES), ("weight",))
    assert [bound.split()[0] for bound in rule.formulas] == ["formula", "num", "formula"]
    assert len(rule.formulas[0]) < 8192

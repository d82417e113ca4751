"""Where everything stands, and what Excel could not take."""

import pytest

from tests.networks import branching, build, coloured
from xlcnn import NetworkError
from xlcnn.colours import heat_map
from xlcnn.layout import lay_out
from xlcnn.network import Network


@pytest.mark.parametrize("make", [coloured, branching])
def test_no_two_values_share_a_cell(make: object) -> None:
    network: Network = make()  # type: ignore[operator]
    for sheet in lay_out(network).sheets.values():
        taken = [
            (row, col + k) for b in sheet.blocks for row, col in [*b.cells(), (b.row - 1, b.col)] for k in range(b.span)
        ]  # fmt: skip
        assert len(taken) == len(set(taken)), sheet.layer.name


def test_the_lesson_has_no_overlaps_either(network: Network) -> None:
    for sheet in lay_out(network).sheets.values():
        cells = [c for b in sheet.blocks for c in b.cells()]
        assert len(cells) == len(set(cells))


def test_padding_links_to_nothing() -> None:
    layout = lay_out(branching())
    links = {index: text for _, index, text in layout.links(layout.sheets["right"].layer)}
    assert links[0, 0, 0] is None
    assert links[0, 8, 4] is None
    assert links[0, 1, 1] == "=Input!B6"
    assert sum(text is not None for text in links.values()) == 49


def test_links_to_odd_sheet_names_are_quoted() -> None:
    layout = lay_out(coloured())
    assert next(iter(layout.links(layout.sheets["pool"].layer)))[2].startswith("='My ReLU'!")  # type: ignore[union-attr]
    assert next(iter(layout.links(layout.sheets["dense"].layer)))[2].startswith("='A1'!")  # type: ignore[union-attr]


def wide(channels: int) -> Network:
    return build([
        {"name": "input", "kind": "input", "shape": [channels, 3, 3]},
        {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 1, "kernel": [3, 3]},
    ])  # fmt: skip


def test_a_formula_that_excel_would_not_take_is_refused() -> None:
    sheet = lay_out(wide(100)).sheets["conv"]
    assert len(sheet.formula("output", (0, 0, 0))) < 8192
    with pytest.raises(NetworkError, match="Excel takes 8192"):
        lay_out(wide(300)).sheets["conv"].formula("output", (0, 0, 0))


def test_a_heat_map_of_many_blocks_keeps_to_excels_limits() -> None:
    rule = heat_map(lay_out(wide(200)).sheets["conv"], ("weight",))
    assert rule.formulas == ["min", "num 0", "max"]
    rule = heat_map(lay_out(wide(20)).sheets["conv"], ("weight",))
    assert [bound.split()[0] for bound in rule.formulas] == ["formula", "num", "formula"]
    assert len(rule.formulas[0]) < 8192

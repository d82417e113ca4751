"""Formats, colours and sizes of the cells, and conditional formats over them: another number shown, or none, is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.cell import Cell
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule, FormulaRule, IconSetRule, Rule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.workbook import Workbook

from tests.conftest import LESSON
from tests.verifier.helpers import LAYOUT
from tests.verifier.shown.deceptions import Deed, cells, first, place, told
from xlcnn.sheets.parts import Part
from xlcnn.verifier.shown.looks import wrong_look, wrong_notice
from xlcnn.xlsx.looks import Look

ANSWER, SURE, MAP, SCORES, CHOSEN = "guide.prediction", "guide.probability", "conv.map1", "dense.score", "guide.image"


def part_of(name: str) -> Part:
    """The part of the small network of which a name is a block."""
    return next(p.parts[b.part] for p in LAYOUT.values() for b in p.blocks if p.defined_name(b) == name)


def formatted(name: str, code: str) -> Deed:
    def deed(book: Workbook) -> None:
        for cell in cells(book, name):
            cell.number_format = code

    return deed


def dressed(name: str, dress: Callable[[Cell], None]) -> Deed:
    return lambda book: [dress(cell) for cell in cells(book, name)] and None


def ruled(name: str, rule: Rule) -> Deed:
    return lambda book: first(book, name).parent.conditional_formatting.add(first(book, name).coordinate, rule)


def written(colour: str | Color, size: float = 44) -> Callable[[Cell], None]:
    return lambda cell: setattr(cell, "font", Font(name="Arial", sz=size, color=colour))


def hidden_in(colour: str) -> Callable[[Cell], None]:
    def dress(cell: Cell) -> None:
        cell.font, cell.fill = Font(sz=44, color=colour), PatternFill("solid", fgColor=colour)

    return dress


def other_format(code: str) -> Rule:
    look = DifferentialStyle(numFmt=NumberFormat(numFmtId=190, formatCode=code))
    return Rule("expression", formula=["TRUE"], dxf=look)


@pytest.mark.parametrize("code", [
    '"3"', ';;;', '[=7]"1";0', '0"3"', '[$3-409]', '"3";"3";"3"', '[>6]"1";0', "0,", "0*9", 'dd/mm/yyyy', '[White]0', '0"٣"',
    '"Ⅲ"', "[h]", "# ?/1 0", '[<100]"4"', '"1"0', "0.0,,", '_3"3"', "\\3",
])  # fmt: skip
def test_the_answer_in_a_format_that_shows_another_number_or_none(code: str) -> None:
    assert wrong_look(part_of(ANSWER), Look(code))


@pytest.mark.parametrize(("name", "code"), [(ANSWER, '"3"'), (ANSWER, ";;;"), (SURE, '"99.9%"'), (SCORES, "0.00,")])
def test_a_cell_in_such_a_format_is_named(small: Path, name: str, code: str) -> None:
    assert told(small, formatted(name, code)) == [("shown", *place(small, name))]


@pytest.mark.parametrize("code", ['"99.9%"', "0.0,%", "0.0%;0.0%;", "0%%", "[<0.5]0.0%", '[<1]"99%";0%', ";"])
def test_a_probability_in_such_a_format(code: str) -> None:
    assert wrong_look(part_of(SURE), Look(code))


@pytest.mark.parametrize("code", ["0.00;0.00", '0.00;"+"0.00', "0.00,", "0;0;0", "yyyy", '[<0]"0.00";0.00', "[<0]0.00;-0.00"])
def test_scores_that_lose_their_sign_or_size(code: str) -> None:
    assert wrong_look(part_of(SCORES), Look(code))


@pytest.mark.parametrize("code", [
    "0", "0.00", "General", "0.000", "@", "#,##0.0", "0.00E+00", "[Red]0.0", "0.0_);(0.0)", "0.0;-0.0", '0.0" "', "0.0;[Blue]-0.0",
    "[>=0.05]0.0;[<=-0.05]-0.0;0", '0.00;-0.00;"-"', "[$-409]0.0", "+0.0;-0.0", "#0.0##",
])  # fmt: skip
@pytest.mark.parametrize("name", [MAP, SCORES])
def test_a_format_that_shows_the_digits_is_everybodys_own(name: str, code: str) -> None:
    assert wrong_look(part_of(name), Look(code)) is None


@pytest.mark.parametrize("name", [MAP, SCORES])
def test_a_block_in_such_a_format_is_verified(small: Path, name: str) -> None:
    assert told(small, formatted(name, "0.000")) == []


@pytest.mark.parametrize(("code", "lies"), [
    (";;;", True), ('0;0;0;"sample 4"', True), ('"not "@', True), ("0;0;0;", True), ("@", False), ("General", False), ("0", False),
    (";;;@", False),
])  # fmt: skip
def test_words_in_a_format(code: str, lies: bool) -> None:
    assert bool(wrong_look(LESSON["guide"].parts["image"], Look(code))) == lies


def test_the_name_of_the_image_in_another_one_is_named(seven: Path) -> None:
    assert told(seven, formatted(CHOSEN, '0;0;0;"sample 4"')) == [("shown", *place(seven, CHOSEN))]


@pytest.mark.parametrize("dress", [
    written("FFFFFFFF"), written("FFF4F4F4"), written(Color(theme=0)), written(Color(indexed=9)),
    written(Color(theme=1, tint=0.99)),
    written("FF000000", size=1), written("FF000000", size=3.5), hidden_in("FF4788CB"), hidden_in("FF000000"), hidden_in("FFFFFFFF"),
])  # fmt: skip
@pytest.mark.parametrize("name", [ANSWER, MAP])
def test_writing_that_cannot_be_read(small: Path, name: str, dress: Callable[[Cell], None]) -> None:
    assert told(small, dressed(name, dress)) == [("shown", *place(small, name))]


@pytest.mark.parametrize(("size", "code", "shrinks", "fits"), [
    (9, "0.0", True, True), (7, "0.0", False, True), (12, "0.0", False, False), (12, "0.0", True, True),
    (7, "General", False, True), (7, "0.0000", False, False), (7, "0.0000", True, True), (7, "0.00000000000000", True, False),
])  # fmt: skip
def test_a_number_that_has_no_room_is_shown_as_hashes_or_too_small(
    small: Path, size: float, code: str, shrinks: bool, fits: bool
) -> None:
    def deed(cell: Cell) -> None:
        cell.font, cell.number_format = Font(name="Arial", sz=size), code
        cell.alignment = Alignment(horizontal="center", shrink_to_fit=shrinks)

    assert told(small, dressed(MAP, deed)) == ([] if fits else [("shown", *place(small, MAP))])


@pytest.mark.parametrize("deed", [
    formatted("input.valid", ";;"), formatted("input.valid", '0"3";;"x"'), formatted("input.valid", '"well";;"x"'),
    dressed("input.valid", written("FFFFFFFF")), dressed("input.valid", written("FF000000", size=1)),
    ruled("input.valid", other_format("0;;")), ruled("input.valid", other_format(";;;")),
])  # fmt: skip
def test_a_notice_that_cannot_be_seen(small: Path, deed: Deed) -> None:
    assert told(small, deed) == [("shown", *place(small, "input.valid"))]


def at_the(edge: str, size: float) -> Callable[[Cell], None]:
    def dress(cell: Cell) -> None:
        cell.font, cell.alignment = Font(name="Arial", sz=size), Alignment(horizontal="center", vertical=edge)

    return dress


@pytest.mark.parametrize("code", [
    ';;"quite sure: nothing to look at"', ';;"sure: it is a 3"', ';;"100 % sure"', ';;" "', ';;"\u00a0\u00a0\u00a0"', ';;"\u200b"',
    ';;"."',
    f';;"not sure{chr(0xA0) * 150}"', ';;"it is a 7"', ';;"definitely seven"', ';;"no doubt"', ';;"zweifellos"', ';;"sûre"',
    ';;"yes"', ';;"probability"', ';;"Hardly anything to learn: right and sure already. Choose another true digit."',
])  # fmt: skip
def test_a_doubt_that_is_turned_round_or_cannot_be_seen(code: str) -> None:
    assert wrong_notice(code, "doubt")
    assert wrong_notice(code, "unlike")


@pytest.mark.parametrize(
    "code",
    [
        ';;"not sure: look at the chart"',
        ';;"nicht sicher: siehe Diagramm"',
        ';;"perhaps no digit"',
        ';;"forse"',
        "General",
        ';;"unsure"',
    ],
)
def test_a_doubt_in_a_lessons_words_or_in_ones_own(code: str) -> None:
    assert wrong_notice(code, "doubt") is None
    assert wrong_notice(code, "unlike") is None


@pytest.mark.parametrize("code", ["0.0;[Red]-0.0", "[Color10]0.0;[Red]-0.0", "[Blue]0.0;[Red]-0.0"])
def test_numbers_below_0_in_red_on_every_heat_map(seven: Path, code: str) -> None:
    """Where the number is below 0 the ground is orange or white, never blue."""
    maps = {placed.defined_name(b) for placed in LESSON.values() for b in placed.blocks if placed.parts[b.part].coloured}
    signed = [
        name for name in sorted(maps) if name.startswith(("conv1.map", "conv1.window", "conv1.times", "conv2.map", "dense.score"))
    ]
    assert len(signed) > 5

    def deed(book: Workbook) -> None:
        for name in signed:
            for cell in cells(book, name):
                cell.number_format = code

    assert told(seven, deed) == []


@pytest.mark.parametrize("deed", [
    ruled(ANSWER, ColorScaleRule("min", None, "FF00FF00", "max", None, "FF00FF00")),
    ruled(ANSWER, DataBarRule("num", 0, "num", 9, color="FF00FF00")),
    ruled(ANSWER, FormulaRule(formula=["TRUE"], fill=PatternFill(bgColor="FF00FF00", fill_type="solid"))),
])  # fmt: skip
def test_a_format_that_writes_in_the_colour_of_its_ground(small: Path, deed: Deed) -> None:
    def both(book: Workbook) -> None:
        first(book, ANSWER).number_format = "[Green]0"
        deed(book)

    assert told(small, both) == [("shown", *place(small, ANSWER))]


@pytest.mark.parametrize("order", [1, -1])
def test_a_rules_format_on_another_rules_ground(small: Path, order: int) -> None:
    dark = FormulaRule(formula=["TRUE"], font=Font(color="FF000000"), fill=PatternFill(bgColor="FFFF0000", fill_type="solid"))
    rules = [dark, other_format("[Red]0")][::order]

    def deed(book: Workbook) -> None:
        for rule in rules:
            ruled(ANSWER, rule)(book)

    assert told(small, deed) == [("shown", *place(small, ANSWER))]


@pytest.mark.parametrize("deed", [
    dressed(ANSWER, at_the("bottom", 132)), dressed(ANSWER, at_the("top", 132)),
    ruled(ANSWER, FormulaRule(formula=["TRUE"], font=Font(sz=1))), ruled(ANSWER, FormulaRule(formula=["TRUE"], font=Font(sz=200))),
    ruled(SURE, other_format("0.000000000000000000000")),
])  # fmt: skip
def test_writing_that_is_cut_off_or_too_small_by_a_rule(small: Path, deed: Deed) -> None:
    assert [kind for kind, *_ in told(small, deed)] == ["shown"]


@pytest.mark.parametrize("code", [';;"look here"', "General", "0"])
def test_a_notice_in_ones_own_words(small: Path, code: str) -> None:
    assert told(small, formatted("input.valid", code)) == []


@pytest.mark.parametrize("dress", [
    written("FF000000", 9), written("FF1D5FA8", 8), written(Color(theme=1), 7), written(Color(theme=4), 7), written("FF7A1FA2", 5),
])  # fmt: skip
def test_colours_that_contrast_and_sizes_that_can_be_read_are_everybodys_own(small: Path, dress: Callable[[Cell], None]) -> None:
    assert told(small, dressed(MAP, dress)) == []


def test_one_cell_of_a_map_is_enough(small: Path) -> None:
    def deed(book: Workbook) -> None:
        list(cells(book, MAP))[20].font = Font(sz=7, color="FFFFFFFF")

    ((kind, title, _),) = told(small, deed)
    assert (kind, title) == ("shown", "Conv")


@pytest.mark.parametrize("rule", [
    other_format('"3"'), other_format(";;;"), FormulaRule(formula=["TRUE"], font=Font(color="FFFFFFFF")),
    FormulaRule(formula=["1=1"], fill=PatternFill(bgColor="FF1D5FA8", fill_type="solid")),
    FormulaRule(formula=["1=1"], font=Font(color="FFFF0000"), fill=PatternFill(bgColor="FFFF0000", fill_type="solid")),
    DataBarRule("num", 0, "num", 9, color="FF638EC6", showValue=False), IconSetRule("3Arrows", "num", [0, 1, 2], showValue=False),
    CellIsRule(operator="greaterThan", formula=["0"], font=Font(color="FFFEFEFE")), other_format("0,"), other_format("yyyy"),
])  # fmt: skip
def test_a_conditional_format_that_hides_or_changes_the_answer(small: Path, rule: Rule) -> None:
    assert told(small, ruled(ANSWER, rule)) == [("shown", *place(small, ANSWER))]


@pytest.mark.parametrize("rule", [
    FormulaRule(formula=["TRUE"], font=Font(b=True, color="FF9C0006"), fill=PatternFill(bgColor="FFFFC7CE", fill_type="solid")),
    DataBarRule("num", 0, "num", 9, color="FF638EC6"), ColorScaleRule("min", None, "FFFFFFFF", "max", None, "FF63BE7B"),
    other_format("0.00"), IconSetRule("3Arrows", "num", [0, 1, 2]),
])  # fmt: skip
def test_a_conditional_format_of_ones_own(small: Path, rule: Rule) -> None:
    assert told(small, ruled(SURE, rule)) == []


@pytest.mark.parametrize(("code", "ground", "lies"), [
    ("[Red]0.0", "FFFF0000", True), ("[Color5]0.0", "FF0000EE", True), ("[Red]0.0", "FFFFFFFF", False),
    ("[Color10]0.0;[Red]-0.0", "FFFFFFEE", False),
])  # fmt: skip
def test_a_format_in_a_colour_on_a_ground(small: Path, code: str, ground: str, lies: bool) -> None:
    def dress(cell: Cell) -> None:
        cell.number_format, cell.fill = code, PatternFill("solid", fgColor=ground)

    assert told(small, dressed(MAP, dress)) == ([("shown", *place(small, MAP))] if lies else [])

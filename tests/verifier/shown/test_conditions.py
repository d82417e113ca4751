"""Conditional formats over the network's cells, alone, together, in extensions: the numbers can still be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verifier.shown.parts import Parts, on_sheet, part_of, place, ruled, said_of

ANSWER, SURE, MAP, SCORES = "guide.prediction", "guide.probability", "conv.map1", "dense.score"


def rule(order: int = 90, more: str = "") -> str:
    return f'<cfRule type="expression" dxfId="DXF" priority="{order}" {more}><formula>TRUE</formula></cfRule>'


def dxf(ink: str = "", ground: str = "", more: str = "") -> str:
    font = f'<font>{more}<color rgb="FF{ink}"/></font>' if ink else f"<font>{more}</font>" if more else ""
    fill = f'<fill><patternFill><bgColor rgb="FF{ground}"/></patternFill></fill>' if ground else ""
    return f"<dxf>{font}{fill}</dxf>"


def drawn(kind: str, bounds: list[str], *colours: str, more: str = "") -> str:
    inner = "".join(f'<cfvo type="{b.split()[0]}" val="{b.split()[-1]}"/>' for b in bounds)
    inner += "".join(f'<color rgb="FF{colour}"/>' for colour in colours)
    return f'<cfRule type="{kind}" priority="1"><{kind} {more}>{inner}</{kind}></cfRule>'


STARS = drawn("iconSet", ["percent 0", "percent 33", "percent 67"], more='iconSet="3Stars"')
DARK = drawn("colorScale", ["min", "max"], "1F2A37", "1F2A37")


@pytest.mark.parametrize(("name", "rules", "found"), [
    (ANSWER, [(dxf(more="<strike/>"), rule())], "struck through"),
    (ANSWER, [('<dxf><border diagonalUp="1"><diagonal style="thin"/></border></dxf>', rule())], "a line across"),
    (ANSWER, [("", DARK)], "contrast"), (MAP, [("", DARK)], "contrast"),
    (SCORES, [("", drawn("colorScale", ["num -1E9", "num 1E9"], "FFFFFF", "000000").replace("FFFFFF", "0B1420"))], "contrast"),
    (ANSWER, [("", drawn("colorScale", ["num -9", "num 0"], "FFFFFF", "1D5FA8"))], "contrast"),  # white for what it never is
    (MAP, [("", drawn("colorScale", ["num 0", "formula ZZ99*9"], "0B1420", "FFFFFF"))], "contrast"),  # somebody knows how far
    (ANSWER, [("", drawn("dataBar", ["num -100", "num 0"], "1F2A37"))], "contrast"),
    (MAP, [("", STARS)], "icons that leave no room"),
    (ANSWER, [(dxf("808080"), rule(90)), (dxf(ground="909090"), rule(91))], "together"),
    (ANSWER, [(dxf(ground="909090"), rule(90)), (dxf("808080"), rule(91))], "together"),
    (ANSWER, [(dxf(ground="FFFFFF"), rule(90)), (dxf("FFFFFF", "1F2A37"), rule(91))], "together"),
])  # fmt: skip
def test_conditional_formats_that_hide_numbers(small: Path, name: str, rules: list[tuple[str, str]], found: str) -> None:
    title, cell = place(name)
    (problem,) = said_of(small, ruled(name, *rules))
    assert problem.startswith(f"{title}!{cell}: ")
    assert found in problem


@pytest.mark.parametrize(("name", "rules"), [
    (SURE, [("", drawn("dataBar", ["num 0", "num 1"], "638EC6"))]), (SURE, [("", STARS)]), (SCORES, [("", STARS)]),
    (MAP, [("", drawn("colorScale", ["min", "percentile 50", "max"], "F8696B", "FFEB84", "63BE7B"))]),
    (MAP, [(dxf("9C0006"), rule(90)), (dxf(ground="FFEB9C"), rule(91))]),
    (MAP, [(dxf("9C0006", "FFC7CE"), rule(90)), (dxf("006100", "C6EFCE"), rule(91))]),
    (ANSWER, [(dxf(ground="FFFFFF"), rule(90, 'stopIfTrue="1"')), (dxf("FFFFFF", "1F2A37"), rule(91))]),
])  # fmt: skip
def test_conditional_formats_of_ones_own(small: Path, name: str, rules: list[tuple[str, str]]) -> None:
    assert said_of(small, ruled(name, *rules)) == []


@pytest.mark.parametrize(("colours", "wrong"), [
    (("4788CB", "FFFFFF", "F7B76B"), True), (("4D8ACB", "FEFEFE", "F8B565"), True), (("4788CB", "FFFFFF", "4788CB"), True),
    (("F7B76B", "FFFFFF", "4788CB"), False), (("5A8AC6", "FCFCFF", "F8696B"), False), (("F8696B", "FFEB84", "63BE7B"), False),
])  # fmt: skip
def test_the_heat_maps_own_colours_in_another_order(small: Path, colours: tuple[str, ...], wrong: bool) -> None:
    written = "".join(f'<color rgb="ff{colour}"/>' for colour in colours)
    said = said_of(small, on_sheet("Conv", r"(<colorScale>(?:<cfvo [^>]*/>){3})(?:<color [^>]*/>){3}", rf"\1{written}"))
    assert [problem.partition(": ")[2] for problem in said] == (["the same colours in another order"] if wrong else [])


@pytest.mark.parametrize(("low", "high", "said"), [
    ("4788CB", "FFFFFF", ["the same colours in another order"]), ("FFFFFF", "000000", []), ("000000", "FFFFFF", []),
    ("FFFFFF", "63BE7B", []),
])  # fmt: skip
def test_a_heat_map_in_two_colours(small: Path, low: str, high: str, said: list[str]) -> None:
    """Shades of grey, too: what is lost at the dark end can be told from its colour."""
    written = f'<color rgb="FF{low}"/><color rgb="FF{high}"/>'
    scale = '<colorScale><cfvo type="num" val="0"/><cfvo type="max"/>'
    whole = f'<conditionalFormatting sqref="B6:H40"><cfRule type="colorScale" priority="1">{scale}{written}</colorScale></cfRule>'
    change = on_sheet("Pool", "<conditionalFormatting.*?</conditionalFormatting>", f"{whole}</conditionalFormatting>")
    assert [problem.partition(": ")[2] for problem in said_of(small, change)] == said


def extended(name: str, inner: str) -> object:
    title, cell = place(name)
    outer = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    xm = "http://schemas.microsoft.com/office/excel/2006/main"

    def change(parts: Parts) -> None:
        text = f'<extLst><ext xmlns:x14="{outer}" xmlns:xm="{xm}" uri="x">{inner.replace("CELL", cell)}</ext></extLst>'
        parts[part_of(parts, title)] = parts[part_of(parts, title)].replace("</worksheet>", f"{text}</worksheet>")

    return change


def in_extension(inner: str, kind: str = "expression") -> str:
    rules = (
        f'<x14:cfRule type="{kind}" priority="1" id="x"><xm:f>Input!$B$6&gt;0</xm:f>{inner}</x14:cfRule><xm:sqref>CELL</xm:sqref>'
    )
    return (
        f"<x14:conditionalFormattings><x14:conditionalFormatting>{rules}</x14:conditionalFormatting></x14:conditionalFormattings>"
    )


def bar(more: str, colour: str) -> str:
    return in_extension(f'<x14:dataBar {more}><x14:cfvo type="autoMin"/><x14:fillColor rgb="FF{colour}"/></x14:dataBar>', "dataBar")


LINES = "<x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Dense!B6:B9</xm:f>{}</x14:sparkline>" \
        "</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups>"  # fmt: skip
LIST = '<x14:dataValidations><x14:dataValidation type="list"><x14:formula1><xm:f>"a,b"</xm:f></x14:formula1><xm:sqref>CELL' \
       "</xm:sqref></x14:dataValidation></x14:dataValidations>"  # fmt: skip


@pytest.mark.parametrize(("name", "inner", "found"), [
    (ANSWER, in_extension('<x14:dxf><numFmt numFmtId="300" formatCode="&quot;3&quot;"/></x14:dxf>'), 'the format "3"'),
    (ANSWER, in_extension('<x14:dxf><font><color theme="0"/></font></x14:dxf>'), "contrast"),
    (ANSWER, in_extension("<x14:dxf><font><strike/></font></x14:dxf>"), "struck through"),
    (ANSWER, in_extension('<x14:iconSet iconSet="3Stars" showValue="0"/>', "iconSet"), "in place of the numbers"),
    (SURE, bar('showValue="0"', "638EC6"), "in place of the numbers"), (SURE, bar("", "1F2A37"), "contrast"),
    (SURE, bar("", "638EC6"), None), (ANSWER, LINES.format("<xm:sqref>CELL</xm:sqref>"), "a sparkline"),
    (ANSWER, LINES.format("<xm:sqref>ZZ9</xm:sqref>"), None), ("conv.choice1", LIST, "a list with a"),
    (ANSWER, in_extension('<x14:dxf><fill><patternFill><bgColor rgb="FFFFFF00"/></patternFill></fill></x14:dxf>'), None),
])  # fmt: skip
def test_what_excel_keeps_in_an_extension(small: Path, name: str, inner: str, found: str | None) -> None:
    said = said_of(small, extended(name, inner))  # type: ignore[arg-type]
    assert len(said) == (found is not None)
    assert all(str(found) in problem for problem in said)


def compared(text: str) -> str:
    return f'<cfRule type="cellIs" dxfId="DXF" priority="90" operator="greaterThan"><formula>{text}</formula></cfRule>'


@pytest.mark.parametrize("name", ["guide.thumbnail", "overview.conv.1"])
def test_a_picture_in_colours_may_be_highlighted_by_its_own_numbers_alone(small: Path, name: str) -> None:
    title, cell = place(name)
    pink = dxf(ground="FFC7CE")
    assert said_of(small, ruled(name, (pink, compared("0.5")), whole=True)) == []
    painted = [f"{title}!{cell}: cells that are painted, whatever they hold"]
    assert said_of(small, ruled(name, (pink, compared("0.5")))) == painted, "only there: it draws what it likes"
    for another in (compared("$A1"), rule()):
        assert said_of(small, ruled(name, (pink, another), whole=True)) == painted

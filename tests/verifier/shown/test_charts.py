"""The lesson's charts: whatever changes what is read from one is named, whatever else programs and people change is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import parts_of
from tests.verifier.shown.deceptions import changed_part, told_of

CHART = "xl/charts/chart1.xml"  # of the Guide
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
C14 = 'xmlns:c14="http://schemas.microsoft.com/office/drawing/2007/8/2/chart"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
BLUE = r'<a:srgbClr val="4788CB"/>'


def solid(colour: str, more: str = "") -> str:
    return f'<a:solidFill {A}><a:srgbClr val="{colour}">{more}</a:srgbClr></a:solidFill>'


def point(look: str) -> tuple[str, str]:
    """A bar with a look of its own."""
    return "<cat>", f'<dPt><idx val="1"/><spPr>{look}</spPr></dPt><cat>'


def labels(inside: str, after: str = "") -> tuple[str, str]:
    return "<cat>", f'<dLbls>{inside}<showVal val="1"/><showCatName val="0"/>{after}</dLbls><cat>'


def axis(tag: str, before: str, new: str) -> tuple[str, str]:
    """Something more on an axis, before one of its elements."""
    return f"(<{tag}>.*?)(?=<{before})", rf"\g<1>{new}"


def writing(inside: str, body: str = "") -> str:
    paragraph = f"<a:p {A}><a:pPr><a:defRPr>{inside}</a:defRPr></a:pPr></a:p>"
    return f"<txPr><a:bodyPr {A} {body}/>{paragraph}</txPr>"


@pytest.mark.parametrize("change", [
    ('<max val="1"/>', '<max val="0.000001"/>'), ('<max val="1"/>', '<max val="1000"/>'), ('<min val="0"/>', '<min val="0.99"/>'),
    (r'(<catAx>.*?)minMax', r"\1maxMin"), (r'(<valAx>.*?)minMax', r"\1maxMin"), (r'(<catAx>.*?<delete val=)"0"', r'\1"1"'),
    (r'(<catAx>.*?)<delete val="0"/>', r"\1"),
    axis("catAx", "majorTickMark", '<numFmt formatCode="&quot;3&quot;" sourceLinked="0"/>'),
    ('formatCode="0%"', 'formatCode="0&quot;%&quot;"'), axis("catAx", "crossAx", '<tickLblPos val="none"/>'),
    axis("valAx", "crossAx", '<dispUnits><builtInUnit val="hundreds"/></dispUnits>'),
    axis("valAx", "majorUnit", '<crossesAt val="1"/>'),
    (r"(<valAx>.*?<scaling>)", r'\1<logBase val="10"/>'),
    (r"(<valAx>.*?)<scaling>", r'\1<scaling><max val="9"/></scaling><scaling>'),
    axis("catAx", "crossAx", writing(solid("FFFFFF"))), axis("catAx", "crossAx", writing("", 'rot="10800000"')),
    axis("catAx", "crossAx", writing('<a:latin typeface="Wingdings"/>')), ("clustered", "percentStacked"),
], ids=lambda change: f"{change[0][-14:]} {change[1][-30:]}")  # fmt: skip
def test_an_axis_that_says_another_thing(small: Path, change: tuple[str, str]) -> None:
    assert told_of(changed_part(parts_of(small), CHART, change)) == [("shown", "Guide", "AK5")]


@pytest.mark.parametrize("change", [
    point(f"<a:noFill {A}/>"), point(solid("FEFEFE")), point(solid("4788CB", '<a:alpha val="0"/>')),
    (BLUE, '<a:srgbClr val="FFFFFF"/>'),
    (BLUE, '<a:schemeClr val="bg1"/>'), ("</plotArea>", f"<spPr>{solid('4788CB')}</spPr></plotArea>"),
    ("</plotArea>", f'<spPr><a:blipFill {A}/></spPr></plotArea>'),
    labels('<numFmt formatCode="&quot;9%&quot;" sourceLinked="0"/>'),
    labels(f'<dLbl><idx val="1"/><tx><rich><a:p {A}><a:r><a:t>3</a:t></a:r></a:p></rich></tx></dLbl>'),
    labels('<dLbl><idx val="1"/><layout><manualLayout><x val="0.4"/></manualLayout></layout></dLbl>'),
    labels("", f'<extLst><ext {C14} uri="x"><c14:showDataLabelsRange val="1"/></ext></extLst>'),
    ("<cat>.*?</cat>", "<cat><strLit><ptCount val=\"3\"/></strLit></cat>"), ("<cat>", "<cat><strLit/>"),
    ("<cat>", '<trendline><trendlineType val="linear"/></trendline><cat>'), ("</ser>", '</ser><ser><idx val="1"/></ser>'),
    ("</chartSpace>", "<userShapes/></chartSpace>"), ("<valAx>", '<z:valAx xmlns:z="urn:z"/><valAx>'),
    ("<plotArea>", '<plotArea><layout><manualLayout><w val="0.01"/><h val="0.01"/></manualLayout></layout>'),
], ids=lambda change: f"{change[0][-14:]} {change[1][:50]}")  # fmt: skip
def test_bars_that_are_others(small: Path, change: tuple[str, str]) -> None:
    assert [(kind, sheet) for kind, sheet, _ in told_of(changed_part(parts_of(small), CHART, change))] == [("shown", "Guide")]


@pytest.mark.parametrize("changes", [
    [labels('<numFmt formatCode="0.0%" sourceLinked="0"/>')], [point(solid("FFC000"))],
    [("<a:t>chart</a:t>", "<a:t>My chart</a:t>")],
    [(BLUE, '<a:schemeClr val="accent2"><a:lumMod val="75000"/></a:schemeClr>')], [('<max val="1"/><min val="0"/>', "")],
    [("<title>.*?</title><plotArea>", '<autoTitleDeleted val="1"/><plotArea>')],
    [("<plotVisOnly", '<legend><legendPos val="b"/><overlay val="0"/></legend><plotVisOnly')],
    [("</chartSpace>", f"<spPr>{solid('111111')}</spPr>{writing(solid('FFFFFF'))}</chartSpace>")],
    [  # as Excel writes it
        ('<style val="10"/>', f'<mc:AlternateContent {MC}><mc:Choice {C14} Requires="c14"><c14:style val="110"/></mc:Choice>'
                              '<mc:Fallback><style val="10"/></mc:Fallback></mc:AlternateContent>'),
        axis("catAx", "majorTickMark", '<numFmt formatCode="General" sourceLinked="1"/>'),
        ("</ser>", f'<extLst><ext {C14} uri="x"><c14:uniqueId val="y"/></ext></extLst></ser>'),
    ],
], ids=lambda changes: changes[0][1][:50])  # fmt: skip
def test_a_look_of_ones_own(small: Path, changes: list[tuple[str, str]]) -> None:
    assert told_of(changed_part(parts_of(small), CHART, *changes)) == []


def test_axes_whose_titles_are_each_others(seven: Path) -> None:
    titles = ("<a:t>digit</a:t>(.*)<a:t>probability</a:t>", r"<a:t>probability</a:t>\1<a:t>digit</a:t>")
    assert told_of(changed_part(parts_of(seven), CHART, titles)) == [("words", "Guide", "AK5")] * 2

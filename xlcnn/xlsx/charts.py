"""What is read from a chart's part (ECMA-376 part 1, 21.2): its cells, axes and words, and the first thing in it that is odd.

A chart may hold what the lesson's charts hold, and what spreadsheet programs add when they save one or people choose another
look for it: `FREE`, `VALUES`, `DRAWN` and `EXTENSIONS` are all of it. Everything else could change what is read from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from xlcnn.xlsx.oddities import value
from xlcnn.xlsx.over import Axis, Chart
from xlcnn.xlsx.paint import TEXT, hidden_text, invisible, name_of
from xlcnn.xlsx.tree import names, tree
from xlcnn.xlsx.values import decimal

CHARTS = ("http://schemas.openxmlformats.org/drawingml/2006/chart", "http://purl.oclc.org/ooxml/drawingml/chart")
DRAWINGML = ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main")
NO = ("0", "false")
SERIES = ("cat", "val", "xVal", "yVal")

#: Elements that say nothing of the numbers, or whose meaning is read below.
FREE = names("""
    chartSpace chart plotArea lang roundedCorners date1904 style clrMapOvr printSettings headerFooter pageMargins pageSetup
    oddHeader oddFooter protection chartObject data formatting selection userInterface title layout manualLayout layoutTarget
    xMode yMode wMode hMode autoTitleDeleted barChart lineChart scatterChart ser idx order tx strRef numRef f strCache
    numCache ptCount pt v formatCode cat val xVal yVal spPr txPr rich gapWidth overlap varyColors axId crossAx axPos scaling
    min max logBase majorGridlines minorGridlines numFmt majorTickMark minorTickMark crossBetween majorUnit minorUnit auto
    lblAlgn lblOffset noMultiLvlLbl tickMarkSkip marker symbol size bubble3D dPt dLbls dLbl dLblPos separator showLegendKey
    showVal showCatName showPercent showBubbleSize leaderLines showLeaderLines legend legendPos legendEntry plotVisOnly
    dispBlanksAs showDLblsOverMax dTable showHorzBorder showVertBorder showOutline showKeys catAx valAx x y w h barDir delete
""")

#: Elements that must have one of these values.
VALUES: Mapping[str, tuple[str, ...]] = {
    "orientation": ("minMax",), "overlay": NO, "smooth": NO, "invertIfNegative": NO, "showSerName": NO, "tickLblSkip": ("1",),
    "tickLblPos": ("nextTo", "low", "high"), "grouping": ("clustered", "standard", "stacked"), "crosses": ("autoZero", "min"),
    "scatterStyle": ("lineMarker", "line", "marker"),
}  # fmt: skip

#: Elements of DrawingML: text, fills and lines.
DRAWN = TEXT | names("""
    xfrm off ext prstGeom avLst solidFill gradFill gsLst gs lin path fillToRect tileRect pattFill fgClr bgClr noFill srgbClr
    schemeClr sysClr prstClr lumMod lumOff tint shade alpha satMod satOff hueOff hueMod gamma invGamma ln prstDash round miter
    bevel headEnd tailEnd effectLst outerShdw innerShdw
""")
EXTENSIONS = DRAWN | names("""
    extLst ext uniqueId showLeaderLines leaderLines dispNaAsBlank dataDisplayOptions16 invertSolidFillFmt layout manualLayout
    spPr autoCat
""")
VERSIONS = ("AlternateContent", "Choice", "Fallback", "style")
REPEATED = names("ser axId dPt dLbl pt valAx catAx legendEntry p r br gs")
MAPPED = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
GROUP, AXIS = re.compile(r"\w+Chart"), re.compile("(cat|val|date|ser)Ax")
MOST_MOVED, LEAST_SHARE = 0.05, 0.3  # of a chart's size: how far a label may be moved, how small its axes may be


def read_chart(data: bytes, theme: bytes = b"") -> Chart:
    """What is read from a chart. `theme` has the workbook's colours."""
    root = tree(data, keep=True)
    odd = next(oddities(root, theme), "")
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    groups = [element for element in root.iterfind("chart/plotArea/*") if GROUP.fullmatch(element.tag)]
    axes = {value(axis, "axId"): axis for axis in root.iterfind("chart/plotArea/*") if AXIS.fullmatch(axis.tag)}
    ids = [axis.get("val", "") for axis in groups[0].iterfind("axId")] if groups else []
    found = tuple(read_axis(axes[key]) for key in ids if key in axes)
    if not odd and (len(groups) != 1 or len(found) != 2 or len(axes) != 2):
        odd = "another number of axes, or a chart in the chart"
    labels = tuple(label.get("formatCode", "") for one in root.iter("dLbls") for label in one.iter("numFmt"))
    series = tuple(read_series(root))
    return Chart(tuple(group.tag for group in groups), series, found, title(root.find("chart/title")), labels, odd)


def read_axis(axis: Element) -> Axis:
    low, high = (number(axis.find(f"scaling/{name}")) for name in ("min", "max"))
    code = axis.find("numFmt")
    written = code.get("formatCode", "") if code is not None else ""
    return Axis(axis.tag, low, high, axis.find("scaling/logBase") is not None, written, title(axis.find("title")))


def number(element: Element | None) -> float | None:
    """The number that an element says; None where it says none."""
    return decimal("a chart", element.attrib, "val", None) if element is not None else None


def title(element: Element | None) -> str:
    """The words of a title, or where they are fetched from."""
    if element is None:
        return ""
    reference = element.findtext("tx/strRef/f")
    paragraphs = element.iterfind("tx/rich/p")
    return f"={reference}" if reference else "\n".join("".join(t.text or "" for t in p.iter("t")) for p in paragraphs)


def read_series(chart: Element) -> Iterator[tuple[str, str]]:
    """The references of each series to the cells of x and of y; empty where it has none."""
    for one in chart.iter("ser"):
        texts = []
        for either in (("cat", "xVal"), ("val", "yVal")):
            values = next((element for name in either for element in one.iterfind(name)), None)
            texts.append((values.findtext(".//f") or "").strip() if values is not None else "")
        yield texts[0], texts[1]


def oddities(root: Element, theme: bytes) -> Iterator[str]:
    """What no lesson's chart has and no program adds, in words."""
    yield from unknown(root)
    for parent in root.iter():
        for child in parent:
            yield from wrong_value(name_of(parent), child)
    yield from invisible(root, theme)
    yield from hidden_text(root, theme)


def unknown(element: Element) -> Iterator[str]:
    """Elements that are not known, not of the right namespace, or there twice where one is meant."""
    counts = Counter(child.tag for child in element)
    for child in element:
        namespace, name = child.tag.lstrip("{").rpartition("}")[0], name_of(child)
        if counts[child.tag] > 1 and name not in REPEATED:
            yield f"{name} twice"
        if name == "extLst":
            yield from (f"the extension {name_of(e)}" for e in child.iter() if name_of(e) not in EXTENSIONS)
        elif name == "AlternateContent":
            yield from (f"{name_of(e)} in two versions" for e in child.iter() if name_of(e) not in VERSIONS)
        elif namespace not in CHARTS + DRAWINGML or name not in (FREE | VALUES.keys() if namespace in CHARTS else DRAWN):
            yield f"{name}, which a new workbook's chart does not have"
        else:
            yield from unknown(child)


def wrong_value(parent: str, element: Element) -> Iterator[str]:
    """A value with which another thing is read from the chart."""
    name, given = name_of(element), element.get("val", "")
    if name in VALUES and given not in VALUES[name]:
        yield f"{name} {given or 'unsaid'}"
    elif name == "tx" and parent not in ("title", "ser"):
        yield "a label in somebody's own words"
    elif name == "separator" and re.search(r"\w", element.text or ""):
        yield f"the words {element.text} between labels"
    elif name == "layout" and not in_the_picture(parent, element):
        yield "a part that was moved to where it says something else"
    elif name == "clrMapOvr" and any(element.get(key, value) != value for key, value in MAPPED.items()):
        yield "other colours than the workbook's"
    elif name in ("catAx", "valAx"):
        gone = next((child for child in element if name_of(child) == "delete"), None)
        if gone is None or gone.get("val") not in NO:  # Excel hides an axis of which nothing is said
            yield "an axis that is not drawn"
    elif (
        name in ("cat", "val", "xVal", "yVal") and parent == "ser" and [name_of(c) for c in element] not in (["numRef"], ["strRef"])
    ):
        yield "numbers of its own in place of cells"


def in_the_picture(owner: str, layout: Element) -> bool:
    """Whether what was moved is where it still says the same: places and sizes are shares of the chart's."""
    found = {name_of(e): number(e) for e in layout.iter() if name_of(e) in ("x", "y", "w", "h")}
    most = MOST_MOVED if owner == "dLbl" else 1.0
    if any(share is None or abs(share) > most for share in found.values()):
        return False
    return owner != "plotArea" or all(share is None or share >= LEAST_SHARE for share in (found.get("w"), found.get("h")))

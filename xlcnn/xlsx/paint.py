"""Whether the bars, lines and numbers of a chart can be seen: fills, lines and colours of DrawingML (ECMA-376 part 1, 20.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from colorsys import hls_to_rgb, rgb_to_hls
from functools import cache
from xml.etree.ElementTree import Element

from xlcnn.xlsx.colours import BLACK, WHITE, Rgb, contrast, of_hex
from xlcnn.xlsx.looks import USUAL_THEME, mixed, theme_colours
from xlcnn.xlsx.oddities import SYMBOLS
from xlcnn.xlsx.tree import DRAWINGS, names, tree
from xlcnn.xlsx.values import pixels, share, signed, whole

#: Elements of text.
TEXT = names("""
    bodyPr lstStyle p pPr r rPr t br defRPr endParaRPr latin ea cs sym normAutofit spAutoFit noAutofit prstTxWarp lvl1pPr
    lvl2pPr lvl3pPr lvl4pPr lvl5pPr lvl6pPr lvl7pPr lvl8pPr lvl9pPr
""")
LEAST_DISTANCE = 60.0  # of a bar's colour from its ground's, of 442
LEAST_CONTRAST = 1.5  # of writing with its ground
LEAST_SIZE, MOST_SIZE = 400, 4000  # of writing, in hundredths of a point
THICKEST = 16.0  # of a line, in pixels: 12 points
UPRIGHT = 5_400_000  # a quarter of a turn; turned further, a 6 is a 9
OWN_TURN = -60_000_000  # the program chooses
CHART = "a chart"
CHANGES = ("lumMod", "lumOff", "tint", "shade", "alpha")
TINY = (1, 2)  # points of a dot
NAMED = {"white": "FFFFFF", "black": "000000"}
SCHEME = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}

Fill = tuple[Rgb, ...] | None
"""The colours of a fill: none of them where it is empty; None where the program chooses."""


@cache
def palette(theme: bytes) -> dict[str, str]:
    """The colours of a theme by their names."""
    return USUAL_THEME | (theme_colours(tree(theme, DRAWINGS)) if theme else {})


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of one of these names."""
    return None if element is None else next((c for c in element if name_of(c) in names), None)


def fill_of(shape: Element | None, theme: bytes, ground: Rgb = WHITE) -> Fill:
    """The colours with which a shape, a line or writing is filled. A picture fills with nothing that can be read."""
    fill = child(shape, "noFill", "solidFill", "gradFill", "pattFill", "blipFill", "grpFill")
    if fill is None:
        return None
    if name_of(fill) in ("noFill", "blipFill", "grpFill"):
        return ()
    if name_of(fill) == "pattFill":
        front = child(fill, "fgClr")
        return tuple(colour(c, theme, ground) for c in front) if front is not None else None
    holders = [fill] if name_of(fill) == "solidFill" else [e for e in fill.iter() if name_of(e) == "gs"]
    return tuple(colour(c, theme, ground) for holder in holders for c in holder)


def colour(element: Element, theme: bytes, ground: Rgb) -> Rgb:
    """A colour as it is seen on its ground."""
    kind, value = name_of(element), element.get("val", "")
    text = {
        "srgbClr": value, "sysClr": element.get("lastClr", "FFFFFF" if value == "window" else "000000"),
        "schemeClr": palette(theme).get(SCHEME.get(value, value), "000000"), "prstClr": NAMED.get(value, ""),
    }.get(kind, "")  # fmt: skip
    if not re.fullmatch("[0-9A-Fa-f]{6}", text):
        return ground
    found = of_hex(text)
    for change in element:
        part = share(CHART, change.attrib, "val", None) if name_of(change) in CHANGES else None
        if part is not None:
            found = changed(found, name_of(change), part, ground)
    return found


def changed(one: Rgb, how: str, share: float, ground: Rgb) -> Rgb:
    """A colour made lighter, darker or transparent."""
    if how in ("lumMod", "lumOff"):
        hue, light, strong = rgb_to_hls(*(c / 255 for c in one))
        light = min(1.0, max(0.0, light * share if how == "lumMod" else light + share))
        red, green, blue = (round(c * 255) for c in hls_to_rgb(hue, light, strong))
        return red, green, blue
    towards = {"tint": WHITE, "shade": BLACK, "alpha": ground}.get(how)
    return one if towards is None else mixed(one, towards, min(1.0, max(0.0, share)))


def ground_of(root: Element, theme: bytes) -> Rgb:
    """The colour behind the bars: that of the plot, or of the whole chart, or paper."""
    for part in [*(e for e in root.iter() if name_of(e) == "plotArea"), root]:
        fill = fill_of(child(part, "spPr"), theme)
        if fill:
            return fill[0]
    return WHITE


def is_seen(fill: Fill, ground: Rgb) -> bool:
    """Whether each of the colours of a fill differs from its ground."""
    return fill is None or (bool(fill) and all(distance(one, ground) >= LEAST_DISTANCE for one in fill))


def distance(one: Rgb, other: Rgb) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)


def invisible(root: Element, theme: bytes) -> Iterator[str]:
    """Bars, lines and dots that are not seen; lines so thick that they hide where they end."""
    ground = ground_of(root, theme)
    for group in (e for e in root.iter() if name_of(e).endswith("Chart")):
        bars = name_of(group).startswith("bar")
        for series in (e for e in group if name_of(e) == "ser"):
            for one in (series, *(point for point in series if name_of(point) == "dPt")):
                if not any(is_seen(fill, ground) for fill in fills(one, bars, theme, ground)):
                    yield "bars, lines or dots that cannot be seen"
                if any(pixels(CHART, e.attrib, "w", 0.0) > THICKEST for e in one.iter() if name_of(e) == "ln"):
                    yield "lines that are too thick"


def fills(one: Element, bars: bool, theme: bytes, ground: Rgb) -> Iterator[Fill]:
    """The fills of all that is drawn of a series, or of a point that has a look of its own."""
    shape, marker = child(one, "spPr"), child(one, "marker")
    if bars:
        yield from filled(shape, theme, ground)
    else:
        yield fill_of(child(shape, "ln"), theme, ground)
    symbol, size = child(marker, "symbol"), child(marker, "size")
    if symbol is not None and symbol.get("val") != "none" and (size is None or whole(CHART, size.attrib, "val", 5) not in TINY):
        yield from filled(child(marker, "spPr"), theme, ground)


def filled(shape: Element | None, theme: bytes, ground: Rgb) -> Iterator[Fill]:
    """The fill of a bar or a dot, and that of its edge, if somebody chose one."""
    yield fill_of(shape, theme, ground)
    edge = fill_of(child(shape, "ln"), theme, ground)
    if edge is not None:
        yield edge


def hidden_text(root: Element, theme: bytes) -> Iterator[str]:
    """The numbers of the axes, where they cannot be read, or are read as others."""
    fill = fill_of(child(root, "spPr"), theme)
    ground = fill[0] if fill else WHITE
    axes = (e for e in root.iter() if name_of(e) in ("catAx", "valAx"))
    for text in (found for owner in (root, *axes) if (found := child(owner, "txPr")) is not None):
        for look in (e for e in text.iter() if name_of(e) in ("defRPr", "rPr")):
            ink = fill_of(look, theme, ground)
            if ink is not None and (not ink or any(contrast(one, ground) < LEAST_CONTRAST for one in ink)):
                yield "an axis whose numbers cannot be seen"
            if not LEAST_SIZE <= whole(CHART, look.attrib, "sz", 1000) <= MOST_SIZE:
                yield "an axis whose numbers are too small or too large"
    for element in root.iter():
        name = name_of(element)
        if name in ("latin", "ea", "cs", "sym") and SYMBOLS.search(element.get("typeface", "")):
            yield f"words or numbers in {element.get('typeface')}, which draws pictures"
        turn = signed(CHART, element.attrib, "rot", 0) if name == "bodyPr" else 0
        if abs(turn) > UPRIGHT and turn != OWN_TURN:
            yield "words or numbers that were turned round"

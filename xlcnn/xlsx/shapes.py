"""How large a shape is drawn, whatever its anchor says: its own size, that of a group's members, that of the text in it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from xlcnn.xlsx.values import EMU, LENGTH, pixels, signed, whole

PIXELS = 4 / 3 / 100  # in a hundredth of a point
USUAL = 1100  # hundredths of a point: the size of writing of which nothing is said
LINE, LETTER = 1.2, 0.5  # the height of a line and the width of a letter, in sizes of the writing
THIN = 16 * EMU  # of edges and shadows, as programs offer them
MEMBERS = ("sp", "pic", "cxnSp", "graphicFrame", "grpSp")
FRAMES = ("xfrm", "spPr/xfrm", "grpSpPr/xfrm")

Size = tuple[float, float]


def own_size(anchor: Element) -> tuple[Size, bool]:
    """Width and height in pixels of what an anchor holds, and whether it is turned, or reaches out to the left or above."""
    found = list(members(anchor))
    wide, high = largest(size(member) for member in found)
    around = halo(anchor)
    return ((wide + around) / EMU, (high + around) / EMU), around > THIN or any(turned(member) for member in found)


def halo(anchor: Element) -> float:
    """How far edges, shadows and glows reach beyond a shape, on both sides together."""
    edges = [value(line, "w") for line in anchor.iter("ln")]
    glows = [2 * value(glow, "rad") for glow in anchor.iter("glow")]
    shadows = [2 * value(shadow, "dist") + value(shadow, "blurRad") for shadow in anchor.iter("outerShdw")]
    return max((*edges, *glows, *shadows), default=0.0)


def members(element: Element) -> Iterator[Element]:
    """The shapes that are not members of a group in it."""
    for child in element:
        if child.tag in MEMBERS:
            yield child
        else:
            yield from members(child)


def largest(sizes: Iterator[Size]) -> Size:
    wide, high = 0.0, 0.0
    for one in sizes:
        wide, high = max(wide, one[0]), max(high, one[1])
    return wide, high


def frame(member: Element) -> Element | None:
    return next((found for path in FRAMES if (found := member.find(path)) is not None), None)


def value(element: Element | None, name: str) -> float:
    """A length in English Metric Units; 0 where there is none."""
    return pixels("a drawing", element.attrib, name, 0.0) * EMU if element is not None else 0.0


def angle(element: Element, name: str = "rot") -> int:
    return signed("a drawing", element.attrib, name, 0)


def size(member: Element) -> Size:
    """How large a shape is in its own units: its frame, or further, where its members or its lines leave that."""
    own = frame(member)
    ext = own.find("ext") if own is not None else None
    wide, high = value(ext, "cx"), value(ext, "cy")
    if member.tag != "grpSp" or own is None:
        shares = largest((reach(path, "x", "w"), reach(path, "y", "h")) for path in member.iterfind("spPr/custGeom/pathLst/path"))
        return wide * max(1.0, shares[0]), high * max(1.0, shares[1])
    inside, origin = own.find("chExt"), own.find("chOff")
    scale = [full / of if of else 1.0 for full, of in ((wide, value(inside, "cx")), (high, value(inside, "cy")))]
    for child in members(member):
        off = place.find("off") if (place := frame(child)) is not None else None
        far = size(child)
        wide = max(wide, (value(off, "x") - value(origin, "x") + far[0]) * scale[0])
        high = max(high, (value(off, "y") - value(origin, "y") + far[1]) * scale[1])
    return wide, high


def reach(path: Element, axis: str, full: str) -> float:
    """How far the points of a line go, in widths or heights of its frame; those that a formula places are not known."""
    points = [point for point in path.iter("pt") if LENGTH.fullmatch(point.get(axis, "").strip())]
    most = max((abs(value(point, axis)) for point in points), default=0.0)
    return most / value(path, full) if value(path, full) else 1.0


def turned(member: Element) -> bool:
    own = frame(member)
    if own is None:
        return False
    if member.tag == "grpSp":
        origin = own.find("chOff")
        offs = [place.find("off") for child in members(member) if (place := frame(child)) is not None]
        if any(value(off, axis) < value(origin, axis) for off in offs for axis in ("x", "y")):
            return True
        return bool(angle(own)) or any(turned(child) for child in members(member))
    return bool(angle(own))


def overflow(anchor: Element) -> Size:
    """The size in pixels of text that may leave its shape."""
    return largest(text_size(body) for body in anchor.iter("txBody"))


def text_size(body: Element) -> Size:
    """Of text that is neither cut off nor, across, broken into lines."""
    how = body.find("bodyPr")
    looks = how.attrib if how is not None else {}
    wide = high = 0.0
    for paragraph in body.iterfind("p"):
        points = (
            max(
                (whole("a drawing", look.attrib, "sz", 0) for tag in ("rPr", "endParaRPr") for look in paragraph.iter(tag)),
                default=0,
            )
            or USUAL
        )
        text = "".join(t.text or "" for t in paragraph.iter("t"))
        high += LINE * points * PIXELS
        wide = max(wide, len(text) * LETTER * points * PIXELS)
    return (
        wide if looks.get("wrap") == "none" and looks.get("horzOverflow") != "clip" else 0.0,
        high if looks.get("vertOverflow", "overflow") == "overflow" else 0.0,
    )

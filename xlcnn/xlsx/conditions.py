"""Conditional formats: where they hold, and what they do to a cell's look (ECMA-376 part 1, 18.3.1.10; [MS-XLSX] 2.6.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from xlcnn.grid.rules import Rule
from xlcnn.xlsx.areas import Area, areas
from xlcnn.xlsx.said import Said
from xlcnn.xlsx.values import is_on, signed

RULE = "conditionalFormatting/cfRule"
FORMULA = f"{RULE}/formula"
DRAWN = ("dataBar", "iconSet", "colorScale")
COLOURS = ("color", "fillColor", "negativeFillColor")  # of scales and bars
BOUNDS = ("num", "formula", "percent", "percentile")  # bounds of a scale that have a value
EXTENSION = "the extension of a sheet"

Colour = Mapping[str, str]
"""The attributes with which a colour is written."""


@dataclass(frozen=True)
class Condition:
    """A conditional format: where it holds, its kind, the number of its look; whether it hides the cell's own number.

    Its `formulas` are those that it compares with, or that must hold. The first `order` wins; after one that `stops`, none follows.
    Scales and bars have `bounds` and `colours`. What Excel keeps in an extension has a look of its own, `written` there, and no
    `ranges`, which are the text of its areas.
    """

    areas: tuple[Area, ...]
    kind: str
    look: int | None = None
    hides: bool = False
    order: int = 0
    stops: bool = False
    bounds: tuple[str, ...] = ()
    colours: tuple[Colour, ...] = ()
    written: Element | None = None
    formulas: tuple[str, ...] = ()
    ranges: str = ""

    @property
    def icons(self) -> bool:
        return self.kind == "iconSet"


def conditions(said: Iterable[Said]) -> Iterator[Condition]:
    """The conditional formats, in the order of the file."""
    where: tuple[Area, ...] = ()
    ranges = ""
    rule: Said | None = None
    hides = False
    bounds: list[str] = []
    colours: list[Colour] = []
    formulas: list[Said] = []
    for element in [*said, Said("conditionalFormatting", {})]:
        path, _, name = element.path.rpartition("/")
        if rule is not None and element.path in ("conditionalFormatting", RULE):
            look = rule.whole("dxfId", None)
            order = rule.signed("priority", 0)
            texts = tuple("".join(formula.text).strip() for formula in formulas)
            stops = rule.on("stopIfTrue")
            yield Condition(where, rule["type"], look, hides, order, stops, tuple(bounds), tuple(colours), None, texts, ranges)
            rule, hides, bounds, colours, formulas = None, False, [], [], []
        if element.path == "conditionalFormatting":
            ranges = element["sqref"]
            where = areas(ranges)
        elif element.path == RULE:
            rule = element
        elif path == RULE and name in DRAWN:
            hides = not element.on("showValue", True)
        elif element.path == FORMULA:
            formulas.append(element)
        elif name == "cfvo":
            bounds.append(bound(element.attributes))
        elif path.startswith(f"{RULE}/") and name == "color":
            colours.append(element.attributes)


def as_rules(found: Iterable[Condition]) -> list[Rule]:
    """Those outside of extensions, to be compared with what a new workbook writes."""
    return [Rule(c.kind, c.ranges, [*c.formulas, *c.bounds]) for c in found if c.ranges]


def bound(a: Mapping[str, str]) -> str:
    """``num 0`` or ``max``: as `xlcnn.grid.rules.Rule` has them."""
    kind = a.get("type", "")
    return f"{kind} {a.get('val', '')}" if kind in BOUNDS else kind


def extended(extensions: Element) -> Iterator[Condition]:
    """The conditional formats that stand in an extension: Excel reads them there since 2010."""
    for formatting in extensions.iter("conditionalFormatting"):
        where = areas(formatting.findtext("sqref") or "")
        for rule in formatting.iterfind("cfRule"):
            drawn = next((child for child in rule if child.tag in DRAWN), None)
            hides = drawn is not None and not is_on(EXTENSION, drawn.attrib, "showValue", True)
            yield Condition(
                where, rule.get("type", ""), None, hides, signed(EXTENSION, rule.attrib, "priority", 0),
                is_on(EXTENSION, rule.attrib, "stopIfTrue"),
                tuple(f"{bound(c.attrib)} {c.findtext('f') or ''}".strip() for c in rule.iter("cfvo")),
                tuple(child.attrib for child in (drawn if drawn is not None else ()) if child.tag in COLOURS), rule.find("dxf"),
                tuple((f.text or "").strip() for f in rule.iterfind("f")),
            )  # fmt: skip

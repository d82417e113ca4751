"""How cells look, as the file says it: number format, colour and size of the writing, colour of the ground.

Colours may be written as RGB, by number, or by the workbook's theme (ECMA-376 part 1, 18.3.1.15, 18.8.27 and 20.1.6.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from xlcnn.errors import WorkbookError
from xlcnn.xlsx.colours import BLACK, NUMBERED, WHITE, Rgb, of_hex
from xlcnn.xlsx.number_formats import Ink, inks
from xlcnn.xlsx.oddities import STYLES, odd_alignment, odd_border, odd_font, value
from xlcnn.xlsx.tree import DRAWINGS, SHEETS, tree
from xlcnn.xlsx.values import COLOUR, decimal, is_on, whole
from xlcnn.xlsx.values import colour as digits_of

DO = "open it in a spreadsheet program and save it anew"
SYSTEM = {64: BLACK, 65: WHITE}  # the window's writing and its ground
DENSITY = {  # of a pattern: the share of its lines or points; that of others is a half
    "darkGray": 0.75, "lightGray": 0.25, "gray125": 0.125, "gray0625": 0.0625, "lightHorizontal": 0.25, "lightVertical": 0.25,
    "lightDown": 0.25, "lightUp": 0.25, "lightGrid": 0.4375, "lightTrellis": 0.375,
}  # fmt: skip
LARGE_SHARE = 0.3  # of a pattern: so much of one colour is a ground by itself

#: Formats that have a number and no text in the file (18.8.30); those from 14 to 22 and from 45 to 47 are dates and times.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 48: "##0.0E+0",
    49: "@",
}  # fmt: skip
THEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{k}" for k in range(1, 7)), "hlink", "folHlink")  # in the order of their numbers
UNSURE = "unsure"  # a colour that programs do not agree on
WINDOW = {"windowText": "000000", "window": "FFFFFF"}
USUAL_THEME = dict(zip(THEME, ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646",
                               "0000FF", "800080"), strict=True))  # fmt: skip


@dataclass(frozen=True)
class Look:
    """How a cell looks. A colour that is None was left to the program: black writing; no ground is
    white, several are those of a gradient."""

    number_format: str = "General"
    colour: Rgb | None = None
    points: float | None = None
    grounds: tuple[Rgb, ...] = ()
    odd: str = ""  # what makes its writing read otherwise, in words
    indent: int = 0  # steps of some three blanks
    inks: tuple[Ink, ...] = ()  # of its number format
    shrinks: bool = False  # its writing, where it has no room
    middle: bool = False  # of the cell's height


@dataclass(frozen=True)
class Palette:
    """What colours a workbook's theme and its numbered colours are."""

    theme: Mapping[str, str] = field(default_factory=lambda: USUAL_THEME)
    numbered: tuple[str, ...] = NUMBERED
    fonts: Mapping[str, str] = field(default_factory=dict)  # of the theme: major and minor

    def colour(self, of: Element | None) -> Rgb | None:
        """The colour that an element says."""
        return self.colour_of(of.attrib) if of is not None else None

    def colour_of(self, attributes: Mapping[str, str]) -> Rgb | None:
        return rgb(attributes, self.theme, self.numbered)

    def grounds(self, fill: Element | None, conditional: bool) -> tuple[Rgb, ...]:
        """The colours behind the writing: all of a gradient, the larger ones of a pattern and what they make together."""
        if fill is None:
            return ()
        stops = [self.colour(stop.find("color")) for stop in fill.iterfind("gradientFill/stop")]
        pattern = fill.find("patternFill")
        kind = "none" if pattern is None else pattern.get("patternType", "solid" if conditional else "none")
        if pattern is None or kind == "none":
            return tuple(stop for stop in stops if stop)
        front, back = self.colour(pattern.find("fgColor")), self.colour(pattern.find("bgColor"))
        if kind == "solid":
            one = (back or front) if conditional else (front or back)
            return (one,) if one else ()
        front, back, share = front or BLACK, back or WHITE, DENSITY.get(kind, 0.5)
        large = [colour for colour, part in ((front, share), (back, 1 - share)) if part >= LARGE_SHARE]
        return (mixed(front, back, share), *large)

    def writing(self, font: Element | None) -> tuple[Rgb | None, float | None]:
        """Colour and size."""
        if font is None:
            return None, None
        size = font.find("sz")
        return self.colour(font.find("color")), decimal(STYLES, size.attrib, "val", 11) if size is not None else None

    def odd_writing(self, font: Element) -> list[str]:
        return list(odd_font(font, self.fonts.get(value(font, "scheme"), "")))

    def conditional(self, dxf: Element) -> Look:
        """What a conditional format makes of a cell."""
        code, font, border = dxf.find("numFmt"), dxf.find("font"), dxf.find("border")
        odd = [*(self.odd_writing(font) if font is not None else ()), *(odd_border(border) if border is not None else ())]
        text = code.get("formatCode", "") if code is not None else ""
        grounds = self.grounds(dxf.find("fill"), conditional=True)
        return Look(text, *self.writing(font), grounds, odd[0] if odd else "", inks=inks(text, self.numbered))


@dataclass(frozen=True)
class Looks:
    """The looks of a workbook by their numbers: of cells, and of what conditional formats make of them."""

    cells: tuple[Look, ...] = (Look(),)
    conditional: tuple[Look, ...] = field(default=())
    palette: Palette = field(default_factory=Palette)


def read_looks(styles: bytes, theme: bytes = b"") -> Looks:
    """The looks of ``xl/styles.xml``. Raises `WorkbookError`, `ValueError`."""
    root = tree(styles, SHEETS)
    check_once(root)
    own = [digits_of(STYLES, c.attrib, "rgb") for c in root.iterfind("colors/indexedColors/rgbColor")]
    dressed = tree(theme, DRAWINGS) if theme else Element("theme")
    palette = Palette(USUAL_THEME | theme_colours(dressed), tuple(own) or Palette.numbered, theme_fonts(dressed))
    formats = BUILT_IN | {whole(STYLES, f.attrib, "numFmtId", 0): f.get("formatCode", "") for f in root.iterfind("numFmts/numFmt")}
    fonts = [(palette.writing(font), palette.odd_writing(font)) for font in root.iterfind("fonts/font")]
    grounds = [palette.grounds(fill, conditional=False) for fill in root.iterfind("fills/fill")]
    lines = [list(odd_border(border)) for border in root.iterfind("borders/border")]
    cells = []
    for xf in root.iterfind("cellXfs/xf"):
        number, font, fill, border = (whole(STYLES, xf.attrib, f"{name}Id", 0) for name in ("numFmt", "font", "fill", "border"))
        writing, odd = fonts[font] if font < len(fonts) else ((None, None), [])
        stands = xf.findall("alignment")
        oddities = [*odd, *(one for a in stands for one in odd_alignment(a)), *(lines[border] if border < len(lines) else ())]
        code = formats.get(number, f"built-in format {number}")
        cells.append(
            Look(
                code, *writing, grounds[fill] if fill < len(grounds) else (),
                oddities[0] if oddities else "", max((whole(STYLES, a.attrib, "indent", 0) for a in stands), default=0),
                inks(code, palette.numbered), any(is_on(STYLES, a.attrib, "shrinkToFit") for a in stands),
                any(a.get("vertical") == "center" for a in stands),
            )
        )  # fmt: skip
    conditional = [palette.conditional(dxf) for dxf in root.iterfind("dxfs/dxf")]
    return Looks(tuple(cells) or (Look(),), tuple(conditional), palette)


def theme_fonts(theme: Element) -> dict[str, str]:
    """The fonts of a theme by the names of its schemes."""
    found = {}
    for name in ("major", "minor"):
        latin = theme.find(f"themeElements/fontScheme/{name}Font/latin")
        found[name] = latin.get("typeface", "") if latin is not None else ""
    return found


def theme_colours(theme: Element) -> dict[str, str]:
    """The colours of ``xl/theme/theme1.xml`` by their names: the theme's own, not those that it offers besides."""
    found = {}
    for scheme in theme.iterfind("themeElements/clrScheme"):
        for entry in scheme:
            colours = [theme_colour(colour) for colour in entry]
            found[entry.tag] = colours[0] if len(colours) == 1 and colours[0] else UNSURE
    return found


def theme_colour(colour: Element) -> str:
    """One that every program shows alike: six digits, or the window's colours where they are as usual; nothing for others."""
    if len(colour):
        return ""
    if colour.tag == "sysClr":
        usual = WINDOW.get(colour.get("val", ""), "")
        return usual if colour.get("lastClr", usual).upper() == usual else ""
    text = colour.get("val", "") if colour.tag == "srgbClr" else ""
    return text if COLOUR.fullmatch(text) and len(text) == 6 else ""


def rgb(element: Mapping[str, str], palette: Mapping[str, str], numbered: Sequence[str]) -> Rgb | None:
    """A colour, however it is written; None where the program chooses it."""
    if len({"rgb", "theme", "indexed", "auto"} & set(element.keys())) > 1:
        raise WorkbookError(f"cannot be verified: it writes a colour in two ways; {DO}")
    text = digits_of("a colour", element, "rgb")
    if element.get("theme") is not None:
        number = whole("a colour", element, "theme", 0)
        text = palette[THEME[number]] if number < len(THEME) else ""
        if text == UNSURE:
            raise WorkbookError(f"cannot be verified: programs show its theme's colour {THEME[number]} each in its own way; {DO}")
    elif element.get("indexed") is not None:
        number = whole("a colour", element, "indexed", 64)
        if number in SYSTEM:
            return SYSTEM[number]
        text = numbered[number] if number < len(numbered) else ""
    if len(text) != 6:
        return None
    return tinted(of_hex(text), decimal("a colour", element, "tint", 0.0))


def check_once(root: Element) -> None:
    """Each list of styles once, or programs would read different ones. Raises `WorkbookError`."""
    names = [child.tag for child in root]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise WorkbookError(f"cannot be verified: xl/styles.xml holds {twice} twice; {DO}")


def mixed(front: Rgb, back: Rgb, share: float) -> Rgb:
    """The colour of a pattern, seen from afar."""
    red, green, blue = (round(f * share + b * (1 - share)) for f, b in zip(front, back, strict=True))
    return red, green, blue


def tinted(colour: Rgb, tint: float) -> Rgb:
    """Nearer to white (`tint` > 0) or to black (< 0); by channels, which is near enough for what is asked here."""
    towards = 255 if tint > 0 else 0
    red, green, blue = (round(c + (towards - c) * min(1.0, abs(tint))) for c in colour)
    return red, green, blue

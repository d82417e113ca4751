"""Looks of one's own: sizes, fonts, colours, formats, heat maps, windows, print, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from benchmarks.edits.draft import Draft, Edit, a_title, blocks_of, one_more, restyled
from benchmarks.mutants.model import STRINGS, STYLES, escape
from benchmarks.mutants.shown import after_cells
from xlcnn.grid.blocks import Block
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.overview import WITHOUT_NUMBER
from xlcnn.sheets.parts import Computed, Weight

HONEST_FORMATS = (
    "0",
    "0.00",
    "General",
    "0.000",
    "@",
    "#,##0.0",
    "0.00E+00",
    "[Red]0.0",
    "0.0_);(0.0)",
    "0.0;[Blue]-0.0",
    "+0.0;-0.0",
)
DARK, LIGHT = ("FF1D5FA8", "FF7A1FA2", "FF000000", "FF9C0006"), ("FFFFF2CC", "FFE2EFDA", "FFDDEBF7", "FFFFFFFF")


def unbounded(xml: str) -> str:
    """Without a word about how far the sheet reaches."""
    return re.sub(r"<dimension [^>]*/>", "", xml)


def in_sheet(pattern: str, text: Callable[[Random], str], count: int = 0) -> Edit:
    def edit(draft: Draft, rng: Random) -> None:
        draft.sheet(a_title(draft, rng), lambda xml: re.sub(pattern, lambda _: text(rng), xml, count=count))

    return edit


def column_widths(draft: Draft, rng: Random) -> None:
    """Columns of a sheet wider or narrower, not so narrow that what stands in them cannot be read."""

    def width(match: re.Match[str]) -> str:
        return f'<col width="{max(0.6 * float(match[1]), rng.uniform(2, 12)):.2f}"'

    draft.sheet(a_title(draft, rng), lambda xml: re.sub(r'<col width="([^"]+)"', width, xml))


def fonts(draft: Draft, rng: Random) -> None:
    draft.change(STYLES, lambda xml: re.sub(r'<sz val="\d+', f'<sz val="{rng.randint(6, 20)}', xml))


def a_font(draft: Draft, rng: Random) -> None:
    name = rng.choice(["Calibri", "Comic Sans MS", "Verdana", "Times New Roman"])
    draft.change(STYLES, lambda xml: re.sub(r'<name val="[^"]*"', f'<name val="{name}"', xml))


def a_number_format(draft: Draft, rng: Random) -> None:
    """Any format that shows the digits."""
    a_format(draft, rng, HONEST_FORMATS)


def a_format(draft: Draft, rng: Random, codes: Sequence[str], where: tuple[PlacedSheet, Block] | None = None) -> None:
    """One of these formats for a block, or for any that shows its numbers."""
    some = [
        (p, b)
        for p, b in blocks_of(draft, Computed, Weight)
        if not (p.parts[b.part].shown in WITHOUT_NUMBER or notice(p.parts[b.part]))
    ]
    placed, block = where or rng.choice(some)
    code = escape(rng.choice(codes)).replace('"', "&quot;")
    number = 700 + rng.randrange(90)
    new = f'<numFmt numFmtId="{number}" formatCode="{code}"/></numFmts>'
    if f'numFmtId="{number}"' in draft.text(STYLES):
        return
    draft.change(STYLES, lambda xml: xml.replace("</numFmts>", new))
    restyled(draft, placed.title, block.cells(), lambda xf: re.sub(r'numFmtId="\d+"', f'numFmtId="{number}"', xf))


def notice(part: object) -> str:
    return getattr(part, "notice", "")


def colours(draft: Draft, rng: Random) -> None:
    """Dark writing on a light ground."""
    placed, block = rng.choice(blocks_of(draft, Computed, Weight))
    font = one_more(draft, "fonts", f'<font><b val="1"/><sz val="9"/><color rgb="{rng.choice(DARK)}"/><name val="Arial"/></font>')
    ground = f'<fill><patternFill patternType="solid"><fgColor rgb="{rng.choice(LIGHT)}"/></patternFill></fill>'
    fill = one_more(draft, "fills", ground)
    restyled(draft, placed.title, block.cells(), lambda xf: re.sub(
        r'fillId="\d+"', f'fillId="{fill}"', re.sub(r'fontId="\d+"', f'fontId="{font}"', xf)
    ))  # fmt: skip


def own_heat_map(draft: Draft, rng: Random) -> None:
    """A sheet's colour rules replaced by a three-colour scale and a highlight."""
    red = '<dxf><font><color rgb="FF9C0006"/></font><fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf>'
    look = one_more(draft, "dxfs", red)
    placed, block = rng.choice(blocks_of(draft, Computed))
    scale = (
        '<cfRule type="colorScale" priority="1"><colorScale><cfvo type="min"/><cfvo type="percentile" val="50"/><cfvo type="max"/>'
        '<color rgb="FFF8696B"/><color rgb="FFFFEB84"/><color rgb="FF63BE7B"/></colorScale></cfRule>'
    )
    rule = f'<cfRule type="cellIs" dxfId="{look}" priority="2" operator="greaterThan"><formula>2</formula></cfRule>'
    area = f"{a1(block.row, block.col)}:{a1(*block.last)}"
    new = f'<conditionalFormatting sqref="{area}">{rng.choice([scale, rule, scale + rule])}</conditionalFormatting>'

    def change(xml: str) -> str:
        xml = re.sub(r"<conditionalFormatting .*</conditionalFormatting>", "", xml)
        at = after_cells(xml)
        return xml[:at] + new + xml[at:]

    draft.sheet(placed.title, change)


def words(draft: Draft, rng: Random) -> None:
    """Somebody rewrites a title or a sentence."""
    found = list(re.finditer(r"<t>([A-Z][^<:]{20,})</t>", draft.text(STRINGS)))
    if not found:
        return  # all are rewritten already
    m = rng.choice(found)
    draft.change(STRINGS, lambda xml: xml[: m.start(1)] + "Rewritten by a teacher." + xml[m.end(1) :])


NOTES = ("On the board, B6:  =SUM(A1:A3)", "Formula in AO7:  =SUMPRODUCT(B7:D9,$AF$11:$AH$13)", "B6:  =2+2", "map 1", "=B6")


def a_note_like_a_caption(draft: Draft, rng: Random) -> None:
    """Words with a formula in them, below everything."""
    number = rng.randint(900, 990)
    cell = f'<c r="B{number}" t="inlineStr"><is><t>{escape(rng.choice(NOTES))}</t></is></c>'
    row = f'<row r="{number}">{cell}</row></sheetData>'
    draft.sheet(a_title(draft, rng), lambda xml: unbounded(xml).replace("</sheetData>", row, 1))


def protection(draft: Draft, rng: Random) -> None:
    draft.sheet(
        a_title(draft, rng), lambda xml: xml.replace("</sheetData>", '</sheetData><sheetProtection sheet="1" objects="1"/>', 1)
    )


def a_filter(draft: Draft, rng: Random) -> None:
    """Filter buttons that hide nothing."""
    draft.sheet(a_title(draft, rng), lambda xml: xml.replace("</sheetData>", '</sheetData><autoFilter ref="B4:F5"/>', 1)
                if "<sheetProtection" not in xml and "<autoFilter" not in xml else xml)  # fmt: skip


def frozen_panes(draft: Draft, rng: Random) -> None:
    rows = rng.randint(0, 5)
    pane = f'<pane ySplit="{rows}" topLeftCell="A{rows + 1}" activePane="bottomLeft" state="frozen"/>' if rows else ""
    draft.sheet(a_title(draft, rng), lambda xml: re.sub(
        r"(<sheetView [^>]*>).*?</sheetView>", lambda m: f"{m[1]}{pane}</sheetView>", xml, count=1
    ))  # fmt: skip


LOOKS: dict[str, Edit] = {
    "column widths": column_widths,
    "row heights": in_sheet(r' ht="[^"]+"', lambda rng: f' ht="{rng.uniform(9, 40):.1f}"'),
    "zoom": in_sheet(r"<sheetView ", lambda rng: f'<sheetView zoomScale="{rng.randint(30, 200)}" '),
    "grid lines": in_sheet(r'showGridLines="0"', lambda rng: 'showGridLines="1" showRowColHeaders="0"'),
    "tab colours": in_sheet(r'<tabColor rgb="[^"]*"/>', lambda rng: f'<tabColor rgb="FF{rng.randrange(16**6):06X}"/>'),
    "print set-up": in_sheet(r"<pageSetup [^>]*/>", lambda rng: f'<pageSetup scale="{rng.randint(40, 99)}"/>'),
    "page header": in_sheet(r"<oddHeader></oddHeader>", lambda rng: f"<oddHeader>&amp;C{rng.randint(5, 9)}b</oddHeader>"),
    "sizes of the writing": fonts, "another font": a_font, "own number formats": a_number_format, "own colours": colours,
    "own heat maps": own_heat_map, "words": words, "notes like captions": a_note_like_a_caption, "protection": protection,
    "a filter": a_filter, "frozen panes": frozen_panes,
    "no drop-downs and rules for typing": in_sheet(r"<dataValidations.*</dataValidations>", lambda _: ""),
    "no links": in_sheet(r"<hyperlinks>.*</hyperlinks>", lambda _: ""),
}  # fmt: skip

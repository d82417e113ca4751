"""A sheet of our own as XML, with pictures on it: for a workbook that somebody else's program may have written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1
from xlcnn.xlsx.relations import OFFICE
from xlcnn.xlsx.strings import PRESERVED, escaped
from xlcnn.xlsx.xml import MAIN

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
MAIN_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIXEL = 9525  # a pixel in the units of drawings
PRINTED = '<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>'  # as wide as a page
POINT = 0.75  # a pixel in points


@dataclass(frozen=True)
class NewCell:
    """A number or a text; or a `formula` (without ``=``) with its result. `style` is one of those in `new_styles`."""

    value: float | str | None
    style: str = ""
    formula: str = ""


@dataclass(frozen=True)
class Heat:
    """Cells that are the more of a colour (RRGGBB) the larger their numbers."""

    areas: str
    colour: str


@dataclass(frozen=True)
class NewPicture:
    """A PNG whose corner is the cell's, so many pixels wide and high; `text` says what is to be seen."""

    cell: Cell
    width: int
    height: int
    data: bytes
    text: str


@dataclass(frozen=True)
class NewSheet:
    """Cells, widths of columns (in digits) and heights of rows (in pixels), where they are not the usual ones."""

    cells: Mapping[Cell, NewCell]
    widths: Mapping[int, float]
    heights: Mapping[int, int]
    heats: Sequence[Heat] = ()
    pictures: Sequence[NewPicture] = ()


def sheet_xml(sheet: NewSheet, styles: Mapping[str, int], drawing: str) -> bytes:
    """The part; `drawing` is the relationship that leads to its pictures, if it has any."""
    columns = "".join(f'<col min="{k}" max="{k}" width="{w:g}" customWidth="1"/>' for k, w in sorted(sheet.widths.items()))
    rows: dict[int, list[str]] = {row: [] for row in sorted({row for row, _ in sheet.cells} | sheet.heights.keys())}
    for cell in sorted(sheet.cells):
        rows[cell[0]].append(cell_xml(cell, sheet.cells[cell], styles))
    high = {row: f' ht="{pixels * POINT:g}" customHeight="1"' for row, pixels in sheet.heights.items()}
    lines = "".join(f'<row r="{row}"{high.get(row, "")}>{"".join(found)}</row>' for row, found in rows.items())
    heats = "".join(heat_xml(heat, k) for k, heat in enumerate(sheet.heats, 1))
    drawn = f'<drawing xmlns:r="{OFFICE[0]}" r:id="{drawing}"/>' if drawing else ""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{lines}</sheetData>{heats}{PRINTED}{drawn}</worksheet>"
    ).encode()


def cell_xml(place: Cell, cell: NewCell, styles: Mapping[str, int]) -> str:
    number = styles.get(cell.style, 0)
    start = f'<c r="{a1(*place)}"' + (f' s="{number}"' if number else "")
    if cell.formula:
        kind, result = (' t="str"', escaped(cell.value)) if isinstance(cell.value, str) else ("", repr(cell.value))
        return f"{start}{kind}><f>{escaped(cell.formula)}</f><v>{result}</v></c>"
    if isinstance(cell.value, str):
        return f'{start} t="inlineStr"><is><t{PRESERVED}>{escaped(cell.value)}</t></is></c>'
    return f"{start}/>" if cell.value is None else f"{start}><v>{cell.value!r}</v></c>"


def heat_xml(heat: Heat, priority: int) -> str:
    scale = f'<cfvo type="num" val="0"/><cfvo type="max"/><color rgb="FFFFFFFF"/><color rgb="FF{heat.colour}"/>'
    return (
        f'<conditionalFormatting sqref="{heat.areas}"><cfRule type="colorScale" priority="{priority}">'
        f"<colorScale>{scale}</colorScale></cfRule></conditionalFormatting>"
    )


def drawing_xml(pictures: Sequence[NewPicture], numbers: Sequence[str]) -> bytes:
    """The part with the pictures, each behind one of these relationships."""
    anchors = "".join(anchor(k, picture, number) for k, (picture, number) in enumerate(zip(pictures, numbers, strict=True), 1))
    spaces = f'xmlns:xdr="{DRAWN}" xmlns:a="{MAIN_DRAWN}" xmlns:r="{OFFICE[0]}"'
    return f"{HEAD}<xdr:wsDr {spaces}>{anchors}</xdr:wsDr>".encode()


def anchor(k: int, picture: NewPicture, number: str) -> str:
    row, col = picture.cell
    size = f'cx="{picture.width * PIXEL}" cy="{picture.height * PIXEL}"'
    inset = 2 * PIXEL
    return (
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>{col - 1}</xdr:col><xdr:colOff>{inset}</xdr:colOff><xdr:row>{row - 1}</xdr:row>"
        f"<xdr:rowOff>{inset}</xdr:rowOff></xdr:from><xdr:ext {size}/><xdr:pic><xdr:nvPicPr>"
        f'<xdr:cNvPr id="{k + 1}" name="Picture {k}" descr="{escape(picture.text)}"/><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/>'
        f'</xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{number}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        f"</a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"
    )

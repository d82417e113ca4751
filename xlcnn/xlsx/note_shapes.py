"""The shapes of notes, which programs want in an older part (VML: ECMA-376 Part 4, 19).

They are hidden until somebody points at their cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xlcnn.errors import WorkbookError
from xlcnn.grid.blocks import Cell

NAMESPACES = {"v": "urn:schemas-microsoft-com:vml", "o": "urn:schemas-microsoft-com:office:office"}
NAMESPACES |= {"x": "urn:schemas-microsoft-com:office:excel"}
DECLARED = "".join(f' xmlns:{name}="{address}"' for name, address in NAMESPACES.items())
NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})\b")
TYPE = "_x0000_t202"
FIRST_NUMBER = 1024  # a sheet's own numbers are those of its block of 1024
WIDTH, LINE, EDGE = 320, 16, 10  # pixels
LETTERS = 48  # of a line
CLOSING = b"</xml>"

KIND = (
    f'<v:shapetype{{0}} id="{TYPE}" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
LAYOUT = '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'


@dataclass(frozen=True)
class Note:
    """The words of a note, and where its shape lies: the corner's column and pixels in it, row and pixels, both of the other one.

    Rows and columns are counted from 0.
    """

    text: str
    anchor: tuple[int, ...]


def size(text: str) -> tuple[int, int]:
    """How many pixels words need, across and down."""
    lines = sum(1 + len(line) // LETTERS for line in text.split("\n"))
    return WIDTH, LINE * lines + EDGE


def new_shapes() -> bytes:
    """A part without any shapes."""
    return f"<xml{DECLARED}>{LAYOUT}</xml>".encode()


def with_shapes(part: str, data: bytes, notes: Mapping[Cell, Note]) -> bytes:
    """The part with a shape for each note. Raises `WorkbookError` where it ends in an unusual way."""
    at = data.rfind(CLOSING)
    if at < 0:
        raise WorkbookError(f"cannot be annotated: {part} holds shapes of notes in a way that no spreadsheet program writes")
    opening = data[: data.find(b">", data.find(b"<xml")) + 1].decode("utf-8", "replace")
    declared = "" if all(f'xmlns:{name}="{address}"' in opening for name, address in NAMESPACES.items()) else DECLARED
    first = max([FIRST_NUMBER, *(int(number) for number in NUMBER.findall(data))]) + 1
    kind = "" if f'id="{TYPE}"'.encode() in data else KIND.format(declared)
    shapes = "".join(shape(first + k, cell, note, declared) for k, (cell, note) in enumerate(notes.items()))
    return data[:at] + (kind + shapes).encode() + data[at:]


def shape(number: int, cell: Cell, note: Note, declared: str) -> str:
    """The shape of one note."""
    wide, high = size(note.text)
    anchor = ", ".join(map(str, note.anchor))
    style = f"position:absolute;margin-left:60pt;margin-top:1.5pt;width:{wide}px;height:{high}px;z-index:{number};visibility:hidden"
    return (
        f'<v:shape{declared} id="_x0000_s{number}" type="#{TYPE}" style="{style}" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{cell[0] - 1}</x:Row><x:Column>{cell[1] - 1}</x:Column></x:ClientData></v:shape>"
    )

"""The shared strings of a package, where Excel keeps each text once (ECMA-376, 18.4.9)."""

from __future__ import annotations

from html import escape

from xlcnn.xlsx.xml import MAIN

PART = "xl/sharedStrings.xml"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
PRESERVED = ' xml:space="preserve"'  # else a reader may drop the spaces around a text
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def escaped(text: str) -> str:
    """A text between two tags; the standard library's function for XML would load its network modules."""
    return escape(text, quote=False)


class SharedStrings:
    """Texts and their numbers, in the order in which they were first asked for."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._count = 0

    def number(self, text: str) -> int:
        """The number by which a cell names a text."""
        self._count += 1
        return self._numbers.setdefault(text, len(self._numbers))

    def xml(self) -> bytes:
        items = "".join(f"<si><t{PRESERVED * (text != text.strip())}>{escaped(text)}</t></si>" for text in self._numbers)
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return f'{head}<sst xmlns="{MAIN}" count="{self._count}" uniqueCount="{len(self._numbers)}">{items}</sst>'.encode()

    def added_to(self, parts: dict[str, bytes]) -> dict[str, bytes]:
        """A package's parts with these strings, declared as a package declares its parts."""
        content, relations = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
        override = f'<Override PartName="/{PART}" ContentType="{TYPE}"/></Types>'
        relation = f'<Relationship Id="sharedStrings" Type="{RELATION}" Target="/{PART}"/></Relationships>'
        return parts | {
            PART: self.xml(),
            content: parts[content].replace(b"</Types>", override.encode()),
            relations: parts[relations].replace(b"</Relationships>", relation.encode()),
        }

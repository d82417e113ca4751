"""Texts moved to the shared-strings part, where Excel keeps them; openpyxl writes them into each cell."""

from __future__ import annotations

import re

INLINE = re.compile(rb't="inlineStr"><is>(<t\b.*?</t>|<t\s*/>)</is></c>', re.DOTALL)
PART = "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def share_strings(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The package's parts with every inline string of the sheets in ``sharedStrings.xml``, each text once."""
    numbers: dict[bytes, int] = {}
    count = 0

    def shared(match: re.Match[bytes]) -> bytes:
        nonlocal count
        count += 1
        number = numbers.setdefault(match[1], len(numbers))
        return b't="s"><v>%d</v></c>' % number

    result = {
        name: INLINE.sub(shared, content) if name.startswith("xl/worksheets/sheet") else content for name, content in parts.items()
    }
    items = b"".join(b"<si>%s</si>" % text for text in numbers)
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{MAIN}" count="{count}" '
    result[PART] = f'{head}uniqueCount="{len(numbers)}">'.encode() + items + b"</sst>"
    result["[Content_Types].xml"] = _added(
        result["[Content_Types].xml"], b"</Types>", f'<Override PartName="/{PART}" ContentType="{TYPE}"/>'
    )
    result["xl/_rels/workbook.xml.rels"] = _added(
        result["xl/_rels/workbook.xml.rels"],
        b"</Relationships>",
        f'<Relationship Id="sharedStrings" Type="{RELATION}" Target="/{PART}"/>',
    )
    return result


def _added(xml: bytes, end: bytes, element: str) -> bytes:
    """`element` as the last child, unless the part speaks of shared strings already."""
    return xml if b"sharedStrings" in xml else xml.replace(end, element.encode() + end)

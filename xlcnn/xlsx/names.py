"""The defined names of a package (ECMA-376, 18.2.5), as text: openpyxl needs twenty times as long, with an object for each."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

PART = "xl/workbook.xml"
FIRST = b"<definedNames>"


def named(parts: Mapping[str, bytes], names: Mapping[str, str]) -> dict[str, bytes]:
    """A package's parts with more names; `names` says for each what it stands for, without ``=``."""
    if not names:
        return dict(parts)
    book = parts[PART]
    if FIRST not in book:  # their place is before the calculation's properties
        book = book.replace(b"<calcPr", FIRST + b"</definedNames><calcPr", 1)
    text = "".join(
        [f'<definedName name="{escape(name)}">{escape(what, quote=False)}</definedName>' for name, what in names.items()]
    )
    return {**parts, PART: book.replace(FIRST, FIRST + text.encode(), 1)}

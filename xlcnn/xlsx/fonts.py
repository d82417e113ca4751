"""A font as the schema wants it."""

from __future__ import annotations

from openpyxl.styles import Font


class OrderedFont(Font):  # type: ignore[misc]
    """A font whose elements come in the order of the schema; openpyxl's own come in another, which validators refuse."""

    tagname = "font"
    __elements__ = (
        "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign",
        "sz", "color", "name", "family", "charset", "scheme",
    )  # fmt: skip


OrderedFont.__nested__, OrderedFont.__attrs__ = Font.__nested__, Font.__attrs__  # its metaclass looks only at one class

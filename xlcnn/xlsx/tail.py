"""What stands behind a sheet's cells and is rarely there: lists in extensions, controls and embedded objects with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from xlcnn.xlsx.around import Area, areas
from xlcnn.xlsx.tree import tree

ROOT = re.compile(rb"""<(?:[\w.-]+:)?worksheet(?:[^>"']|"[^"]*"|'[^']*')*>""")
CELLS = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\s*/>")
LISTS = (b"spreadsheetml/2009/9/main", b"dataValidations")  # that a sheet with lists in an extension holds


def tail(data: bytes) -> Element | None:
    """The elements behind the cells of a sheet that was read already, with their namespaces and extensions."""
    root, cells = ROOT.search(data), CELLS.search(data)
    return tree(root[0] + data[cells.end() :], keep=True) if root and cells else None


def further_lists(data: bytes) -> Iterator[tuple[tuple[Area, ...], str]]:
    """The drop-down lists of Excel 2010, whose choices stand on another sheet: where each stands, and what it offers."""
    if not all(word in data for word in LISTS):
        return
    root = tail(data)
    for rule in root.iter() if root is not None else ():
        if rule.tag.endswith("}dataValidation") and LISTS[0].decode() in rule.tag and rule.get("type") == "list":
            where = "".join(e.text or "" for e in rule if e.tag.endswith("}sqref"))
            offered = "".join(f.text or "" for e in rule if e.tag.endswith("}formula1") for f in e.iter())
            yield areas(where), offered.strip()


def anchors(data: bytes) -> Iterator[Element]:
    """Where the controls and embedded objects of a sheet lie, as elements without namespaces."""
    root = tail(data)
    for element in root.iter() if root is not None else ():
        if element.tag.endswith("}anchor"):
            for one in element.iter():
                one.tag = one.tag.rpartition("}")[2]
            yield element

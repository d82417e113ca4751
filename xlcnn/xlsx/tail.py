"""What stands behind a sheet's cells and is rarely there: controls and embedded objects with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from xlcnn.xlsx.tree import tree

ROOT = re.compile(rb"""<(?:[\w.-]+:)?worksheet(?:[^>"']|"[^"]*"|'[^']*')*>""")
CELLS = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\s*/>")


def tail(data: bytes) -> Element | None:
    """The elements behind the cells of a sheet that was read already, with their namespaces and extensions."""
    root, cells = ROOT.search(data), CELLS.search(data)
    return tree(root[0] + data[cells.end() :], keep=True) if root and cells else None


def anchors(data: bytes) -> Iterator[Element]:
    """Where the controls and embedded objects of a sheet lie, as elements without namespaces."""
    root = tail(data)
    for element in root.iter() if root is not None else ():
        if element.tag.endswith("}anchor"):
            for one in element.iter():
                one.tag = one.tag.rpartition("}")[2]
            yield element

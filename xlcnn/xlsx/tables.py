"""Tables of a sheet: programs dress their cells in a style of the table's (ECMA-376 part 1, 18.5)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from xlcnn.xlsx.areas import areas
from xlcnn.xlsx.book import Table
from xlcnn.xlsx.relations import relations
from xlcnn.xlsx.tree import tree


def tables(archive: zipfile.ZipFile, sheet: str) -> Iterator[Table]:
    """The tables of a sheet, whose part is called `sheet`."""
    for relation in relations(archive, sheet, needed=False):
        if relation.kind == "table" and relation.target in archive.NameToInfo:
            root = tree(archive.read(relation.target))
            style = root.find("tableStyleInfo")
            for area in areas(root.get("ref", "")):
                yield Table(area, style.get("name", "") if style is not None else "")

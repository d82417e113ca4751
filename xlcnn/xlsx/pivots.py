"""Pivot tables of a sheet: when a program refreshes them, it writes over the cells where they stand (18.10.1.49)."""

from __future__ import annotations

import zipfile
from posixpath import dirname, join, split
from xml.parsers import expat

from xlcnn.xlsx.book import Region
from xlcnn.xlsx.relations import relations
from xlcnn.xlsx.shared import corners
from xlcnn.xlsx.xml import Attributes, parse, refuse
from xlcnn.xlsx.xml import split as named


def pivots(archive: zipfile.ZipFile, sheet: str) -> list[Region]:
    """The cells that the sheet's pivot tables fill."""
    where = join(dirname(sheet), "_rels", split(sheet)[1] + ".rels")
    if where not in archive.NameToInfo:
        return []
    found: list[Region] = []
    for relation in relations(archive, sheet):
        if relation.kind != "pivotTable":
            continue
        part = relation.target
        if part not in archive.NameToInfo:
            refuse(part or sheet, "this pivotTable is missing")

        def start(tag: str, a: Attributes, part: str = part) -> None:
            if named(tag)[1] == "location":
                first, last = corners(part, "its place", a.get("ref"))
                found.append(Region("pivot", first, first, last))

        def connect(parser: expat.XMLParserType) -> None:
            parser.StartElementHandler = start

        parse(part, archive.read(part), connect)
    return found

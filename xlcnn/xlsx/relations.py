"""How the parts of a package hang together: content types and relationships (ECMA-376 Part 2)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath, split
from xml.parsers import expat

from xlcnn.errors import WorkbookError
from xlcnn.xlsx.archive import TYPES
from xlcnn.xlsx.xml import Attributes, parse, refuse

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
BOOKS = frozenset({
    f"{SHEETML}sheet.main+xml", f"{SHEETML}template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml", "application/vnd.ms-excel.template.macroEnabled.main+xml",
})  # fmt: skip


@dataclass(frozen=True)
class Relation:
    """One relationship: its kind (the end of its type), and the part that it leads to; "" where that is outside the package.

    `base` is the beginning of its type, where it is one of `OFFICE`: transitional or strict.
    """

    id: str
    kind: str
    target: str
    base: str = ""


def relations(archive: zipfile.ZipFile, part: str, needed: bool = True) -> tuple[Relation, ...]:
    """The relationships of a part, of the package itself for "". A `kind` that is not Office's own keeps its whole address."""
    where = join(dirname(part), "_rels", split(part)[1] + ".rels")
    if where not in archive.NameToInfo and not needed:
        return ()
    if where not in archive.NameToInfo:
        raise WorkbookError(f"is not a workbook that can be read (its part {where} is missing)")
    found: dict[str, Relation] = {}
    depth = 0

    def start(tag: str, a: Attributes) -> None:
        nonlocal depth
        depth += 1
        expected = f"{RELATIONSHIPS} {'Relationships' if depth == 1 else 'Relationship'}"
        if tag != expected or depth > 2:
            refuse(where, f"holds {tag.rpartition(' ')[2]}, where only relationships may stand")
        if depth == 1:
            return
        if not {"Id", "Type", "Target"} <= a.keys() <= {"Id", "Type", "Target", "TargetMode"}:
            refuse(where, "holds a relationship with other than Id, Type, Target and TargetMode")
        if a["Id"] in found:
            refuse(where, f"holds the relationship {a['Id']} twice")
        outside = a.get("TargetMode", "Internal") != "Internal"
        base, _, kind = a["Type"].rpartition("/")
        usual = base in OFFICE
        target = "" if outside else resolved(part, a["Target"])
        found[a["Id"]] = Relation(a["Id"], kind if usual else a["Type"], target, base if usual else "")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def connect(parser: expat.XMLParserType) -> None:
        parser.StartElementHandler, parser.EndElementHandler = start, end

    parse(where, archive.read(where), connect)
    return tuple(found.values())


def resolved(part: str, target: str) -> str:
    return normpath(target.lstrip("/") if target.startswith("/") else join(dirname(part), target))


def the_one(found: Iterable[Relation], kind: str, where: str) -> Relation | None:
    """The relationship of a kind of which there can only be one."""
    some = [relation for relation in found if relation.kind == kind]
    if len(some) > 1:
        refuse(where, f"leads to more than one part as {kind}")
    return some[0] if some else None


def content_types(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part → content type, by their names in small letters; ``.xml`` → the default of an ending."""
    found: dict[str, str] = {}
    if TYPES not in archive.namelist():
        raise WorkbookError(f"is not an Excel workbook (.xlsx): its part {TYPES} is missing")

    def start(tag: str, a: Attributes) -> None:
        if tag == f"{CONTENT} Types":
            return
        if tag not in (f"{CONTENT} Override", f"{CONTENT} Default"):
            refuse(TYPES, f"holds {tag.rpartition(' ')[2]}, where only content types may stand")
        key = (a.get("PartName", "") if tag.endswith("Override") else "." + a.get("Extension", "")).lower()
        if key in found:
            refuse(TYPES, f"says twice what {key} is")
        found[key] = a.get("ContentType", "")

    def connect(parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = start

    parse(TYPES, archive.read(TYPES), connect)
    return found


def content_type(types: Mapping[str, str], part: str) -> str:
    ending = "." + part.rpartition(".")[2].lower()
    return types.get(f"/{part}".lower(), types.get(ending, ""))


def check_part(archive: zipfile.ZipFile, types: Mapping[str, str], relation: Relation, expected: Iterable[str]) -> str:
    """The part that a relationship leads to. Raises `WorkbookError` where it is missing, or called something else elsewhere."""
    part = relation.target
    if part not in archive.NameToInfo:
        near = [name for name in archive.namelist() if name.lower() == part.lower()]
        if near:
            refuse(near[0], f"is called {part} where it is listed: capitals differ, which not every program passes over")
        refuse(part or "the package", f"this {relation.kind} is missing" if part else f"a {relation.kind} lies outside it")
    if content_type(types, part) not in expected:
        refuse(TYPES, f"does not say of {part} that it is what it is listed as, {relation.kind}")
    return part

"""A copy of a package in which some cells are marked: a frame, and a note.

Every part in which nothing must change stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname, join, split
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlcnn.errors import WorkbookError
from xlcnn.grid.blocks import Cell
from xlcnn.xlsx.archive import TYPES, opened
from xlcnn.xlsx.cell_places import Places, places, restyled
from xlcnn.xlsx.comments import new_comments, with_comments
from xlcnn.xlsx.frames import framed
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.note_shapes import Note, new_shapes, with_shapes
from xlcnn.xlsx.relations import OFFICE, RELATIONSHIPS, SHEETML, Relation, relations, the_one
from xlcnn.xlsx.splices import Edit, added, elements, prefix, spliced
from xlcnn.xlsx.xml import MAIN, STRICT
from xlcnn.xlsx.zipped import EPOCH

COMMENTS = f"{SHEETML}comments+xml"
VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"

Marks = Mapping[str, Mapping[Cell, Note | None]]
"""The part of a sheet → its cells with their notes; None where a cell is to have a frame alone."""


@dataclass
class Package:
    """The parts of a package, of which some are written anew."""

    archive: ZipFile
    strict: bool = False
    written: dict[str, bytes] = field(default_factory=dict)

    def read(self, part: str) -> bytes:
        if part not in self.written and part not in self.archive.NameToInfo:
            raise WorkbookError(f"cannot be annotated: its part {part} is missing")
        return self.written[part] if part in self.written else self.archive.read(part)

    def free(self, pattern: str) -> str:
        """A name that no part has, in small letters or capitals."""
        taken = {name.lower() for name in (*self.archive.namelist(), *self.written)}
        return next(name for k in range(1, len(taken) + 2) if (name := pattern.format(k)).lower() not in taken)


def marked(data: bytes, marks: Marks, limits: Limits) -> bytes:
    """The package with these marks. Raises `WorkbookError`."""
    with opened(data, limits) as archive:
        package = Package(archive)
        book = the_one(relations(archive, ""), "officeDocument", "_rels/.rels")
        if book is None:
            raise WorkbookError("is not an Excel workbook (.xlsx): _rels/.rels leads to no workbook part")
        package.strict = book.base == OFFICE[1]
        found = {sheet: places(sheet, package.read(sheet), cells) for sheet, cells in marks.items() if cells}
        styles = the_one(relations(archive, book.target), "styles", book.target)
        twins: dict[int, int] = {}
        if styles is not None:
            used = [found[sheet].style(cell) for sheet in found for cell in marks[sheet]]
            package.written[styles.target], twins = framed(package.read(styles.target), used)
        for sheet, where in found.items():
            noted = {cell: note for cell, note in marks[sheet].items() if note}
            names = {cell: where.style(cell) for cell in marks[sheet]}
            edits = list(restyled(where, {cell: twins[style] for cell, style in names.items() if style in twins}))
            if noted:
                edits += notes(package, sheet, where, noted)
            package.written[sheet] = spliced(where.data, edits)
        return packed(archive, package.written)


def notes(package: Package, sheet: str, where: Places, noted: Mapping[Cell, Note]) -> Iterator[Edit]:
    """Write the notes of a sheet into their parts; the edit that tells the sheet of them, where it has none yet."""
    related = relations(package.archive, sheet, needed=False)
    comments = next((one.target for one in related if one.kind == "comments"), "")
    shapes = next((one.target for one in related if one.kind == "vmlDrawing" and one.id == where.notes), "")
    new: list[Relation] = []
    if not comments:
        comments = package.free("xl/comments{}.xml")
        package.written[comments] = new_comments(STRICT if package.strict else MAIN)
        declare(package, comments, COMMENTS)
        new.append(Relation(free_id(related, "notes"), "comments", comments))
    texts = {cell: note.text for cell, note in noted.items()}
    package.written[comments], added_to = with_comments(comments, package.read(comments), texts)
    if added_to and not shapes and where.notes:
        raise WorkbookError(f"cannot be annotated: {sheet} names an older drawing that is not there")
    if added_to and not shapes:
        shapes = package.free("xl/drawings/vmlDrawing{}.vml")
        package.written[shapes] = new_shapes()
        declare(package, shapes, VML)
        new.append(Relation(free_id(related, "shapes"), "vmlDrawing", shapes))
        yield where.notes_at, where.notes_at, hung(package, where, new[-1].id)
    if added_to:
        package.written[shapes] = with_shapes(shapes, package.read(shapes), {cell: noted[cell] for cell in added_to})
    relate(package, sheet, new)


def hung(package: Package, where: Places, number: str) -> bytes:
    """The element of a sheet that names the part with the shapes of its notes."""
    head = prefix(where.data, where.root).decode()
    return f'<{head}legacyDrawing xmlns:r="{OFFICE[package.strict]}" r:id="{number}"/>'.encode()


def free_id(related: tuple[Relation, ...], name: str) -> str:
    taken = {one.id for one in related}
    return next(number for k in range(1, len(taken) + 2) if (number := f"xlcnn-{name}{k}") not in taken)


def declare(package: Package, part: str, kind: str) -> None:
    """Say in the list of content types what a new part is: of all shapes of notes at once, where nothing else is said of them."""
    data = package.read(TYPES)
    root, *entries = elements(TYPES, data)
    head = prefix(data, root.start).decode()
    usual = {e.attributes.get("Extension", "").lower(): e.attributes.get("ContentType", "") for e in entries if e.path == "Default"}
    if kind == VML and usual.get("vml") == VML:
        return
    line = f'<{head}Override PartName="/{part}" ContentType="{kind}"/>'
    if kind == VML and "vml" not in usual:
        line = f'<{head}Default Extension="vml" ContentType="{kind}"/>'
    package.written[TYPES] = spliced(data, added(data, root, line.encode()))


def relate(package: Package, sheet: str, new: list[Relation]) -> None:
    """Write the relationships of a sheet to its new parts."""
    if not new:
        return
    part = join(dirname(sheet), "_rels", split(sheet)[1] + ".rels")
    empty = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{RELATIONSHIPS}"></Relationships>'
    data = package.read(part) if part in package.written or part in package.archive.NameToInfo else empty.encode()
    root = elements(part, data)[0]
    head = prefix(data, root.start).decode()
    lines = "".join(
        f'<{head}Relationship Id="{one.id}" Type="{OFFICE[package.strict]}/{one.kind}" Target="/{one.target}"/>' for one in new
    )
    package.written[part] = spliced(data, added(data, root, lines.encode()))


def packed(old: ZipFile, written: Mapping[str, bytes]) -> bytes:
    """The archive with some parts written anew, the others as they were and where they were."""
    out = BytesIO()
    with ZipFile(out, "w") as new:
        for info in old.infolist():
            copy = ZipInfo(info.filename, info.date_time)
            copy.compress_type, copy.external_attr, copy.create_system = info.compress_type, info.external_attr, info.create_system
            new.writestr(copy, written.get(info.filename, old.read(info)))
        for name in (name for name in written if name not in old.NameToInfo):
            info = ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, written[name])
    return out.getvalue()

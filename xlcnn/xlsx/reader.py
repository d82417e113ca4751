"""Reads a workbook's package in one pass: formulas as written, stored results, defined names. Runs nothing.

openpyxl reads either formulas or stored results, one whole pass each; the verifier needs both, of files that it does
not trust. This reader knows only what the verifier asks for, its limits bound its time and memory, and it refuses whatever
programs might read in different ways: what is verified is what every program opens.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

from xlcnn.errors import WorkbookError, printable
from xlcnn.xlsx.archive import opened
from xlcnn.xlsx.book import Book, SheetCells
from xlcnn.xlsx.drawings import Drawings, drawings
from xlcnn.xlsx.limits import USUAL_LIMITS, Limits
from xlcnn.xlsx.looks import Looks, read_looks
from xlcnn.xlsx.pivots import pivots
from xlcnn.xlsx.relations import BOOKS, OFFICE, SHEETML, Relation, check_part, content_types, relations, the_one
from xlcnn.xlsx.sheet_part import read_sheet
from xlcnn.xlsx.strict import transitional
from xlcnn.xlsx.tables import tables
from xlcnn.xlsx.texts import read_strings
from xlcnn.xlsx.workbook_part import WorkbookPart, read_workbook
from xlcnn.xlsx.xml import MAIN, STRICT, refuse

OTHER_SHEETS = frozenset(("chartsheet", "dialogsheet"))  # sheets without cells; one of macros is none of them
FETCHED = {"externalLink": "another workbook", "connections": "a data connection"}


def read_book(data: bytes, limits: Limits = USUAL_LIMITS) -> Book:
    """The cells and names of an ``.xlsx`` file. Raises `WorkbookError` in one line."""
    with opened(data, limits) as archive:
        return _read(archive, data, limits)


def _read(archive: zipfile.ZipFile, data: bytes, limits: Limits) -> Book:
    types = content_types(archive)
    first = the_one(relations(archive, ""), "officeDocument", "_rels/.rels")
    if first is None or first.target not in archive.NameToInfo:
        raise WorkbookError("is not an Excel workbook (.xlsx): _rels/.rels leads to no workbook part")
    book = check_part(archive, types, first, BOOKS)
    related = relations(archive, book)
    content = archive.read(book)
    main = STRICT if STRICT.encode() in content[:4096] and MAIN.encode() not in content[:4096] else MAIN
    if {relation.base for relation in (first, *related)} - {"", OFFICE[main == STRICT]}:
        refuse(book, "is strict in some parts and transitional in others")
    described = read_workbook(book, content, main, limits)
    texts = the_one(related, "sharedStrings", book)
    strings: list[str] = []
    if texts is not None:
        part = check_part(archive, types, texts, (f"{SHEETML}sharedStrings+xml",))
        strings = read_strings(part, archive.read(part), main)
    pivoted = any(relation.kind == "pivotCacheDefinition" for relation in related)
    styles, theme = dress(archive, book, related)
    drawn = Drawings(archive, theme)
    budget = [limits.cells]
    sheets: dict[str, SheetCells] = {}
    paths: dict[str, str] = {}
    for name, relation in sheet_relations(book, described, related).items():
        if relation.kind in OTHER_SHEETS:
            sheets[name] = SheetCells({}, {})
            continue
        part = check_part(archive, types, relation, (f"{SHEETML}worksheet+xml",))
        if part in paths.values():
            refuse(book, f"leads twice to {part}")
        paths[name] = part
        content = archive.read(part)
        sheets[name] = read_sheet(part, content, strings, budget, main)
        sheets[name].regions += pivots(archive, part) if pivoted else []
        sheets[name].drawings = drawings(drawn, part, sheets[name].hung)
        sheets[name].tables = tuple(tables(archive, part)) if b"tablePart" in content else ()
    looks = read_looks(styles, theme) if styles else Looks()
    check_conditions(looks, sheets)
    tabs = list(described.sheets)
    local = tuple((tabs[number], name) for number, name in described.local if number < len(tabs))
    printed = tuple((tabs[number], text) for number, text in described.printed if number < len(tabs))
    kinds = {r.kind for r in related} | ({"externalLink"} if described.links else set())
    outside = tuple(words for kind, words in FETCHED.items() if kind in kinds)
    return Book(
        transitional(archive) if main == STRICT else data, sheets, paths, described.names, frozenset(described.hidden),
        tuple(described.settings), local, outside, looks, printed,
    )  # fmt: skip


def check_conditions(looks: Looks, sheets: dict[str, SheetCells]) -> None:
    """Raises `WorkbookError` where the colours of a conditional format are none: later, nobody knows in which file."""
    for condition in (one for cells in sheets.values() for one in cells.around.conditions):
        for colour in condition.colours:
            looks.palette.colour_of(colour)
        if condition.written is not None:
            looks.palette.conditional(condition.written)


def dress(archive: zipfile.ZipFile, book: str, related: tuple[Relation, ...]) -> list[bytes]:
    """The parts that say how cells look, and the colours of the theme; empty where the workbook has none."""
    found = (the_one(related, kind, book) for kind in ("styles", "theme"))
    return [archive.read(r.target) if r is not None and r.target in archive.NameToInfo else b"" for r in found]


def sheet_relations(book: str, described: WorkbookPart, related: tuple[Relation, ...]) -> dict[str, Relation]:
    """Sheet → the relationship that says in which part it is."""
    by_id = {relation.id: relation for relation in related}
    found = {}
    for name, number in described.sheets.items():
        relation = by_id.get(number)
        if relation is None or relation.kind not in {"worksheet", *OTHER_SHEETS}:
            refuse(book, f"the sheet {name} is in no part of the package" if relation is None else f"{name} is no worksheet")
        found[name] = relation
    return found


@dataclass(frozen=True)
class WorkbookFile:
    """The bytes of a workbook's file, and what messages call it."""

    name: str
    data: bytes


def open_book(book: str | os.PathLike[str] | WorkbookFile, limits: Limits) -> Book:
    """The workbook's cells. Raises `WorkbookError` that starts with the file's name."""
    file = book if isinstance(book, WorkbookFile) else read_file(Path(book), limits)
    try:
        return read_book(file.data, limits)
    except WorkbookError as error:
        raise WorkbookError(f"{called(file)} {printable(str(error))}") from None
    except (LookupError, ArithmeticError, RecursionError) as error:
        reason = f"it holds a number or a reference that no program writes ({error})"
        raise WorkbookError(f"{called(file)} cannot be read: {reason}") from None
    except (OSError, ValueError) as error:
        raise unread(called(file), error) from None


def read_file(path: Path, limits: Limits) -> WorkbookFile:
    """A workbook's file: of one that is too large only so much that this can be seen. Raises `WorkbookError`."""
    name = printable(path)
    try:
        if path.is_dir():
            raise WorkbookError("is a folder, not a workbook")
        if path.exists() and not path.is_file():
            raise WorkbookError("is not a regular file")
        with open(path, "rb") as file:
            return WorkbookFile(name, file.read(limits.file_bytes + 1))
    except WorkbookError as error:
        raise WorkbookError(f"{name} {printable(str(error))}") from None
    except (OSError, ValueError) as error:
        raise unread(name, error) from None


def unread(name: str, error: OSError | ValueError) -> WorkbookError:
    """What is said where the system does not read it."""
    return WorkbookError(f"{name} cannot be read: {(isinstance(error, OSError) and error.strerror) or error}")


def called(path: str | os.PathLike[str] | WorkbookFile) -> str:
    """What messages call it."""
    return printable(path.name if isinstance(path, WorkbookFile) else path)

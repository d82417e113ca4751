"""Reads a workbook's package in one pass: formulas as written, stored results, defined names. Runs nothing.

openpyxl reads either formulas or stored results, one whole pass each; the verifier needs both, of files that it does
not trust. This reader knows only what the verifier asks for, and its limits bound its time and memory.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

from xlcnn.errors import WorkbookError, printable
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import split_cell
from xlcnn.grid.rules import Rule
from xlcnn.xlsx.book import USUAL_LIMITS, Book, Formula, Limits, SheetCells

TRUE = ("1", "true")
SMALLEST = 0.5  # points of a row, or characters of a column
BOUNDS = ("num", "formula", "percent", "percentile")  # bounds of a colour scale that have a value


def read_book(data: bytes, limits: Limits = USUAL_LIMITS) -> Book:
    """The cells and names of an ``.xlsx`` file. Raises `WorkbookError` in one line."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise WorkbookError("is an encrypted workbook or an old .xls file; save it as .xlsx without a password")
    if len(data) > limits.file_bytes:
        raise WorkbookError(f"is larger than {limits.file_bytes // 2**20} MB")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive, data, limits)
    except WorkbookError:
        raise
    except expat.ExpatError as error:
        raise WorkbookError(f"is damaged: one of its parts is not well-formed XML ({error})") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        LookupError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        OSError,
    ) as error:
        raise WorkbookError(f"is not a workbook that can be read ({str(error) or type(error).__name__})") from None


def _read(archive: zipfile.ZipFile, data: bytes, limits: Limits) -> Book:
    infos = archive.infolist()
    if len(infos) > limits.parts:
        raise WorkbookError(f"has more than {limits.parts} parts")
    if sum(i.file_size for i in infos) > limits.unpacked_bytes:
        raise WorkbookError(f"unpacks to more than {limits.unpacked_bytes // 2**20} MB")
    parts = {i.filename.lstrip("/") for i in infos}
    if "xl/workbook.xml" not in parts:
        raise WorkbookError("is not an Excel workbook (.xlsx)")
    targets = _relationships(archive.read("xl/_rels/workbook.xml.rels"))
    listed, names, hidden, manual = _workbook(archive.read("xl/workbook.xml"))
    if len(listed) > limits.sheets:
        raise WorkbookError(f"has more than {limits.sheets} sheets")
    strings = _strings(archive.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in parts else []
    paths = {name: targets[rel] for name, rel in listed.items() if targets.get(rel) in parts}
    budget = [limits.cells]
    sheets = {name: _sheet(archive.read(path), strings, budget) for name, path in paths.items()}
    return Book(data, sheets, paths, names, hidden, manual)


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], Any],
    end: Callable[[str], Any] | None = None,
    text: Callable[[str], Any] | None = None,
) -> None:
    """Run the events of an XML part; prefixes are dropped, document types refused (they can hold entity bombs)."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: Any) -> None:
        raise WorkbookError("holds a document type declaration, which no spreadsheet program writes")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(" ")[2], attributes)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(" ")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def _relationships(data: bytes) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(tag: str, a: dict[str, str]) -> None:
        if tag == "Relationship" and a.get("TargetMode") != "External":
            target = a["Target"]
            found[a["Id"]] = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))

    _parse(data, start)
    return found


def _workbook(data: bytes) -> tuple[dict[str, str], dict[str, str], frozenset[str], bool]:
    """Sheet → relationship; defined name → reference; the hidden sheets; whether calculation is manual."""
    hidden: set[str] = set()
    modes: set[str] = set()
    sheets: dict[str, str] = {}
    names: dict[str, str] = {}
    current: list[str | None] = [None]

    def start(tag: str, a: dict[str, str]) -> None:
        current[0] = None
        if tag == "sheet":
            sheets[a["name"]] = next((v for k, v in a.items() if k.endswith(" id") or k == "id"), "")
            if a.get("state", "visible") != "visible":
                hidden.add(a["name"])
        elif tag == "calcPr":
            modes.add(a.get("calcMode", "auto"))
        elif tag == "definedName" and "localSheetId" not in a:
            current[0] = a["name"]
            names[a["name"]] = ""

    def text(data: str) -> None:
        if current[0] is not None:
            names[current[0]] += data

    _parse(data, start, lambda tag: current.__setitem__(0, None), text)
    return sheets, names, frozenset(hidden), "manual" in modes


def _strings(data: bytes) -> list[str]:
    found: list[str] = []
    state = {"t": False, "phonetic": False}

    def start(tag: str, a: dict[str, str]) -> None:
        if tag == "si":
            found.append("")
        state["phonetic"] = state["phonetic"] or tag == "rPh"
        state["t"] = tag == "t" and not state["phonetic"]

    def end(tag: str) -> None:
        state["t"] = False
        if tag == "rPh":
            state["phonetic"] = False

    def text(data: str) -> None:
        if state["t"]:
            found[-1] += data

    _parse(data, start, end, text)
    return found


def _sheet(data: bytes, strings: list[str], budget: list[int]) -> SheetCells:
    """The cells of one sheet."""
    values: dict[Cell, float | str | bool | None] = {}
    formulas: dict[Cell, Formula] = {}
    masters: dict[str, Formula] = {}
    cell: Cell = (0, 0)
    kind = ""
    into: list[str] | None = None
    value: list[str] | None = None  # until the cell is seen to hold one
    formula: list[str] | None = None
    shared: str | None = None
    row = col = 0
    found = SheetCells(values, formulas)
    ranges = ""
    phonetic = False  # inside a hint how to read a text aloud

    def start(tag: str, a: dict[str, str]) -> None:
        nonlocal cell, kind, into, value, formula, shared, row, col, ranges, phonetic
        if tag == "c":
            budget[0] -= 1
            if budget[0] < 0:
                raise WorkbookError("has more cells than xlcnn reads")
            reference = a.get("r")
            cell = split_cell(reference) if reference else (row, col + 1)
            row, col = cell
            kind, value, formula, shared = a.get("t", "n"), None, None, None
        elif tag == "v" or tag == "t":
            value = [] if value is None else value
            into = None if phonetic else value
        elif tag == "f":
            formula = into = []
            shared = a.get("si") if a.get("t") == "shared" else None
        elif tag == "row":
            row, col = int(a.get("r", row + 1)), 0
            if a.get("hidden", "0") in TRUE or is_nothing(a.get("ht")):
                found.hidden_rows.append(row)
        elif tag == "rPh":
            phonetic = True
        elif tag == "col":
            if a.get("hidden", "0") in TRUE or is_nothing(a.get("width")):
                found.hidden_columns.append((int(a["min"]), int(a["max"])))
        elif tag == "conditionalFormatting":
            ranges = a.get("sqref", "")
        elif tag == "cfRule":
            found.rules.append(Rule(a.get("type", ""), ranges, []))
        elif tag == "cfvo" and found.rules:
            found.rules[-1].formulas.append(f"{a.get('type')} {a.get('val', '')}" if a.get("type") in BOUNDS else a.get("type", ""))
        elif tag == "formula" and found.rules:
            into = []
            found.rules[-1].formulas.append("")

    def end(tag: str) -> None:
        nonlocal into, phonetic
        if tag in ("v", "t", "f"):
            into = None
        elif tag == "rPh":
            phonetic = False
        elif tag == "formula" and into is not None:
            found.rules[-1].formulas[-1] = "".join(into)
            into = None
        elif tag == "c":
            if formula is not None:
                text = "".join(formula)
                if text:
                    formulas[cell] = Formula(text, cell)
                    if shared is not None:
                        masters[shared] = formulas[cell]
                else:
                    formulas[cell] = masters.get(shared or "", Formula("", cell))
            values[cell] = None if value is None else _value(kind, "".join(value), strings)

    def text(data: str) -> None:
        if into is not None:
            into.append(data)

    _parse(data, start, end, text)
    return found


def is_nothing(size: str | None) -> bool:
    """Whether a row's height or a column's width is none, or nearly none: it cannot be read then."""
    return size is not None and float(size) < SMALLEST


def _value(kind: str, text: str, strings: list[str]) -> float | str | bool | None:
    if kind == "n":
        return float(text) if text else None
    if kind == "s":
        return strings[int(text)]
    if kind == "b":
        return text == "1"
    return text if text or kind in ("str", "inlineStr") else None


def open_book(path: Path, limits: Limits) -> Book:
    """The workbook's cells. Raises `WorkbookError` that starts with the file's name."""
    name = printable(path)
    try:
        if path.is_dir():
            raise WorkbookError("is a folder, not a workbook")
        if path.exists() and not path.is_file():
            raise WorkbookError("is not a regular file")
        with open(path, "rb") as file:
            return read_book(file.read(limits.file_bytes + 1), limits)
    except WorkbookError as error:
        raise WorkbookError(f"{name} {error}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise WorkbookError(f"{name} cannot be read: {reason}") from None

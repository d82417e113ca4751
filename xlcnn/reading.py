"""Reads a workbook's package in one pass: formulas as written, stored results, defined names. Runs nothing.

openpyxl reads either formulas or stored results, one whole pass each; the verifier needs both, of files that it does
not trust. This reader knows only what the verifier asks for, and its limits bound its time and memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

from xlcnn.errors import WorkbookError
from xlcnn.formulas import column_number, moved

Cell = tuple[int, int]
TRUE = ("1", "true")
BOUNDS = ("num", "formula", "percent", "percentile")  # bounds of a colour scale that have a value


@dataclass(frozen=True)
class Limits:
    """What a workbook may cost to read."""

    file_bytes: int = 64 * 2**20
    unpacked_bytes: int = 256 * 2**20
    parts: int = 5_000
    sheets: int = 256
    cells: int = 2_000_000


@dataclass(frozen=True)
class Formula:
    """A formula as the file holds it: `text` as written for the cell `origin`, from which it may have been dragged."""

    text: str
    origin: Cell

    def at(self, cell: Cell) -> str:
        return "=" + moved(self.text, cell[0] - self.origin[0], cell[1] - self.origin[1])


@dataclass
class Rule:
    """A conditional format: its kind (``colorScale``, ``expression``, …), its ranges, and its formulas or bounds."""

    kind: str
    ranges: str
    formulas: list[str]


@dataclass
class SheetCells:
    """What a sheet's file says of each cell; and which rows and columns it hides, and how it colours cells."""

    values: dict[Cell, float | str | bool | None]
    formulas: dict[Cell, Formula]
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """A workbook; `hidden` sheets are not shown, and if it is `manual`, nothing follows an edit."""

    data: bytes
    sheets: dict[str, SheetCells]
    paths: dict[str, str]
    names: dict[str, str]
    hidden: frozenset[str] = frozenset()
    manual: bool = False


def read_book(data: bytes, limits: Limits = Limits()) -> Book:
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
    value: list[str] = []
    formula: list[str] | None = None
    shared: str | None = None
    row = col = 0
    found = SheetCells(values, formulas)
    ranges = ""

    def start(tag: str, a: dict[str, str]) -> None:
        nonlocal cell, kind, into, value, formula, shared, row, col, ranges
        if tag == "c":
            budget[0] -= 1
            if budget[0] < 0:
                raise WorkbookError("has more cells than xlcnn reads")
            reference = a.get("r")
            cell = split_cell(reference) if reference else (row, col + 1)
            row, col = cell
            kind, value, formula, shared = a.get("t", "n"), [], None, None
        elif tag == "v" or tag == "t":
            into = value
        elif tag == "f":
            formula = into = []
            shared = a.get("si") if a.get("t") == "shared" else None
        elif tag == "row":
            row, col = int(a.get("r", row + 1)), 0
            if a.get("hidden", "0") in TRUE or a.get("ht") == "0":
                found.hidden_rows.append(row)
        elif tag == "rPh":
            into = None
        elif tag == "col":
            if a.get("hidden", "0") in TRUE or a.get("width") == "0":
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
        nonlocal into
        if tag in ("v", "t", "f"):
            into = None
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
            values[cell] = _value(kind, "".join(value), strings)

    def text(data: str) -> None:
        if into is not None:
            into.append(data)

    _parse(data, start, end, text)
    return found


def _value(kind: str, text: str, strings: list[str]) -> float | str | bool | None:
    if kind == "n":
        return float(text) if text else None
    if kind == "s":
        return strings[int(text)]
    if kind == "b":
        return text == "1"
    return text if text or kind in ("str", "inlineStr") else None


SPLIT = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")


def split_cell(reference: str) -> Cell:
    """``B7`` → (7, 2). Raises `ValueError`."""
    match = SPLIT.match(reference)
    if not match:
        raise ValueError(f"{reference[:40]} is not a cell")
    return int(match[2]), column_number(match[1])


AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:]+))!(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?::(\$?[A-Za-z]{1,3}\$?[0-9]{1,7}))?\Z")


def split_area(reference: str) -> tuple[str, Cell, Cell]:
    """``Conv1!$B$6:$D$8`` → ("Conv1", (6, 2), (8, 4)). Raises `ValueError`."""
    match = AREA.match(reference.strip())
    if not match:
        raise ValueError(f"{reference[:60]!r} is not a range of cells")
    sheet = match[1].replace("''", "'") if match[1] else match[2]
    first = split_cell(match[3])
    return sheet, first, split_cell(match[4]) if match[4] else first

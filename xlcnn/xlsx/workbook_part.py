"""The workbook part: its sheets, its names, and the settings with which programs compute (ECMA-376 Part 1, 18.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from xlcnn.errors import WorkbookError
from xlcnn.grid.letters import alike
from xlcnn.grid.references import COLUMNS, ROWS, column_number
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.outline import nothing, outline
from xlcnn.xlsx.relations import OFFICE
from xlcnn.xlsx.values import is_on, whole
from xlcnn.xlsx.windows import window_settings
from xlcnn.xlsx.xml import Attributes, refuse

ONCE = frozenset(("workbookPr", "sheets", "definedNames", "calcPr", "externalReferences"))
READ = ONCE | {"sheet", "definedName", "externalReference", "bookViews", "workbookView"}
VISIBLE = ("visible", "hidden", "veryHidden")
PRINTED = "_XLNM.PRINT_AREA"
NO_TAB = re.compile(r"[\[\]:*?/\\]|^'|'$")
LONGEST_TAB = 31
A_CELL = re.compile(r"R(?:[0-9]*C[0-9]*|[0-9]*)|C[0-9]*|([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)  # A1 and R1C1

#: Gnumeric says of every workbook that it iterates, as long as nobody changes these numbers. A network has no circles to iterate.
GNUMERIC = {"calcMode": "auto", "iterate": "1", "iterateCount": "100", "iterateDelta": "0.001"}


@dataclass
class WorkbookPart:
    """Sheet → relationship; name → what it means, for the whole workbook; names for one sheet alone (its number, name).

    `printed` are the cells of a sheet that are printed (its number, cells).
    """

    sheets: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    local: list[tuple[int, str]] = field(default_factory=list)
    printed: list[tuple[int, str]] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    links: bool = False


def read_workbook(part: str, data: bytes, main: str, limits: Limits) -> WorkbookPart:
    found = WorkbookPart()
    taken: set[str] = set()  # tabs, numbers of sheets and relationships, and names with the sheet on which they hold
    current: list[str] | None = None
    called = ""
    printed: int | None = None  # the sheet whose printed cells are told
    windows: list[Attributes] = []

    def take(what: str, name: str) -> None:
        if f"{what} {name}" in taken:
            refuse(part, f"holds the {what} {name[:60]} twice (capitals make no difference)")
        taken.add(f"{what} {name}")

    def start(path: str, a: Attributes) -> None:
        nonlocal current, called, printed
        if path == "sheets/sheet":
            sheet(a)
        elif path == "definedNames/definedName":
            called = a.get("name", "")
            take("name", f"{alike(called)} of sheet {a['localSheetId']}" if "localSheetId" in a else alike(called))
            current = []
            if is_a_cell(called):
                refuse(part, f"calls cells {called}, which is a cell itself")
            if "localSheetId" in a:
                found.local.append((whole(part, a, "localSheetId", 0), called))
                printed = found.local[-1][0] if alike(called) == PRINTED else None
                called = ""
            elif is_on(part, a, "function") or is_on(part, a, "vbProcedure") or is_on(part, a, "xlm"):
                called = ""  # a macro of that name, no cells
        elif current is not None:
            refuse(part, "holds an element inside a name")
        elif path == "workbookPr":
            if is_on(part, a, "date1904"):
                found.settings.append("1904")
            if a.get("showObjects", "all") != "all":
                found.settings.append("no objects")
        elif path == "bookViews/workbookView":
            windows.append(a)
        elif path == "calcPr":
            found.settings += calculation(part, a)
        elif path == "externalReferences/externalReference":
            found.links = True

    def sheet(a: Attributes) -> None:
        name = a.get("name", "")
        if len(found.sheets) >= limits.sheets:
            raise WorkbookError(f"has more than {limits.sheets} sheets")
        if not name or len(name) > LONGEST_TAB or NO_TAB.search(name):
            refuse(part, f"calls a sheet {name[:60]!r}, which Excel does not allow")
        take("sheet", alike(name))
        take("number of a sheet", a.get("sheetId", ""))
        ids = [a[key] for key in a if key.rpartition(" ")[0] in OFFICE and key.endswith(" id")]
        if len(ids) != 1:
            refuse(part, f"does not say in which part the sheet {name} is")
        take("part of a sheet", ids[0])
        if a.get("state", "visible") not in VISIBLE:
            refuse(part, f"says of the sheet {name} that it is {a['state'][:20]!r}")
        found.sheets[name] = ids[0]
        if a.get("state", "visible") != "visible":
            found.hidden.add(name)

    def end(path: str) -> None:
        nonlocal current, printed
        if path == "definedNames/definedName":
            if called and current is not None:
                found.names[called] = "".join(current)
            if printed is not None and current is not None:
                found.printed.append((printed, "".join(current)))
            current = printed = None

    blank = nothing(part)

    def text(data: str) -> None:
        if current is None:
            blank(data)
        else:
            current.append(data)

    outline(part, data, main, "workbook", ONCE, READ, start, end, text)
    found.settings += window_settings(part, windows)
    return found


def is_a_cell(name: str) -> bool:
    """Whether programs take the name for a cell, some of them in R1C1 notation."""
    found = A_CELL.fullmatch(name)
    return found is not None and (found[1] is None or (column_number(found[1]) <= COLUMNS and 1 <= int(found[2]) <= ROWS))


def calculation(part: str, a: Attributes) -> list[str]:
    """The settings of ``calcPr`` (18.2.2) with which a program computes, or shows formulas, otherwise."""
    settings = []
    if a.get("calcMode", "auto") == "manual":
        settings.append("manual")
    if not is_on(part, a, "fullPrecision", True):
        settings.append("precision")
    if is_on(part, a, "iterate") and a != GNUMERIC:
        settings.append("iterate")
    if a.get("refMode", "A1") != "A1":
        settings.append("R1C1")
    return settings

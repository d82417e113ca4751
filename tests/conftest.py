"""What many tests need: the lesson's workbook made once, its cells by what they are, and a way to damage a copy of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from math import prod
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import formualizer
import pytest

from xlcnn import Network, Template, find_template, make_workbook
from xlcnn.grid.references import a1, sheet_prefix
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.verifier.limited import verify as verify_with_limits

ROOT = Path(__file__).parent.parent
SEVEN = ROOT / "docs" / "seven.png"

PROGRAMS = {"libreoffice": "soffice", "gnumeric": "ssconvert", "chromium": "chromium"}  # marker → program
MISSING = [marker for marker, program in PROGRAMS.items() if shutil.which(program) is None]

LESSON = lay_out(find_template("lesson").plan)
"""Where everything stands in the lesson's workbook: sheet's name → its layout."""

TABS = find_template("lesson").words().order(find_template("lesson").plan.tabs)
"""Its sheets' names from the first tab to the last: as the steps lead to them."""

FORMULAS = sum(prod(p.shape) for placed in LESSON.values() for p in placed.parts.values() if p.has_cells and p.has_formula)
"""How many cells of it hold a formula: none of its maps has padding."""

Index = tuple[int, ...]


def pytest_configure(config: pytest.Config) -> None:
    for marker in MISSING:
        print(f"\n*** {marker} is not installed: the tests marked {marker} are SKIPPED ***\n")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker in MISSING:
            if marker in item.keywords:
                item.add_marker(pytest.mark.skip(reason=f"{marker} is not installed"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a Dask cluster of two worker processes, shared by all tests; one that is killed is started again."""
    from tests.processes.clusters import local_cluster

    with local_cluster() as address:
        yield address


@pytest.fixture(autouse=True)
def in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verifying in a process of its own costs half a second; only tests of what that process is for (`own_process`) need it."""
    if request.node.get_closest_marker("own_process") is None:
        monkeypatch.setitem(verify_with_limits.__kwdefaults__, "timeout", None)


# ---- cells by what they are ----


def tab(sheet: str) -> str:
    """The tab of a sheet: ``tab("conv1")`` is Conv1."""
    return LESSON[sheet].title


def cell(sheet: str, part: str, index: Index = ()) -> str:
    """The cell that shows ``tensor[index]`` of a part of the lesson's workbook: ``cell("conv1", "output", (0, 9, 3))``."""
    return a1(*LESSON[sheet].references.locate(part, *index))


def reference(sheet: str, part: str, index: Index = ()) -> str:
    """The same as another sheet's formula writes it: ``Conv1!AU15``."""
    return sheet_prefix(tab(sheet)) + cell(sheet, part, index)


def at(sheet: str, part: str, index: Index = ()) -> tuple[str, str]:
    """Tab and cell, as the verifier names them."""
    return tab(sheet), cell(sheet, part, index)


def titles(*groups: int) -> list[str]:
    """The tabs of these groups of sheets (see `xlcnn.sheets.base`), in the order of computing; all, if none is named."""
    return [placed.title for placed in LESSON.values() if not groups or placed.sheet.group in groups]


# ---- workbooks ----


@pytest.fixture(scope="session")
def template() -> Template:
    return find_template("lesson")


@pytest.fixture(scope="session")
def network(template: Template) -> Network:
    return template.network


@pytest.fixture(scope="session")
def layout() -> Mapping[str, PlacedSheet]:
    return LESSON


@pytest.fixture(scope="session")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lesson's workbook of the sample 7."""
    path = tmp_path_factory.mktemp("made") / "seven.xlsx"
    make_workbook(SEVEN, path)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    """Every part of a package."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(parts: dict[str, bytes], path: Path) -> Path:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path.write_bytes(out.getvalue())
    return path


def sheet_part(sheet: str) -> str:
    """The part of the package in which a sheet of a new lesson workbook is: parts are numbered as the tabs are."""
    return f"xl/worksheets/sheet{TABS.index(sheet) + 1}.xml"


def recalculated(path: Path) -> Path:
    """The workbook with every result computed anew and stored, as a student's program would do when it saves."""
    path.write_bytes(bytes(formualizer.recalculate_xlsx_bytes(path.read_bytes(), external_links="refuse")["bytes"]))
    return path


Changes = Mapping[tuple[str, str, Index], object]


def edited(source: Path, target: Path, changes: Changes) -> Path:
    """A copy in which cells of the lesson hold something else, without stored results: ``{("conv1", "choice", (0,)): "blur"}``.

    None empties a cell; a text that starts with ``=`` is a formula.
    """
    parts = parts_of(source)
    for (sheet, part, index), value in changes.items():
        name, where = sheet_part(sheet), cell(sheet, part, index)
        match = re.search(rf'<c r="{where}"( s="\d+")?(?: t="\w+")?(?:/>|>.*?</c>)', parts[name].decode())
        assert match, f"{sheet}!{where} holds nothing"
        new = f'<c r="{where}"{match[1] or ""}{content(value)}'
        parts[name] = parts[name].replace(match[0].encode(), new.encode(), 1)
    sheets = {name: RESULT.sub(rb"\1", xml) for name, xml in parts.items() if name.startswith("xl/worksheets/sheet")}
    return write_parts(parts | sheets, target)


RESULT = re.compile(rb"(</f>|<f [^>]*/>)<v>[^<]*</v>")


def content(value: object) -> str:
    """The rest of a cell's XML after its style."""
    if value is None:
        return "/>"
    if isinstance(value, str) and value.startswith("="):
        return f"><f>{escape(value[1:])}</f></c>"
    return f' t="str"><v>{escape(value)}</v></c>' if isinstance(value, str) else f"><v>{value}</v></c>"


Damage = Callable[..., Path]


@pytest.fixture
def damage(seven: Path, tmp_path: Path) -> Damage:
    """A copy of the workbook in which the XML of one cell was changed: ``damage("conv1", "output", (0, 9, 3), lambda xml: …)``."""

    def change(sheet: str, part: str, index: Index, edit: Callable[[str], str]) -> Path:
        parts = parts_of(seven)
        name, where = sheet_part(sheet), cell(sheet, part, index)
        before = parts[name].decode()
        match = re.search(rf'<c r="{where}"(?:[^>]*/>|.*?</c>)', before)
        assert match, f"{sheet}!{where} holds nothing"
        after = before.replace(match[0], edit(match[0]))
        assert after != before, "the damage changed nothing"
        return write_parts(parts | {name: after.encode()}, tmp_path / "damaged.xlsx")

    return change


def with_formula(formula: str) -> Callable[[str], str]:
    """An edit for `damage`: another formula in the cell, its stored result kept."""
    text = formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return lambda xml: re.sub(r"<f\b.*?(</f>|/>)", lambda _: f"<f>{text}</f>", xml, count=1)

"""What many tests need: the lesson's workbook made once, and a way to damage a copy of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from xlcnn import Network, find_template, make_workbook

ROOT = Path(__file__).parent.parent
SEVEN = ROOT / "docs" / "seven.png"


PROGRAMS = {"libreoffice": "soffice", "gnumeric": "ssconvert"}  # marker → program
MISSING = [marker for marker, program in PROGRAMS.items() if shutil.which(program) is None]


def pytest_configure(config: pytest.Config) -> None:
    for marker in MISSING:
        print(f"\n*** {marker} is not installed: the tests marked {marker} are SKIPPED ***\n")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker in MISSING:
            if marker in item.keywords:
                item.add_marker(pytest.mark.skip(reason=f"{marker} is not installed"))


@pytest.fixture(scope="session")
def network() -> Network:
    return find_template("lesson").network


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


#: The sheets of the lesson in the order of their parts: sheet1.xml is the Guide.
SHEETS = ("Guide", "Network", "Input", "Conv1", "ReLU1", "Conv2", "ReLU2", "MaxPool", "Dense", "Softmax")
EXHIBITS = ("Functions", "Five classes", "Linear", "Boundary")
GALLERIES = ("Samples", "Draw")


def sheet_part(sheet: str) -> str:
    return f"xl/worksheets/sheet{SHEETS.index(sheet) + 1}.xml"


Damage = Callable[..., Path]


@pytest.fixture
def damage(seven: Path, tmp_path: Path) -> Damage:
    """A copy of the workbook in which one part was changed: ``damage("Conv1", "AK6", lambda cell: …)``."""

    def change(sheet: str, cell: str, edit: Callable[[str], str]) -> Path:
        parts = parts_of(seven)
        name = sheet_part(sheet)
        pattern = re.compile(rf'<c r="{cell}".*?</c>')
        before = parts[name].decode()
        match = pattern.search(before)
        assert match, f"{sheet}!{cell} holds nothing"
        after = before.replace(match[0], edit(match[0]))
        assert after != before, "the damage changed nothing"
        return write_parts(parts | {name: after.encode()}, tmp_path / "damaged.xlsx")

    return change

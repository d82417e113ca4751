"""The package is a house of rooms, each of which knows only those below it. Who imports what, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import xlcnn
from xlcnn.sheets.plan import KINDS

PACKAGE = Path(xlcnn.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

#: From the ground up; rooms on one floor do not know each other.
FLOORS = (
    {"errors", "version"}, {"files", "console", "processes"}, {"grid"}, {"image"}, {"sheets"}, {"layout"}, {"network"},
    {"lesson"}, {"xlsx"}, {"engines"}, {"workbook"}, {"verifier"}, {"evaluation", "drawing"}, {"cli"},
)  # fmt: skip
FLOOR = {room: k for k, rooms in enumerate(FLOORS) for room in rooms}
DOORS = {"__init__.py", "__main__.py"}  # of the whole house: they lead everywhere
LONGEST = 300

IMPORTERS = {"import_module", "__import__"}
UNKNOWN = "something unknown"
REGISTRIES = {"sheets/registry.py"}  # they import what they are told to; see the test of what is registered

#: A library that only some rooms may know → these rooms, or single files.
GUESTS = {
    "dask": ("processes/reaching.py",),
    "distributed": ("processes/reaching.py",),
    "openpyxl": ("xlsx/", "workbook/"),
    "PIL": ("image/", "workbook/", "verifier/html.py", "evaluation/pixels.py"),
    "pillow_heif": ("image/files.py",),
    "formualizer": ("engines/",),
    "h5py": ("network/importing/keras_file.py",),
    "onnx": ("network/importing/",),
    "onnxruntime": ("lesson/importing.py",),
    "rich": ("console/",),
    "anyio": ("drawing/",),
    "starlette": ("drawing/",),
    "uvicorn": ("drawing/serve.py",),
    "torch": ("lesson/training.py", "lesson/torched.py", "lesson/fitting.py"),
}


class Import(NamedTuple):
    """One imported module, with its whole name."""

    file: str
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def imports(source: str, file: str) -> Iterator[Import]:
    """Every import of a file, wherever it stands: in functions, for type checkers, by name."""
    package = ["xlcnn", *Path(file).parts[:-1]]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) + 1 - node.level], *filter(None, [node.module])] if node.level else [node.module or ""]
            yield from (Import(file, node.lineno, ".".join([*base, alias.name])) for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in IMPORTERS:
            yield Import(file, node.lineno, beginning(node.args[0]) if node.args else UNKNOWN)


def beginning(name: ast.expr) -> str:
    """What is known of the name of a module that a program puts together."""
    if isinstance(name, ast.JoinedStr) and name.values:
        name = name.values[0]
    return str(name.value) if isinstance(name, ast.Constant) else UNKNOWN


def room(file: str) -> str:
    """The room in which a file is."""
    return Path(file).parts[0].removesuffix(".py")


def upwards(found: Import) -> bool:
    """Whether the import leads to a higher floor, to another room on its own, or to no room at all."""
    head, _, rest = found.module.partition(".")
    if head != "xlcnn":
        return found.module == UNKNOWN and found.file not in REGISTRIES
    here, there = room(found.file), rest.partition(".")[0]
    return here != there and (there not in FLOOR or here not in FLOOR or FLOOR[there] >= FLOOR[here])


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def all_imports() -> list[Import]:
    return [found for path in FILES if name(path) not in DOORS for found in imports(path.read_text(encoding="utf-8"), name(path))]


def test_no_room_knows_one_above_it() -> None:
    assert [str(found) for found in all_imports() if upwards(found)] == []


def test_what_is_registered_lives_in_the_room_of_its_registry() -> None:
    assert {kind.__module__.split(".")[1] for kind in KINDS.values()} == {"sheets"}


@pytest.mark.parametrize("library", GUESTS)
def test_a_library_is_known_only_where_it_belongs(library: str) -> None:
    found = [one for one in all_imports() if one.module.partition(".")[0] == library]
    assert [str(one) for one in found if not one.file.startswith(GUESTS[library])] == []
    assert found, f"nobody imports {library} any more: take it off the list"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_is_longer_than_a_few_screens(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_only_a_few_modules_stand_outside_the_rooms() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py", "errors.py", "version.py"}


def test_every_room_has_its_floor_and_says_what_it_is_for() -> None:
    rooms = {path.parent.name: path for path in PACKAGE.glob("*/__init__.py")}
    assert set(rooms) == {one for one in FLOOR if one not in ("errors", "version")}
    assert [one for one, path in rooms.items() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize("public", xlcnn.__all__)
def test_what_the_package_offers_can_be_imported(public: str) -> None:
    assert getattr(xlcnn, public) is not None


# ---- the tests of this test ----


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("grid/blocks.py", "from xlcnn.sheets.parts import Part"),
        ("grid/blocks.py", "import xlcnn.layout"),
        ("grid/blocks.py", "from xlcnn import sheets"),
        ("sheets/base.py", "def f():\n    from xlcnn.network.network import Network"),
        ("sheets/base.py", "if TYPE_CHECKING:\n    from xlcnn.layout.placed import PlacedSheet"),
        ("sheets/layers/relu.py", "from ...network import network"),
        ("sheets/layers/relu.py", "from importlib import import_module\nimport_module('xlcnn.cli')"),
        ("sheets/layers/relu.py", "importlib.import_module(name)"),
        ("sheets/layers/relu.py", "importlib.import_module(f'xlcnn.verifier.{name}')"),
        ("engines/base.py", "from xlcnn import make_workbook"),  # through the front door
        ("engines/base.py", "import xlcnn"),
        ("errors.py", "from xlcnn.version import VERSION"),  # on the same floor
        ("verifier/verify.py", "from xlcnn.cli import main"),
        ("verifier/verify.py", "from xlcnn.helpers import anything"),
    ],
)
def test_an_import_upwards_is_found(file: str, source: str) -> None:
    assert any(upwards(found) for found in imports(source, file))


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("sheets/base.py", "from xlcnn.grid.blocks import Block"),
        ("sheets/base.py", "if TYPE_CHECKING:\n    from xlcnn.sheets.words import Words"),
        ("sheets/layers/relu.py", "from ..base import Layer"),
        ("sheets/layers/relu.py", "from xlcnn.errors import NetworkError"),
        ("engines/__init__.py", "import_module(f'xlcnn.engines.{name}')"),
        ("cli/verifying.py", "from xlcnn.verifier.verify import verify\nimport numpy as np"),
    ],
)
def test_an_import_downwards_or_within_a_room_is_fine(file: str, source: str) -> None:
    assert not any(upwards(found) for found in imports(source, file))

"""The README's commands run as they are written, in a copy of the project's folder."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "seven.png", tmp_path / "docs")
    return tmp_path


def commands() -> list[str]:
    lines = [line for language, block in BLOCKS if not language for line in block.splitlines()]
    return [line.partition(" #")[0] for line in lines if line.startswith("xlcnn ") and "DIR" not in line]


def test_every_command_works_in_order(folder: Path) -> None:
    assert len(commands()) >= 6
    for line in commands():
        if "libreoffice" in line and shutil.which("soffice") is None:
            continue
        arguments = [sys.executable, "-m", *line.split()]
        done = subprocess.run(arguments, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stderr.decode()}"
    assert (folder / "outputs" / "seven.xlsx").is_file()


def test_the_python_example_works(folder: Path) -> None:
    (example,) = [block for language, block in BLOCKS if language == "python"]
    done = subprocess.run([sys.executable, "-c", example], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().startswith("True {'label': 7")


def test_what_make_says_is_what_the_readme_says(folder: Path) -> None:
    out = subprocess.run(
        [sys.executable, "-m", "xlcnn", "make", "docs/seven.png"], cwd=folder, capture_output=True, check=True
    ).stdout.decode()
    said = re.search(r"says what the network sees: `(.*?)`", README)
    assert said
    assert out.splitlines()[0] == said[1]


def test_files_that_the_docs_name_exist() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} names {target}"


def test_nothing_names_this_machine_or_a_registry() -> None:
    for path in [
        ROOT / "README.md",
        ROOT / "Makefile",
        ROOT / ".ci" / "run",
        ROOT / "pyproject.toml",
        *(ROOT / "docs").glob("*.md"),
    ]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(work|root|home|tmp)/", text), path.name

"""The README's commands run as they are written, in order, in a fresh clone."""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
NOT_HERE = ("make test",)  # that is what runs now


def commands() -> list[str]:
    """Every command of the README, as it stands there."""
    lines = [line.partition(" #")[0].strip() for language, block in BLOCKS if not language for line in block.splitlines()]
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git tracks, as somebody gets it who clones the project; changes that are not committed yet are included."""
    folder = tmp_path_factory.mktemp("clone") / "xlcnn"
    tracked = (
        subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
        )
        .stdout.decode()
        .split("\0")
    )
    if not any(tracked):
        pytest.skip("not a git checkout")
    for name in (n for n in tracked if n and (ROOT / n).exists()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def run(line: str, folder: Path, path: str) -> None:
    environment = {**os.environ, "PATH": path + os.pathsep + os.environ["PATH"]}
    done = subprocess.run(line, shell=True, cwd=folder, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, f"{line}\n{done.stdout.decode()[-2000:]}{done.stderr.decode()[-2000:]}"


def is_here(line: str) -> bool:
    return not ("libreoffice" in line or "render" in line) or shutil.which("soffice") is not None


@pytest.mark.slow
def test_every_xlcnn_command_works_in_order_in_a_fresh_clone(clone: Path) -> None:
    lines = [line for line in commands() if line.startswith("xlcnn ") and is_here(line)]
    assert len(lines) >= 7
    shim = clone.parent / "bin"
    shim.mkdir()
    (shim / "xlcnn").write_text(f'#!/bin/sh\nPYTHONPATH="{clone}" exec "{sys.executable}" -m xlcnn "$@"\n', encoding="utf-8")
    (shim / "xlcnn").chmod(0o755)
    for line in lines:
        run(line, clone, str(shim))
    assert (clone / "outputs" / "seven.xlsx").is_file()


@pytest.mark.slow
def test_all_commands_work_with_what_they_install_themselves(clone: Path, tmp_path: Path) -> None:
    """``make demo`` and ``pip install .`` into environments of their own, then everything else once more."""
    folder = tmp_path / "xlcnn"
    shutil.copytree(clone, folder, ignore=lambda *_: {"outputs", "my-net"})
    (folder / "outputs").mkdir()
    venv.create(tmp_path / "venv", with_pip=True)
    for line in (line for line in commands() if line not in NOT_HERE and is_here(line)):
        run(line, folder, str(tmp_path / "venv" / "bin"))
    assert (folder / "outputs" / "demo.xlsx").is_file()
    assert (folder / "outputs" / "seven.xlsx").is_file()


def test_outputs_belong_to_the_user() -> None:
    """A tracked workbook once made the README's main command fail: it existed already."""
    done = subprocess.run(["git", "ls-files", "outputs"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    assert done.stdout.decode().split() == ["outputs/.gitkeep"]


def test_the_python_example_works(clone: Path, tmp_path: Path) -> None:
    (example,) = [block for language, block in BLOCKS if language == "python"]
    shutil.copytree(clone / "docs", tmp_path / "docs")
    environment = {**os.environ, "PYTHONPATH": str(clone)}
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().startswith("True {'label': 7")


def test_what_make_says_is_what_the_readme_says(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xlcnn", "make", str(ROOT / "docs" / "seven.png")]
    out = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    said = re.search(r"says what the network sees: `(.*?)`", README)
    assert said
    assert out.splitlines()[0] == said[1]


def test_files_that_the_docs_name_exist() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} names {target}"


def test_nothing_names_this_machine() -> None:
    pages = [ROOT / "README.md", ROOT / "Makefile", ROOT / ".ci" / "run", ROOT / "pyproject.toml", *(ROOT / "docs").glob("*.md")]
    for path in pages:
        assert not re.search(r"/(work|root|home|tmp)/", path.read_text(encoding="utf-8")), path.name

"""`action.yml`, the GitHub Action: its parts fit together, and its scripts do what they say, in a shell on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import pytest
import yaml

from tests.conftest import ROOT, with_formula
from tests.networks import write_workbook
from tests.verifier.helpers import SMALL, changed, small_at

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SET_UP, INSTALL, VERIFY = STEPS
INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


def test_it_is_a_composite_action_whose_parts_fit_together() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(part["description"] for kind in ("inputs", "outputs") for part in ACTION[kind].values())
    assert all(isinstance(part["default"], str) for part in ACTION["inputs"].values()), "none must be given"
    assert SET_UP["uses"].startswith("actions/setup-python@v")
    used = set(INPUT.findall(repr([step.get("env", {}) | step.get("with", {}) for step in STEPS])))
    assert used == set(ACTION["inputs"])
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.{VERIFY['id']}.outputs.{name} }}}}"
        assert f'echo "{name}=' in VERIFY["run"]


def test_nothing_that_is_typed_becomes_a_part_of_a_script() -> None:
    for step in (INSTALL, VERIFY):
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
        assert set(re.findall(r"\b([A-Z]{4,})\b", step["run"])) - {"GITHUB_ACTION_PATH"} <= step["env"].keys() | {"GITHUB_OUTPUT"}


class Done(NamedTuple):
    code: int
    said: str
    outputs: dict[str, str]


def run(step: dict[str, Any], folder: Path, **inputs: str) -> Done:
    """A step's script as a runner calls it, by sh, with these inputs and the usual ones."""
    programs, output = folder.parent / "bin", folder.parent / "output"
    programs.mkdir(exist_ok=True)
    for name, arguments in (("python", ""), ("xlcnn", "-m xlcnn")):
        if not (programs / name).exists():
            (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
            (programs / name).chmod(0o755)
    given = {name: part["default"] for name, part in ACTION["inputs"].items()} | inputs
    environment = {name: INPUT.sub(lambda match: given[match[1]], value) for name, value in step["env"].items()}
    environment |= {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "GITHUB_OUTPUT": str(output)}
    environment["GITHUB_ACTION_PATH"] = str(ROOT)
    output.write_text("", encoding="utf-8")
    done = subprocess.run(
        ["sh", "-e", "-c", step["run"]], cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False, text=True
    )
    lines = output.read_text(encoding="utf-8").splitlines()
    return Done(done.returncode, done.stdout + done.stderr, dict(line.split("=", 1) for line in lines))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a good workbook, a bad one with blanks and a star in its name, and what Excel leaves beside an open one."""
    folder = tmp_path_factory.mktemp("action") / "repository"
    (folder / "class 7b").mkdir(parents=True)
    good = write_workbook(SMALL, folder / "good.xlsx")
    changed(good, folder / "class 7b" / "not * good.xlsx", {small_at("conv", "output", (0, 1, 1)): with_formula("5")})
    (folder / "~$good.xlsx").write_bytes(b"open")
    return folder


def test_every_workbook_of_a_repository(repository: Path) -> None:
    done = run(VERIFY, repository, trials="0", sarif="out/r.sarif", junit="out/r.xml")
    assert done.code == 1, done.said
    assert "NOT verified: class 7b/not * good.xlsx has 1 problem" in done.said
    assert "\nverified: good.xlsx" in done.said
    assert done.outputs == {"verdict": "not verified", "sarif": "out/r.sarif", "junit": "out/r.xml"}
    assert (repository / "out" / "r.sarif").is_file()
    assert (repository / "out" / "r.xml").is_file()


def test_some_of_them(repository: Path) -> None:
    done = run(VERIFY, repository, trials="0", files="\n  go?d.xlsx\n\nnone/*.xlsx\n")
    assert (done.code, done.outputs) == (0, {"verdict": "verified"})


def test_it_need_not_fail(repository: Path) -> None:
    done = run(VERIFY, repository, trials="0", fail="false", files="class*/*.xlsx")
    assert (done.code, done.outputs) == (0, {"verdict": "not verified"})


def test_a_workbook_that_cannot_be_read(repository: Path) -> None:
    (repository / "torn").mkdir()
    with ZipFile(repository / "torn" / "torn.xlsx", "w") as archive:
        archive.writestr("a", "b")
    done = run(VERIFY, repository, trials="0", files="torn/*")
    assert (done.code, done.outputs) == (2, {"verdict": "unreadable"})


def test_no_workbook_at_all_is_an_error(repository: Path) -> None:
    done = run(VERIFY, repository, files="*.xls\n*.ods")
    assert (done.code, done.outputs) == (2, {})
    assert done.said == "::error::no workbook is called *.xls *.ods\n"


def test_names_are_never_taken_for_options_or_commands(repository: Path) -> None:
    evil = repository / "evil"
    evil.mkdir()
    names = ["--help.xlsx", "$(touch broken).xlsx", "`touch broken`.xlsx", "[x].xlsx", "x.xlsx"]
    for name in names:
        (evil / name).write_bytes(b"PK")
    done = run(VERIFY, evil, trials="0", files="*.xlsx", sarif="$(touch broken).sarif")
    assert (done.code, done.outputs["verdict"]) == (2, "unreadable")
    assert all(f"Error: {name} is not a workbook" in done.said for name in names)
    assert not (evil / "broken").exists()


@pytest.mark.parametrize(("engine", "extra"), [("formualizer", ""), ("ironcalc", "[ironcalc]"), ("all", "[ironcalc]")])
def test_it_installs_this_repository(tmp_path: Path, engine: str, extra: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "bin" / "python").write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    (tmp_path / "bin" / "python").chmod(0o755)
    assert run(INSTALL, tmp_path / "here", engine=engine).said == f"-m pip install --quiet {ROOT}{extra}\n"

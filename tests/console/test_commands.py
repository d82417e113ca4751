"""Every error is one sentence and exit code 2, whatever somebody has typed or named."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image

from tests.conftest import SEVEN
from tests.test_cli import xlcnn
from xlcnn.console.commands import Commands, exit_code
from xlcnn.console.signals import Interrupted

ODD = ["a\udcffb", "a\nb", "a\x1b[31mb", "a\x07b", "\u202egnp.exe", "a\tb", "\u2028", "x" * 300, "😀" * 80]


def answered(code: int, err: str, name: object) -> None:
    assert code == 2, name
    assert "Traceback" not in err
    assert "unexpected" not in err
    assert "Error: " in err.splitlines()[-1]
    assert all(c.isprintable() or c == "\n" for c in err)


@pytest.mark.parametrize("name", ODD, ids=lambda name: ascii(name)[:20])
def test_odd_names_are_named_in_one_printable_line(name: str, tmp_path: Path) -> None:
    given = [
        ["make", f"./{name}.png"],
        ["make", "--sample", "7", "--template", f"./{name}"],
        ["make", "--sample", "7", "--language", name],
        ["make", "--sample", "7", "--with", name],
        ["verify", f"./{name}.xlsx"],
        ["render", f"./{name}.xlsx", "-o", name],
        ["predict", f"./{name}"],
    ]
    for arguments in given[ODD.index(name) % 2 :: 2]:  # each name with every second command
        code, out, err = xlcnn(*arguments, cwd=tmp_path)
        answered(code, err, arguments)
        assert (out, err.count("\n")) == ("", 1)
    assert list(tmp_path.iterdir()) == []
    for arguments in (
        ["verify", "x.xlsx", "--engine", name],
        ["make", f"--{name}"],
        [name],
        ["verify", "x.xlsx", "--timeout", name],
    ):
        answered(*xlcnn(*arguments, cwd=tmp_path)[::2], arguments)


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
@pytest.mark.parametrize("name", ["a\udcffb", "a\nb", "a\x1b[31mb"], ids=ascii)
def test_files_with_odd_names_are_read_and_written(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.png").write_bytes(SEVEN.read_bytes())
    for arguments in (["make", f"{name}.png"], ["verify", f"outputs/{name}.xlsx", "--trials", "0", "--html", f"{name}.html"]):
        code, out, err = xlcnn(*arguments, cwd=tmp_path)
        assert (code, err) == (0, "")
        assert all(c.isprintable() or c == "\n" for c in out)
    assert (tmp_path / f"{name}.html").stat().st_size > 1000


LIMITS = ["--timeout", "--max-mb", "--max-unpacked-mb", "--max-cells", "--max-memory-mb", "--trials"]
ABSURD = ["nan", "inf", "-inf", "-1", "1e400", "1000000000000000000", "", "x", "0x10", "9" * 5000]


@pytest.mark.parametrize("limit", LIMITS)
def test_absurd_limits_are_refused(limit: str, tmp_path: Path) -> None:
    for value in ABSURD:
        code, out, err = xlcnn("verify", "x.xlsx", f"{limit}={value}", cwd=tmp_path)
        answered(code, err, value)
        assert out == ""
        assert f"Invalid value for '{limit}'" in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("command", "option"), [("make", "--sample"), ("make", "--truth"), ("train", "--seed"), ("render", "--dpi")]
)
def test_so_are_other_absurd_numbers(command: str, option: str, tmp_path: Path) -> None:
    for value in ("9" * 400, "-9999999999999999999999", "nan", "1e3"):
        answered(*xlcnn(*f"{option}={value}".split(), cwd=tmp_path)[::2], value)


def test_pictures_of_numbers_that_are_no_grey(tmp_path: Path) -> None:
    for k, levels in enumerate((np.linspace(-1, 1, 900), np.linspace(0, 255, 900), np.full(900, np.nan))):
        Image.fromarray(levels.reshape(30, 30).astype(np.float32)).save(tmp_path / f"{k}.tiff")
        code, _, err = xlcnn("make", f"{k}.tiff", cwd=tmp_path)
        answered(code, err, k)
        assert err.startswith(f"Error: {k}.tiff holds pixels ")


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    import subprocess
    import sys

    here = tmp_path / "gone"
    here.mkdir()
    for words in ("templates", "make --sample 7", "verify x.xlsx", "predict x.png"):
        line = f"rmdir {here}; exec {sys.executable} -m xlcnn {words}"
        done = subprocess.run(["sh", "-c", line], cwd=here, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        assert done.returncode == (0 if words == "templates" else 2)
        here.mkdir(exist_ok=True)


def test_a_traceback_on_request_leaves_the_exit_code(tmp_path: Path) -> None:
    code, _, err = xlcnn("--debug", "verify", "missing.xlsx", cwd=tmp_path)
    assert code == 2
    assert "Traceback" in err
    assert err.splitlines()[-1].startswith("Error: missing.xlsx cannot be read")


class Wrapped:
    """Python 3.11 wraps what ends the making of a class, a signal too, in a RuntimeError."""

    def __set_name__(self, owner: type, name: str) -> None:
        raise Interrupted(15)


def test_a_signal_that_somebody_has_wrapped_in_an_error_ends_the_command_all_the_same() -> None:
    @click.group(cls=Commands)
    @click.option("--debug", is_flag=True)
    def program(debug: bool) -> None: ...

    @program.command()
    def load() -> None:
        type("Loaded", (), {"field": Wrapped()})

    assert exit_code(partial(program.main, ["load"], standalone_mode=False)) == 143

"""`completion`: the script is the shell's own language, and what it asks for is answered."""

from __future__ import annotations

import os
import subprocess
import sys
from shutil import which

import pytest
from click.testing import CliRunner

from xlcnn.cli import main
from xlcnn.cli.completion import SHELLS


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_itself_understands_the_script(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert "_XLCNN_COMPLETE" in result.output
    if which(shell):
        assert subprocess.run([shell, "-n"], input=result.output, text=True, capture_output=True).returncode == 0


def test_another_shell_is_one_sentence() -> None:
    result = CliRunner().invoke(main, ["completion", "tcsh"])
    assert result.exit_code == 2
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in result.output


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("xlcnn ve", ["verify"]), ("xlcnn make --lang", ["--language"]), ("xlcnn verify --engine gn", ["gnumeric"])],
)
def test_what_is_typed_is_completed(typed: str, offered: list[str]) -> None:
    asked = {"_XLCNN_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    code = "import sys; sys.argv[0] = 'xlcnn'; from xlcnn.__main__ import run; run()"
    answer = subprocess.run([sys.executable, "-c", code], env=os.environ | asked, capture_output=True, text=True, timeout=60)
    assert [line.partition(",")[2] for line in answer.stdout.splitlines()] == offered

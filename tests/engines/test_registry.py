"""Every engine by its name."""

import subprocess
import sys

import pytest

from xlcnn.engines import DEFAULT, ENGINES, find_engine, present
from xlcnn.errors import EngineError


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_can_be_found(name: str) -> None:
    """Whether its program is on this machine or not: that is asked only when it must say its version or compute."""
    assert find_engine(name).name == name


def test_the_default_is_one_of_them() -> None:
    assert find_engine().name == DEFAULT
    assert DEFAULT in ENGINES


@pytest.mark.parametrize("name", ["abacus", "", "Formualizer", "../formualizer"])
def test_an_unknown_name_is_answered_in_one_sentence(name: str) -> None:
    with pytest.raises(EngineError) as error:
        find_engine(name)
    assert str(error.value) == f"there is no engine {name!r}; there are: {', '.join(ENGINES)}"


def test_another_program_gets_its_time_limit() -> None:
    assert find_engine("libreoffice", 7.5).timeout == 7.5  # type: ignore[attr-defined]
    assert find_engine("gnumeric", 7.5).timeout == 7.5  # type: ignore[attr-defined]


def test_those_on_this_machine_are_present(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert [engine.name for engine in present() if engine.name != "ironcalc"] == [DEFAULT]  # that is a package, not a program


@pytest.mark.parametrize(("name", "program"), [("libreoffice", "libreoffice-calc"), ("gnumeric", "gnumeric")])
def test_a_program_that_is_missing_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, name: str, program: str) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(EngineError, match=f"is not on this machine; install it .*apt-get install {program}"):
        find_engine(name).version()


def test_an_engine_is_imported_only_when_it_is_asked_for() -> None:
    """A command that recalculates nothing does not load one."""
    code = "import sys, xlcnn.engines; assert not [m for m in sys.modules if m.startswith(('formualizer', 'numpy'))], sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

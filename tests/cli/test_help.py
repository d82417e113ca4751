"""`--help` says of every option that takes a value what happens without it, and of every number what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

from xlcnn.cli import main
from xlcnn.console.options import Numbers

COLUMNS = 80
SAYS_NOTHING = {"", "INTEGER", "FLOAT", "N", "X"}  # in place of a unit


class Asked(NamedTuple):
    """An option of a command that takes a value, and what ``--help`` says of it."""

    command: str
    option: click.Option
    help: str

    @property
    def name(self) -> str:
        return f"{self.command} {self.option.opts[0]}"


def commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command, also those of commands that have some of their own."""
    for name, command in group.commands.items():
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")


def asked(name: str, command: click.Command) -> Iterator[Asked]:
    context = click.Context(command, info_name=name, terminal_width=COLUMNS)
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag and not option.count:
            _, said = option.get_help_record(context) or ("", "")
            yield Asked(name, option, " ".join(said.split()))


COMMANDS = dict(commands(main))
ASKED = [one for name, command in COMMANDS.items() for one in asked(name, command)]


def says_a_default(help: str) -> bool:
    """``[default: 3]``, ``[default: (3); 0<=x<=9]`` or ``[required]``; click writes nothing of the kind where it has none."""
    return re.search(r"\[(default: [^\]\s]|([^\[\]]*; )?required\])", help) is not None


def is_number(option: click.Option) -> bool:
    numbers = (click.types.IntParamType, click.types.FloatParamType, Numbers)
    return isinstance(option.type, numbers)


@pytest.mark.parametrize("one", ASKED, ids=lambda one: str(one.name))
def test_every_value_has_a_default_in_words_or_is_required(one: Asked) -> None:
    assert says_a_default(one.help), one.help


@pytest.mark.parametrize("one", [one for one in ASKED if is_number(one.option)], ids=lambda one: str(one.name))
def test_every_number_has_a_unit_or_a_meaning(one: Asked) -> None:
    assert (one.option.metavar or "") not in SAYS_NOTHING, one.help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_fits_eighty_columns_and_says_what_every_option_is_for(name: str) -> None:
    done = CliRunner().invoke(main, [*name.split(), "--help"], terminal_width=COLUMNS)
    assert done.exit_code == 0
    assert max(map(len, done.output.splitlines())) <= COLUMNS
    assert [one.opts for one in COMMANDS[name].params if isinstance(one, click.Option) and not one.help] == []


def test_there_are_commands_and_options_to_look_at() -> None:
    assert {"make", "verify", "evaluate", "train", "import"} <= COMMANDS.keys()
    assert len(ASKED) > 25


@pytest.mark.parametrize(
    ("help", "says"),
    [
        ("So many.", False),
        ("So many. [default: ]", False),
        ("How many. [0<=x<=9]", False),
        ("[default: all cores]", True),
        ("A folder. [required]", True),
        ("x. [1<=x; required]", True),
    ],
)
def test_what_counts_as_a_default(help: str, says: bool) -> None:
    assert says_a_default(help) is says

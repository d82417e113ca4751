"""What several commands are told, and how they say a share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import click

PICTURE_KINDS = "PNG, JPEG, GIF, BMP, TIFF, WebP, AVIF or HEIC"
IMAGE = click.Path(path_type=str, allow_dash=True)
FILE = click.Path(path_type=Path)


@cache
def shipped(pattern: str) -> str:
    """The names of shipped files, for ``--help``: templates, languages."""
    package = Path(__file__).parent.parent
    folder = package / "_templates" if (package / "_templates").is_dir() else package.parent / "templates"
    found = {(path.parent.name if path.name == "network.json" else path.name.split(".")[1]) for path in folder.glob(pattern)}
    return ", ".join(sorted(found))


def template_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = f"A template's name ({shipped('*/network.json')}), or the folder of your own."
    return click.option("--template", metavar="NAME|FOLDER", default="lesson", show_default=True, help=text)(command)


def language_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = f"The language of the words: {shipped('*/words.*.toml')}."
    return click.option("--language", metavar="CODE", default="en", show_default=True, help=text)(command)


def as_is_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = "Take the image as it is: no search for the ink, no cropping, no centring."
    return click.option("--as-is", is_flag=True, help=text)(command)


def pick_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = "Which digit of an image with several: 1 is the first from the left.  [default: the only one]"
    return click.option("--pick", type=click.IntRange(1, 1000), metavar="K", help=text)(command)


def force_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--force", is_flag=True, help="Replace files that exist already.")(command)


def percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


def jobs_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = "How many processes share the work.  [default: as many as there are cores]"
    return click.option("--jobs", type=click.IntRange(1, 61), metavar="PROCESSES", help=text)(command)


def scheduler_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = "Share the work among the machines of a Dask cluster; --jobs does not count then.  [default: none]"
    return click.option("--scheduler", metavar="tcp://HOST:PORT", help=text)(command)


def fail_fast_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")(command)


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--csv", "as_csv", is_flag=True, help="Print a table with commas (CSV).")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")(command)


def one_table(as_json: bool, as_csv: bool) -> None:
    """Raises an error where two tables are asked for."""
    if as_json and as_csv:
        raise click.UsageError("give --json or --csv, not both")

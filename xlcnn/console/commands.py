"""The edge of the command line: what happens inside becomes a sentence and an exit code."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from io import StringIO
from typing import Any

import click

from xlcnn.console.signals import Interrupted, answered
from xlcnn.console.streams import failure, patient
from xlcnn.errors import XlcnnError, printable


class Commands(click.Group):
    """Turns every expected error into one line and exit code 2, and a signal into an end without a word."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with warnings.catch_warnings():
                if not ctx.params.get("debug"):
                    warnings.simplefilter("ignore")  # for programmers; what a user must know is an error, or printed
                return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            if end := interruption(error):
                raise end from None
            if ctx.params.get("debug"):
                traceback.print_exc()
            raise click.ClickException(sentence(error)) from None

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, complete_var: str | None = None,
        standalone_mode: bool = True, **extra: Any,
    ) -> Any:  # fmt: skip
        """Where the program begins and ends: 0 done, 1 not verified, 2 not done, 128 + n ended by signal n."""
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        try:
            with patient(), answered():
                code = exit_code(run)
        except Interrupted as end:  # while it was being set up or taken down
            code = end.exit_code
        sys.exit(code)


def interruption(error: BaseException | None) -> Interrupted | None:
    """The signal that somebody else has wrapped in an error of their own, as Python 3.11 does in ``__set_name__``."""
    while error is not None and not isinstance(error, Interrupted):
        error = error.__cause__ or error.__context__
    return error


def exit_code(run: Callable[[], Any]) -> int:
    """What the program ends with; every error has been told."""
    try:
        code = run() or 0
        sys.stdout.flush()
    except click.ClickException as error:
        return told(error)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except Interrupted as end:
        return end.exit_code
    reason = failure(sys.stdout)
    if reason is not None:
        click.echo(f"Error: the answer could not be printed: standard output: {reason}", err=True)
        return 2
    return int(code)


def told(error: click.ClickException) -> int:
    """Print the error, whatever it holds that somebody has typed."""
    words = StringIO()
    error.show(words)
    click.echo("".join(c if c.isprintable() or c == "\n" else "?" for c in words.getvalue()), err=True, nl=False)
    return 2


def sentence(error: Exception) -> str:
    """What to tell the user of an error."""
    if isinstance(error, XlcnnError):
        return printable(str(error))
    if isinstance(error, OSError) and error.strerror:
        return printable(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    reason = printable(" ".join(str(error).split())[:300])
    return f"something unexpected went wrong ({type(error).__name__}: {reason}); run again with `xlcnn --debug` to see where"

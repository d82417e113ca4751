"""The command line: each command is a few lines over the public Python functions. Everything heavy is imported late.

options      what several commands are told
rows         their answers for another program
saving       the files that they write besides
making       make, render
verifying    verify
predicting   predict
evaluating   evaluate
drawing      draw
networks     templates, import, train
completion   completion
"""

from __future__ import annotations

import click

from xlcnn.cli.completion import completion
from xlcnn.cli.drawing import draw
from xlcnn.cli.evaluating import evaluate
from xlcnn.cli.making import make, render
from xlcnn.cli.networks import import_, templates, train
from xlcnn.cli.predicting import predict
from xlcnn.cli.verifying import verify
from xlcnn.console.commands import Commands
from xlcnn.version import VERSION

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(VERSION, prog_name="xlcnn")
def main(debug: bool) -> None:
    """See how a neural network reads your digit: a workbook of live formulas from any image of a handwritten digit."""


for command in (make, verify, predict, evaluate, draw, render, templates, import_, train, completion):
    main.add_command(command)

"""`templates`, `import` and `train`: the networks that workbooks are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xlcnn.cli.options import FILE, percent, template_option
from xlcnn.console.collecting import uncollected
from xlcnn.console.options import Numbers
from xlcnn.console.progress import progress
from xlcnn.errors import printable


@click.command(short_help="List the networks that workbooks can be made of.")
def templates() -> None:
    """List the networks that workbooks can be made of."""
    from xlcnn.console.table import columns, table
    from xlcnn.lesson.templates import ON_REQUEST, list_templates

    heads = ("template", "layers", "weights", "held-out accuracy", "languages", "parts (+ on request)")
    rows = []
    for template in list_templates():
        network = template.network
        layers = " → ".join(layer.title for layer in network.layers)
        accuracy = template.training.get("held_out_accuracy")
        shown = percent(accuracy, 2) if isinstance(accuracy, float) else "not measured"
        count = str(sum(w.size for w in network.weights.values()))
        parts = ", ".join("+" * (name in ON_REQUEST) + name for name in template.options)
        rows.append((template.name, layers, count, shown, ", ".join(template.languages), parts))
    click.echo(table(heads, rows, columns()))


@click.command("import", short_help="Make a template of your own network (ONNX, Keras).")
@click.argument("model", type=FILE)
@click.option("--output", "-o", type=FILE, metavar="FOLDER", required=True, help="The new folder for the template.")
@click.option(
    "--size",
    type=Numbers(3, whole=True),
    metavar="C,H,W",
    help="Channels, height and width, where the file leaves them open.  [default: the file's]",
)
@click.option(
    "--scale",
    type=float,
    metavar="FACTOR",
    default=1.0,
    show_default=True,
    help="What the pixels, 0 to 1, are multiplied by: 255, perhaps.",
)
@click.option(
    "--mean",
    type=Numbers(),
    metavar="NUMBERS",
    default="0",
    show_default=True,
    help="What is then subtracted: one number, or one a channel.",
)
@click.option(
    "--std",
    type=Numbers(),
    metavar="NUMBERS",
    default="1",
    show_default=True,
    help="What is then divided by: one number, or one a channel.",
)
@click.option("--invert", is_flag=True, help="The network wants dark ink on light paper: 1 − x is prepared in place of x.")
@click.option(
    "--classes", metavar="NAMES", help="The names of the classes, with commas between them: cat,dog,….  [default: 0, 1, …]"
)
@click.option("--name", metavar="NAME", default="", help="What the Guide calls the network: 'My net'.  [default: a neural network]")
@click.option("--fold", is_flag=True, help="Make batch normalisations part of the layers before them.")
@click.option("--check", is_flag=True, help="Also compare an ONNX file with ONNX Runtime on three random inputs.")
def import_(
    model: Path, output: Path, size: tuple[int, int, int] | None, fold: bool, check: bool, classes: str | None,
    name: str, **preparation: Any,
) -> None:  # fmt: skip
    """Make a template of the network in MODEL (an .onnx, .keras or .h5 file); then: xlcnn make IMAGE --template FOLDER."""
    from xlcnn.console.table import columns, table
    from xlcnn.lesson import importing
    from xlcnn.lesson.templates import check_name
    from xlcnn.xlsx.limits import USUAL_LIMITS

    importing.free(output)
    name = name.strip()
    if name:
        check_name(name, "a network's name")
    with progress(f"reading {model.name}") as say, uncollected():
        imported = importing.read_network(model, preparation=importing.Preparation(**preparation), size=size, fold=fold)
        say("laying out its sheets")
        needs = importing.needed(imported)
    click.echo(table(("layer", "kind", "output", "weights", "cells", "from"), importing.rows(imported, needs), columns()))
    if words := importing.left_out(imported):
        click.echo(words)
    if check:
        with progress("computing 3 random inputs"):
            apart = importing.check(imported, model)
        click.echo(f"ONNX Runtime and NumPy are {apart:.1e} apart at most, on 3 random inputs")
    importing.write_template(imported, output, [each.strip() for each in classes.split(",")] if classes else (), name)
    click.echo(f"wrote {printable(output)}")
    if words := importing.unread(needs, USUAL_LIMITS.cells, USUAL_LIMITS.sheets):
        click.echo(words)


@click.command(short_help="Train a template's network on MNIST.")
@click.option(
    "--mnist", type=FILE, metavar="FOLDER", required=True, help="The folder with MNIST's files, train-images-idx3-ubyte.gz, …."
)
@click.option("--output", type=FILE, metavar="FOLDER", required=True, help="The new folder for the trained template.")
@click.option(
    "--epochs", type=click.IntRange(1, 1000), metavar="TIMES", help="How often every image is shown.  [default: the template's]"
)
@click.option(
    "--seed",
    type=click.IntRange(-(2**63), 2**64 - 1),
    metavar="NUMBER",
    help="Where the random numbers start.  [default: the template's]",
)
@template_option
def train(mnist: Path, output: Path, epochs: int | None, seed: int | None, template: str) -> None:
    """Train a template's network on MNIST (needs PyTorch: pip install 'xlcnn[train]')."""
    from xlcnn.lesson.templates import find_template
    from xlcnn.lesson.training import train_template

    with progress("training") as show:
        report = train_template(find_template(template), mnist, output, epochs=epochs, seed=seed, say=show.above)
    click.echo(f"held-out accuracy {percent(report['held_out_accuracy'], 2)}")
    click.echo(f"wrote {printable(output)}")

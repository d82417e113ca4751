"""The command line: each command is a few lines over the public Python functions. Everything heavy is imported late."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcnn.console.commands import Commands
from xlcnn.console.options import MEGABYTES, Numbers, Seconds
from xlcnn.console.progress import progress
from xlcnn.engines import DEFAULT, ENGINES, TIMEOUT
from xlcnn.errors import EngineError, printable
from xlcnn.verifier.limited import LEAST_MB, LONGEST, MEMORY_MB, MOST_MB
from xlcnn.version import VERSION

if TYPE_CHECKING:
    from xlcnn.verifier.report import Report

PICTURE_KINDS = "PNG, JPEG, GIF, BMP, TIFF or WebP"
IMAGE = click.Path(path_type=str, allow_dash=True)
FILE = click.Path(path_type=Path)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(VERSION, prog_name="xlcnn")
def main(debug: bool) -> None:
    """See how a neural network reads your digit: a workbook of live formulas from any image of a handwritten digit."""


def shipped(pattern: str) -> str:
    """The names of shipped files, for ``--help``: templates, languages."""
    package = Path(__file__).parent
    folder = package / "_templates" if (package / "_templates").is_dir() else package.parent / "templates"
    found = {(path.parent.name if path.name == "network.json" else path.name.split(".")[1]) for path in folder.glob(pattern)}
    return ", ".join(sorted(found))


def template_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = f"A template's name ({shipped('*/network.json')}), or the folder of your own."
    return click.option("--template", metavar="NAME|FOLDER", default="lesson", show_default=True, help=text)(command)


def as_is_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = "Take the image as it is: no search for the ink, no cropping, no centring."
    return click.option("--as-is", is_flag=True, help=text)(command)


def force_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--force", is_flag=True, help="Replace files that exist already.")(command)


@main.command(short_help="Make a workbook from an image.")
@click.argument("image", type=IMAGE, required=False)
@click.option(
    "--sample",
    type=click.IntRange(0, 10**9),
    metavar="DIGIT",
    help="Use one of the template's own pictures instead: a digit, or the number of a hard one, 10 to 13.",
)
@click.option("--output", "-o", type=FILE, metavar="FILE.xlsx", help="The workbook to write.  [default: outputs/IMAGE.xlsx]")
@force_option
@click.option(
    "--language", metavar="CODE", default="en", show_default=True, help=f"The language of the words: {shipped('*/words.*.toml')}."
)
@click.option("--with", "add", multiple=True, metavar="PART", help="Add a part of the template, such as learning; may be repeated.")
@click.option("--truth", type=click.IntRange(0, 10**9), metavar="DIGIT", help="The digit that the image shows, for the sheet Loss.")
@click.option("--without", "leave_out", multiple=True, metavar="PART", help="Leave out a part, such as exhibits; may be repeated.")
@template_option
@as_is_option
def make(
    image: str | None, sample: int | None, output: Path | None, template: str, as_is: bool, truth: int | None, **options: Any
) -> None:
    """Make a workbook from IMAGE, a PNG, JPEG, GIF, BMP, TIFF or WebP file, or - for standard input."""
    from xlcnn.image import load_image
    from xlcnn.lesson.templates import find_template
    from xlcnn.workbook.make import make_workbook

    if (image is None) == (sample is None):
        raise click.UsageError("give an IMAGE, or --sample and a digit (`xlcnn make --sample 7`)")
    chosen = find_template(template)
    source: Any = image
    stem = f"sample-{sample}" if image is None else "digit" if image == "-" else Path(image).stem
    if sample is not None:
        source, truth = load_image(chosen.sample(sample), as_is=True), chosen.truth(sample) if truth is None else truth
    target = output or Path("outputs") / f"{stem}.xlsx"
    with progress(f"making {target.name}") as say:
        answer = make_workbook(source, target, chosen, as_is=as_is, truth=truth, say=say, **options)
    if answer is not None:
        click.echo(f"{chosen.called(answer[0])}, {percent(answer[1])}")
    click.echo(f"wrote {printable(target)}")


def percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


@main.command(short_help="Recalculate a workbook and compare it with NumPy.")
@click.argument("workbook", type=FILE)
@click.option(
    "--engine", type=click.Choice([*ENGINES, "all"]), default=DEFAULT, show_default=True, help="Which program recalculates."
)
@click.option("--trials", type=click.IntRange(0, 1000), default=3, show_default=True, help="Random images to try as well.")
@click.option("--image", type=IMAGE, help=f"Also check that the workbook's input is this picture ({PICTURE_KINDS}).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", type=FILE, metavar="FILE.html", help="Also write the report as one page with heat maps.")
@force_option
@click.option("--max-mb", type=MEGABYTES, default=64, show_default=True, help="Refuse larger workbooks.")
@click.option("--max-unpacked-mb", type=MEGABYTES, default=256, show_default=True, help="Refuse what unpacks to more.")
@click.option("--max-cells", type=click.IntRange(1, 10**9), default=2_000_000, show_default=True, help="Refuse more cells.")
@click.option("--timeout", type=Seconds(1, LONGEST), default=TIMEOUT, show_default=True, help="Seconds that an engine may take.")
@click.option(
    "--max-memory-mb", type=click.IntRange(LEAST_MB, MOST_MB), default=MEMORY_MB, show_default=True, help="Memory that may be used."
)
@as_is_option
@click.pass_context
def verify(
    ctx: click.Context, /, workbook: Path, engine: str, image: str | None, html: Path | None, force: bool, as_json: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Recalculate every formula of WORKBOOK (an .xlsx file) and compare each cell with NumPy.

    Exit code 0: verified. 1: not verified. 2: could not be read.
    """
    from xlcnn.xlsx.files import check_target, write_whole

    if html is not None:
        check_target(html, force, workbook, *([Path(image)] if image not in (None, "-") else []))
    with progress(f"verifying {workbook.name}"):
        reports = list(reports_of(workbook, engine, image, difference_maps=html is not None, **options))
    from xlcnn.verifier.report import side_by_side, text_report

    ok, name = all(report.ok for report in reports), printable(workbook)
    if engine == "all":
        data: object = {"ok": ok, "engines": [report.as_dict() for report in reports]}
        text = side_by_side(reports, name)
    else:
        data, text = reports[0].as_dict(), text_report(reports[0], name)
    if html is not None:
        from xlcnn.verifier.html import html_report

        write_whole(html, html_report(reports, printable(workbook.name)).encode(), force)
    click.echo(json.dumps(data, indent=2, allow_nan=False) if as_json else text)
    ctx.exit(0 if ok else 1)


def reports_of(
    workbook: Path, engine: str, image: str | None, trials: int, timeout: float, max_memory_mb: int, as_is: bool,
    difference_maps: bool, **limits: int,
) -> Iterator[Report]:  # fmt: skip
    """The report of the engine, or of each that this machine has: one that is not able does not stop the others."""
    from xlcnn.engines import present
    from xlcnn.verifier.limited import picture_once
    from xlcnn.verifier.limited import verify as check
    from xlcnn.xlsx.book import Limits

    megabyte = 2**20
    bounds = Limits(limits["max_mb"] * megabyte, limits["max_unpacked_mb"] * megabyte, cells=limits["max_cells"])
    options: dict[str, Any] = {"as_is": as_is, "limits": bounds, "timeout": timeout, "max_memory_mb": max_memory_mb}
    options["difference_maps"] = difference_maps
    picture = picture_once(image)
    if engine != "all":
        yield check(workbook, engine, trials, picture, **options)
        return
    for each in present(timeout):
        try:
            yield check(workbook, each, trials, picture, **options)
        except EngineError as error:
            from xlcnn.verifier.report import unable

            yield unable(each, trials, error)


@main.command(short_help="Say which digits images show.")
@click.argument("images", type=IMAGE, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@template_option
@as_is_option
def predict(images: tuple[str, ...], as_json: bool, template: str, as_is: bool) -> None:
    """Say which digit each of IMAGES shows (PNG, JPEG, GIF, BMP, TIFF or WebP files, or folders of them), with NumPy alone."""
    from xlcnn.lesson.predict import pictures, read_digits
    from xlcnn.lesson.templates import find_template

    chosen = find_template(template)
    answers: list[Any] = []
    with progress("reading pictures") as say, closing(read_digits(chosen.network, pictures(images), as_is, jobs=None)) as found:
        for answer in found:
            answers.append(answer)
            say(f"{len(answers)} pictures read")
    if as_json:
        rows: list[dict[str, Any]] = [{"image": path, "label": label, "probability": p} for path, label, p in answers]
        for row in rows if chosen.classes else ():
            row["class"] = chosen.called(row["label"])
        click.echo(json.dumps(rows, indent=2))
        return
    wide = max(len(chosen.called(label)) for _, label, _ in answers)
    for path, label, probability in answers:
        click.echo(f"{chosen.called(label):<{wide}}  {percent(probability):>8}  {printable(str(path))}")


@main.command(short_help="Draw every sheet as a picture.")
@click.argument("workbook", type=FILE)
@click.option("--output", "-o", type=FILE, metavar="FOLDER", required=True, help="The folder for the pictures: 01-Guide.png, …")
@force_option
@click.option("--dpi", type=click.IntRange(30, 400), default=110, show_default=True, help="Dots per inch.")
def render(workbook: Path, output: Path, force: bool, dpi: int) -> None:
    """Draw every sheet of WORKBOOK (an .xlsx file) as a PNG (needs LibreOffice and pdftoppm)."""
    from xlcnn.workbook.render import render as draw

    with progress(f"drawing {workbook.name}"):
        paths = draw(workbook, output, dpi, force=force)
    for path in paths:
        click.echo(f"wrote {printable(path)}")


@main.command(short_help="List the networks that workbooks can be made of.")
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


@main.command("import", short_help="Make a template of your own network (ONNX, Keras).")
@click.argument("model", type=FILE)
@click.option("--output", "-o", type=FILE, metavar="FOLDER", required=True, help="The new folder for the template.")
@click.option(
    "--size", type=Numbers(3, whole=True), metavar="C,H,W", help="Channels, height and width, where the file leaves them open."
)
@click.option(
    "--scale", type=float, default=1.0, show_default=True, help="What the pixels, 0 to 1, are multiplied by: 255, perhaps."
)
@click.option(
    "--mean", type=Numbers(), default="0", show_default=True, help="What is then subtracted: one number, or one a channel."
)
@click.option(
    "--std", type=Numbers(), default="1", show_default=True, help="What is then divided by: one number, or one a channel."
)
@click.option("--invert", is_flag=True, help="The network wants dark ink on light paper: 1 − x is prepared in place of x.")
@click.option("--classes", metavar="NAMES", help="The names of the classes, with commas between them: cat,dog,….")
@click.option("--fold", is_flag=True, help="Make batch normalisations part of the layers before them.")
@click.option("--check", is_flag=True, help="Also compare an ONNX file with ONNX Runtime on three random inputs.")
def import_(
    model: Path, output: Path, size: tuple[int, int, int] | None, fold: bool, check: bool, classes: str | None,
    **preparation: Any,
) -> None:  # fmt: skip
    """Make a template of the network in MODEL (an .onnx, .keras or .h5 file); then: xlcnn make IMAGE --template FOLDER."""
    from xlcnn.console.table import columns, table
    from xlcnn.lesson import importing
    from xlcnn.xlsx.book import USUAL_LIMITS

    importing.free(output)
    with progress(f"reading {model.name}") as say:
        imported = importing.read_network(model, preparation=importing.Preparation(**preparation), size=size, fold=fold)
        say("laying out its sheets")
        needs = importing.needed(imported)
    click.echo(table(("layer", "kind", "output", "weights", "cells", "from"), importing.rows(imported, needs), columns()))
    if check:
        with progress("computing 3 random inputs"):
            apart = importing.check(imported, model)
        click.echo(f"ONNX Runtime and NumPy are {apart:.1e} apart at most, on 3 random inputs")
    importing.write_template(imported, output, [name.strip() for name in classes.split(",")] if classes else ())
    click.echo(f"wrote {printable(output)}")
    if words := importing.unread(needs, USUAL_LIMITS.cells, USUAL_LIMITS.sheets):
        click.echo(words)


@main.command(short_help="Train a template's network on MNIST.")
@click.option(
    "--mnist", type=FILE, metavar="FOLDER", required=True, help="The folder with MNIST's files, train-images-idx3-ubyte.gz, …."
)
@click.option("--output", type=FILE, metavar="FOLDER", required=True, help="The new folder for the trained template.")
@click.option("--epochs", type=click.IntRange(1, 1000), help="How often every image is shown.  [default: the template's]")
@click.option("--seed", type=click.IntRange(-(2**63), 2**64 - 1), help="Where the random numbers start.  [default: the template's]")
@template_option
def train(mnist: Path, output: Path, epochs: int | None, seed: int | None, template: str) -> None:
    """Train a template's network on MNIST (needs PyTorch: pip install 'xlcnn[train]')."""
    from xlcnn.lesson.templates import find_template
    from xlcnn.lesson.training import train_template

    with progress("training") as show:
        report = train_template(find_template(template), mnist, output, epochs=epochs, seed=seed, say=show.above)
    click.echo(f"held-out accuracy {percent(report['held_out_accuracy'], 2)}")
    click.echo(f"wrote {printable(output)}")

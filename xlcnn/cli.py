"""The command line: each command is a few lines over the public Python functions. Everything heavy is imported late."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from xlcnn.engines import DEFAULT, ENGINES, TIMEOUT
from xlcnn.errors import EngineError, XlcnnError, printable
from xlcnn.version import VERSION

PICTURE_KINDS = "PNG, JPEG, GIF, BMP, TIFF or WebP"
IMAGE = click.Path(path_type=str, allow_dash=True)
FILE = click.Path(path_type=Path)


class Commands(click.Group):
    """Turns every expected error into one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.exceptions.Exit, click.ClickException, click.Abort, MemoryError):
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            raise click.ClickException(sentence(error)) from None


def sentence(error: Exception) -> str:
    """What to tell the user of an error."""
    if isinstance(error, XlcnnError):
        return str(error)
    reason = " ".join(str(error).split())[:300]
    return f"something unexpected went wrong ({type(error).__name__}: {reason}); run again with `xlcnn --debug` to see where"


click.ClickException.exit_code = 2  # every error of ours: nothing was done


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
    type=click.IntRange(0),
    metavar="DIGIT",
    help="Use one of the template's own pictures instead: a digit, or the number of a hard one, 10 to 13.",
)
@click.option("--output", "-o", type=FILE, metavar="FILE.xlsx", help="The workbook to write.  [default: outputs/IMAGE.xlsx]")
@force_option
@click.option(
    "--language", metavar="CODE", default="en", show_default=True, help=f"The language of the words: {shipped('*/words.*.toml')}."
)
@click.option("--with", "add", multiple=True, metavar="PART", help="Add a part of the template, such as learning; may be repeated.")
@click.option("--truth", type=click.IntRange(0), metavar="DIGIT", help="The digit that the image really shows, for the sheet Loss.")
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
    label, probability = make_workbook(source, target, chosen, as_is=as_is, truth=truth, **options)
    click.echo(f"{label}, {percent(probability)}")
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
@click.option("--max-mb", type=click.IntRange(1), default=64, show_default=True, help="Refuse larger workbooks.")
@click.option("--max-unpacked-mb", type=click.IntRange(1), default=256, show_default=True, help="Refuse what unpacks to more.")
@click.option("--max-cells", type=click.IntRange(1), default=2_000_000, show_default=True, help="Refuse more cells.")
@click.option("--timeout", type=click.FloatRange(1), default=TIMEOUT, show_default=True, help="Seconds that an engine may take.")
@click.option("--max-memory-mb", type=click.IntRange(256), default=8192, show_default=True, help="Memory that may be used.")
@as_is_option
@click.pass_context
def verify(ctx: click.Context, /, timeout: float, max_memory_mb: int, **options: Any) -> None:
    """Recalculate every formula of WORKBOOK (an .xlsx file) and compare each cell with NumPy.

    Exit code 0: verified. 1: not verified. 2: could not be read.
    """
    from xlcnn.verifier.bounded import run_bounded

    def work() -> int:
        try:
            return verify_and_report(timeout=timeout, **options)
        except Exception as error:
            if ctx.find_root().params.get("debug") or isinstance(error, MemoryError):
                raise
            click.ClickException(sentence(error)).show()
            return 2

    # Another program has its own limit; it is called for its version, for the workbook as it stands, for two batches of probes.
    others = 0 if options["engine"] == DEFAULT else len(ENGINES) - 1 if options["engine"] == "all" else 1
    sys.exit(run_bounded(work, timeout + 4 * others * (timeout + 15), max_memory_mb))


def verify_and_report(
    workbook: Path, engine: str, trials: int, image: str | None, html: Path | None, force: bool, as_json: bool, as_is: bool,
    timeout: float, **limits: int,
) -> int:  # fmt: skip
    """Print the report of one workbook and return the exit code."""
    from xlcnn.engines import find_engine, present
    from xlcnn.verifier.html import html_report
    from xlcnn.verifier.report import side_by_side, text_report, unable
    from xlcnn.verifier.verify import verify as check
    from xlcnn.xlsx.book import Limits
    from xlcnn.xlsx.files import check_target, write_whole

    if html is not None:
        check_target(html, force, workbook)
    megabyte = 2**20
    bounds = Limits(limits["max_mb"] * megabyte, limits["max_unpacked_mb"] * megabyte, cells=limits["max_cells"])
    engines = present(timeout) if engine == "all" else [find_engine(engine, timeout)]
    reports = []
    for each in engines:
        try:
            reports.append(check(workbook, each, trials, image, as_is=as_is, limits=bounds))
        except EngineError as error:
            if engine != "all":
                raise
            reports.append(unable(each, trials, error))  # the others may be able
    if engine == "all":
        ok = all(report.ok for report in reports)
        data: object = {"ok": ok, "engines": [report.as_dict() for report in reports]}
        text = side_by_side(reports, printable(workbook))
    else:
        (report,) = reports
        ok, data, text = report.ok, report.as_dict(), text_report(report, printable(workbook))
    if html is not None:
        write_whole(html, html_report(reports, printable(workbook.name)).encode(), force)
    click.echo(json.dumps(data, indent=2, allow_nan=False) if as_json else text)
    return 0 if ok else 1


@main.command(short_help="Say which digits images show.")
@click.argument("images", type=IMAGE, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@template_option
@as_is_option
def predict(images: tuple[str, ...], as_json: bool, template: str, as_is: bool) -> None:
    """Say which digit each of IMAGES shows (PNG, JPEG, GIF, BMP, TIFF or WebP files, or folders of them), with NumPy alone."""
    from xlcnn.lesson.predict import pictures, read_digits
    from xlcnn.lesson.templates import find_template

    answers = list(read_digits(find_template(template).network, pictures(images), as_is, jobs=None))
    if as_json:
        rows = [{"image": path, "label": label, "probability": probability} for path, label, probability in answers]
        click.echo(json.dumps(rows, indent=2))
        return
    for path, label, probability in answers:
        click.echo(f"{label}  {percent(probability):>8}  {printable(str(path))}")


@main.command(short_help="Draw every sheet as a picture.")
@click.argument("workbook", type=FILE)
@click.option("--output", "-o", type=FILE, metavar="FOLDER", required=True, help="The folder for the pictures: 01-Guide.png, …")
@force_option
@click.option("--dpi", type=click.IntRange(30, 400), default=110, show_default=True, help="Dots per inch.")
def render(workbook: Path, output: Path, force: bool, dpi: int) -> None:
    """Draw every sheet of WORKBOOK (an .xlsx file) as a PNG (needs LibreOffice and pdftoppm)."""
    from xlcnn.workbook.render import render as draw

    for path in draw(workbook, output, dpi, force=force):
        click.echo(f"wrote {printable(path)}")


@main.command(short_help="List the networks that workbooks can be made of.")
def templates() -> None:
    """List the networks that workbooks can be made of."""
    from rich.console import Console
    from rich.table import Table

    from xlcnn.lesson.templates import ON_REQUEST, list_templates

    heads = ("template", "layers", "weights", "held-out accuracy", "languages", "parts (+ on request)")
    table = Table(*heads, box=None, header_style="bold")
    for template in list_templates():
        network = template.network
        layers = " → ".join(layer.title for layer in network.layers)
        accuracy = template.training.get("held_out_accuracy")
        shown = percent(accuracy, 2) if isinstance(accuracy, float) else "not measured"
        count = str(sum(w.size for w in network.weights.values()))
        parts = ", ".join("+" * (name in ON_REQUEST) + name for name in template.options)
        table.add_row(template.name, layers, count, shown, ", ".join(template.languages), parts)
    Console(soft_wrap=True, highlight=False).print(table)


@main.command(short_help="Train a template's network on MNIST.")
@click.option(
    "--mnist", type=FILE, metavar="FOLDER", required=True, help="The folder with MNIST's files, train-images-idx3-ubyte.gz, …."
)
@click.option("--output", type=FILE, metavar="FOLDER", required=True, help="The new folder for the trained template.")
@click.option("--epochs", type=click.IntRange(1, 1000), help="How often every image is shown.  [default: the template's]")
@click.option("--seed", type=int, help="Where the random numbers start.  [default: the template's]")
@template_option
def train(mnist: Path, output: Path, epochs: int | None, seed: int | None, template: str) -> None:
    """Train a template's network on MNIST (needs PyTorch: pip install 'xlcnn[train]')."""
    from xlcnn.lesson.templates import find_template
    from xlcnn.lesson.training import train_template

    report = train_template(find_template(template), mnist, output, epochs=epochs, seed=seed, say=click.echo)
    click.echo(f"held-out accuracy {percent(report['held_out_accuracy'], 2)}")
    click.echo(f"wrote {printable(output)}")

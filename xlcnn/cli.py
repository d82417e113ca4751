"""The command line: each command is a few lines over the public Python functions. Everything heavy is imported late."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from xlcnn.errors import XlcnnError, printable
from xlcnn.version import VERSION

IMAGE = click.Path(path_type=str, allow_dash=True)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")


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


def template_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--template", default="lesson", show_default=True, help="A template's name, or its folder.")(command)


def as_is_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = "Take the image as it is: no search for the ink, no cropping, no centring."
    return click.option("--as-is", is_flag=True, help=text)(command)


@main.command()
@click.argument("image", type=IMAGE)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The workbook to write.  [default: outputs/IMAGE.xlsx]")
@click.option("--force", is_flag=True, help="Replace an existing workbook.")
@click.option("--language", default="en", show_default=True, help="The language of the lesson's words.")
@template_option
@as_is_option
def make(image: str, output: Path | None, force: bool, language: str, template: str, as_is: bool) -> None:
    """Make a workbook from IMAGE (a file, or - for standard input)."""
    from xlcnn.workbook import make_workbook

    target = output or Path("outputs") / ((Path(image).stem if image != "-" else "digit") + ".xlsx")
    label, probability = make_workbook(image, target, template, as_is=as_is, language=language, force=force)
    click.echo(f"{label}, {probability:.1%}".replace("%", " %"))
    click.echo(f"wrote {printable(target)}")


@main.command()
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option(
    "--engine", type=click.Choice(["formualizer", "libreoffice", "gnumeric", "all"]), default="formualizer", show_default=True
)
@click.option("--trials", type=click.IntRange(0, 1000), default=3, show_default=True, help="Random images to try as well.")
@click.option("--image", type=IMAGE, help="Also check that the workbook's input is this picture.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write the report as one page with heat maps.")
@click.option("--max-mb", type=click.IntRange(1), default=64, show_default=True, help="Refuse larger workbooks.")
@click.option("--max-unpacked-mb", type=click.IntRange(1), default=256, show_default=True, help="Refuse what unpacks to more.")
@click.option("--max-cells", type=click.IntRange(1), default=2_000_000, show_default=True, help="Refuse more cells.")
@click.option("--timeout", type=click.FloatRange(1), default=120, show_default=True, help="Seconds that an engine may take.")
@click.option("--max-memory-mb", type=click.IntRange(256), default=8192, show_default=True, help="Memory that may be used.")
@as_is_option
@click.pass_context
def verify(ctx: click.Context, /, timeout: float, max_memory_mb: int, **options: Any) -> None:
    """Recalculate every formula of WORKBOOK and compare each cell with NumPy.

    Exit code 0: verified. 1: not verified. 2: could not be read.
    """
    from xlcnn.bounded import run_bounded

    def work() -> int:
        try:
            return verify_and_report(timeout=timeout, **options)
        except Exception as error:
            if ctx.find_root().params.get("debug") or isinstance(error, MemoryError):
                raise
            click.ClickException(sentence(error)).show()
            return 2

    # Another program has its own limit; it is called for its version, for the workbook as it stands, for two batches of probes.
    calls = {"formualizer": 0, "all": 8}.get(options["engine"], 4)
    sys.exit(run_bounded(work, timeout + calls * (timeout + 15), max_memory_mb))


def verify_and_report(
    workbook: Path, engine: str, trials: int, image: str | None, html: Path | None, as_json: bool, as_is: bool, timeout: float,
    **limits: int,
) -> int:  # fmt: skip
    """Print the report of one workbook and return the exit code."""
    from xlcnn.engines import find_engine, present
    from xlcnn.files import write_whole
    from xlcnn.html_report import html_report
    from xlcnn.reading import Limits
    from xlcnn.report import side_by_side, text_report
    from xlcnn.verify import verify as check

    megabyte = 2**20
    bounds = Limits(limits["max_mb"] * megabyte, limits["max_unpacked_mb"] * megabyte, cells=limits["max_cells"])
    engines = present(timeout) if engine == "all" else [find_engine(engine, timeout)]
    reports = [check(workbook, each, trials, image, as_is=as_is, limits=bounds) for each in engines]
    if engine == "all":
        ok = all(report.ok for report in reports)
        data: object = {"ok": ok, "engines": [report.as_dict() for report in reports]}
        text = side_by_side(reports, printable(workbook))
    else:
        (report,) = reports
        ok, data, text = report.ok, report.as_dict(), text_report(report, printable(workbook))
    if html is not None:
        write_whole(html, html_report(reports, printable(workbook.name)).encode(), force=True)
    click.echo(json.dumps(data, indent=2, allow_nan=False) if as_json else text)
    return 0 if ok else 1


@main.command()
@click.argument("images", type=IMAGE, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@template_option
@as_is_option
def predict(images: tuple[str, ...], as_json: bool, template: str, as_is: bool) -> None:
    """Say which digit each of IMAGES shows (files, or folders of them), with NumPy alone."""
    from xlcnn.image import load_image
    from xlcnn.templates import find_template

    network = find_template(template).network
    size = network.input.shape[1:]
    rows = []
    for path in pictures(images):
        label, probability = network.predict(load_image(path, as_is=as_is, size=size))
        rows.append({"image": path, "label": label, "probability": probability})
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['label']}  {row['probability']:6.1%}  {printable(str(row['image']))}")


def pictures(paths: tuple[str, ...]) -> list[str]:
    """The files named, and in folders every file with an image's ending, sorted."""
    from xlcnn.errors import ImageError

    found: list[str] = []
    for path in paths:
        if path != "-" and Path(path).is_dir():
            inside = sorted(str(p) for p in Path(path).iterdir() if p.suffix.lower() in PICTURES and p.is_file())
            if not inside:
                raise ImageError(f"{printable(path)} is a folder without images ({', '.join(PICTURES)})")
            found += inside
        else:
            found.append(path)
    return found


@main.command()
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True, help="The folder for the pictures.")
@click.option("--dpi", type=click.IntRange(30, 400), default=110, show_default=True, help="Dots per inch.")
def render(workbook: Path, output: Path, dpi: int) -> None:
    """Draw every sheet of WORKBOOK as a PNG (needs LibreOffice and pdftoppm)."""
    from xlcnn.render import render as draw

    for path in draw(workbook, output, dpi):
        click.echo(f"wrote {printable(path)}")


@main.command()
def templates() -> None:
    """List the networks that workbooks can be made of."""
    from rich.console import Console
    from rich.table import Table

    from xlcnn.templates import list_templates

    table = Table("template", "layers", "weights", "held-out accuracy", "languages", box=None, header_style="bold")
    for template in list_templates():
        network = template.network
        layers = " → ".join(layer.sheet for layer in network.layers)
        accuracy = template.training.get("held_out_accuracy")
        shown = f"{accuracy:.2%}".replace("%", " %") if isinstance(accuracy, float) else "not measured"
        count = str(sum(w.size for w in network.weights.values()))
        table.add_row(template.name, layers, count, shown, ", ".join(template.languages))
    Console(soft_wrap=True, highlight=False).print(table)


@main.command()
@click.option("--mnist", type=click.Path(path_type=Path), required=True, help="The folder with MNIST's training files.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="The folder for the trained template.")
@click.option("--epochs", type=click.IntRange(1, 1000), help="How often every image is shown.  [default: the template's]")
@click.option("--seed", type=int, help="Where the random numbers start.  [default: the template's]")
@template_option
def train(mnist: Path, output: Path, epochs: int | None, seed: int | None, template: str) -> None:
    """Train a template's network on MNIST (needs PyTorch: pip install 'xlcnn[train]')."""
    from xlcnn.templates import find_template
    from xlcnn.train import train_template

    report = train_template(find_template(template), mnist, output, epochs=epochs, seed=seed, say=click.echo)
    click.echo(f"held-out accuracy {report['held_out_accuracy']:.2%}".replace("%", " %"))
    click.echo(f"wrote {printable(output)}")

"""`verify`: a workbook held against NumPy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcnn.cli.options import FILE, IMAGE, PICTURE_KINDS, as_is_option, force_option, pick_option
from xlcnn.console.options import MEGABYTES, Seconds
from xlcnn.console.progress import progress
from xlcnn.engines import DEFAULT, ENGINES, TIMEOUT
from xlcnn.errors import EngineError, printable
from xlcnn.verifier.limited import LEAST_MB, LONGEST, MEMORY_MB, MOST_MB

if TYPE_CHECKING:
    from xlcnn.verifier.report import Report


@click.command(short_help="Recalculate a workbook and compare it with NumPy.")
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
@pick_option
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
    workbook: Path, engine: str, image: str | None, trials: int, timeout: float, max_memory_mb: int, as_is: bool, pick: int | None,
    difference_maps: bool, **limits: int,
) -> Iterator[Report]:  # fmt: skip
    """The report of the engine, or of each that this machine has: one that is not able does not stop the others."""
    from xlcnn.engines import present
    from xlcnn.verifier.limited import picture_once
    from xlcnn.verifier.limited import verify as check
    from xlcnn.xlsx.book import Limits

    megabyte = 2**20
    bounds = Limits(limits["max_mb"] * megabyte, limits["max_unpacked_mb"] * megabyte, cells=limits["max_cells"])
    options: dict[str, Any] = {"as_is": as_is, "pick": pick, "limits": bounds, "timeout": timeout, "max_memory_mb": max_memory_mb}
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

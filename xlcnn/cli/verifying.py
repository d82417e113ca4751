"""`verify`: workbooks held against NumPy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcnn.cli.options import FILE, IMAGE, PICTURE_KINDS, as_is_option, force_option, pick_option
from xlcnn.console.options import MEGABYTES, Seconds
from xlcnn.console.progress import progress
from xlcnn.engines import DEFAULT, ENGINES, TIMEOUT
from xlcnn.errors import EngineError, XlcnnError, printable
from xlcnn.verifier.limited import LEAST_MB, LONGEST, MEMORY_MB, MOST_MB, picture_once

if TYPE_CHECKING:
    from xlcnn.verifier.annotate import Annotated
    from xlcnn.verifier.outcomes import Outcome
    from xlcnn.verifier.report import Report
    from xlcnn.xlsx.book import Limits


@click.command(short_help="Recalculate workbooks and compare them with NumPy.")
@click.argument("workbooks", type=FILE, nargs=-1, required=True, metavar="WORKBOOK...")
@click.option(
    "--engine", type=click.Choice([*ENGINES, "all"]), default=DEFAULT, show_default=True, help="Which program recalculates."
)
@click.option("--trials", type=click.IntRange(0, 1000), default=3, show_default=True, help="Random images to try as well.")
@click.option("--image", type=IMAGE, help=f"Also check that the workbook's input is this picture ({PICTURE_KINDS}).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", type=FILE, metavar="FILE.html", help="Also write the report as one page with heat maps.")
@click.option("--sarif", type=FILE, metavar="FILE.sarif", help="Also write the problems as SARIF 2.1.0, for code scanning.")
@click.option("--junit", type=FILE, metavar="FILE.xml", help="Also write the verdicts as JUnit XML, for build servers.")
@click.option(
    "--annotate", type=FILE, metavar="COPY.xlsx", help="Also write a copy whose wrong cells are marked, with what should be there."
)
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
    ctx: click.Context, /, workbooks: tuple[Path, ...], engine: str, image: str | None, as_json: bool, html: Path | None,
    sarif: Path | None, junit: Path | None, annotate: Path | None, force: bool, max_mb: int, max_unpacked_mb: int, max_cells: int,
    **options: Any,
) -> None:  # fmt: skip
    """Recalculate every formula of each WORKBOOK (an .xlsx file) and compare each cell with NumPy.

    Exit code 0: all verified. 1: one is not. 2: one could not be read.
    """
    targets = Targets(html, sarif, junit, annotate)
    targets.check(force, workbooks, image)
    options["limits"] = limits(max_mb, max_unpacked_mb, max_cells)
    picture = picture_once(image)
    outcomes, errors = [], []
    for workbook in workbooks:
        with progress(f"verifying {workbook.name}"):
            outcome, error = outcome_of(workbook, engine, picture, difference_maps=html is not None, **options)
        outcomes.append(outcome)
        errors += [error] if error else []
    copy = annotated(outcomes[0], **options) if annotate is not None and not errors else None
    targets.write(outcomes, copy, force)
    said = as_object(outcomes, engine == "all") if as_json else as_text(outcomes, engine == "all", annotate, copy)
    if said:
        click.echo(said)
    for error in errors[:-1]:
        click.echo(f"Error: {printable(str(error))}", err=True)
    if errors:
        raise errors[-1]
    ctx.exit(0 if all(outcome.ok for outcome in outcomes) else 1)


@dataclass(frozen=True)
class Targets:
    """The files that are written besides what is printed."""

    html: Path | None
    sarif: Path | None
    junit: Path | None
    annotate: Path | None

    def check(self, force: bool, workbooks: Sequence[Path], image: str | None) -> None:
        """Raises an error where one of them may not be written, before anything is computed."""
        from xlcnn.xlsx.files import check_target, check_workbook_name, once_each

        if len(workbooks) > 1 and (self.html or self.annotate):
            raise click.UsageError(f"{'--html' if self.html else '--annotate'} is about one workbook: name one")
        named = [path for path in (self.html, self.sarif, self.junit, self.annotate) if path is not None]
        for path in named:
            check_target(path, force, *workbooks, *([Path(image)] if image not in (None, "-") else []))
        once_each(named)
        if self.annotate is not None:
            check_workbook_name(self.annotate)

    def write(self, outcomes: Sequence[Outcome], copy: Annotated | None, force: bool) -> None:
        """Write them, each whole: the page and the copy not of a workbook that could not be read."""
        from xlcnn.xlsx.files import write_whole

        contents: list[tuple[Path, bytes]] = []
        if self.html is not None and outcomes[0].reports:
            from xlcnn.verifier.html import html_report

            contents.append((self.html, html_report(outcomes[0].reports, printable(outcomes[0].workbook.name)).encode()))
        if self.sarif is not None:
            from xlcnn.verifier.sarif import sarif_report

            contents.append((self.sarif, sarif_report(outcomes).encode()))
        if self.junit is not None:
            from xlcnn.verifier.junit import junit_report

            contents.append((self.junit, junit_report(outcomes)))
        if self.annotate is not None and copy is not None:
            contents.append((self.annotate, copy.data))
        for path, content in contents:
            write_whole(path, content, force)


def limits(max_mb: int, max_unpacked_mb: int, max_cells: int) -> Limits:
    """What a workbook may cost to read."""
    from xlcnn.xlsx.book import Limits

    return Limits(max_mb * 2**20, max_unpacked_mb * 2**20, cells=max_cells)


def as_object(outcomes: Sequence[Outcome], several: bool) -> str:
    """What ``--json`` prints."""
    from xlcnn.verifier.outcomes import document

    return json.dumps(document(outcomes, several), indent=2, allow_nan=False)


def as_text(outcomes: Sequence[Outcome], several: bool, target: Path | None, copy: Annotated | None) -> str:
    """What a person reads: workbook after workbook, but for those that could not be read; then what was written."""
    from xlcnn.verifier.report import side_by_side, text_report

    said = [
        side_by_side(outcome.reports, outcome.name) if several else text_report(outcome.reports[0], outcome.name)
        for outcome in outcomes
        if not outcome.error
    ]
    return "\n\n".join(said) + (f"\nwrote {printable(target)}: {copy}" if target and copy else "")


def annotated(outcome: Outcome, limits: Limits, timeout: float, max_memory_mb: int, **_: object) -> Annotated:
    """The copy of a workbook in which its problems are marked."""
    from xlcnn.verifier.annotate import annotate

    return annotate(outcome.workbook, outcome.reports, limits=limits, timeout=timeout, max_memory_mb=max_memory_mb)


def outcome_of(workbook: Path, engine: str, picture: Any, **options: Any) -> tuple[Outcome, XlcnnError | None]:
    """What came of a workbook, and the error for which there is no report of it."""
    from xlcnn.verifier.outcomes import Outcome

    try:
        return Outcome(workbook, tuple(reports_of(workbook, engine, picture, **options))), None
    except XlcnnError as error:
        return Outcome(workbook, error=printable(str(error))), error


def reports_of(workbook: Path, engine: str, picture: Any, trials: int, timeout: float, **options: Any) -> Iterator[Report]:
    """The report of the engine, or of each that this machine has: one that is not able does not stop the others."""
    from xlcnn.engines import present
    from xlcnn.verifier.limited import verify as check

    if engine != "all":
        yield check(workbook, engine, trials, picture, timeout=timeout, **options)
        return
    for each in present(timeout):
        try:
            yield check(workbook, each, trials, picture, timeout=timeout, **options)
        except EngineError as error:
            from xlcnn.verifier.report import unable

            yield unable(each, trials, error)

"""`verify`: workbooks held against NumPy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcnn.cli.options import (
    FILE,
    IMAGE,
    PICTURE_KINDS,
    as_is_option,
    fail_fast_option,
    force_option,
    jobs_option,
    one_table,
    pick_option,
    scheduler_option,
)
from xlcnn.cli.rows import Row, comma_separated
from xlcnn.cli.saving import Saving, kept, tell
from xlcnn.console.options import MEGABYTES, Seconds
from xlcnn.console.progress import progress
from xlcnn.engines import DEFAULT, ENGINES, TIMEOUT
from xlcnn.errors import WorkbookError, printable
from xlcnn.files.named import all_named, is_many
from xlcnn.verifier.limited import LEAST_MB, LONGEST, MEMORY_MB, MOST_MB, picture_once

COLUMNS = ("workbook", "ok", "engine", "cells", "formulas", "problems", "first_problem", "error")

if TYPE_CHECKING:
    from xlcnn.verifier.outcomes import Outcome
    from xlcnn.xlsx.limits import Limits


@click.command(short_help="Recalculate workbooks and compare them with NumPy.")
@click.argument("workbooks", type=click.Path(path_type=str), nargs=-1, required=True, metavar="WORKBOOK...")
@click.option(
    "--engine", type=click.Choice([*ENGINES, "all"]), default=DEFAULT, show_default=True, help="Which program recalculates."
)
@click.option(
    "--trials",
    type=click.IntRange(0, 1000),
    metavar="IMAGES",
    default=3,
    show_default=True,
    help="How many random images to try as well.",
)
@click.option(
    "--image", type=IMAGE, help=f"Also check that the workbook's input is this picture ({PICTURE_KINDS}).  [default: not checked]"
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: of several workbooks, with a list of them.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table with commas (CSV), a row for each workbook.")
@click.option("--html", type=FILE, metavar="FILE.html", help="Also write the report as one page with heat maps.  [default: none]")
@click.option(
    "--sarif", type=FILE, metavar="FILE.sarif", help="Also write the problems as SARIF 2.1.0, for code scanning.  [default: none]"
)
@click.option(
    "--junit", type=FILE, metavar="FILE.xml", help="Also write the verdicts as JUnit XML, for build servers.  [default: none]"
)
@click.option(
    "--annotate",
    type=FILE,
    metavar="COPY.xlsx",
    help="Also write a copy whose wrong cells are marked, with what should be there.  [default: none]",
)
@force_option
@click.option(
    "--max-mb", type=MEGABYTES, metavar="MEGABYTES", default=64, show_default=True, help="Refuse workbooks of more megabytes."
)
@click.option(
    "--max-unpacked-mb",
    type=MEGABYTES,
    metavar="MEGABYTES",
    default=256,
    show_default=True,
    help="Refuse what unpacks to more megabytes.",
)
@click.option(
    "--max-cells",
    type=click.IntRange(1, 10**9),
    metavar="CELLS",
    default=2_000_000,
    show_default=True,
    help="Refuse workbooks of more cells.",
)
@click.option(
    "--timeout",
    type=Seconds(1, LONGEST),
    metavar="SECONDS",
    default=TIMEOUT,
    show_default=True,
    help="How many seconds an engine may take.",
)
@click.option(
    "--max-memory-mb",
    type=click.IntRange(LEAST_MB, MOST_MB),
    metavar="MEGABYTES",
    default=MEMORY_MB,
    show_default=True,
    help="How many megabytes of memory may be used.",
)
@as_is_option
@pick_option
@jobs_option
@scheduler_option
@fail_fast_option
@click.pass_context
def verify(
    ctx: click.Context, /, workbooks: tuple[str, ...], engine: str, image: str | None, as_json: bool, as_csv: bool,
    html: Path | None, sarif: Path | None, junit: Path | None, annotate: Path | None, force: bool, max_mb: int,
    max_unpacked_mb: int, max_cells: int, jobs: int | None, scheduler: str | None, fail_fast: bool, **options: Any,
) -> None:  # fmt: skip
    """Recalculate every formula of each WORKBOOK and compare each cell with NumPy: .xlsx files, folders of them, or patterns such
    as 'class/*.xlsx'.

    Of several, one that cannot be read, or a folder without any, has a line with its error, and the rest goes on.

    Exit code 0: all verified. 1: one is not. 2: one could not be read.
    """
    from xlcnn.verifier.many import outcomes_of
    from xlcnn.verifier.outcomes import Outcome

    one_table(as_json, as_csv)
    named = all_named(workbooks, [".xlsx"], "workbooks", WorkbookError)
    paths = [Path(path) for path in named.paths]
    nowhere = [Outcome(Path(name), error=str(error), failure=error) for name, error in named.wrong]
    targets = Targets(html, sarif, junit, annotate)
    targets.check(force, paths, image, named.count > 1)
    options["limits"] = limits(max_mb, max_unpacked_mb, max_cells)
    several, table, many = engine == "all", as_json or as_csv, named.count > 1
    outcomes: list[Outcome] = []
    asked = [] if fail_fast and nowhere else paths
    results = outcomes_of(asked, engine, picture_once(image), jobs, scheduler, difference_maps=html is not None, **options)
    with progress(f"verifying {paths[0].name if len(paths) == 1 else 'workbooks'}") as say, closing(results), kept(outcomes) as end:
        for outcome in results:
            outcomes.append(outcome)
            if many:
                say(f"{len(outcomes)} of {len(paths)} workbooks verified", len(outcomes), len(paths))
                if not table and (said := as_text(outcome, several)):
                    say.above("\n" * (len(outcomes) > 1) + said)
            if fail_fast and not outcome.ok:
                break
    outcomes += nowhere[:1] if fail_fast else nowhere
    failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
    saving = targets.write(outcomes, force)
    copied = targets.copy(outcomes[0], saving, **options) if not failures else ""
    if as_json:
        click.echo(as_object(outcomes, several, len(workbooks) > 1 or is_many(workbooks[0])), nl=False)
    elif as_csv:
        click.echo(comma_separated(rows(outcomes), COLUMNS), nl=False)
    elif many:
        above = "\n" * any(outcome.reports for outcome in outcomes)
        click.echo(f"{above}{sum(outcome.ok for outcome in outcomes)} of {named.count} workbooks verified")
    elif said := as_text(outcomes[0], several):
        click.echo(said + copied)
    tell([*failures, *saving.failures, *end])
    ctx.exit(0 if all(outcome.ok for outcome in outcomes) else 1)


@dataclass(frozen=True)
class Targets:
    """The files that are written besides what is printed."""

    html: Path | None
    sarif: Path | None
    junit: Path | None
    annotate: Path | None

    def check(self, force: bool, workbooks: Sequence[Path], image: str | None, many: bool) -> None:
        """Raises an error where one of them may not or cannot be written, before anything is computed."""
        from xlcnn.xlsx.files import check_targets, check_workbook_name

        if many and (self.html or self.annotate):
            raise click.UsageError(f"{'--html' if self.html else '--annotate'} is about one workbook: name one")
        named = [path for path in (self.html, self.sarif, self.junit, self.annotate) if path is not None]
        check_targets(named, force, [*workbooks, *([Path(image)] if image not in (None, "-") else [])])
        if self.annotate is not None:
            check_workbook_name(self.annotate)

    def write(self, outcomes: Sequence[Outcome], force: bool) -> Saving:
        """Write the reports, each whole or not at all: the page not of a workbook that could not be read."""
        saving = Saving(force)
        if outcomes[0].reports:
            saving.save(self.html, lambda: as_page(outcomes[0]))
        saving.save(self.sarif, lambda: as_sarif(outcomes))
        saving.save(self.junit, lambda: as_junit(outcomes))
        return saving

    def copy(self, outcome: Outcome, saving: Saving, limits: Limits, timeout: float, max_memory_mb: int, **_: object) -> str:
        """Write the copy in which the workbook's problems are marked, if one is wanted; what is said of it."""
        if (target := self.annotate) is None:
            return ""
        from xlcnn.verifier.annotate import annotate

        said = ""

        def marked() -> bytes:
            nonlocal said
            made = annotate(outcome.workbook, outcome.reports, limits=limits, timeout=timeout, max_memory_mb=max_memory_mb)
            said = f"\nwrote {printable(target)}: {made}"
            return made.data

        saving.save(target, marked)
        return said if target in saving.written else ""


def limits(max_mb: int, max_unpacked_mb: int, max_cells: int) -> Limits:
    """What a workbook may cost to read."""
    from xlcnn.xlsx.limits import Limits

    return Limits(max_mb * 2**20, max_unpacked_mb * 2**20, cells=max_cells)


def as_page(outcome: Outcome) -> bytes:
    from xlcnn.verifier.html import html_report

    return html_report(outcome.reports, printable(outcome.workbook.name)).encode()


def as_sarif(outcomes: Sequence[Outcome]) -> bytes:
    from xlcnn.verifier.sarif import sarif_report

    return sarif_report(outcomes).encode()


def as_junit(outcomes: Sequence[Outcome]) -> bytes:
    from xlcnn.verifier.junit import junit_report

    return junit_report(outcomes)


def as_object(outcomes: Sequence[Outcome], several: bool, listed: bool) -> str:
    """What ``--json`` prints."""
    from xlcnn.verifier.outcomes import document

    return json.dumps(document(outcomes, several, listed), indent=2, allow_nan=False) + "\n"


def as_text(outcome: Outcome, several: bool) -> str:
    """What a person reads of a workbook; nothing of one that could not be read: that is an error."""
    from xlcnn.verifier.report import side_by_side, text_report

    if outcome.error:
        return ""
    return side_by_side(outcome.reports, outcome.name) if several else text_report(outcome.reports[0], outcome.name)


def rows(outcomes: Iterable[Outcome]) -> Iterator[Row]:
    """What ``--csv`` prints: a row for each workbook and engine."""
    for outcome in outcomes:
        if outcome.error:
            yield {"workbook": outcome.name, "ok": False, "error": outcome.error}
        for report in outcome.reports:
            yield {
                "workbook": outcome.name,
                "ok": report.ok,
                "engine": report.engine,
                "cells": sum(sheet.cells for sheet in report.sheets),
                "formulas": sum(sheet.formulas for sheet in report.sheets),
                "problems": len(report.problems),
                "first_problem": str(report.problems[0]) if report.problems else "",
            }

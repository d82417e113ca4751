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
)
from xlcnn.cli.rows import Row, comma_separated
from xlcnn.console.options import MEGABYTES, Seconds
from xlcnn.console.progress import progress
from xlcnn.engines import DEFAULT, ENGINES, TIMEOUT
from xlcnn.errors import WorkbookError, printable
from xlcnn.files.named import files_named
from xlcnn.verifier.limited import LEAST_MB, LONGEST, MEMORY_MB, MOST_MB, picture_once

if TYPE_CHECKING:
    from xlcnn.verifier.annotate import Annotated
    from xlcnn.verifier.outcomes import Outcome
    from xlcnn.xlsx.book import Limits


@click.command(short_help="Recalculate workbooks and compare them with NumPy.")
@click.argument("workbooks", type=click.Path(path_type=str), nargs=-1, required=True, metavar="WORKBOOK...")
@click.option(
    "--engine", type=click.Choice([*ENGINES, "all"]), default=DEFAULT, show_default=True, help="Which program recalculates."
)
@click.option("--trials", type=click.IntRange(0, 1000), default=3, show_default=True, help="Random images to try as well.")
@click.option("--image", type=IMAGE, help=f"Also check that the workbook's input is this picture ({PICTURE_KINDS}).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: of several workbooks, with a list of them.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table with commas (CSV), a row for each workbook.")
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
@jobs_option
@fail_fast_option
@click.pass_context
def verify(
    ctx: click.Context, /, workbooks: tuple[str, ...], engine: str, image: str | None, as_json: bool, as_csv: bool,
    html: Path | None, sarif: Path | None, junit: Path | None, annotate: Path | None, force: bool, max_mb: int,
    max_unpacked_mb: int, max_cells: int, jobs: int | None, fail_fast: bool, **options: Any,
) -> None:  # fmt: skip
    """Recalculate every formula of each WORKBOOK and compare each cell with NumPy: .xlsx files, folders of them, or patterns such
    as 'class/*.xlsx'.

    Exit code 0: all verified. 1: one is not. 2: one could not be read.
    """
    from xlcnn.verifier.many import outcomes_of

    one_table(as_json, as_csv)
    paths = [Path(path) for workbook in workbooks for path in files_named(workbook, [".xlsx"], "workbooks", WorkbookError)]
    targets = Targets(html, sarif, junit, annotate)
    targets.check(force, paths, image)
    options["limits"] = limits(max_mb, max_unpacked_mb, max_cells)
    several, listed = engine == "all", as_json or as_csv
    outcomes: list[Outcome] = []
    results = outcomes_of(paths, engine, picture_once(image), jobs, difference_maps=html is not None, **options)
    with progress(f"verifying {paths[0].name if len(paths) == 1 else 'workbooks'}") as say, closing(results):
        for outcome in results:
            outcomes.append(outcome)
            if len(paths) > 1:
                say(f"{len(outcomes)} of {len(paths)} workbooks verified", len(outcomes), len(paths))
                if not listed and (said := as_text(outcome, several)):
                    say.above("\n" * (len(outcomes) > 1) + said)
            if fail_fast and not outcome.ok:
                break
    failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
    copy = annotated(outcomes[0], **options) if annotate is not None and not failures else None
    targets.write(outcomes, copy, force)
    if listed:
        click.echo(as_object(outcomes, several) if as_json else comma_separated(rows(outcomes)), nl=False)
    elif len(paths) == 1 and (said := as_text(outcomes[0], several)):
        click.echo(said)
        if annotate is not None and copy is not None:
            click.echo(f"wrote {printable(annotate)}: {copy}")
    for failure in failures[:-1]:
        click.echo(f"Error: {printable(str(failure))}", err=True)
    if failures:
        raise failures[-1]
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

    return json.dumps(document(outcomes, several), indent=2, allow_nan=False) + "\n"


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


def annotated(outcome: Outcome, limits: Limits, timeout: float, max_memory_mb: int, **_: object) -> Annotated:
    """The copy of a workbook in which its problems are marked."""
    from xlcnn.verifier.annotate import annotate

    return annotate(outcome.workbook, outcome.reports, limits=limits, timeout=timeout, max_memory_mb=max_memory_mb)

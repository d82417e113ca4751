"""Reads a workbook back, recalculates it in a spreadsheet engine and holds every cell against NumPy."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from xlcnn.engines import find_engine
from xlcnn.engines.base import Engine
from xlcnn.errors import EngineError, WorkbookError
from xlcnn.grid.references import split_cell
from xlcnn.image import load_image
from xlcnn.verifier import findings
from xlcnn.verifier.constants import live_constants, live_problems
from xlcnn.verifier.description import Described, describe
from xlcnn.verifier.formulas import FormulaCheck, check_formulas
from xlcnn.verifier.judging import Verdicts, judge_formulas, unproven
from xlcnn.verifier.places import place_problems
from xlcnn.verifier.presentation import presentation_problems
from xlcnn.verifier.probes import probe, random_images
from xlcnn.verifier.recalculation import Recalculation, TabCell, recalculate
from xlcnn.verifier.regions import region_problems
from xlcnn.verifier.report import Problem, Report
from xlcnn.verifier.settings import setting_problems
from xlcnn.verifier.settled import rounding_problems
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.reader import WorkbookFile, called, open_book


def verify(
    path: str | os.PathLike[str] | WorkbookFile,
    engine: str | Engine = "formualizer",
    trials: int = 3,
    image: str | os.PathLike[str] | np.ndarray | None = None,
    *,
    as_is: bool = False,
    pick: int | None = None,
    seed: int = 0,
    limits: Limits | None = None,
) -> Report:
    """Check that a workbook computes the network that it says it computes.

    `path` is a file, or its bytes. `trials` random images are pushed through the spreadsheet besides the one it holds; `image`
    also checks that the input is that picture, or its digit number `pick` from the left. Raises `WorkbookError` where the file
    cannot be read at all, `EngineError` where the engine cannot compute it, `ImageError` where `image` cannot be read.
    """
    chosen = find_engine(engine) if isinstance(engine, str) else engine
    name = (chosen.name, chosen.version(), trials)
    book = open_book(path, limits or Limits())
    try:
        described, problems = describe(book)
    except WorkbookError as error:
        raise WorkbookError(f"{called(path)} {error}") from None
    if described is None:
        return Report(False, *name, None, (), problems)
    if image is not None and not isinstance(image, np.ndarray):
        channels, height, width = described.plan.parts[described.plan.input.name]["output"].shape
        image = load_image(image, as_is=as_is, size=(height, width), channels=channels, pick=pick)
    return check(described, chosen, name, image, seed)


def check(described: Described, engine: Engine, name: tuple[str, str, int], image: np.ndarray | None, seed: int) -> Report:
    """The verdict on a workbook that could be read."""
    random = np.random.default_rng(seed)
    verdicts: Verdicts
    images = [{}, *(random_images(described, random) for _ in range(name[2]))]
    with ThreadPoolExecutor(1) as beside:  # an engine computes without Python, which meanwhile looks at what is written and shown
        computing = beside.submit(recalculate, described, engine, images)
        formulas = check_formulas(described)
        shown = presentation_problems(described)
    try:
        runs = computing.result()
    except EngineError as error:
        verdicts = judge_formulas(described, formulas)
        static = [*formulas.problems, *unproven(described, formulas, verdicts, str(error))]
        if not static:
            raise
        return Report(False, *name, None, (), tuple(findings.in_order(described, static)))  # the engine's trouble has a name
    now = runs[0]
    errors: dict[str, tuple[float, bool]] | None = None
    verdicts = {}
    live = live_constants(described)
    unusable = findings.given_problems(now)
    problems = [*unusable, *live_problems(described, live - places(unusable))]
    if not unusable:
        errors = findings.largest_errors(runs)
        verdicts = judge_formulas(described, formulas)
        problems += formulas.problems
        problems += findings.wrong_values(runs, formulas, places(problems))
        problems += probe(described, engine, formulas, verdicts, places(problems), seed)
        if not live:  # else nothing can be said of what follows from them
            problems += findings.stale_results(now, formulas, places(problems))
        problems += shown
        problems += findings.claimed(now)
        if not problems:
            problems += rounding_problems(now)
        if not problems:
            problems += unexplained(described, errors)
    problems += [*setting_problems(described), *region_problems(described), *place_problems(described)]
    if image is not None and errors is not None:
        problems += findings.image_problems(now, image)
    problems = findings.in_order(described, problems)
    return report(described, name, now, formulas, verdicts, errors, problems)


def places(problems: list[Problem]) -> frozenset[TabCell]:
    """The cells that have been named."""
    found = set()
    for problem in problems:
        try:
            found.add((problem.sheet, split_cell(problem.cell or "")))
        except ValueError:
            continue  # a name, or a whole sheet
    return frozenset(found)


def unexplained(described: Described, errors: dict[str, tuple[float, bool]]) -> list[Problem]:
    """Sheets that are off, though no cell of theirs could be named."""
    return [
        Problem("value", described.layout[name].title, None, "NumPy's values", f"off by {error:.3g}")
        for name, (error, diverging) in errors.items()
        if diverging
    ]


def report(
    described: Described,
    name: tuple[str, str, int],
    now: Recalculation,
    formulas: FormulaCheck,
    verdicts: Verdicts,
    errors: dict[str, tuple[float, bool]] | None,
    problems: list[Problem],
) -> Report:
    sheets = tuple(findings.sheet_reports(described, formulas, errors, problems, verdicts))
    maps = tuple(findings.difference_maps(now)) if errors is not None else ()
    answer = findings.answer(now) if errors is not None else None
    return Report(not problems, *name, answer, sheets, tuple(problems), maps)

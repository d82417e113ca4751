"""Step 3, compare: what is wrong with a workbook, at which cell, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from xlcnn.engines.base import stored_grid
from xlcnn.grid.references import a1
from xlcnn.lesson.likeness import DIGITS, SHAPE, shipped
from xlcnn.sheets import guide
from xlcnn.sheets.parts import Array, Menu
from xlcnn.verifier.compare import differs, distance
from xlcnn.verifier.description import Described, says
from xlcnn.verifier.formulas import FormulaCheck
from xlcnn.verifier.proof import Verdict
from xlcnn.verifier.recalculation import Recalculation, TabCell
from xlcnn.verifier.report import PRESENTATION, DifferenceMap, Problem, SheetReport

CLEARLY = 0.1  # likeness: one digit in ten looks as little like what it is; the bound for new workbooks is a third of that


def given_problems(now: Recalculation) -> list[Problem]:
    """Pixels, weights and constants that are not numbers; choices that are none."""
    problems = []
    for name, values in now.found.items():
        placed = now.described.layout[name]
        for part in (p for p in placed.parts.values() if p.is_given):
            unusable = np.isnan(values[part.name])
            limit = part.limit
            if limit is not None and limit.kind == "whole":
                numbers = values[part.name]
                unusable |= (numbers < limit.low) | (numbers > limit.high) | (numbers != np.floor(numbers))
            for row, col in now.described.where[name, part.name][unusable].tolist():
                value = now.value((placed.title, (row, col)))
                kind, expected = "not_a_number", "a number"
                if isinstance(part, Menu):
                    kind, expected = "choice", f"one of {', '.join(now.described.options(name, part))}"
                elif limit is not None and limit.kind == "whole" and isinstance(value, int | float):
                    kind, expected = "choice", f"a whole number from {limit.low} to {limit.high}"
                problems.append(Problem("missing" if value is None else kind, placed.title, a1(row, col), expected, value))
    return problems


def wrong_values(runs: Sequence[Recalculation], check: FormulaCheck, named: frozenset[TabCell]) -> list[Problem]:
    """Cells whose value is wrong in a run, each once; run 0 is the workbook as it stands."""
    known = set(named)
    problems = []
    for number, run in enumerate(runs):
        for place, (value, expected) in run.wrong().items():
            if place not in known:
                known.add(place)
                problems.append(wrong_value(run.described, check, number, place, value, expected))
    return problems


def wrong_value(
    described: Described, check: FormulaCheck, number: int, place: TabCell, value: object, expected: float | str
) -> Problem:
    title, cell = place
    kind = "formula" if number else "value"
    formula = described.book.sheets[title].formulas.get(cell)
    if isinstance(expected, str):
        return Problem(kind if formula else "label", title, a1(*cell), expected, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        kind = "missing" if value is None else "not_a_number"
    notes = [f"with random image {number}"] if number else []
    if formula:
        notes.append(f"its formula is {formula.at(cell)}")
    if place in check.rewritten:
        notes.append(f"it should be {check.rewritten[place].at(cell)}")
    return Problem(kind, title, a1(*cell), expected, value, "; ".join(notes))


def stale_results(now: Recalculation, check: FormulaCheck, named: frozenset[TabCell]) -> list[Problem]:
    """Stored results that are not what their formula gives. A result that was never stored is not a false one.

    Downstream of a wrong formula nothing can be said of them: those cells are passed over.
    """
    described = now.described
    passed_over = named | wrong_as_it_stands(now)
    texts = dict(now.texts())
    cells: dict[str, list[tuple[int, int]]] = {}
    for title, cell in check.cells:
        if cell in described.book.sheets[title].formulas and (title, cell) not in passed_over and (title, cell) not in texts:
            cells.setdefault(title, []).append(cell)
    problems = []
    for title, some in cells.items():
        stored = stored_grid(described.book.sheets[title], *described.sizes[title])
        where = np.array(some)
        result = now.grids[title].take(where)
        for k in np.flatnonzero(differs(stored.take(where), result)).tolist():
            value = stored.value(*some[k])
            if value is not None and not is_rounding(now, (title, some[k]), value, float(result[k])):
                problems.append(Problem("stale", title, a1(*some[k]), float(result[k]), value))
    for (title, cell), text in texts.items():
        value = described.book.sheets[title].values.get(cell)
        if (
            cell in described.book.sheets[title].formulas
            and value is not None
            and not says(value, text)
            and (title, cell) not in passed_over
        ):
            problems.append(Problem("stale", title, a1(*cell), text, value))
    return problems


def wrong_as_it_stands(now: Recalculation) -> frozenset[TabCell]:
    """Cells that are wrong as the workbook stands, whatever the cause."""
    wrong = set()
    for name, part, found, expected in pairs(now):
        where = now.described.where[name, part][off(now, name, part, found, expected)]
        wrong |= {(now.described.layout[name].title, tuple(cell)) for cell in where.reshape(-1, 2).tolist()}
    return frozenset(wrong)


def off(run: Recalculation, name: str, part: str, found: Array, expected: Array) -> Array:
    """Where values are further from a pass through the whole network than rounding takes them."""
    wrong = differs(found, expected)
    return differs(found, expected, run.slack[name].get(part, 0.0)) if wrong.any() else wrong


def is_rounding(now: Recalculation, place: TabCell, stored: object, result: float) -> bool:
    """Whether a stored result differs from the engine's only as rounded terms do."""
    if isinstance(stored, bool) or not isinstance(stored, int | float):
        return False
    return bool(abs(stored - result) <= now.slack_at.get(place, 0.0))


def pairs(run: Recalculation) -> Iterator[tuple[str, str, Array, Array]]:
    """Sheet, part, the engine's values and those of a pass through the whole network, for all that formulas compute."""
    for name, parts in run.own.items():
        for part in parts:
            if part in run.reference[name]:
                yield name, part, run.found[name][part], run.reference[name][part]


def largest_errors(runs: Sequence[Recalculation]) -> dict[str, tuple[float, bool]]:
    """How far each sheet is from a pass through the whole network in any run, and whether that is too far."""
    errors: dict[str, tuple[float, bool]] = {}
    for run in runs:
        for name, part, found, expected in pairs(run):
            worst, diverging = errors.get(name, (0.0, False))
            far = float(distance(found, expected).max(initial=0))
            errors[name] = max(worst, far), diverging or bool(off(run, name, part, found, expected).any())
    return errors


def image_problems(now: Recalculation, pixels: Array) -> list[Problem]:
    """Whether the workbook's input is this picture."""
    placed = now.described.layout[now.described.plan.input.name]
    found = now.found[placed.name][placed.sheet.image_part]
    if pixels.shape != found.shape:
        return [Problem("image", placed.title, None, f"an image of shape {pixels.shape}", f"one of shape {found.shape}")]
    where = now.described.where[placed.name, placed.sheet.image_part]
    return [
        Problem("image", placed.title, a1(*where[i].tolist()), float(pixels[i]), float(found[i]))
        for i in map(tuple, np.argwhere(differs(found, pixels)).tolist())
    ]


def claimed(now: Recalculation) -> list[Problem]:
    """Whether a picture of which the workbook says that it is perhaps no digit clearly looks like the digit it is read as."""
    placed, read = now.described.layout[guide.NAME], now.described.plan.input
    found, values = answer(now), now.reference[guide.NAME]
    if "unlike" not in placed.parts or values["unlike"] != 0 or found is None:
        return []
    image = now.reference[read.name][read.image_part]
    if image.shape != SHAPE or not 0 <= found["label"] < DIGITS:
        return []
    like = float(shipped().shares(image[None], [int(found["label"])])[0])
    if like < CLEARLY:
        return []
    row, col = now.described.where[guide.NAME, "unlike"].tolist()
    return [
        Problem(
            "words", placed.title, a1(row, col), "nothing: it looks like a digit", f"perhaps no digit; its likeness is {like:.2f}"
        )
    ]


def in_order(described: Described, problems: Sequence[Problem]) -> list[Problem]:
    """What comes first leads: upstream before downstream, causes before what is only seen, stored results last."""
    order = {placed.title: k for k, placed in enumerate(described.layout.values())}
    return sorted(
        problems, key=lambda p: (p.kind == "stale", p.kind in PRESENTATION, order.get(p.sheet, len(order)), p.kind != "name")
    )


def difference_maps(now: Recalculation) -> Iterator[DifferenceMap]:
    """How far each cell of each sheet is from a pass through the whole network, as the workbook stands."""
    maps: dict[str, Array] = {}
    for name, part, found, expected in pairs(now):
        differences = maps.setdefault(name, np.full(now.described.layout[name].extent, np.nan))
        where = now.described.where[name, part]
        differences[where[..., 0] - 1, where[..., 1] - 1] = distance(found, expected)
    for name, differences in maps.items():
        yield DifferenceMap(now.described.layout[name].title, differences)


def sheet_reports(
    described: Described,
    check: FormulaCheck,
    errors: Mapping[str, tuple[float, bool]] | None,
    problems: Sequence[Problem],
    verdicts: Mapping[TabCell, Verdict],
) -> Iterator[SheetReport]:
    """One line per sheet, in the order of the tabs. Where there are no `errors`, nothing was compared."""
    wrong = {p.sheet for p in problems}
    unproven = {(p.sheet, p.cell) for p in problems if p.kind == "unproven"}
    bad = {(p.sheet, p.cell) for p in problems}
    formulas = Counter(title for title, cell in check.cells if cell in described.book.sheets[title].formulas)
    rewritten = Counter(title for title, _ in check.rewritten)
    proven = Counter(t for (t, cell), v in verdicts.items() if v.proven and (t, a1(*cell)) not in bad)
    tried = Counter(t for (t, cell), v in verdicts.items() if not v.proven and (t, a1(*cell)) in unproven)
    tabs = list(described.book.sheets)
    for placed in sorted((p for p in described.layout.values() if p.blocks), key=lambda p: tabs.index(p.title)):  # not words alone
        error, diverging = (np.nan, True) if errors is None else errors.get(placed.name, (0.0, False))
        title, cells = placed.title, sum(b.height * b.width for b in placed.blocks)
        yield SheetReport(
            title, cells, formulas[title], error, not diverging and title not in wrong,
            formulas[title] - rewritten[title], proven[title], tried[title], errors is not None,
        )  # fmt: skip


def answer(now: Recalculation) -> dict[str, Any] | None:
    """The answer for what the workbook reads now, with its own choices and filters; and its class's name, if it has one."""
    values = next((v for v in reversed(list(now.reference.values())) if {"prediction", "probability"} <= v.keys()), None)
    if values is None or np.isnan(values["prediction"]) or np.isnan(values["probability"]):
        return None
    label = int(values["prediction"])
    found: dict[str, Any] = {"label": label, "probability": float(values["probability"])}
    names = now.described.words.get((now.described.plan.layers[-1].name, "name"))
    if names is not None and 0 <= label < len(names):
        found["class"] = str(names[label])
    return found

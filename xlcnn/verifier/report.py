"""What a verification found: plain data, as JSON and as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from xlcnn.errors import EngineError, printable

if TYPE_CHECKING:  # whoever only prints a report starts sooner
    import numpy as np

    from xlcnn.engines.base import Engine

SCHEMA = "1.1"
"""The version of ``report.schema.json``: the first number grows when a field goes or means something else, else the second."""

#: The kinds of problems, as `Problem.kind` and the JSON name them.
PROBLEMS = {
    "value": "the recalculated value differs from NumPy",
    "formula": "another formula, which is not right for every picture",
    "unproven": "written in a way that cannot be verified",
    "constant": "a constant where a formula must be",
    "live": "a formula where a constant must be",
    "stale": "the stored result is not what the formula gives: stale or forged",
    "missing": "a sheet, name or cell is missing",
    "size": "it has another size",
    "not_a_number": "not a number",
    "rounding": "rounding decides what stands there, so that programs differ",
    "choice": "not one of the choices",
    "name": "a defined name points at the wrong cells",
    "hidden": "hidden, so that it cannot be seen",
    "setting": "a setting with which programs compute or show otherwise",
    "array": "a cell that another one fills",
    "outside": "reads what is not in the workbook",
    "manual": "calculation is set to manual, so that nothing follows an edit",
    "colours": "the colours no longer fit the cells",
    "shown": "shown as something else than it is",
    "words": "words that say another thing than what is there",
    "recorded": "not what was measured when the network was trained",
    "caption": "the formula shown as text is not the cell's",
    "description": "the About sheet does not describe a network",
    "label": "words that are not what they must be",
    "image": "the input is not the image",
}


PRESENTATION = ("hidden", "manual", "colours", "caption", "shown", "words", "recorded")
"""Kinds that change no result but what somebody sees."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, at one cell (or name); `expected` and `found` are numbers or texts."""

    kind: str
    sheet: str
    cell: str | None
    expected: float | str | None
    found: object
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        data = asdict(self)
        if not data["note"]:
            del data["note"]
        data["expected"], data["found"] = as_json(self.expected), as_json(self.found)
        return data

    def __str__(self) -> str:
        where = self.sheet + (f"!{self.cell}" if self.cell else "")
        note = f"  [{self.note}]" if self.note else ""
        return printable(f"{where}: {PROBLEMS[self.kind]}: expected {show(self.expected)}, found {show(self.found)}{note}")


def as_json(value: object) -> float | str | bool | None:
    """A value as JSON can say it: what is no finite number is a text."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | str | bool | None) else str(value)


def show(value: object) -> str:
    """A value in a message: one line, of bounded length."""
    text = "nothing" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)
    text = printable(text)
    return text if len(text) <= 200 else text[:197] + "..."


@dataclass(frozen=True)
class SheetReport:
    """One sheet's line: how many cells and formulas it has, and the largest difference from NumPy.

    Where something makes it pointless to compare anything, no sheet is `checked`, and the difference is no number. Of the
    formulas some are `as_written` by xlcnn, others `proven` to be the same; some were `tried` and agreed with random
    numbers, but could not be proven.
    """

    sheet: str
    cells: int
    formulas: int
    max_abs_error: float
    ok: bool
    as_written: int = 0
    proven: int = 0
    tried: int = 0
    checked: bool = True

    @property
    def verdict(self) -> str:
        return "ok" if self.ok else "NOT OK" if self.checked else "not checked"


@dataclass(frozen=True, eq=False)
class DifferenceMap:
    """A sheet's differences from NumPy: `differences` is an array of (rows, columns) from A1 on, NaN where nothing is compared."""

    sheet: str
    differences: np.ndarray


@dataclass(frozen=True)
class Report:
    """The verdict on a workbook."""

    ok: bool
    engine: str
    engine_version: str
    trials: int
    prediction: dict[str, Any] | None
    sheets: tuple[SheetReport, ...]
    problems: tuple[Problem, ...]
    difference_maps: tuple[DifferenceMap, ...] = field(default=(), repr=False, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """The object that ``--json`` prints; a largest difference that is no number is null."""
        data = asdict(replace(self, difference_maps=()))
        del data["difference_maps"]
        data["sheets"] = [
            asdict(s) | {"max_abs_error": s.max_abs_error if isfinite(s.max_abs_error) else None} for s in self.sheets
        ]
        data["problems"] = [p.as_dict() for p in self.problems]
        return {"schema": SCHEMA, **data}


SHOWN = 10  # problems in a text report; the JSON has them all


def text_report(report: Report, name: str) -> str:
    """The report for a person: one line per sheet, the first problems upstream first, the verdict."""
    lines = []
    if report.sheets:
        lines.append(f"{'sheet':<14}{'cells':>8}{'formulas':>10}{'largest difference':>20}  verdict")
    for s in report.sheets:
        error = f"{s.max_abs_error:.1e}" if s.checked else ""
        lines.append(f"{printable(s.sheet):<14}{s.cells:>8}{s.formulas:>10}{error:>20}  {s.verdict}{judged(s)}")
    lines += [f"- {problem}" for problem in report.problems[:SHOWN]]
    if len(report.problems) > SHOWN:
        lines.append(f"- … and {len(report.problems) - SHOWN} more; --json lists them all")
    lines.append(verdict_line(report, name))
    return "\n".join(lines)


def judged(sheet: SheetReport) -> str:
    """How a sheet's formulas were judged, if not all are as xlcnn writes them."""
    if not sheet.proven and not sheet.tried:
        return ""
    tried = f", {sheet.tried} tried but not proven" if sheet.tried else ""
    return f" ({sheet.as_written} formulas as written by xlcnn, {sheet.proven} proven to be the same{tried})"


def verdict_line(report: Report, name: str) -> str:
    engine = f"{report.engine} {report.engine_version}, {report.trials} random images tried as well"
    if report.ok:
        answer = report.prediction
        called = printable(str(answer.get("class", answer["label"]))) if answer else ""
        says = f"; it says {called}, {100 * answer['probability']:.1f} %" if answer else ""
        return f"verified: {name} computes its network{says} ({engine})"
    count = len(report.problems)
    return f"NOT verified: {name} has {count} problem{'s' if count != 1 else ''} ({engine})"


def unable(engine: Engine, trials: int, error: EngineError) -> Report:
    """The report of an engine that could not open or compute the workbook."""
    problem = Problem("unproven", "", None, "a workbook that it can compute", str(error))
    return Report(False, engine.name, engine.version(), trials, None, (), (problem,))


def side_by_side(reports: Sequence[Report], name: str) -> str:
    """Several engines' largest differences from NumPy, a column each; then their problems and verdicts."""
    lines = [f"{'sheet':<14}" + "".join(f"{r.engine:>14}" for r in reports if r.sheets)]
    lines += [
        f"{printable(row[0].sheet):<14}"
        + "".join(f"{s.max_abs_error:>14.1e}" if s.checked else f"{'not checked':>14}" for s in row)
        for row in zip(*(r.sheets for r in reports if r.sheets), strict=False)
    ]
    for report in reports:
        lines += [f"- {report.engine}: {problem}" for problem in report.problems[:SHOWN]]
    return "\n".join([*lines, *(verdict_line(report, name) for report in reports)])

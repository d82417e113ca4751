"""The report in SARIF 2.1.0 (OASIS), as code-scanning services read it.

A rule for each kind of problem, a result for each problem.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xlcnn.errors import printable
from xlcnn.verifier.advice import ADVICE
from xlcnn.verifier.outcomes import Outcome
from xlcnn.verifier.report import PRESENTATION, PROBLEMS, Problem
from xlcnn.version import VERSION

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = list(PROBLEMS)


def sarif_report(outcomes: Sequence[Outcome], here: Path | None = None) -> str:
    """The log of one run over these workbooks; their addresses are relative to the folder `here`, usually the current one."""
    here = here or Path.cwd()
    run = {
        "tool": {"driver": {"name": "xlcnn", "version": VERSION, "semanticVersion": VERSION, "rules": [*map(rule, KINDS)]}},
        "invocations": [invocation(outcomes, here)],
        "artifacts": [artifact(outcome, here) for outcome in outcomes],
        "results": list(results(outcomes, here)),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def level(kind: str) -> str:
    """What changes a result is an error, what only misleads a reader a warning; a workbook with either is not verified."""
    return "warning" if kind in PRESENTATION else "error"


def rule(kind: str) -> dict[str, Any]:
    return {
        "id": kind,
        "shortDescription": {"text": PROBLEMS[kind]},
        "help": {"text": ADVICE[kind]},
        "defaultConfiguration": {"level": level(kind)},
    }


def invocation(outcomes: Sequence[Outcome], here: Path) -> dict[str, Any]:
    """How the run went: a workbook without a verdict is no result, but a run that did not succeed."""
    refused = [outcome for outcome in outcomes if outcome.error]
    said = [
        {"level": "error", "message": {"text": outcome.error}, "locations": [{"physicalLocation": physical(outcome, here)}]}
        for outcome in refused
    ]
    return {"executionSuccessful": not refused, "toolExecutionNotifications": said}


def artifact(outcome: Outcome, here: Path) -> dict[str, Any]:
    return {"location": {"uri": address(outcome.workbook, here)}, "roles": ["analysisTarget"], "mimeType": MEDIA_TYPE}


def results(outcomes: Sequence[Outcome], here: Path) -> Iterator[dict[str, Any]]:
    """Every problem that an engine found, in the order of the reports."""
    seen: Counter[str] = Counter()
    for outcome in outcomes:
        for report in outcome.reports:
            by = f"{report.engine}: " if len(outcome.reports) > 1 else ""
            for problem in report.problems:
                print_ = fingerprint(address(outcome.workbook, here), problem)
                seen[print_] += 1
                yield {
                    "ruleId": problem.kind,
                    "ruleIndex": KINDS.index(problem.kind),
                    "level": level(problem.kind),
                    "message": {"text": f"{by}{problem}"},
                    "locations": [location(outcome, problem, here)],
                    "partialFingerprints": {"primaryLocationLineHash": f"{print_}:{seen[print_]}"},
                    "properties": {"engine": report.engine, "engineVersion": report.engine_version},
                }


def location(outcome: Outcome, problem: Problem, here: Path) -> dict[str, Any]:
    """The file, and the cell, name or sheet in it."""
    found: dict[str, Any] = {"physicalLocation": physical(outcome, here)}
    if problem.sheet:
        sheet, cell = printable(problem.sheet), printable(problem.cell or "")
        named = {"name": cell, "fullyQualifiedName": f"{sheet}!{cell}", "kind": "cell"}
        found["logicalLocations"] = [named if cell else {"name": sheet, "fullyQualifiedName": sheet, "kind": "sheet"}]
    return found


def physical(outcome: Outcome, here: Path) -> dict[str, Any]:
    """The file; a workbook has no lines, but GitHub shows no result without one."""
    return {"artifactLocation": {"uri": address(outcome.workbook, here)}, "region": {"startLine": 1}}


def address(path: Path, here: Path) -> str:
    """A file's relative address where it lies below `here`, else its whole one; percent-encoded."""
    whole = Path(os.path.abspath(here / path))  # a link keeps its own name
    base = Path(os.path.abspath(here))
    return quote(os.fsencode(whole.relative_to(base).as_posix())) if whole.is_relative_to(base) else whole.as_uri()


def fingerprint(uri: str, problem: Problem) -> str:
    """The same for the same problem of another run: services would make it of a line of text, of which a workbook has none."""
    what = "\n".join(printable(text) for text in (uri, problem.kind, problem.sheet, problem.cell or ""))
    return sha256(what.encode()).hexdigest()[:16]

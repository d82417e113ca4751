"""What a verification found, as plain data, as JSON, as text, and side by side."""

import json
from dataclasses import replace

import numpy as np
import pytest

from xlcnn.verifier.report import (
    PRESENTATION,
    PROBLEMS,
    SCHEMA,
    DifferenceMap,
    Problem,
    Report,
    SheetReport,
    as_json,
    show,
    side_by_side,
    text_report,
)

PROBLEM = Problem("value", "Conv1", "B6", 1.5, 2.0, "its formula is =A1")
GOOD = Report(True, "formualizer", "1.2", 3, {"label": 7, "probability": 0.9996}, (SheetReport("Conv1", 20, 10, 1e-15, True),), ())
BAD = replace(GOOD, ok=False, sheets=(SheetReport("Conv1", 20, 10, 0.5, False),), problems=(PROBLEM,))


def test_a_problem_is_one_line() -> None:
    assert str(PROBLEM) == f"Conv1!B6: {PROBLEMS['value']}: expected 1.5, found 2  [its formula is =A1]"
    assert str(Problem("missing", "Conv1", None, "the sheet Conv1", None)).startswith("Conv1: ")


EVIL = "two\nlines\x1b[31m\u202e"


def test_nothing_that_a_workbook_says_breaks_a_line() -> None:
    """The name of a tab, a value, a formula in a note: all are the workbook's."""
    problem = Problem("label", EVIL, "A1", EVIL, EVIL, EVIL)
    report = replace(BAD, sheets=(SheetReport(EVIL, 1, 1, 0.0, False),), problems=(problem,))
    for text in (text_report(report, "x"), side_by_side([report, report], "x")):
        assert all(line.isprintable() for line in text.split("\n"))
    assert len(text_report(report, "x").split("\n")) == 4


@pytest.mark.parametrize("kind", PROBLEMS)
def test_every_kind_of_problem_is_said_in_words(kind: str) -> None:
    assert PROBLEMS[kind] in str(Problem(kind, "Conv1", "B6", 1.0, 2.0))


def test_what_only_misleads_are_kinds() -> None:
    assert set(PRESENTATION) < set(PROBLEMS)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "nothing"), (0.1, "0.1"), (1 / 3, "0.333333333333"), (7, "7"), (True, "True"), ("a\nb", "a?b"), (float("nan"), "nan")],
)
def test_how_a_value_is_shown(value: object, text: str) -> None:
    assert show(value) == text


def test_a_long_value_is_cut() -> None:
    assert show("x" * 500) == "x" * 197 + "..."


@pytest.mark.parametrize(
    ("value", "json_value"),
    [(1.5, 1.5), (float("nan"), "nan"), (float("-inf"), "-inf"), (None, None), (True, True), ("x", "x"), (7, 7), ([1], "[1]")],
)
def test_a_value_as_json_can_say_it(value: object, json_value: object) -> None:
    assert as_json(value) == json_value


def test_a_report_is_plain_data() -> None:
    maps = (DifferenceMap("Conv1", np.zeros((2, 2))),)
    data = json.loads(json.dumps(replace(BAD, difference_maps=maps).as_dict(), allow_nan=False))
    assert data == {
        "schema": SCHEMA,
        "ok": False,
        "engine": "formualizer",
        "engine_version": "1.2",
        "trials": 3,
        "prediction": {"label": 7, "probability": 0.9996},
        "sheets": [
            {"sheet": "Conv1", "cells": 20, "formulas": 10, "max_abs_error": 0.5, "ok": False}
            | {"as_written": 0, "proven": 0, "tried": 0, "checked": True}
        ],
        "problems": [
            {"kind": "value", "sheet": "Conv1", "cell": "B6", "expected": 1.5, "found": 2.0, "note": "its formula is =A1"}
        ],
    }


def test_without_a_note_there_is_none_in_the_json() -> None:
    assert "note" not in replace(PROBLEM, note="").as_dict()


def test_what_is_no_number_is_null_or_a_text_in_the_json() -> None:
    sheets = (SheetReport("Conv1", 1, 1, float("inf"), False),)
    problems = (Problem("value", "Conv1", "B6", float("nan"), float("inf")),)
    data = json.loads(json.dumps(replace(BAD, sheets=sheets, problems=problems).as_dict(), allow_nan=False))
    assert data["sheets"][0]["max_abs_error"] is None
    assert (data["problems"][0]["expected"], data["problems"][0]["found"]) == ("nan", "inf")


def test_the_text_has_a_line_a_sheet_then_the_problems_then_the_verdict() -> None:
    lines = text_report(BAD, "seven.xlsx").splitlines()
    assert lines[0].split() == ["sheet", "cells", "formulas", "largest", "difference", "verdict"]
    assert lines[1].split() == ["Conv1", "20", "10", "5.0e-01", "NOT", "OK"]
    assert lines[2] == f"- {PROBLEM}"
    assert lines[3] == "NOT verified: seven.xlsx has 1 problem (formualizer 1.2, 3 random images tried as well)"


def test_a_good_report_says_the_answer() -> None:
    lines = text_report(GOOD, "seven.xlsx").splitlines()
    assert lines[1].endswith("  ok")
    assert lines[-1] == (
        "verified: seven.xlsx computes its network; it says 7, 100.0 % (formualizer 1.2, 3 random images tried as well)"
    )
    assert "it says" not in text_report(replace(GOOD, prediction=None), "seven.xlsx")


def test_a_text_shows_the_first_ten_problems_and_counts_the_rest() -> None:
    text = text_report(replace(BAD, problems=(PROBLEM,) * 13), "seven.xlsx")
    assert text.count(str(PROBLEM)) == 10
    assert "- … and 3 more; --json lists them all" in text
    assert "has 13 problems" in text


def test_a_report_without_sheets_has_no_table() -> None:
    assert text_report(replace(BAD, sheets=()), "x").startswith("- Conv1!B6")


def test_engines_side_by_side() -> None:
    other = replace(BAD, engine="gnumeric")
    lines = side_by_side([GOOD, other], "seven.xlsx").splitlines()
    assert lines[0].split() == ["sheet", "formualizer", "gnumeric"]
    assert lines[1].split() == ["Conv1", "1.0e-15", "5.0e-01"]
    assert lines[2] == f"- gnumeric: {PROBLEM}"
    assert [line.partition(":")[0] for line in lines[3:]] == ["verified", "NOT verified"]

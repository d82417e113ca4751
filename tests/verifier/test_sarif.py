"""SARIF 2.1.0: valid by OASIS's own schema, with an address for every workbook and a place for every problem."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.schemas import sarif, wrong
from tests.verifier.test_report import BAD, EVIL, GOOD, PROBLEM
from xlcnn.verifier.advice import ADVICE
from xlcnn.verifier.outcomes import Outcome
from xlcnn.verifier.report import PRESENTATION, PROBLEMS, Problem
from xlcnn.verifier.sarif import address, sarif_report
from xlcnn.version import VERSION

HERE = Path("/somewhere")
REFUSED = Outcome(Path("torn.xlsx"), error="torn.xlsx is no workbook")


def log(*outcomes: Outcome) -> dict[str, Any]:
    """The one run of a log, which is valid."""
    found = json.loads(sarif_report(outcomes, HERE))
    assert wrong(found, sarif()) == []
    assert found["version"] == "2.1.0"
    (run,) = found["runs"]
    return run  # type: ignore[no-any-return]


def problem(**changes: object) -> Outcome:
    return Outcome(Path("a.xlsx"), (replace(BAD, problems=(replace(PROBLEM, **changes),)),))


def test_oasis_schema_refuses_what_is_none() -> None:
    """The test of this test: the schema is the real one."""
    assert sarif().schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    found = json.loads(sarif_report([problem()], HERE))
    del found["runs"][0]["results"][0]["message"]
    found["runs"][0]["tool"]["driver"]["more"] = 1
    assert len(wrong(found, sarif())) == 2


def test_the_tool_and_its_rules() -> None:
    driver = log(problem())["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("xlcnn", VERSION)
    assert [rule["id"] for rule in driver["rules"]] == list(PROBLEMS) == list(ADVICE)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"] == PROBLEMS[rule["id"]]
        assert rule["help"]["text"].endswith(".")


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_result_of_each_kind(kind: str) -> None:
    run = log(problem(kind=kind))
    (result,) = run["results"]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == kind
    assert result["level"] == ("warning" if kind in PRESENTATION else "error")
    assert PROBLEMS[kind] in result["message"]["text"]


@pytest.mark.parametrize(
    ("sheet", "cell", "logical"),
    [
        ("Conv1", "B6", {"name": "B6", "fullyQualifiedName": "Conv1!B6", "kind": "cell"}),
        ("By hand", None, {"name": "By hand", "fullyQualifiedName": "By hand", "kind": "sheet"}),
    ],
)
def test_where_it_is(sheet: str, cell: str | None, logical: dict[str, str]) -> None:
    (result,) = log(problem(sheet=sheet, cell=cell))["results"]
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "a.xlsx"}
    assert place["logicalLocations"] == [logical]


def test_a_problem_of_the_whole_workbook_has_a_file_alone() -> None:
    (result,) = log(problem(sheet="", cell=None))["results"]
    assert list(result["locations"][0]) == ["physicalLocation"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a.xlsx", "a.xlsx"),
        ("./b/../a.xlsx", "a.xlsx"),
        ("class 7b/größe & #1%.xlsx", "class%207b/gr%C3%B6%C3%9Fe%20%26%20%231%25.xlsx"),
        ("a:b.xlsx", "a%3Ab.xlsx"),
        ("/somewhere/in/a.xlsx", "in/a.xlsx"),
        ("../else/a b.xlsx", "file:///else/a%20b.xlsx"),
        (os.fsdecode(b"\xff.xlsx"), "%FF.xlsx"),
    ],
)
def test_the_address_of_a_workbook(path: str, uri: str) -> None:
    assert address(Path(path), HERE) == uri
    (artifact,) = log(Outcome(Path(path), (GOOD,)))["artifacts"]
    assert artifact["location"]["uri"] == uri


def test_a_verified_workbook_has_no_results() -> None:
    run = log(Outcome(Path("a.xlsx"), (GOOD,)))
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_workbook_that_could_not_be_read_is_a_run_that_failed() -> None:
    run = log(Outcome(Path("a.xlsx"), (GOOD,)), REFUSED)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (said,) = invocation["toolExecutionNotifications"]
    assert said["message"]["text"] == REFUSED.error
    assert said["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "torn.xlsx"
    assert run["results"] == []


def test_several_engines_say_who_found_it() -> None:
    outcome = Outcome(Path("a.xlsx"), (BAD, replace(BAD, engine="gnumeric")))
    texts = [(r["message"]["text"].partition(":")[0], r["properties"]["engine"]) for r in log(outcome)["results"]]
    assert texts == [("formualizer", "formualizer"), ("gnumeric", "gnumeric")]


def test_fingerprints_tell_problems_apart_and_are_the_same_in_every_run() -> None:
    """GitHub would make them of the first line of the file: of a workbook, all would be one."""
    two = replace(BAD, problems=(PROBLEM, replace(PROBLEM, cell="B7"), PROBLEM, replace(PROBLEM, kind="stale")))
    prints = [
        [r["partialFingerprints"]["primaryLocationLineHash"] for r in log(Outcome(Path(name), (two,)))["results"]]
        for name in ("a.xlsx", "a.xlsx", "b.xlsx")
    ]
    assert prints[0] == prints[1]
    assert len({*prints[0], *prints[2]}) == 8


def test_nothing_that_a_workbook_says_breaks_it() -> None:
    evil = Problem("label", EVIL, EVIL, EVIL, EVIL, EVIL)
    text = sarif_report([Outcome(Path("a.xlsx"), (replace(BAD, problems=(evil,)),))], HERE)
    assert wrong(json.loads(text), sarif()) == []
    assert all(line.isprintable() for line in text.splitlines())
    assert "u202e" not in text

"""JUnit XML: a suite for each workbook, a case for each sheet and one for the whole, well-formed whatever cells hold."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from tests.verifier.test_report import BAD, GOOD, PROBLEM
from xlcnn.verifier.junit import SHOWN, WHOLE, junit_report
from xlcnn.verifier.outcomes import Outcome
from xlcnn.verifier.report import Problem, Report, SheetReport

BOOK = Path("a.xlsx")


def suites(*outcomes: Outcome) -> list[Element]:
    root = ElementTree.fromstring(junit_report(outcomes))
    assert root.tag == "testsuites"
    for element in (root, *root):
        cases = element.findall(".//testcase")
        counted = [len(cases), *(sum(case.find(tag) is not None for case in cases) for tag in ("failure", "error", "skipped"))]
        assert [int(element.get(name, "")) for name in ("tests", "failures", "errors", "skipped")] == counted
    return list(root)


def cases(report: Report) -> dict[str, str]:
    """What became of each case: the message, or nothing."""
    (suite,) = suites(Outcome(BOOK, (report,)))
    return {case.get("name", ""): " ".join(f"{child.tag}: {child.get('message')}" for child in case) for case in suite}


def test_a_verified_workbook() -> None:
    assert cases(GOOD) == {"Conv1": "", WHOLE: ""}


def test_a_sheet_fails_with_its_first_problem_and_the_whole_with_the_verdict() -> None:
    found = cases(BAD)
    assert found["Conv1"] == f"failure: {PROBLEM}"
    assert found[WHOLE].startswith("failure: NOT verified: a.xlsx has 1 problem")


def test_a_failure_holds_all_problems_of_its_sheet() -> None:
    other = replace(PROBLEM, cell="B7", kind="stale")
    elsewhere = Problem("missing", "Dense", None, "the sheet Dense", None)
    (suite,) = suites(Outcome(BOOK, (replace(BAD, problems=(PROBLEM, other, elsewhere)),)))
    first, whole = (case.find("failure") for case in suite)
    assert first is not None
    assert (first.get("type"), first.text) == ("value", f"{PROBLEM}\n{other}")
    assert whole is not None
    assert (whole.get("type"), whole.text) == ("missing", str(elsewhere)), "what is of no sheet that is listed"


def test_a_sheet_that_is_off_as_an_earlier_one_is_wrong() -> None:
    later = SheetReport("ReLU1", 20, 10, 0.25, False)
    assert (
        cases(replace(BAD, sheets=(*BAD.sheets, later)))["ReLU1"] == "failure: off by up to 2.5e-01, as a sheet before it is wrong"
    )


def test_a_sheet_that_was_not_checked_is_skipped() -> None:
    sheets = tuple(SheetReport(name, 1, 1, float("nan"), False, checked=False) for name in ("Conv1", "ReLU1"))
    assert cases(replace(BAD, sheets=sheets))["ReLU1"] == "skipped: not checked"


def test_a_workbook_that_could_not_be_read_is_an_error() -> None:
    good, refused = suites(Outcome(BOOK, (GOOD,)), Outcome(Path("torn.xlsx"), error="torn.xlsx is no workbook"))
    assert (good.get("name"), refused.get("name")) == ("a.xlsx", "torn.xlsx")
    (case,) = refused
    (error,) = case
    assert (case.get("name"), error.tag, error.get("message")) == (WHOLE, "error", "torn.xlsx is no workbook")


def test_engines_stand_one_after_the_other() -> None:
    (suite,) = suites(Outcome(BOOK, (GOOD, replace(BAD, engine="gnumeric"))))
    assert [(case.get("classname"), case.get("name"), len(case)) for case in suite] == [
        ("a.xlsx (formualizer)", "Conv1", 0),
        ("a.xlsx (formualizer)", WHOLE, 0),
        ("a.xlsx (gnumeric)", "Conv1", 1),
        ("a.xlsx (gnumeric)", WHOLE, 1),
    ]


@pytest.mark.parametrize("evil", ["\x00\x08\x0b\x1f", "\ud800", "\ufffe\uffff", "a\nb\r\u2028", ']]><x a="\'&">', "\u202e"])
def test_well_formed_whatever_a_workbook_holds(evil: str) -> None:
    problem = Problem("label", evil, evil, evil, evil, evil)
    sheet = SheetReport(evil, 1, 1, 1.0, False)
    report = replace(BAD, engine=evil, sheets=(sheet,), problems=(problem, replace(problem, sheet="")))
    text = junit_report([Outcome(Path(f"{evil}.xlsx".replace("\0", "")), (report, report)), Outcome(BOOK, error=evil)])
    root = ElementTree.fromstring(text)
    for element in root.iter():
        assert all(value.isprintable() for value in element.attrib.values())
        assert all(line.isprintable() for line in (element.text or "").split("\n"))


def test_thousands_of_problems_are_cut_and_counted() -> None:
    (suite,) = suites(Outcome(BOOK, (replace(BAD, problems=(PROBLEM,) * (SHOWN + 5)),)))
    text = suite[0][0].text or ""
    assert text.count("Conv1!B6") == SHOWN
    assert text.endswith("… and 5 more; --json lists them all")

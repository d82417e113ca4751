"""The JSON report keeps its schema, which knows every field and allows no other."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import ROOT, Damage, with_formula
from tests.verifier.helpers import Failing, with_name
from tests.verifier.schemas import SCHEMA, wrong
from tests.verifier.test_report import BAD, GOOD, PROBLEM
from xlcnn import EngineError, verify
from xlcnn.verifier.outcomes import Outcome, document
from xlcnn.verifier.report import PROBLEMS, Problem, Report, SheetReport, unable
from xlcnn.verifier.report import SCHEMA as VERSION

BOOK = Path("a.xlsx")
REFUSED = Outcome(BOOK, error="a.xlsx is not a workbook")
UNCHECKED = replace(BAD, prediction=None, sheets=(SheetReport("Conv1", 1, 1, float("nan"), False, checked=False),))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema"]["const"] == VERSION
    assert SCHEMA["$id"].endswith(f":{VERSION}")


def test_it_knows_every_kind_of_problem_and_every_field() -> None:
    """A new one needs a new version."""
    defined = SCHEMA["$defs"]
    assert defined["problem"]["properties"]["kind"]["enum"] == list(PROBLEMS)
    assert list(defined["problem"]["properties"]) == [field.name for field in fields(Problem)]
    assert list(defined["sheet"]["properties"]) == [field.name for field in fields(SheetReport)]
    assert list(defined["report"]["properties"]) == [f.name for f in fields(Report) if f.name != "difference_maps"]


@pytest.mark.parametrize("kind", PROBLEMS)
@pytest.mark.parametrize(("expected", "found"), [(1.5, 2), ("=A1", None), (float("nan"), float("inf")), (None, True), ("x", [1])])
def test_every_kind_of_problem_with_whatever_is_found(kind: str, expected: float | str | None, found: object) -> None:
    for cell, note in (("B6", "look there"), (None, ""), ("conv1.map1", "")):
        report = replace(BAD, problems=(Problem(kind, "Conv1", cell, expected, found, note),))
        assert wrong(report.as_dict()) == []


DOCUMENTS = {
    "verified": document([Outcome(BOOK, (GOOD,))], several=False),
    "not verified": document([Outcome(BOOK, (BAD,))], several=False),
    "not checked": document([Outcome(BOOK, (UNCHECKED,))], several=False),
    "no network": document([Outcome(BOOK, (replace(BAD, sheets=(), prediction=None),))], several=False),
    "refused": document([REFUSED], several=False),
    "refused by all engines": document([REFUSED], several=True),
    "one engine of those that were asked for": document([Outcome(BOOK, (GOOD,))], several=True),
    "several engines": document([Outcome(BOOK, (GOOD, BAD))], several=True),
    "several workbooks": document([Outcome(BOOK, (GOOD,)), Outcome(BOOK, (BAD,)), REFUSED], several=False),
    "the first of several, at which it stopped": document([REFUSED], several=False, listed=True),
    "several of both": document([Outcome(BOOK, (GOOD, BAD)), REFUSED], several=True),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_kind_of_document(name: str) -> None:
    assert wrong(DOCUMENTS[name]) == []
    assert list(DOCUMENTS[name])[:2] == ["schema", "ok"]


def test_whether_all_is_well() -> None:
    assert [name for name, found in DOCUMENTS.items() if found["ok"]] == ["verified", "one engine of those that were asked for"]


def test_reports_as_they_come(seven: Path, small: Path, damage: Damage, tmp_path: Path) -> None:
    wrong_cell = damage("conv1", "output", (0, 9, 3), with_formula("1/0"))
    nameless = with_name(seven, tmp_path / "nameless.xlsx", "conv1.map1", None)
    for path in (seven, small, wrong_cell, nameless):
        assert wrong(verify(path, trials=0).as_dict()) == []


def test_the_report_of_an_engine_that_is_not_able() -> None:
    assert wrong(unable(Failing(), 3, EngineError("it is out of paper")).as_dict()) == []


Spoil = Callable[[dict[str, Any]], object]
SPOILED: dict[str, tuple[str, Spoil]] = {
    "an unknown field": ("verified", lambda d: d.update(more=1)),
    "no version": ("verified", lambda d: d.pop("schema")),
    "another version": ("verified", lambda d: d.update(schema="0.9")),
    "a version inside": ("several engines", lambda d: d["engines"][0].update(schema=VERSION)),
    "a field of an engine": ("several engines", lambda d: d["engines"][1].update(more=1)),
    "a field of a workbook": ("several workbooks", lambda d: d["workbooks"][0].update(more=1)),
    "a workbook without a name": ("several workbooks", lambda d: d["workbooks"][2].pop("workbook")),
    "a field of a sheet": ("verified", lambda d: d["sheets"][0].update(more=1)),
    "no field of a sheet": ("verified", lambda d: d["sheets"][0].pop("checked")),
    "a field of a problem": ("not verified", lambda d: d["problems"][0].update(more=1)),
    "an unknown kind": ("not verified", lambda d: d["problems"][0].update(kind="odd")),
    "a problem in what is verified": ("not verified", lambda d: d.update(ok=True)),
    "no problem in what is not": ("verified", lambda d: d.update(ok=False)),
    "a reason besides a verdict": ("verified", lambda d: d.update(error="why")),
    "a reason for what is well": ("refused", lambda d: d.update(ok=True)),
    "an answer in words": ("verified", lambda d: d["prediction"].update(label="seven")),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_the_schema_does_not_allow(name: str) -> None:
    kind, spoil = SPOILED[name]
    data = deepcopy(DOCUMENTS[kind])
    spoil(data)
    assert wrong(data) != []


def test_it_stands_in_the_docs_and_in_the_package() -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert "(../xlcnn/verifier/report.schema.json)" in page
    assert f"`{VERSION}`" in page
    assert [kind for kind in PROBLEMS if f"`{kind}`" not in page] == []


def test_a_problem_keeps_its_words() -> None:
    assert DOCUMENTS["not verified"]["problems"] == [PROBLEM.as_dict()]

"""Accuracies with Wilson's interval, and the object that ``--json`` prints, which keeps its schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import xlcnn
from tests.conftest import ROOT
from tests.evaluation.made import ALL, BAD, ERRORS, GOOD, NUMPY, TORN
from tests.verifier.schemas import wrong
from xlcnn.evaluation.outcome import SCHEMA, Share

TEXT = (Path(xlcnn.__file__).parent / "evaluation" / "evaluation.schema.json").read_text(encoding="utf-8")
CHECK = Draft202012Validator(json.loads(TEXT))


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        (81, 263, 0.255, 0.366),  # R. G. Newcombe, Statist. Med. 17 (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_intervals_as_they_are_printed_elsewhere(right: int, count: int, low: float, high: float) -> None:
    found = Share(right, count).interval
    assert found == pytest.approx((low, high), abs=6e-5 if count != 263 else 6e-4)
    assert found is not None
    assert 0 <= found[0] <= right / count <= found[1] <= 1


def test_more_pictures_make_it_narrower_and_none_make_none() -> None:
    widths = [high - low for low, high in (Share(9 * n, 10 * n).interval for n in (1, 10, 100))]  # type: ignore[misc]
    assert widths == sorted(widths, reverse=True)
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


def test_what_follows_from_the_counts() -> None:
    assert (GOOD.total.right, GOOD.total.pictures) == (1241, 1242)
    assert [share.pictures for share in BAD.by_class] == [8, 1236, 0]
    assert [found.ok for found in (GOOD, NUMPY, BAD, ERRORS, TORN)] == [True, True, False, False, False]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(TEXT))
    assert CHECK.schema["properties"]["schema"]["const"] == SCHEMA
    assert CHECK.schema["$id"].endswith(f":{SCHEMA}")
    assert CHECK.schema["required"] == list(CHECK.schema["properties"]) == list(GOOD.as_dict())


@pytest.mark.parametrize("name", ALL)
def test_every_kind_of_evaluation_keeps_it(name: str) -> None:
    assert wrong(ALL[name].as_dict(), CHECK) == []


Spoil = Callable[[dict[str, Any]], object]
SPOILED: dict[str, Spoil] = {
    "an unknown field": lambda d: d.update(more=1),
    "no version": lambda d: d.pop("schema"),
    "another version": lambda d: d.update(schema="0.9"),
    "a field of a class": lambda d: d["classes"][0].update(more=1),
    "a class without answers": lambda d: d["classes"][0].pop("answers"),
    "a field of a mistake": lambda d: d["mistakes"][0].update(more=1),
    "a field of what NumPy says": lambda d: d["numpy"].update(more=1),
    "a negative count": lambda d: d.update(right=-1),
    "an interval of one number": lambda d: d.update(interval=[0.5]),
    "a share above 1": lambda d: d.update(accuracy=1.5),
    "an error in words": lambda d: d["unread"]["first"].append("torn"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_the_schema_does_not_allow(name: str) -> None:
    data = deepcopy(GOOD.as_dict())
    SPOILED[name](data)
    assert wrong(data, CHECK) != []


def test_it_stands_in_the_docs() -> None:
    page = (ROOT / "docs" / "evaluate.md").read_text(encoding="utf-8")
    assert "(../xlcnn/evaluation/evaluation.schema.json)" in page
    assert f"`{SCHEMA}`" in page

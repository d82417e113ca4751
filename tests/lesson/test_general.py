"""Words for any network: the same in every language, and something to say of every kind of layer."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from xlcnn.lesson.general import HERE, TERMS, general_data, general_languages, general_words
from xlcnn.lesson.templates import find_template, lesson_words
from xlcnn.lesson.words import FACTS, LONGEST, check_fields
from xlcnn.sheets.layers import LAYERS
from xlcnn.sheets.options import options_of
from xlcnn.sheets.plan import plan

LANGUAGES = general_languages()


def data(language: str) -> dict[str, Any]:
    return general_data(lesson_words(language), language)


def keys(table: dict[str, Any], before: str = "") -> set[str]:
    return {
        k for key, value in table.items() for k in (keys(value, f"{before}{key}.") if isinstance(value, dict) else {before + key})
    }


def test_the_languages_are_those_of_the_lesson() -> None:
    assert find_template("lesson").languages == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_layer_and_option_has_words(language: str) -> None:
    told = data(language)
    assert set(told["kinds"]) >= set(LAYERS)
    assert set(told["does"]) == set(LAYERS)
    own = {name for kind in LAYERS.values() for name, option in options_of(kind).items() if option.part_of_network}
    assert set(told["options"]) >= own


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_says_less_than_english(language: str) -> None:
    english, other = (tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8")) for name in ("en", language))
    assert keys(other) == keys(english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_known_facts_are_mentioned(language: str) -> None:
    for kind, text in data(language)["does"].items():
        check_fields(kind, text, FACTS)
        assert len(text) < LONGEST


def test_terms_lead_to_kinds_that_there_are() -> None:
    assert {kind for kind in TERMS.values() if kind not in ("overview", "network")} <= set(LAYERS)


def test_each_layer_is_a_step_and_terms_lead_to_the_first_layer_of_their_kind() -> None:
    whole = plan(find_template("lesson").network.layers)
    words = general_words(lesson_words("en"), "en", whole)
    assert [step.sheets for step in words.steps] == [(layer.name,) for layer in whole.layers]
    assert words.steps[1].does.startswith(
        "Each of the 2 filters is laid over every 3 × 3 window of the incoming maps (1 in number)"
    )
    assert {term.sheet for term in words.glossary} >= {"conv1", "relu1", "softmax", "overview"}

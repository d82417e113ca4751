"""Whether the lesson teaches in order: a word is explained before it is used, a half-truth is corrected on a later sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from xlcnn import find_template
from xlcnn.sheets.words import Term, Words

TEMPLATE = find_template("lesson")
PLAN = TEMPLATE.plan_with(TEMPLATE.options)
TABLES_OF_CONTENTS = ("guide", "glossary", "about")  # they name what is still to come


@pytest.fixture(params=TEMPLATE.languages)
def words(request: pytest.FixtureRequest) -> Words:
    return TEMPLATE.words(request.param)


def texts(words: Words, name: str) -> str:
    """Everything that stands above the blocks of a sheet."""
    sheet = PLAN.sheets[name]
    return " ".join((words.title(sheet), words.does(sheet, PLAN.parts[name]), words.try_(sheet)))


def says(text: str, term: Term) -> bool:
    """Whether a text has a word of the field, in one of its forms, as a whole word."""
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, re.IGNORECASE) for form in term.forms)


def without_tabs(words: Words, text: str) -> str:
    """A text without the names of sheets, which may be named before they are reached."""
    for title in sorted((sheet.title for sheet in PLAN.titled(words.tab).sheets.values()), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(title)}(?!\w)", "", text)
    return text


def used_too_early(words: Words) -> Iterator[str]:
    order = words.order(PLAN.tabs)
    for place, name in enumerate(order):
        if name not in TABLES_OF_CONTENTS:
            for term in words.glossary:
                if order.index(term.sheet) > place and says(without_tabs(words, texts(words, name)), term):
                    yield f"{term.name}, explained on {term.sheet}, is used on {name}"


def test_a_word_is_explained_before_it_is_used(words: Words) -> None:
    assert list(used_too_early(words)) == []


def test_the_sheet_that_explains_a_word_uses_it(words: Words) -> None:
    silent = [t.name for t in words.glossary if t.sheet not in TABLES_OF_CONTENTS and not says(texts(words, t.sheet), t)]
    assert silent == []


def test_a_half_truth_is_corrected_on_a_later_sheet(words: Words) -> None:
    order = words.order(PLAN.tabs)
    assert len(words.halves) >= 6
    for half in words.halves:
        assert order.index(half.told) < order.index(half.corrected), half.half


def test_both_sheets_of_a_half_truth_name_each_other(words: Words) -> None:
    titles = {name: f"<{name}>" for name in PLAN.sheets}
    for half in words.halves:
        told = [mark for mark in words.marks(half.told, titles) if mark.startswith("½") and half.half in mark]
        corrected = [mark for mark in words.marks(half.corrected, titles) if mark.startswith("✓") and half.half in mark]
        assert [titles[half.corrected] in mark for mark in told] == [True]
        assert [titles[half.told] in mark and half.truth in mark for mark in corrected] == [True]


def test_without_the_second_part_no_half_truth_is_left_without_its_correction(words: Words) -> None:
    short = words.only(TEMPLATE.plan.sheets)
    assert {h.corrected for h in short.halves} | {h.told for h in short.halves} <= set(TEMPLATE.plan.sheets)
    assert all(set(step.sheets) <= set(TEMPLATE.plan.sheets) for step in short.steps)


def test_the_steps_lead_to_every_sheet(words: Words) -> None:
    shown = {name for step in words.steps for name in step.sheets}
    assert set(PLAN.sheets) - shown == {"guide", "about"}


def test_every_language_has_the_same_steps_terms_and_half_truths() -> None:
    first, *others = (TEMPLATE.words(language).data for language in TEMPLATE.languages)
    for other in others:
        assert {n: step["sheets"] for n, step in other["steps"].items()} == {
            n: step["sheets"] for n, step in first["steps"].items()
        }
        assert {key: term["sheet"] for key, term in other["glossary"].items()} == {
            k: t["sheet"] for k, t in first["glossary"].items()
        }
        assert other["halves"].keys() == first["halves"].keys()

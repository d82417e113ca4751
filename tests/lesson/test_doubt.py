"""An answer that is no answer says so, and names the two candidates."""

from dataclasses import replace

import numpy as np
import pytest

from xlcnn import Network, NetworkError, Template, TemplateError
from xlcnn.lesson.doubt import SURE_FROM, is_sure, said
from xlcnn.network.files import build
from xlcnn.network.network import Answer, answer
from xlcnn.sheets.layers import LAYERS


def test_the_two_most_probable_classes() -> None:
    assert answer(np.array([0.1, 0.5, 0.4])) == Answer(1, 0.5, 2, 0.4)
    assert answer(np.array([0.5, 0.5])) == Answer(0, 0.5, 1, 0.5), "the first of equals"
    assert answer(np.array([1.0])) == Answer(0, 1.0, 0, 1.0)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Answer(7, 0.999, 1, 0.001), "7, 99.9 %"),
        (Answer(7, 0.9, 1, 0.1), "7, 90.0 %"),
        (Answer(9, 0.48, 8, 0.31), "not sure: 9 (48 %) or 8 (31 %)"),
        (Answer(9, 0.8999, 4, 0.1), "not sure: 9 (90 %) or 4 (10 %)"),
    ],
)
def test_what_is_said(found: Answer, words: str) -> None:
    assert said(found, 0.9, str) == words
    assert is_sure(found, 0.9) == (not words.startswith("not"))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Answer(4, 0.991, 9, 0.005, likeness=0.029), "perhaps no digit: 4 (99 %)"),
        (Answer(4, 0.991, 9, 0.005, likeness=0.03), "4, 99.1 %"),
        (Answer(4, 0.991, 9, 0.005), "4, 99.1 %"),  # nobody can tell
        (Answer(4, 0.6, 9, 0.4, likeness=0.0), "not sure: 4 (60 %) or 9 (40 %)"),
    ],
)
def test_what_looks_like_no_digit_is_said(found: Answer, words: str) -> None:
    assert said(found, 0.9, str, 0.03) == words
    assert is_sure(found, 0.9, 0.03) == words.startswith("4,")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Answer(0, 0.523, 0, 0.523), "not sure: 0 (52 %)"),
        (Answer(0, -0.65, 0, -0.65), "not sure: 0 (-0.65)"),  # no probability: the network ends with no softmax
        (Answer(0, 12.345, 0, 12.345), "0, 12.35"),
    ],
)
def test_the_only_class_is_not_compared_with_itself(found: Answer, words: str) -> None:
    assert said(found, 0.9, str) == words


def test_classes_have_names() -> None:
    assert said(Answer(0, 0.5, 1, 0.4), 0.9, ("cat", "dog").__getitem__) == "not sure: cat (50 %) or dog (40 %)"


@pytest.mark.parametrize("value", [-0.1, 1.5, "much", True, None])
def test_a_threshold_is_a_share(template: Template, value: object) -> None:
    mine = Template("mine", template.folder)
    mine.__dict__["training"] = {"like_from": value}
    with pytest.raises(TemplateError, match="like_from must be a number from 0 to 1"):
        _ = mine.like_from
    with pytest.raises(NetworkError, match="sure_from must be a number from 0 to 1"):
        build({"name": "softmax", "kind": "softmax", "inputs": ["dense"], "sure_from": value}, LAYERS)


def test_the_softmax_says_from_where_on_an_answer_is_sure(template: Template) -> None:
    mine = Template("mine", template.folder)
    *before, last = template.network.layers
    for said_, meant in ((0.8, 0.8), (0.0, SURE_FROM)):
        mine.__dict__["network"] = Network((*before, replace(last, sure_from=said_)), template.network.weights)
        assert mine.sure_from == meant

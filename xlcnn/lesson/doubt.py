"""When an answer is none: below a probability that was measured on pictures which the network has never seen."""

from __future__ import annotations

from collections.abc import Callable

from xlcnn.network.network import Answer

SURE_FROM = 0.9  # measured: docs/pictures.md; a template may say another one


def is_sure(answer: Answer, sure_from: float) -> bool:
    """Whether the answer may be given without saying that it is doubtful."""
    return answer.probability >= sure_from


def said(answer: Answer, sure_from: float, called: Callable[[int], str]) -> str:
    """The answer in words: "7, 99.9 %", or "not sure: 9 (48 %) or 8 (31 %)"; `called` gives a class its name."""
    if is_sure(answer, sure_from):
        return f"{called(answer.label)}, {100 * answer.probability:.1f} %"
    first = f"{called(answer.label)} ({100 * answer.probability:.0f} %)"
    return f"not sure: {first} or {called(answer.second)} ({100 * answer.second_probability:.0f} %)"

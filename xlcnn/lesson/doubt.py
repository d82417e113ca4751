"""When an answer is none: below a probability, and below a likeness, that were measured on pictures never learned from."""

from __future__ import annotations

from collections.abc import Callable

from xlcnn.network.network import Answer

SURE_FROM = 0.9  # measured: docs/pictures.md; a template may say another one
LIKE_FROM = 0.035  # the same, for networks that read digits as MNIST's


def is_like(answer: Answer, like_from: float) -> bool:
    """Whether the picture looks like what it is said to be, or nobody can tell."""
    return answer.likeness is None or answer.likeness >= like_from


def verdict(answer: Answer, sure_from: float, like_from: float = 0.0) -> str:
    """``sure``, ``unsure``, or ``no digit`` where only the network is sure."""
    if answer.probability < sure_from:
        return "unsure"
    return "sure" if is_like(answer, like_from) else "no digit"


def is_sure(answer: Answer, sure_from: float, like_from: float = 0.0) -> bool:
    """Whether the answer may be given without saying that it is doubtful."""
    return verdict(answer, sure_from, like_from) == "sure"


def said(answer: Answer, sure_from: float, called: Callable[[int], str], like_from: float = 0.0) -> str:
    """The answer in words: "7, 99.9 %", "not sure: 9 (48 %) or 8 (31 %)", or "perhaps no digit: 4 (99 %)" where only the network
    is sure; `called` gives a class its name."""
    how = verdict(answer, sure_from, like_from)
    if how == "sure":
        return f"{called(answer.label)}, {shown(answer.probability, 1)}"
    first = f"{called(answer.label)} ({shown(answer.probability)})"
    if how == "no digit":
        return f"perhaps no digit: {first}"
    if answer.second == answer.label:  # the only class that there is
        return f"not sure: {first}"
    return f"not sure: {first} or {called(answer.second)} ({shown(answer.second_probability)})"


def shown(number: float, decimals: int = 0) -> str:
    """A probability in percent; what is none, as networks without a softmax may give it, as it is."""
    return f"{100 * number:.{decimals}f} %" if 0 <= number <= 1 else f"{number:.4g}"

"""What came of an evaluation: plain data, of which the text, the page and the sheet are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, sqrt
from typing import Any

from xlcnn.sheets.parts import Array

SCHEMA = "1.0"  # of `evaluation.schema.json`
TOLERANCE = "1e-9"
CONFIDENCE = 0.95
Z = 1.959963984540054  # the normal distribution's quantile of 0.975
NUMPY = "numpy"


@dataclass(frozen=True)
class Share:
    """So many right of a number of pictures."""

    right: int
    pictures: int

    @property
    def value(self) -> float | None:
        return self.right / self.pictures if self.pictures else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval of 95 %, without a correction for continuity.

        (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n): E. B. Wilson, Probable inference, the law of succession, and
        statistical inference, J. Amer. Statist. Assoc. 22 (1927), 209–212. It stays between 0 and 1, and means something of few
        pictures and of shares near 1, where p ± z·√(p(1 − p)/n) does not (L. D. Brown, T. T. Cai, A. DasGupta, Interval
        estimation for a binomial proportion, Statist. Sci. 16 (2001), 101–133).
        """
        if not self.pictures:
            return None
        n, p = self.pictures, self.right / self.pictures
        middle, half = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        whole = 1 + Z * Z / n
        low = 0.0 if self.right == 0 else (middle - half) / whole  # exactly: rounding would leave 1e-18
        high = 1.0 if self.right == n else (middle + half) / whole
        return low, high

    def as_dict(self) -> dict[str, Any]:
        return {
            "pictures": self.pictures,
            "right": self.right,
            "accuracy": self.value,
            "interval": self.interval and [*self.interval],
        }


@dataclass(frozen=True)
class Mistake:
    """A picture that was taken for another class; `value` is the last layer's output for the answer, `of_label` for the label.

    `image` is what the network reads: (channels, height, width), from 0 to 1.
    """

    picture: str
    label: int
    answer: int
    value: float
    of_label: float
    image: Array | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Evaluation:
    """How well a workbook reads the pictures of `source`.

    `engine` computed it: the embedded one, or ``numpy``. `confusion` has a row for each class that pictures show and a column for
    each that they are taken for; `unanswered` counts, for each class, errors in place of an answer. `unread` pictures could not be
    read: they are not counted. `differing` is how many were not as NumPy has them, `apart` how far they were at most; both are
    None where NumPy alone was asked. Of both the first are named. With `shares`, outputs are probabilities.
    """

    workbook: str
    source: str
    sample: int | None
    seed: int | None
    engine: str
    engine_version: str
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    unanswered: tuple[int, ...]
    mistakes: tuple[Mistake, ...]
    unread: int
    unread_first: tuple[tuple[str, str], ...]
    differing: int | None
    apart: float | None
    differing_first: tuple[tuple[str, float], ...]
    shares: bool

    @property
    def ok(self) -> bool:
        """Whether every picture was read, and none came out otherwise than in NumPy."""
        return not self.unread and not self.differing

    @property
    def total(self) -> Share:
        """Of all pictures that could be read."""
        by_class = self.by_class
        return Share(sum(share.right for share in by_class), sum(share.pictures for share in by_class))

    @property
    def by_class(self) -> tuple[Share, ...]:
        """Of those that show each class."""
        rows = enumerate(zip(self.confusion, self.unanswered, strict=True))
        return tuple(Share(row[k], sum(row) + none) for k, (row, none) in rows)

    def as_dict(self) -> dict[str, Any]:
        """As ``evaluation.schema.json`` beside this file says."""
        named = zip(self.classes, self.by_class, self.confusion, self.unanswered, strict=True)
        return {
            "schema": SCHEMA,
            "ok": self.ok,
            "workbook": self.workbook,
            "source": self.source,
            "sample": self.sample,
            "seed": self.seed,
            "engine": self.engine,
            "engine_version": self.engine_version,
            **self.total.as_dict(),
            "confidence": CONFIDENCE,
            "classes": [{"class": name, **s.as_dict(), "answers": [*row], "unanswered": none} for name, s, row, none in named],
            "mistakes": [self.as_mistake(mistake) for mistake in self.mistakes],
            "unread": {"pictures": self.unread, "first": [{"picture": p, "error": e} for p, e in self.unread_first]},
            "numpy": self.as_compared(),
        }

    def as_mistake(self, mistake: Mistake) -> Mapping[str, Any]:
        return {
            "picture": mistake.picture, "label": self.classes[mistake.label], "answer": self.classes[mistake.answer],
            "output": finite(mistake.value), "output_of_label": finite(mistake.of_label),
        }  # fmt: skip

    def as_compared(self) -> dict[str, Any] | None:
        """What NumPy says; of a difference that is no number, because the workbook gave an error, null."""
        if self.differing is None:
            return None
        first = [{"picture": name, "difference": finite(apart)} for name, apart in self.differing_first]
        return {"differing": self.differing, "largest_difference": finite(self.apart), "first": first}


def finite(value: float | None) -> float | None:
    """A number as JSON can say it."""
    return value if value is not None and isfinite(value) else None

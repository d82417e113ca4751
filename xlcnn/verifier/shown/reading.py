"""Texts as a person reads them: two that look alike are the same."""

from __future__ import annotations

import re
import unicodedata

from xlcnn.grid.lookalikes import LETTERS, twins

TWINS = twins(LETTERS, {"3": "з", "6": "б"})  # no digit is a letter, as in names: numbers are read here
BETWEEN = re.compile(r"[\W_]+")


def seen(text: object) -> str:
    """A text without letters that cannot be seen, or that Unicode has twice."""
    plain = str(text)
    if plain.isascii() and plain.isprintable():
        return " ".join(plain.split())
    plain = unicodedata.normalize("NFKC", plain)
    return " ".join("".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Mn")).split())


def twin(text: object) -> str:
    """The same for two texts that differ in capitals, digits of other scripts and letters of other alphabets only."""
    letters = seen(text).casefold()
    return letters if letters.isascii() else "".join(str(unicodedata.digit(c, c)) for c in letters).translate(TWINS)


def likeness(text: object) -> str:
    """The same for two texts that differ in signs, too."""
    letters = twin(text)
    return BETWEEN.sub(" ", letters).strip() or letters

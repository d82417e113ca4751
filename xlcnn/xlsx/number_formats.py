"""What a number format shows of a number: `shown("[>=0.05]0.0;\\"·\\"", 0.3)` is ``0.3``.

Written after ECMA-376 part 1, 18.8.31 (number formats), and what programs do with it. It knows what a network's numbers need:
sections and their conditions, placeholders for digits, separators, per cent, exponents, fractions, and words between them. Dates
and numerals of other scripts are not judged (`None`).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlcnn.xlsx.colours import LEAST_CONTRAST, NUMBERED, WHITE, Rgb, contrast, of_hex
from xlcnn.xlsx.fractions import as_fraction, fraction_at

PIECE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|E[+-]|General|AM/PM|A/P|.', re.DOTALL | re.IGNORECASE)
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?(?:E[+-]?\d+)?)\]", re.IGNORECASE)
COLOUR = re.compile(r"\[(?:(black|blue|cyan|green|magenta|red|white|yellow)|color\s*([1-9]|[1-4]\d|5[0-6]))\]", re.I | re.ASCII)
NAMED = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "white": "FFFFFF", "yellow": "FFFF00",
}  # fmt: skip
FIRST_COLOUR = 7  # Color 1 is the eighth of the palette
LEAST_OF_NAMED = 1.2  # contrast with the ground: people choose [Green] and [Cyan]
LANGUAGE = r"-(?!F[48]00)(?:1?[0-9A-F]{1,4}|[a-z]{2,3}(?:-[a-z0-9]{2,8})*)"  # others change the digits, or show a date
CURRENCY = re.compile(rf"\[\$([^\]-]*)(?:{LANGUAGE})?\]", re.IGNORECASE)
TESTS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne}
PLAIN = frozenset(" \u00a0\u202f$-−+()!^&'~{}:·|°€£¥→←…")  # what may stand between digits without quotes

Ink = tuple[Rgb, float]
"""A colour in which a format writes, and its least contrast with the ground."""


@dataclass(frozen=True)
class Section:
    """One section of a format: what it is for (None: what its place says), and its pieces."""

    test: str
    bound: float
    pieces: tuple[str, ...]


def sections(code: str) -> list[Section]:
    """The sections of a format, of which there are at most four."""
    parts: list[list[str]] = [[]]
    for piece in PIECE.findall(code):
        if piece == ";":
            parts.append([])
        else:
            parts[-1].append(piece)
    found = []
    for pieces in parts:
        conditions = [match for piece in pieces if (match := CONDITION.fullmatch(piece))]
        rest = tuple(piece for piece in pieces if not CONDITION.fullmatch(piece))
        test, bound = (conditions[0][1], float(conditions[0][2])) if conditions else ("", 0.0)
        found.append(Section(test, bound, rest))
    return found


def inks(code: str, numbered: Sequence[str] = NUMBERED) -> tuple[Ink, ...]:
    """The colours of a format's sections, in a workbook whose palette is `numbered`."""
    return tuple(found for piece in PIECE.findall(code) if (found := ink(piece, numbered)))


def ink(piece: str, numbered: Sequence[str] = NUMBERED) -> Ink | None:
    """The colour that a piece of a format says."""
    found = COLOUR.fullmatch(piece)
    if found is None:
        return None
    if found[1]:
        return of_hex(NAMED[found[1].lower()]), LEAST_OF_NAMED
    number = int(found[2]) + FIRST_COLOUR
    return of_hex(numbered[number] if number < len(numbered) else NUMBERED[number]), LEAST_CONTRAST


def ink_for(code: str, value: float, numbered: Sequence[str] = NUMBERED) -> Ink | None:
    """The colour in which a format writes a number, where it says one."""
    section, _ = chosen(sections(code), value)
    return next((found for piece in section.pieces if (found := ink(piece, numbered))), None) if section else None


def invisible(piece: str) -> bool:
    """Whether a piece says a colour that cannot be seen on paper."""
    found = ink(piece)
    return found is not None and contrast(found[0], WHITE) < found[1]


def bounds(code: str) -> list[float]:
    """The numbers at which a format changes from one section to another."""
    return [section.bound for section in sections(code) if section.test]


def shown(code: str, value: float, keeps_sign: bool = True) -> str | None:
    """What the format shows of `value`; None where that is not judged.

    Programs do not agree whether a section with a condition shows the sign of a negative number by itself: `keeps_sign`.
    """
    if code in ("", "@") or code.lower() == "general":
        return f"{value:.10g}"
    found = sections(code)
    section, signed = chosen(found, value)
    if section is None or len(found) > 4:
        return None
    if not section.pieces:
        return "" if len(found) > 1 else f"{value:.10g}"
    keeps = keeps_sign and bool(section.test) and not any(piece.strip('"\\') == "-" for piece in section.pieces)
    return written(section.pieces, abs(value), value < 0 and (signed or keeps))


def chosen(found: list[Section], value: float) -> tuple[Section | None, bool]:
    """The section for a number, and whether it shows a minus by itself."""
    numbers = found[:3]
    if not any(section.test for section in numbers):
        if len(numbers) == 1:
            return numbers[0], True
        if value < 0:
            return numbers[1], False
        return (numbers[2], False) if len(numbers) == 3 and value == 0 else (numbers[0], False)
    for k, section in enumerate(numbers):
        last = k == len(numbers) - 1
        test, bound = (section.test, section.bound) if section.test else (("<", 0.0) if k == 1 and not last else ("", 0.0))
        if not test or TESTS[test](value, bound):
            return section, not section.test
    return None, False


def written(pieces: tuple[str, ...], value: float, minus: bool) -> str | None:
    """The pieces of a section with the digits of `value`, which is not negative, in their places."""
    if any(map(invisible, pieces)):
        return ""
    if where := fraction_at(pieces):
        return with_fraction(pieces, where, value, minus)
    tokens = list(tokenized(pieces))
    if any(kind == "unknown" for kind, _ in tokens):
        return None
    opened, closed = (sum(kind == "text" and mark in text for kind, text in tokens) for mark in "()")
    if opened != closed:  # half a bracket looks like a number below 0
        return None
    digits = [k for k, (kind, _) in enumerate(tokens) if kind == "digit"]
    sign = "-" if minus else ""
    if not digits:
        return sign + "".join(f"{value:.10g}" if kind == "general" else text for kind, text in tokens if kind != "comma")
    value *= 100 ** sum(kind == "percent" for kind, _ in tokens)
    exponent = next((k for k, (kind, _) in enumerate(tokens) if kind == "exponent"), len(tokens))
    point = next((k for k, (kind, _) in enumerate(tokens[:exponent]) if kind == "point"), exponent)
    whole, decimals = [k for k in digits if k < point], [k for k in digits if point < k < exponent]
    last = max(whole, default=-1)  # commas behind it, before or after the decimals, divide by 1000
    value /= 1000 ** sum(kind == "comma" and (last < k < point or k > digits[-1]) for k, (kind, _) in enumerate(tokens))
    filled = dict.fromkeys(digits, "")
    if exponent < len(tokens):
        mantissa, _, power = f"{value:.{len(decimals)}e}".partition("e")
        filled |= in_places([k for k in digits if k > exponent], tokens, str(abs(int(power))))
        text = mantissa
        after = "-" if int(power) < 0 else "+" if "+" in tokens[exponent][1] else ""
        tokens[exponent] = ("exponent", "E" + after)
    else:
        text = f"{value:.{len(decimals)}f}"
    before, _, fraction = text.partition(".")
    filled |= in_places(whole, tokens, before.lstrip("0"))
    kept = fraction.rstrip("0")
    for place, (k, digit) in enumerate(zip(decimals, fraction, strict=True)):
        filled[k] = digit if tokens[k][1] == "0" or place < len(kept) else ""
    return sign + "".join(filled.get(k, text) for k, (kind, text) in enumerate(tokens) if kind != "comma")


def with_fraction(pieces: tuple[str, ...], where: tuple[int, int, int, int], value: float, minus: bool) -> str | None:
    """The same, where the digits are those of a fraction."""
    whole, numerator, denominator, end = where
    text = as_fraction(value, whole < numerator, pieces[denominator:end])
    before, after = list(tokenized(pieces[:whole])), list(tokenized(pieces[end:]))
    if text is None or any(kind != "text" for kind, _ in before + after):
        return None
    return "".join(["-" if minus else "", *(words for _, words in before), text, *(words for _, words in after)])


def in_places(places: list[int], tokens: list[tuple[str, str]], digits: str) -> dict[int, str]:
    """Digits in their placeholders from the right; those for which there are none stand in the first."""
    filled = {}
    for number, k in enumerate(reversed(places)):
        first = number == len(places) - 1
        digit = digits if first else digits[-1:]
        filled[k] = digit or ("0" if tokens[k][1] == "0" else "")
        digits = "" if first else digits[:-1]
    return filled


def tokenized(pieces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each piece with its kind: digit, point, comma, percent, exponent, general, text; or unknown."""
    kinds = {"0": "digit", "#": "digit", "?": "digit", ".": "point", ",": "comma", "%": "percent"}
    for piece in pieces:
        if piece in kinds:
            yield kinds[piece], piece
        elif piece[0] == '"':
            yield "text", piece.strip('"')
        elif piece[0] in "\\*":
            yield "text", piece[1:]
        elif piece[0] == "_":
            yield "text", " "
        elif piece.upper() in ("E+", "E-"):
            yield "exponent", piece
        elif piece.lower() == "general":
            yield "general", piece
        elif money := CURRENCY.fullmatch(piece):
            yield "text", money[1]
        elif COLOUR.fullmatch(piece):
            continue
        else:
            yield ("text" if piece in PLAIN else "unknown"), piece

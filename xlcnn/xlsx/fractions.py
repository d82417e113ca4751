"""Number formats with fractions: `# ?/?` shows 0.13 as 1/8, `# ?/100` as 13/100 (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

from fractions import Fraction

PLACES = frozenset("0#?")
BLANKS = frozenset((" ", "\\ ", '" "', "\u00a0", "\\\u00a0"))
MOST_PLACES = 7


def fraction_at(pieces: tuple[str, ...]) -> tuple[int, int, int, int] | None:
    """Where the whole number, the numerator and the denominator of a section begin, and where that ends; None where it has none."""
    if pieces.count("/") != 1:
        return None
    slash = pieces.index("/")
    end = slash + 1
    while end < len(pieces) and pieces[end] in "0123456789#?":
        end += 1
    numerator = run_before(pieces, slash, PLACES)
    blank = run_before(pieces, numerator, BLANKS)
    whole = run_before(pieces, blank, PLACES) if blank < numerator else numerator
    if numerator == slash or not 0 < end - slash - 1 <= MOST_PLACES:
        return None
    return (whole if whole < blank else numerator), numerator, slash + 1, end


def run_before(pieces: tuple[str, ...], end: int, of: frozenset[str]) -> int:
    """Where the run of such pieces begins that ends there."""
    while end and pieces[end - 1] in of:
        end -= 1
    return end


def as_fraction(value: float, whole: bool, denominator: tuple[str, ...]) -> str | None:
    """The nearest fraction as text, with a whole number before it or not; None where the denominator is none."""
    digits = "".join(denominator)
    if set(digits) <= PLACES:
        nearest = Fraction(value).limit_denominator(10 ** len(digits) - 1)
        top, below = nearest.numerator, nearest.denominator
    elif digits.isdecimal() and int(digits):
        below = int(digits)
        top = round(Fraction(value) * below)
    else:
        return None
    if not whole:
        return f"{top}/{below}"
    before, top = divmod(top, below)
    return f"{before or ''} {top}/{below}".strip() if top else str(before)

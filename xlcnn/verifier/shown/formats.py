"""Whether a number format shows the number that the cell holds.

A format is a few rules, each good for a range of numbers: so it is tried at numbers of every size, and at, below and above each
number at which it, or that of a new workbook, changes from one rule to another.
"""

from __future__ import annotations

import re
from functools import cache

from xlcnn.xlsx.number_formats import bounds, sections, shown

NUMBER = re.compile(r"[-−]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?(?: *%)?", re.ASCII | re.IGNORECASE)
FRACTION = re.compile(r"(?:(\d+) +)?(\d+) ?/ ?(\d+)", re.ASCII)
SEPARATOR = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")  # of thousands
BLANK = re.compile(r"[ \u00a0\u202f]")
#: Words that may stand beside a number and leave it what it is. Others might say "minus", "million" or another number.
LABELS = (
    "digit", "Ziffer", "chiffre", "cifra", "dígito", "class", "Klasse", "classe", "clase", "weight", "Gewicht", "poids", "peso",
    "bias", "score", "value", "Wert", "valeur", "valor", "sum", "Summe", "somme", "suma",
)  # fmt: skip
UNITS = (
    "px", "pixel", "pixels", "Pixel", "píxeles", "pt", "pts", "points", "Punkt", "Punkte", "Pkt.", "puntos", "sure", "sicher",
    "sûr", "sûre", "seguro", "°", "EUR", "USD", "CHF", "GBP", "Stück", "Stk.", "pcs",
)  # fmt: skip
SIGNS = r"[ ~(+<>=≈$€£¥]*"
NAMES = rf"(?:{'|'.join(map(re.escape, LABELS))})[ :=≈]+|[a-hj-km-np-z] ?[:=≈] ?"  # "digit 7", "p = 0.98"
BEFORE = re.compile(rf"(?:{NAMES})?{SIGNS}", re.IGNORECASE)
AFTER = re.compile(rf"[ ~)$€£¥°]*(?:(?<= )(?:{'|'.join(map(re.escape, UNITS))}))?[ )]*", re.IGNORECASE)
LONGEST = 255  # characters of a format, in Excel
NONE = ("-", "–", "—", "·")  # what often stands for 0
SIZES = (0.0, 1e-7, 1e-4, 0.003, 0.04, 0.3, 0.5, 0.98, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.34, 123.456, 1e4, 1e7)
NUMBERS = (*SIZES, *(-size for size in SIZES if size))


def dishonest(code: str, usual: str) -> str | None:
    """What is wrong with a format where a new workbook has `usual`: in words; None, if nothing is."""
    if code == usual:
        return None
    try:
        return _dishonest(code, usual) if len(code) <= LONGEST else f"a format of {len(code)} characters"
    except (ValueError, ArithmeticError):
        return f"the format {code}, which no program writes"


@cache
def _dishonest(code: str, usual: str) -> str | None:
    steps = [*bounds(code), *bounds(usual)]
    tried = [*NUMBERS, *(step + by * (1 + abs(step)) for step in steps for by in (0.0, -1e-6, 1e-6, -1e-3, 1e-3))]
    for number in tried:
        mine = {shown(code, number, keeps_sign) for keeps_sign in (True, False)}
        theirs = {shown(usual, number, keeps_sign) for keeps_sign in (True, False)}
        for text in mine - theirs:
            if text == "" and number == 0 and "·" in usual:
                continue  # a zero that a new workbook shows as a dot
            if text is None:
                return f"the format {code}, with which {number:g} is not shown as a number"
            if not shows(text, number):
                does = f"shows {number:g} as “{text}”" if text else f"hides {number:g}"
                return f"the format {code}, which {does}"
    return None


def shows(text: str, number: float) -> bool:
    """Whether a text is this number, rounded to the places that it shows."""
    text = BLANK.sub(" ", text).strip()
    if number == 0 and text.strip(" $€£¥") in NONE:
        return True
    minus = text[:1] in ("-", "−")  # programs put it before everything else
    text = text[minus:].lstrip(" '’$€£¥")  # money; a separator of thousands where there are none
    bracketed = text.startswith("(") and ")" in text
    read = as_decimal(SEPARATOR.sub("", text)) if "/" not in text else as_fraction(text)
    if read is None:
        return False
    value, unit, before, after = read
    if not BEFORE.fullmatch(before) or not AFTER.fullmatch(after) or minus + bracketed + (value < 0) > 1:
        return False
    return abs((-value if minus or bracketed else value) - number) <= 0.5 * unit * (1 + 1e-9) + 1e-9 * abs(number)


Read = tuple[float, float, str, str]
"""A number as it is read, what its last place is worth, and what stands before and after it."""


def as_decimal(text: str) -> Read | None:
    found = list(NUMBER.finditer(text))
    if len(found) != 1:
        return None
    written = found[0][0].replace("−", "-")
    share = 0.01 if written.endswith("%") else 1.0
    mantissa, _, power = written.rstrip(" %").lower().partition("e")
    scale = share * 10.0 ** int(power or 0)
    return float(mantissa) * scale, 10.0 ** -len(mantissa.partition(".")[2]) * scale, *around(text, found[0])


def as_fraction(text: str) -> Read | None:
    """``1 3/4``, which is as exact as its denominator."""
    found = FRACTION.search(text)
    if found is None or not int(found[3]):
        return None
    return int(found[1] or 0) + int(found[2]) / int(found[3]), 1 / int(found[3]), *around(text, found)


def around(text: str, found: re.Match[str]) -> tuple[str, str]:
    return text[: found.start()], text[found.end() :]


@cache
def hides_words(code: str) -> bool:
    """Whether a format shows words otherwise than they are: not at all, or with others."""
    found = sections(code)
    with_words = [s for s in found if any(piece == "@" for piece in s.pieces)]
    if len(found) == 4 and found[3] not in with_words:
        return True
    return any([piece for piece in s.pieces if piece not in ("@", " ") and piece[0] != "_"] for s in with_words)

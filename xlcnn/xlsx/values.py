"""Numbers and truth values of attributes, as XML Schema writes them (part 2, 3.2 and 3.3) and as every program reads them.

Python reads more: ``1_5``, ``nan``, digits of other scripts; LibreOffice reads ``t`` and ``on`` as true. Blanks around a number
mean nothing (whiteSpace: collapse). An attribute that is absent is what its reader says that it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import TypeVar

from xlcnn.xlsx.xml import BLANKS, refuse

ON, OFF = ("1", "true"), ("0", "false")
UNSIGNED = re.compile(r"[0-9]{1,10}")
SIGNED = re.compile(r"[+-]?[0-9]{1,18}")
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")  # xsd:double without its INF and NaN
MOST = 2**32  # of an unsigned number
PERCENT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?%")  # as strict files write a share (ST_Percentage)
LENGTH = re.compile(r"(-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))(pt|px|in|cm|mm|pc|pi)?")  # ST_Coordinate, and those of VML
PIXELS = {"pt": 4 / 3, "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "pc": 16.0, "pi": 16.0}
EMU = 9525  # English Metric Units in a pixel
COLOUR = re.compile("(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")

Said = Mapping[str, str]
T = TypeVar("T", int, float, "int | None", "float | None")


def is_on(part: str, a: Said, name: str, default: bool = False) -> bool:
    """A truth value (xsd:boolean)."""
    value = a.get(name)
    if value is None:
        return default
    if value not in ON + OFF:
        refuse(part, f"{name} is {value[:20]!r}, neither 0 nor 1")
    return value in ON


def whole(part: str, a: Said, name: str, default: T) -> int | T:
    """A whole number that is not negative (xsd:unsignedInt)."""
    text = matching(part, a, name, UNSIGNED, "whole number from 0 on")
    if text is not None and int(text) >= MOST:
        refuse(part, f"{name} is {text[:20]!r}, no whole number from 0 on")
    return default if text is None else int(text)


def signed(part: str, a: Said, name: str, default: T) -> int | T:
    """A whole number (xsd:int, xsd:long)."""
    text = matching(part, a, name, SIGNED, "whole number")
    return default if text is None else int(text)


def decimal(part: str, a: Said, name: str, default: T) -> float | T:
    """A number (xsd:double), of which there are finitely many digits."""
    text = matching(part, a, name, NUMBER, "number")
    if text is not None and not isfinite(float(text)):
        refuse(part, f"{name} is {text[:20]!r}, no number")
    return default if text is None else float(text)


def matching(part: str, a: Said, name: str, pattern: re.Pattern[str], what: str) -> str | None:
    """An attribute's text, which must be such a number, blanks aside; None where it is absent."""
    text = a.get(name)
    if text is not None and not pattern.fullmatch(text.strip(BLANKS)):
        refuse(part, f"{name} is {text[:20]!r}, no {what}")
    return text


def share(part: str, a: Said, name: str, default: T) -> float | T:
    """A share in thousandths of a per cent, or in per cent (ST_Percentage)."""
    text = a.get(name)
    if text is not None and PERCENT.fullmatch(text.strip(BLANKS)):
        return float(text.strip(BLANKS)[:-1]) / 100
    return default if text is None else signed(part, a, name, 0) / 100_000


def pixels(part: str, a: Said, name: str, default: T) -> float | T:
    """A length in English Metric Units, or with a unit of its own, in pixels (ST_Coordinate)."""
    text = a.get(name)
    if text is None:
        return default
    found = LENGTH.fullmatch(text.strip(BLANKS))
    if found is None:
        refuse(part, f"{name} is {text[:20]!r}, no length")
    return float(found[1]) * (PIXELS[found[2]] if found[2] else 1 / EMU)


def colour(part: str, a: Said, name: str) -> str:
    """The six digits of a colour, of which the opacity may stand before (ST_UnsignedIntHex); empty where there is none."""
    text = a.get(name)
    if text is None:
        return ""
    found = COLOUR.fullmatch(text.strip(BLANKS))
    if found is None:
        refuse(part, f"{name} is {text[:20]!r}, no colour")
    return found[1]

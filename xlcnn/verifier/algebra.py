"""Formulas computed with a random number for every cell, modulo a large prime: equal results mean the same function.

This is exact arithmetic, so nothing is lost to rounding and no number is too rare to be tried. What is no arithmetic (EXP,
a comparison, INDEX) is a number of its own, made from its name and its arguments; a maximum from the set of what it is taken of.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from xlcnn.verifier.ground import Refused, TabCell

PRIME = 2**127 - 1
SALT = secrets.token_bytes(16)  # nobody can make numbers in advance that happen to fit
LARGE = 1e6  # besides 1, the size of a cell for which the sizes of intermediate results are estimated
EXPONENT = 8  # the highest power
BITS = 4096  # of a constant
RATIO = 2**40  # numerator and denominator of a factor that two expressions may differ by

#: Sizes of a result when every cell is 1, and when every cell is `LARGE`.
Sizes = tuple[float, float]
UNKNOWN: Sizes = (1.0, LARGE)


@dataclass(frozen=True, slots=True)
class Value:
    """What a formula, or a part of it, computes.

    Values with one `key` are the same function; with one `exact` form they are even the same number, rounding included. An
    `extreme` is the largest of some values, or with the sign −1 its opposite. A `loose` value may be blank, or a `text`.
    """

    key: int
    exact: int
    sizes: Sizes = UNKNOWN
    constant: Fraction | None = None
    extreme: tuple[int, frozenset[Value]] | None = None
    loose: bool = False
    text: bool = False


@dataclass
class Trace:
    """What was met on the way through a formula: cells, divisors, and what is no arithmetic, with a name for each.

    The `context` tells what is computed only if a condition holds, or where an error is caught.
    """

    cells: set[TabCell] = field(default_factory=set)
    divisors: set[tuple[int, int]] = field(default_factory=set)
    context: int = 0
    strange: dict[int, str] = field(default_factory=dict)
    largest: list[float] = field(default_factory=lambda: [1.0, LARGE])
    smallest: float = 1.0
    fixed: bool = False
    absolutes: list[int] = field(default_factory=list)
    referred: dict[tuple[str, str], Any] = field(default_factory=dict)  # what a reference on a tab meant

    def met(self, key: int, name: str) -> None:
        """Notes what is no arithmetic."""
        self.strange[hashed(self.context, key)] = name

    def seen(self, value: Value) -> Value:
        """The value, after its sizes were noted."""
        one, large = value.sizes
        self.largest[0], self.largest[1] = max(self.largest[0], one), max(self.largest[1], large)
        self.smallest = min(self.smallest, one or 1.0)
        return value


def hashed(*words: object) -> int:
    """A number made from words, which nobody can foresee."""
    return int.from_bytes(blake2b(repr(words).encode(), digest_size=16, key=SALT).digest(), "big") % PRIME


@lru_cache(maxsize=100_000)
def cell_value(place: TabCell, loose: bool) -> Value:
    key = hashed("cell", place)
    return Value(key, hashed("as it is", key) if loose else key, loose=loose)


def number(value: Fraction, exact: int | None = None, sizes: Sizes | None = None) -> Value:
    """A constant; one that was computed has the `sizes` of what it was computed from. Raises `Refused` beyond all bounds."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > BITS:
        raise Refused("it holds numbers beyond what can be computed with")
    try:
        size = abs(float(value))
    except OverflowError:
        raise Refused("it holds numbers beyond what can be computed with") from None
    key = value.numerator * pow(value.denominator, -1, PRIME) % PRIME
    return Value(key, literal(value) if exact is None else exact, sizes or (size, size), value)


def literal(value: Fraction) -> int:
    """The exact form of a number as it is written."""
    sign = (value > 0) - (value < 0)
    return sign * hashed("number", float(abs(value))) % PRIME


def is_whole(a: Value) -> bool:
    """Whether a constant is a whole number with which programs compute without rounding."""
    return a.constant is not None and a.constant.denominator == 1 and abs(a.constant) < 2**26 and a.exact == literal(a.constant)


def halves(exact: int) -> tuple[int, int]:
    """A sign, and the exact form that is the same for a value and its opposite."""
    return (1, exact) if exact <= PRIME - exact else (-1, PRIME - exact)


def plain(a: Value) -> Value:
    """The value as a number to compute with: a blank counts as 0. Raises `Refused` for a text."""
    if a.text:
        raise Refused("it computes with a text")
    return replace(a, exact=hashed("number of", a.exact), loose=False) if a.loose else a


def opposite(a: Value) -> Value:
    a = plain(a)
    extreme = (-a.extreme[0], a.extreme[1]) if a.extreme else None
    return Value(-a.key % PRIME, -a.exact % PRIME, a.sizes, None if a.constant is None else -a.constant, extreme)


def plus(a: Value, b: Value, trace: Trace) -> Value:
    a, b = plain(a), plain(b)
    for x, y in ((a, b), (b, a)):
        if x.constant == 0:
            return y
    exact = hashed("+", *sorted((a.exact, b.exact)))
    sizes = a.sizes[0] + b.sizes[0], a.sizes[1] + b.sizes[1]
    if a.constant is not None and b.constant is not None:
        return trace.seen(number(a.constant + b.constant, None if is_whole(a) and is_whole(b) else exact, sizes))
    return trace.seen(Value((a.key + b.key) % PRIME, exact, sizes))


def times(a: Value, b: Value, trace: Trace) -> Value:
    a, b = plain(a), plain(b)
    for x, y in ((a, b), (b, a)):
        if x.constant is not None and abs(x.constant) == 1 and is_whole(x):
            return y if x.constant == 1 else opposite(y)
    (one, left), (other, right) = halves(a.exact), halves(b.exact)
    exact = one * other * hashed("*", *sorted((left, right))) % PRIME
    sizes = a.sizes[0] * b.sizes[0], a.sizes[1] * b.sizes[1]
    if a.constant is not None and b.constant is not None:
        return trace.seen(number(a.constant * b.constant, None if is_whole(a) and is_whole(b) else exact, sizes))
    return trace.seen(Value(a.key * b.key % PRIME, exact, sizes))


def divided(a: Value, b: Value, trace: Trace) -> Value:
    a, b = plain(a), plain(b)
    if b.key == 0:
        raise Refused("it divides by 0")
    if b.constant == 1 and is_whole(b):
        return a
    (one, left), (other, right) = halves(a.exact), halves(b.exact)
    exact = one * other * hashed("/", left, right) % PRIME
    if b.constant is None:
        trace.divisors.add((trace.context, b.key))
        return trace.seen(Value(a.key * pow(b.key, -1, PRIME) % PRIME, exact, a.sizes))
    size = float(abs(b.constant)) or 1e-300
    sizes = a.sizes[0] / size, a.sizes[1] / size
    if a.constant is not None:
        return trace.seen(number(a.constant / b.constant, exact, sizes))
    return trace.seen(Value(a.key * pow(b.key, -1, PRIME) % PRIME, exact, sizes))


def power(a: Value, b: Value, trace: Trace) -> Value:
    a, b = plain(a), plain(b)
    n = b.constant
    if n is None or n.denominator != 1:
        return strange("a power", [a, b], trace)
    if n == 0:
        raise Refused("0^0 is not the same in every program")
    if abs(n) > EXPONENT:
        raise Refused(f"it raises to a power beyond {EXPONENT}")
    if n < 0:
        return divided(number(Fraction(1)), power(a, opposite(b), trace), trace)
    sign, half = halves(a.exact)
    exact = sign ** int(n) * hashed("^", half, int(n)) % PRIME
    one, large = (min(size, 1e30) ** int(n) for size in a.sizes)
    if a.constant is not None:
        return trace.seen(number(a.constant ** int(n), exact, (one, large)))
    return trace.seen(Value(pow(a.key, int(n), PRIME), exact, (one, large)))


def strange(name: str, arguments: Iterable[Value], trace: Trace, loose: bool = False) -> Value:
    """What is no arithmetic: the same only for arguments that are the same, rounding included."""
    key = hashed(name, *((a.loose, a.exact) for a in arguments))
    trace.met(key, name)
    return Value(key, key, loose=loose)


def smooth(name: str, a: Value, trace: Trace) -> Value:
    """A function that carries rounding on and does not magnify it: EXP."""
    a = plain(a)
    key = hashed(name, a.key)
    trace.met(key, name)
    return Value(key, hashed(name, "of", a.exact))


def largest(values: Sequence[Value], trace: Trace) -> Value:
    """MAX. A maximum among the values dissolves into what it is taken of; of constants only the largest counts."""
    found: dict[int, Value] = {}
    constants: list[Value] = []
    for value in values:
        inside = value.extreme[1] if value.extreme and value.extreme[0] == 1 else (value,)
        for x in inside:
            if x.text:
                raise Refused("it takes the largest or smallest of texts")
            if x.constant is None:
                found[x.exact] = x
            else:
                constants.append(x)
    if constants:
        top = max(constants, key=lambda x: x.constant or 0)
        found[top.exact] = top
    if len(found) == 1:
        return plain(next(iter(found.values())))
    exact = hashed("MAX", *sorted(found))
    sizes = max(x.sizes[0] for x in found.values()), max(x.sizes[1] for x in found.values())
    keys = {x.exact if x.loose else x.key for x in found.values()}  # MAX passes over a blank, arithmetic does not
    if any(x.loose for x in found.values()):
        return Value(hashed("MAX with blanks", *sorted(keys)), exact, sizes)
    extreme = (1, frozenset(found.values()))
    if len(keys) > 2:
        return Value(hashed("MAX", *sorted(keys)), exact, sizes, extreme=extreme)
    a, b = max(keys), min(keys)
    half = pow(2, -1, PRIME)
    return Value(((a + b) * half + absolute((a - b) * half % PRIME, trace)) % PRIME, exact, sizes, extreme=extreme)


def smallest(values: Sequence[Value], trace: Trace) -> Value:
    """MIN: the opposite of the largest opposite. A blank must stay one, so with blanks it is a function of its own."""
    if any(value.loose for value in values):
        keys = sorted({v.exact if v.loose else v.key for v in values})
        return Value(hashed("MIN with blanks", *keys), hashed("MIN", *sorted({v.exact for v in values})))
    return opposite(largest([opposite(value) for value in values], trace))


def absolute(key: int, trace: Trace) -> int:
    """|x|, such that |2x| is 2|x|: both are told by their ratio."""
    if key == 0:
        return 0
    for known in trace.absolutes:
        factor = ratio(key, known)
        if factor is not None:
            return abs(factor.numerator) * pow(factor.denominator, -1, PRIME) * hashed("ABS", known) % PRIME
    if len(trace.absolutes) > 100:
        raise Refused("it holds too many maxima")
    trace.absolutes.append(key)
    return hashed("ABS", key)


def ratio(a: int, b: int) -> Fraction | None:
    """The fraction of small whole numbers that a/b is, if it is one."""
    wanted = a * pow(b, -1, PRIME) % PRIME if b else 0
    r0, r1, t0, t1 = PRIME, wanted, 0, 1
    while r1 > RATIO:
        q = r0 // r1
        r0, r1, t0, t1 = r1, r0 - q * r1, t1, t0 - q * t1
    return Fraction(r1, t1) if r1 and 0 < abs(t1) <= RATIO else None

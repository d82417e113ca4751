"""A formula's text as a tree: numbers, references, functions and operators, with the precedence that spreadsheets have.

Only what every program reads alike is read: no unions or intersections of ranges, no lists in braces, no tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

LONGEST = 8192  # characters, as Excel allows
NESTED = 64  # levels of brackets and functions, as Excel allows
DIGITS = 40  # of a number
LARGEST = 308  # as a power of ten

TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+) |
        (?P<text>"(?:[^"]|"")*") |
        (?P<range>(?:'(?:[^']|'')+'!|[^\W\d][\w.]*!)?\$?[A-Za-z]{1,3}\$?[0-9]{1,7}
            (?:\s*:\s*\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?(?![\w.(!:\[])) |
        (?P<call>[^\W\d][\w.]*\() |
        (?P<name>[^\W\d][\w.]*(?![\w.(!:\[])) |
        (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.:!])) |
        (?P<sign><>|<=|>=|[-+*/^&=<>%(),])""",
    re.VERBOSE,
)
WORD = re.compile(r"'[^']*'|\$?[\w.$]+")
WHOLE = re.compile(r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(!:])|\$?[0-9]+:\$?[0-9]+(?![\w.(!:])")
LEVELS = (("=", "<", ">", "<=", ">=", "<>"), ("&",), ("+", "-"), ("*", "/"), ("^",))
#: What cannot be read, and what is to be said of it.
STRANGE = {
    "{": "it holds a list in braces", "[": "it reads another workbook or a table", "#": "it holds an error or a spilled range",
    "@": "it holds @", ":": "it joins ranges with ':'", "!": "it joins ranges with '!'", ";": "it holds ';'",
}  # fmt: skip


class Unreadable(ValueError):
    """The formula is none that every program reads alike; the message says why."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Quoted:
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell, a range or a name, as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    inner: Tree


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands of one precedence from left to right: ``a-b+c``."""

    first: Tree
    rest: tuple[tuple[str, Tree], ...]


Tree = Number | Quoted | Reference | Call | Negated | Chain


@lru_cache(maxsize=1024)
def read_formula(formula: str) -> Tree:
    """The tree of a formula, which may start with ``=``. Raises `Unreadable`."""
    if len(formula) > LONGEST:
        raise Unreadable(f"it has more than {LONGEST} characters")
    reader = _Reader(_tokens(formula.removeprefix("=")))
    tree = reader.chain(0, 0)
    reader.end()
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise Unreadable(_strange(text[place:]))
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match[0]))
        place = match.end()
    return found


def _strange(rest: str) -> str:
    """What to say of a text that starts with no token."""
    if rest.startswith(("[", "'[")):
        return STRANGE["["]
    if whole := WHOLE.match(rest):
        return f"it reads whole rows or columns ({whole[0]})"
    after = WORD.sub("", rest, count=1)
    return STRANGE.get(after[:1], f"{rest[:20]!r} cannot be read")


class _Reader:
    """Goes through the tokens from left to right."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.place = tokens, 0

    def sign(self, *signs: str) -> str | None:
        """The next token, if it is one of these signs; then it is passed."""
        if self.place < len(self.tokens):
            kind, text = self.tokens[self.place]
            if kind == "sign" and text in signs:
                self.place += 1
                return text
        return None

    def chain(self, level: int, depth: int) -> Tree:
        if level == len(LEVELS):
            return self.operand(depth)
        first = self.chain(level + 1, depth)
        rest: list[tuple[str, Tree]] = []
        while (sign := self.sign(*LEVELS[level])) is not None:
            if sign == "^" and rest:
                raise Unreadable("it raises to two powers without brackets, which programs read from either side")
            rest.append((sign, self.chain(level + 1, depth)))
        return Chain(first, tuple(rest)) if rest else first

    def operand(self, depth: int) -> Tree:
        minus = 0
        while (sign := self.sign("+", "-")) is not None:
            minus += sign == "-"
        inner = self.primary(depth)
        percents = []
        while self.sign("%"):
            percents.append(("/", Number(Fraction(100))))
        inner = Chain(inner, tuple(percents)) if percents else inner
        for _ in range(minus % 2 or min(minus, 2)):  # twice is not the same as never: it makes a number of a text
            inner = Negated(inner)
        return inner

    def primary(self, depth: int) -> Tree:
        if depth > NESTED:
            raise Unreadable(f"it is nested more than {NESTED} levels deep")
        if self.place >= len(self.tokens):
            raise Unreadable("it breaks off")
        kind, text = self.tokens[self.place]
        self.place += 1
        if kind == "number":
            return Number(_number(text))
        if kind == "text":
            return Quoted(text[1:-1].replace('""', '"'))
        if kind in ("range", "name"):
            return Reference("".join(text.split()) if kind == "range" and "'" not in text else text)
        if kind == "call":
            return Call(text[:-1].upper(), self.arguments(text[:-1], depth))
        if text == "(":
            inner = self.chain(0, depth + 1)
            self.close()
            return inner
        raise Unreadable(f"{text!r} stands where a value must be")

    def arguments(self, name: str, depth: int) -> tuple[Tree, ...]:
        found: list[Tree] = []
        if self.sign(")"):
            return ()
        while True:
            if self.tokens[self.place : self.place + 1] in ([("sign", ",")], [("sign", ")")]):
                raise Unreadable(f"an argument of {name[:40]} is missing")
            found.append(self.chain(0, depth + 1))
            if not self.sign(","):
                self.close()
                return tuple(found)

    def close(self) -> None:
        if not self.sign(")"):
            raise Unreadable(self.unexpected("its brackets do not match"))

    def end(self) -> None:
        if self.place < len(self.tokens):
            raise Unreadable(self.unexpected("its brackets do not match"))

    def unexpected(self, otherwise: str) -> str:
        """What is wrong with the next token, which should not be there."""
        kind, text = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
        if kind == "sign" and text == ",":
            return "it joins ranges with ','"
        return "two values stand side by side, which joins ranges" if kind and (kind != "sign" or text == "(") else otherwise


def _number(text: str) -> Fraction:
    digits, _, power = text.lower().partition("e")
    if len(digits) > DIGITS or len(power) > 4 or abs(int(power or 0)) > LARGEST:
        raise Unreadable(f"{text[:20]} is a number beyond what can be computed with")
    return Fraction(digits.rstrip(".")) * Fraction(10) ** int(power or 0)

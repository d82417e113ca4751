"""Comparisons, and what is computed only where they hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from xlcnn.grid.expressions import Call, Chain, Tree
from xlcnn.verifier import algebra
from xlcnn.verifier.algebra import Trace, Value, hashed
from xlcnn.verifier.ground import Refused

STEEPEST = 100  # how much more the results may differ than what is compared: else rounding decides
#: A comparison, and the one with its sides exchanged, and its opposite.
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}
OTHERWISE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "<>", "<>": "="}


def comparison(tree: Tree) -> tuple[str, Tree, Tree] | None:
    """The sign and the sides of what is a comparison; NOT turns it round."""
    if isinstance(tree, Chain) and len(tree.rest) == 1 and tree.rest[0][0] in OTHERWISE:
        return tree.rest[0][0], tree.first, tree.rest[0][1]
    if isinstance(tree, Call) and tree.name == "NOT" and len(tree.arguments) == 1:
        inner = comparison(tree.arguments[0])
        return (OTHERWISE[inner[0]], *inner[1:]) if inner else None
    return None


def compared(sign: str, a: Value, b: Value, trace: Trace, noted: bool = True) -> Value:
    """A comparison: the same only where both sides are the same, rounding included."""
    if a.constant is not None and b.constant is not None:
        raise Refused("it compares constants")
    if sign in (">", ">="):
        sign, a, b = MIRRORED[sign], b, a
    sides = [(a.loose, a.exact), (b.loose, b.exact)]
    key = hashed(sign, *(sorted(sides) if sign in ("=", "<>") else sides))
    if noted:
        trace.met(key, "a comparison")
    return Value(key, key)


@contextmanager
def inside(trace: Trace, *words: object) -> Iterator[None]:
    """What is met here may not be computed at all, or its errors may be caught: so it is not met elsewhere."""
    outer = trace.context
    if words:
        trace.context = hashed(outer, *words)
    try:
        yield
    finally:
        trace.context = outer


def as_extreme(sign: str, a: Value, b: Value, yes: Value, no: Value, trace: Trace) -> Value | None:
    """The larger or the smaller of both results, if it is just that one which the comparison chooses."""
    if sign in ("=", "<>") or any(v.loose or v.text for v in (a, b, yes, no)):
        return None
    factor = algebra.ratio((yes.key - no.key) % algebra.PRIME, (a.key - b.key) % algebra.PRIME)
    if factor is None or not 1 / STEEPEST <= abs(factor) <= STEEPEST:
        return None
    larger = (factor > 0) == (sign in (">", ">="))
    found = algebra.largest([yes, no], trace) if larger else algebra.smallest([yes, no], trace)
    if {a.exact, b.exact} == {yes.exact, no.exact}:
        return found
    return Value(found.key, hashed("IF", sign, a.exact, b.exact, yes.exact, no.exact), found.sizes)  # a tie may round otherwise

"""Whether a formula that is written differently is the same function as ours.

Both are computed with the same random number for every cell (see `xlcnn.verifier.algebra`). It must read the same cells, divide
by nothing else, hold no function or comparison that ours does not hold, and compute with no numbers so large or so small that
rounding would spoil the result.
"""

from __future__ import annotations

from dataclasses import dataclass

from xlcnn.grid.expressions import Unreadable, read_formula
from xlcnn.verifier import algebra
from xlcnn.verifier.algebra import Trace, Value
from xlcnn.verifier.evaluation import value_of
from xlcnn.verifier.ground import Ground, Misplaced, Refused, TabCell, written

ROUNDING = 1e4  # how much larger than ours its intermediate results may be
DIVIDED = 10  # the same where something is divided, perhaps by a small number
SMALLEST = 1e-100  # what is smaller may vanish
WAY_OUT = "write the formula that is expected here"


@dataclass(frozen=True)
class Verdict:
    """What can be said of a formula without computing it: it is proven, or `kind` and `note` of the problem.

    What is `fixed` cannot be said of its dragged copies.
    """

    kind: str = ""
    note: str = ""
    fixed: bool = False

    @property
    def proven(self) -> bool:
        return not self.kind


def judge(found: str, expected: str, place: TabCell, ground: Ground) -> Verdict:
    """A formula that is written differently from the one expected."""
    if same_tree(found, expected):
        return Verdict()
    ours, theirs = Trace(), Trace()
    theirs.absolutes = ours.absolutes  # so that |x| and |2x| are told apart by their ratio in both
    try:
        right = value_of(expected, place, ground, ours)
    except Refused:
        return Verdict("unproven", f"only as xlcnn writes it can it be verified; {WAY_OUT}", True)
    try:
        value = value_of(found, place, ground, theirs)
    except Refused as error:
        return Verdict("unproven", f"{error}; {WAY_OUT}", theirs.fixed or isinstance(error, Misplaced))
    kind, note = objection(right, value, ours, theirs, place[0], ground)
    return Verdict(kind, note, theirs.fixed or kind == "formula")


def same_tree(found: str, expected: str) -> bool:
    """Whether two formulas are the same but for brackets and spaces that change nothing: they are read as the same tree."""
    try:
        return read_formula(found) == read_formula(expected)
    except Unreadable:
        return False


def objection(right: Value, value: Value, ours: Trace, theirs: Trace, title: str, ground: Ground) -> tuple[str, str]:
    """The kind of problem, and what is to be said against the formula; nothing, if it is proven."""
    differ = sorted(ours.cells ^ theirs.cells, key=lambda c: (c[0] != title, c))
    if differ:
        where = written(differ[0], title)
        return "formula", f"it does not read {where}" if differ[0] in ours.cells else f"it also reads {where}, which it may not"
    if extra := [name for key, name in theirs.strange.items() if key not in ours.strange]:
        return "unproven", f"{extra[0]} has no place in it, or not with these arguments; {WAY_OUT}"
    if any(not known(divisor, ours.divisors) for divisor in theirs.divisors):
        return "unproven", f"it divides by something else than the formula that is expected; {WAY_OUT}"
    most = DIVIDED if ours.divisors else ROUNDING
    large = any(mine * most < its for mine, its in zip(ours.largest, theirs.largest, strict=True))
    if large or theirs.smallest < min(SMALLEST, ours.smallest):
        return "unproven", f"its numbers are so large or so small that rounding may change the result; {WAY_OUT}"
    if right.loose and not value.loose and theirs.cells & ground.words:
        return "unproven", f"it computes with what may be a word; {WAY_OUT}"
    if right.key == value.key:
        return "", ""
    return "unproven", f"it could not be shown to be the same function; {WAY_OUT}"


def known(divisor: tuple[int, int], divisors: set[tuple[int, int]]) -> bool:
    """Whether ours divides by the same at the same place, or by a multiple of it."""
    context, key = divisor
    return divisor in divisors or any(there == context and algebra.ratio(key, other) is not None for there, other in divisors)

"""Computes the tree of a formula as a `Value`: references become cells, helper cells what their own formulas compute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from xlcnn.grid.expressions import Call, Chain, Negated, Number, Quoted, Reference, Tree, Unreadable, read_formula
from xlcnn.verifier import algebra
from xlcnn.verifier.algebra import Trace, Value, cell_value, divided, hashed, number, opposite, plain, plus, power, strange, times
from xlcnn.verifier.conditions import OTHERWISE, as_extreme, compared, comparison, inside
from xlcnn.verifier.ground import Ground, Misplaced, Refused, TabCell, area, written

MOST_CELLS = 50_000  # that one formula reads
MOST_STEPS = 200  # helper cells that one formula leads to
DEEPEST = 12  # helper cells that read helper cells

ARITHMETIC = frozenset({"SUM", "AVERAGE", "SUMPRODUCT", "SUMSQ", "PRODUCT", "POWER", "MAX", "MIN", "ABS", "EXP", "LN", "N"})
#: Functions that give a number, whatever they are given.
NUMBERS = frozenset({"INT", "MATCH", "COUNT", "COUNTA", "COUNTIF", "ISNUMBER", "AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True)
class Range:
    """The values of several cells."""

    shape: tuple[int, int]
    values: tuple[Value, ...]

    def exact(self) -> Value:
        """The range as an argument of a function of which nothing is known."""
        key = hashed("range", self.shape, [(v.loose, v.exact) for v in self.values])
        return Value(key, key, loose=True)


@dataclass
class Reading:
    """The way through one formula; `seen` are the helper cells on it, `within` says that ranges are taken cell by cell."""

    ground: Ground
    trace: Trace
    title: str
    seen: tuple[TabCell, ...]
    steps: int = 0
    within: bool = False


def value_of(formula: str, place: TabCell, ground: Ground, trace: Trace) -> Value:
    """What the formula of a cell computes; `trace` is what it met. Raises `Refused`."""
    try:
        reading = Reading(ground, trace, place[0], (place,))
        return single(read_formula(formula), reading)
    except Unreadable as error:
        raise Refused(str(error)) from None


def single(tree: Tree, reading: Reading) -> Value:
    """What must be one value. Raises `Refused` for a range."""
    found = computed(tree, reading)
    if isinstance(found, Range):
        raise Refused("it takes a whole range where one number must be")
    return found


def computed(tree: Tree, reading: Reading) -> Value | Range:
    match tree:
        case Number(value):
            return number(value)
        case Quoted(text):
            key = hashed("text", text)
            reading.trace.met(key, f'the text "{text[:20]}"')
            return Value(key, key, loose=True, text=True)
        case Reference(text):
            return referred(text, reading)
        case Negated(inner):
            return cell_by_cell(lambda a, _: opposite(a), computed(inner, reading), number(Fraction(0)), reading)
        case Call(name, arguments):
            return called(name, arguments, reading)
        case Chain(first, rest):
            found = computed(first, reading)
            for sign, operand in rest:
                found = cell_by_cell(operator(sign, reading.trace), found, computed(operand, reading), reading)
            return found


def cell_by_cell(
    operate: Callable[[Value, Value], Value], a: Value | Range, b: Value | Range, reading: Reading
) -> Value | Range:  # fmt: skip
    """The operation; of ranges of one shape cell by cell, where SUMPRODUCT takes them so."""
    if isinstance(a, Value) and isinstance(b, Value):
        return operate(a, b)
    shape = a.shape if isinstance(a, Range) else b.shape if isinstance(b, Range) else (1, 1)
    if not reading.within or any(isinstance(x, Range) and x.shape != shape for x in (a, b)):
        raise Refused("it computes with a whole range where one number must be")
    size = shape[0] * shape[1]
    left, right = (x.values if isinstance(x, Range) else (x,) * size for x in (a, b))
    return Range(shape, tuple(map(operate, left, right)))


def operator(sign: str, trace: Trace) -> Callable[[Value, Value], Value]:
    match sign:
        case "+":
            return lambda a, b: plus(a, b, trace)
        case "-":
            return lambda a, b: plus(a, opposite(b), trace)
        case "*":
            return lambda a, b: times(a, b, trace)
        case "/":
            return lambda a, b: divided(a, b, trace)
        case "^":
            return lambda a, b: power(a, b, trace)
        case "&":
            return lambda a, b: joined(a, b, trace)
    return lambda a, b: compared(sign, a, b, trace)


def joined(a: Value, b: Value, trace: Trace) -> Value:
    """Two texts after each other."""
    key = hashed("&", (a.loose, a.exact), (b.loose, b.exact))
    trace.met(key, "&")
    return Value(key, key, loose=True, text=True)


def referred(text: str, reading: Reading) -> Value | Range:
    """What a cell, a range or a name means."""
    if text.upper() in ("TRUE", "FALSE"):
        return strange(text.upper(), [], reading.trace)
    known: Value | Range | None = reading.trace.referred.get((text, reading.title))
    if known is not None:  # a formula that is written twice as long reads everything twice
        return known
    where = area(text, reading.title, reading.ground)
    height, width = where.shape
    if height * width + len(reading.trace.cells) > MOST_CELLS:
        raise Refused(f"it reads more than {MOST_CELLS} cells")
    reading.trace.fixed |= where.named
    steps = reading.steps
    values = [standing(place, reading) for place in where.cells()]
    found: Value | Range = values[0] if len(values) == 1 else Range(where.shape, tuple(values))
    if reading.steps == steps:  # what helper cells compute is met anew under each condition
        reading.trace.referred[text, reading.title] = found
    return found


def standing(place: TabCell, reading: Reading) -> Value:
    """What stands in a cell: of one that is none of the network's, what its formula computes."""
    title, cell = place
    ground = reading.ground
    formula = ground.book.sheets[title].formulas.get(cell)
    if formula is None or place in ground.blocks:
        reading.trace.cells.add(place)
        return cell_value(place, place in ground.loose)
    reading.trace.fixed = True
    reading.steps += 1
    if ground.is_filled(place):
        raise Misplaced(f"{written(place, reading.title)} is filled by an array formula or a table")
    if place in reading.seen:
        raise Misplaced(f"{written(place, reading.title)} leads back to itself")
    if reading.steps > MOST_STEPS or len(reading.seen) > DEEPEST:
        raise Refused("it reads too many helper cells")
    there = Reading(ground, reading.trace, title, (*reading.seen, place), reading.steps)
    try:
        found = single(read_formula(formula.at(cell)), there)
    except Unreadable as error:
        raise Misplaced(f"{written(place, reading.title)}: {error}") from None
    reading.steps = there.steps
    return found


def called(name: str, arguments: Sequence[Tree], reading: Reading) -> Value | Range:
    if name == "IF" and len(arguments) == 3:
        return chosen((arguments[0], arguments[1], arguments[2]), reading)
    if name == "NOT" and len(arguments) == 1 and (sides := comparison(arguments[0])) is not None:
        return compared(OTHERWISE[sides[0]], single(sides[1], reading), single(sides[2], reading), reading.trace)
    outer, reading.within = reading.within, name == "SUMPRODUCT"
    with inside(reading.trace, *([] if name in ARITHMETIC else [name])):
        found = [computed(tree, reading) for tree in arguments]
    reading.within = outer
    result = arithmetic(name, found, reading.trace)
    if result is None:
        values = [x.exact() if isinstance(x, Range) else x for x in found]
        if name in ("AND", "OR"):
            values.sort(key=lambda v: v.exact)
        return strange(name, values, reading.trace, loose=may_be_loose(name, found))
    return result


def may_be_loose(name: str, found: Sequence[Value | Range]) -> bool:
    """Whether a function of which nothing is known may give a blank or a text."""
    passed = found[:1] if name == "INDEX" else found[1:] if name == "CHOOSE" else found if name == "IFERROR" else None
    if passed is None:
        return name not in NUMBERS
    return any(v.loose for x in passed for v in (x.values if isinstance(x, Range) else (x,)))


def arithmetic(name: str, found: Sequence[Value | Range], trace: Trace) -> Value | None:
    """The functions that are arithmetic, of which more is known than their names."""
    flat = [v for x in found for v in (x.values if isinstance(x, Range) else (x,))]
    alone = len(found) == 1 and isinstance(found[0], Value)
    loose = any(v.loose for v in flat)
    if not flat:
        return None
    match name:
        case "SUM":
            return added(flat, ("SUM", [v.exact for v in flat]), trace)
        case "AVERAGE" if not loose:
            return divided(added(flat, ("SUM", [v.exact for v in flat]), trace), number(Fraction(len(flat))), trace)
        case "SUMPRODUCT" if len({x.shape if isinstance(x, Range) else (1, 1) for x in found}) == 1:
            columns = [x.values if isinstance(x, Range) else (x,) for x in found]
            products = [reduce(lambda a, b: times(a, b, trace), row) for row in zip(*columns, strict=True)]
            return added(products, ("SUMPRODUCT", [[v.exact for v in column] for column in columns]), trace)
        case "SUMSQ" if not loose:
            return added([times(v, v, trace) for v in flat], ("SUMSQ", [v.exact for v in flat]), trace)
        case "PRODUCT" if not loose:
            return reduce(lambda a, b: times(a, b, trace), flat)
        case "POWER" if len(found) == 2 and len(flat) == 2:
            return power(flat[0], flat[1], trace)
        case "MAX":
            return algebra.largest(flat, trace)
        case "MIN":
            return algebra.smallest(flat, trace)
        case "ABS" if alone:
            return algebra.largest([plain(flat[0]), opposite(flat[0])], trace)
        case "EXP" if alone:
            return algebra.smooth(name, flat[0], trace)
        case "N" if alone and not loose:
            return flat[0]
    return None


def added(values: Sequence[Value], form: object, trace: Trace) -> Value:
    """The sum of all; programs may add in another order, so it has an exact form of its own."""
    found = reduce(lambda a, b: plus(a, b, trace), values)
    if len(values) == 1:
        return plain(found)
    return Value(found.key, hashed(form), found.sizes, found.constant)


def chosen(arguments: tuple[Tree, Tree, Tree], reading: Reading) -> Value:
    """IF. ``IF(a>b,a,b)`` is MAX(a,b); else it is the same only with the same condition."""
    condition, first, second = arguments
    trace = reading.trace
    sides = comparison(condition)
    if sides is not None:
        sign, a, b = sides[0], single(sides[1], reading), single(sides[2], reading)
        truth = compared(sign, a, b, trace, noted=False)
    else:
        truth = single(condition, reading)
        if truth.constant is not None:
            raise Refused("it decides by a constant")
        truth = strange("IF", [truth], trace)
    with inside(trace, truth.key, "yes"):
        yes = single(first, reading)
    with inside(trace, truth.key, "no"):
        no = single(second, reading)
    if sides is not None:
        if (extreme := as_extreme(sign, a, b, yes, no, trace)) is not None:
            return extreme
        trace.met(truth.key, "a comparison")
    loose = yes.loose or no.loose
    exact = hashed("IF", truth.exact, (yes.loose, yes.exact), (no.loose, no.exact))
    key = exact if loose else hashed("IF", truth.key, yes.key, no.key)
    sizes = max(yes.sizes[0], no.sizes[0]), max(yes.sizes[1], no.sizes[1])
    return Value(key, exact, sizes, loose=loose, text=yes.text or no.text)

"""Typed options: what a sheet's definition may say, within which bounds, and how that is written in a workbook.

A sheet's options are the fields of its dataclass; each says with `whole`, `pair`, `sides`, `fraction`, `yes_no` or `shape`
what it takes. They are read from ``network.json`` and from the workbook's own description alike.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import MISSING, dataclass, field, fields, replace
from math import isfinite
from typing import Any

LARGEST = 16_384


@dataclass(frozen=True)
class Option:
    """One kind of option. `read` makes a plain value of JSON the option's own, or raises `ValueError`."""

    read: Callable[[Any], Any]
    default: Any = MISSING
    part_of_network: bool = True  # else it only adds something to play with to the sheet
    silent: bool = False  # a workbook does not say it where it is as usual: workbooks are older than it


def whole(low: int = 0, high: int = LARGEST, default: Any = MISSING) -> Any:
    """A whole number."""
    return _option(lambda value: _whole(value, low, high), default)


def pair(low: int = 1, high: int = LARGEST, default: Any = MISSING) -> Any:
    """Two whole numbers, of rows and of columns; one number means both."""

    def read(value: Any) -> tuple[int, ...]:
        numbers = _numbers(value, (1, 2), "a whole number or two", low, high)
        return numbers * 2 if len(numbers) == 1 else numbers

    return _option(read, default)


def sides(low: int = 0, high: int = LARGEST, default: Any = (0, 0, 0, 0)) -> Any:
    """Four whole numbers: top, left, bottom, right; two mean rows and columns, one means all."""

    def read(value: Any) -> tuple[int, ...]:
        numbers = _numbers(value, (1, 2, 4), "one, two or four whole numbers", low, high)
        return numbers * (4 // len(numbers))

    return _option(read, default)


def shape() -> Any:
    """Channels, height and width."""
    return _option(lambda value: _numbers(value, (3,), "three whole numbers: channels, height, width", 1, LARGEST), MISSING)


def whole_numbers(fewest: int, most: int, low: int = 1, high: int = LARGEST, default: Any = MISSING) -> Any:
    """A few whole numbers."""
    words = f"{fewest} to {most} whole numbers"
    return _option(lambda value: _numbers(value, range(fewest, most + 1), words, low, high), default)


def fractions(most: int, default: Any = MISSING, fewest: int = 1, part_of_network: bool = True) -> Any:
    """A few finite numbers; one alone need not be a list."""
    words = f"{most} numbers" if fewest == most else f"one number, or up to {most}"

    def read(value: Any) -> tuple[float, ...]:
        numbers = value if isinstance(value, list | tuple) else [value]
        known = all(isinstance(n, int | float) and not isinstance(n, bool) and isfinite(n) for n in numbers)
        if not known or not fewest <= len(numbers) <= most:
            raise ValueError(f"must be {words}")
        return tuple(map(float, numbers))

    return _option(read, default, part_of_network)


def fraction(low: float, high: float, default: Any = MISSING, part_of_network: bool = True) -> Any:
    """A finite number from `low` to `high`."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or not low <= value <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return float(value)

    return _option(read, default, part_of_network)


def yes_no(part_of_network: bool = True, default: bool = False) -> Any:
    """Yes or no; no, if nothing else is said."""

    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        return value

    return _option(read, default, part_of_network)


def later(option: Any) -> Any:
    """An option that a kind of sheet was given after there were workbooks of it: described only where it is not as usual."""
    known: Option = option.metadata["option"]
    return field(default=option.default, metadata={"option": replace(known, silent=True)}, kw_only=True)


def _option(read: Callable[[Any], Any], default: Any, part_of_network: bool = True) -> Any:
    return field(default=default, metadata={"option": Option(read, default, part_of_network)}, kw_only=True)


def _whole(value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"must be a whole number from {low} to {high}")
    if not low <= value <= high:
        raise ValueError(f"must be a whole number from {low} to {high}, not {value}")
    return value


def _numbers(value: Any, counts: Container[int], words: str, low: int, high: int) -> tuple[int, ...]:
    numbers = value if isinstance(value, list | tuple) else [value]
    if len(numbers) not in counts or any(isinstance(n, bool) or not isinstance(n, int) for n in numbers):
        raise ValueError(f"must be {words}")
    for n in numbers:
        if not low <= n <= high:
            raise ValueError(f"must lie between {low} and {high}, not {n}")
    return tuple(numbers)


def options_of(sheet: Any) -> dict[str, Option]:
    """The options of a sheet, or of a class of sheets, by name in the order of their definition."""
    return {f.name: f.metadata["option"] for f in fields(sheet) if "option" in f.metadata}


def values_of(sheet: Any) -> dict[str, Any]:
    """A sheet's own options."""
    return {name: getattr(sheet, name) for name in options_of(sheet)}


def described(sheet: Any) -> dict[str, Any]:
    """Those of a sheet's options that a workbook describes."""
    known = options_of(sheet)
    return {name: value for name, value in values_of(sheet).items() if not known[name].silent or value != known[name].default}


def write_value(value: Any) -> str:
    """An option in a cell: ``3 × 3``, ``yes``, ``0.1``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " × ".join(map(str, value))
    return str(value)


def parse_value(text: str) -> Any:
    """What `write_value` wrote. Raises `ValueError`."""
    if text in ("yes", "no"):
        return text == "yes"
    if "×" in text:
        return [_number(n) for n in text.split("×")]
    return _number(text)


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)

"""Numbers that people type, within bounds that mean something."""

from __future__ import annotations

from math import isfinite
from typing import Any

import click


class Seconds(click.FloatRange):
    """A number of seconds; ``nan`` and ``inf`` are none."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            number = float(value)
        except ValueError:
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        if not isfinite(number):
            self.fail(f"{value} is not a number of seconds.", param, ctx)
        return super().convert(value, param, ctx)


class Numbers(click.ParamType):  # type: ignore[type-arg]
    """Numbers with commas between them: as many as `count`, if that is said."""

    name = "numbers"

    def __init__(self, count: int = 0, whole: bool = False) -> None:
        self.count, self.whole = count, whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        try:
            found = tuple(int(part) if self.whole else float(part) for part in str(value).split(","))
        except ValueError:
            found = ()
        if not found or not all(map(isfinite, found)) or (self.count and len(found) != self.count):
            wanted = f"{self.count} {'whole ' if self.whole else ''}numbers" if self.count else "numbers"
            self.fail(f"{value!r} is not {wanted} with commas between them.", param, ctx)
        if self.whole and min(found) < 1:
            self.fail(f"{value!r} holds a number below 1.", param, ctx)
        return found


MEGABYTES = click.IntRange(1, 2**20)  # a terabyte

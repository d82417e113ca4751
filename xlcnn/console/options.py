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


MEGABYTES = click.IntRange(1, 2**20)  # a terabyte

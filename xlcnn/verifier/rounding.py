"""How far a right result may be off because its terms were rounded: large ones that nearly cancel leave all their rounding.

Measured, not derived: every number that goes in is changed by a tiny share of itself, up or down at random, and NumPy computes once
more. What comes out changes by about that share of the terms, however small their sum is. Programs store 15 digits, and add in
another order than NumPy does; so results may differ by a few hundred times a double's own rounding of the terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from xlcnn.sheets.parts import Array, Choice, Menu, Parts, Values

SHARE = 1e-9  # by which every number is changed; far above rounding, and far below what bends a network
ALLOWED = 1e-13  # of the terms
EXACT = 2.0**20  # whole numbers up to here leave nothing to round
TIMES = 3  # that numbers are changed at random: by chance, one change may cancel out
SEED = 15

Tensors = Mapping[str, Mapping[str, Array]]


def changed(parts: Parts, values: Values, random: np.random.Generator) -> dict[str, Array]:
    """The numbers of a sheet, each changed a little; picks and choices, and what is whole and small, are left as they are."""
    found = {}
    for name, x in values.items():
        if x.dtype.kind != "f" or isinstance(parts[name], Choice | Menu):
            found[name] = x
        else:
            exact = (x == np.rint(x)) & (np.abs(x) <= EXACT)
            found[name] = np.where(exact, x, x * (1 + SHARE * random.choice([-1.0, 1.0], np.shape(x))))
    return found


def slack(usual: Tensors, again: Callable[[np.random.Generator], Tensors]) -> dict[str, dict[str, Array]]:
    """How far each result may be off; `again` computes all of them once more from changed numbers."""
    random = np.random.default_rng(SEED)
    runs = [again(random) for _ in range(TIMES)]
    found: dict[str, dict[str, Array]] = {}
    with np.errstate(all="ignore"):
        for name, tensors in usual.items():
            found[name] = {}
            for part, x in tensors.items():
                if np.asarray(x).dtype.kind == "f":
                    moved = np.max([np.abs(run[name][part] - x) for run in runs], axis=0)
                    found[name][part] = np.nan_to_num(moved, nan=0.0, posinf=0.0) * (ALLOWED / SHARE)
    return found

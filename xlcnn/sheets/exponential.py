"""EXP and the sigmoid that is made of it, without numbers too large for a spreadsheet: EXP(710) is an error in all of them.

sigmoid(x) = 1 / (1 + exp(−x))
"""

from __future__ import annotations

import numpy as np

from xlcnn.sheets.part import Array

LARGEST = 700  # five EXPs of it can still be added


def exp(x: Array) -> Array:
    return np.asarray(np.exp(np.minimum(LARGEST, x)))


def exp_formula(x: str) -> str:
    return f"EXP(MIN({LARGEST},{x}))"


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + exp(-x)))


def sigmoid_formula(x: str) -> str:
    return f"1/(1+{exp_formula('-' + x)})"

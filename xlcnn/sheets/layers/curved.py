"""Activations that are curves.

    Sigmoid(x)  = 1 / (1 + exp(−x))
    Tanh(x)     = (exp(x) − exp(−x)) / (exp(x) + exp(−x))
    Elu(x)      = max(0, x) + α · (exp(min(0, x)) − 1)
    Selu(x)     = γ · (max(0, x) + α · (exp(min(0, x)) − 1))
    Softplus(x) = ln(1 + exp(x)) = max(0, x) + ln(1 + exp(−|x|))
    Gelu(x)     = x · Φ(x), where Φ is the standard normal distribution; or, `approximate`, with a tanh in its place:
                  x/2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))
    Erf(x)      = 2 · Φ(x · √2) − 1

The definitions are those of the ONNX operators of these names; no EXP of them is ever too large for a spreadsheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, pi, sqrt
from typing import ClassVar

import numpy as np

from xlcnn.sheets.elementwise import Elementwise, plainly
from xlcnn.sheets.exponential import sigmoid, sigmoid_formula
from xlcnn.sheets.options import fraction, yes_no
from xlcnn.sheets.parts import Array

FAR = 1e6
NEAR = 30  # beyond it tanh is 1 or −1 in every digit, and no x³ is too large


def normal(x: Array) -> Array:
    """Φ: the share of a standard normal distribution below x."""
    halves = np.frompyfunc(erfc, 1, 1)(-np.asarray(x) / sqrt(2))
    return np.asarray(halves, dtype=np.float64) / 2


@dataclass(frozen=True)
class Sigmoid(Elementwise):
    """Sigmoid: any number is squashed into the range from 0 to 1."""

    kind: ClassVar[str] = "sigmoid"
    never_negative: ClassVar[bool] = True

    def numpy(self, x: Array) -> Array:
        return sigmoid(x)

    def excel(self, x: str) -> str:
        return sigmoid_formula(x)


@dataclass(frozen=True)
class Tanh(Elementwise):
    """Tanh: any number is squashed into the range from −1 to 1."""

    kind: ClassVar[str] = "tanh"

    def numpy(self, x: Array) -> Array:
        return np.tanh(x)

    def excel(self, x: str) -> str:
        return f"TANH({x})"


@dataclass(frozen=True)
class Elu(Elementwise):
    """ELU: what is positive stays; what is negative is bent towards −α."""

    kind: ClassVar[str] = "elu"
    alpha: float = fraction(-FAR, FAR, 1.0)

    def numpy(self, x: Array) -> Array:
        return np.asarray(np.maximum(0, x) + self.alpha * (np.exp(np.minimum(0, x)) - 1))

    def excel(self, x: str) -> str:
        return f"MAX(0,{x})+{plainly(self.alpha)}*(EXP(MIN(0,{x}))-1)"


@dataclass(frozen=True)
class Selu(Elementwise):
    """SELU: an ELU whose two numbers keep the activations of deep networks from fading."""

    kind: ClassVar[str] = "selu"
    alpha: float = fraction(-FAR, FAR, 1.67326319217682)
    gamma: float = fraction(-FAR, FAR, 1.05070102214813)

    def numpy(self, x: Array) -> Array:
        return np.asarray(self.gamma * (np.maximum(0, x) + self.alpha * (np.exp(np.minimum(0, x)) - 1)))

    def excel(self, x: str) -> str:
        return f"{plainly(self.gamma)}*(MAX(0,{x})+{plainly(self.alpha)}*(EXP(MIN(0,{x}))-1))"


@dataclass(frozen=True)
class Softplus(Elementwise):
    """Softplus: a ReLU whose bend is rounded."""

    kind: ClassVar[str] = "softplus"
    never_negative: ClassVar[bool] = True

    def numpy(self, x: Array) -> Array:
        return np.asarray(np.maximum(0, x) + np.log(1 + np.exp(-np.abs(x))))

    def excel(self, x: str) -> str:
        return f"MAX(0,{x})+LN(1+EXP(-ABS({x})))"


@dataclass(frozen=True)
class Gelu(Elementwise):
    """GELU: x times the share of a normal distribution that lies below x."""

    kind: ClassVar[str] = "gelu"
    approximate: bool = yes_no()

    def numpy(self, x: Array) -> Array:
        if self.approximate:
            near = np.clip(x, -NEAR, NEAR)
            return np.asarray(x / 2 * (1 + np.tanh(sqrt(2 / pi) * (near + 0.044715 * near**3))))
        return np.asarray(x * normal(x))

    def excel(self, x: str) -> str:
        near = f"MAX(-{NEAR},MIN({NEAR},{x}))"
        return f"{x}/2*(1+TANH(SQRT(2/PI())*({near}+0.044715*{near}^3)))" if self.approximate else f"{x}*NORMSDIST({x})"


@dataclass(frozen=True)
class Erf(Elementwise):
    """Erf, the error function: twice the share of a normal distribution between 0 and x·√2."""

    kind: ClassVar[str] = "erf"

    def numpy(self, x: Array) -> Array:
        return np.asarray(2 * normal(np.asarray(x) * sqrt(2)) - 1)

    def excel(self, x: str) -> str:
        return f"2*NORMSDIST({x}*SQRT(2))-1"


@dataclass(frozen=True)
class Log(Elementwise):
    """The natural logarithm of each number."""

    kind: ClassVar[str] = "log"

    def numpy(self, x: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):  # an error there as in a spreadsheet
            return np.asarray(np.log(x))

    def excel(self, x: str) -> str:
        return f"LN({x})"

"""Evaluations made by hand, of all kinds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xlcnn.evaluation.outcome import Evaluation, Mistake

MISTAKE = Mistake("3/a.png", 0, 1, 0.91, 0.08, np.linspace(0, 1, 36).reshape(1, 6, 6))
GOOD = Evaluation(
    "a.xlsx", "MNIST's test set", None, None, "formualizer", "0.13", ("cat", "<dog>", "cow"),
    ((7, 1, 0), (0, 1234, 0), (0, 0, 0)), (0, 0, 0), (MISTAKE,), 0, (), 0, 2e-15, (), True,
)  # fmt: skip
BAD = replace(GOOD, unanswered=(0, 2, 0), differing=3, apart=0.25, differing_first=(("image 1", 0.25), ("image 9", 1e-8)))
ERRORS = replace(BAD, apart=float("inf"), differing_first=(("image 1", float("inf")),))
TORN = replace(GOOD, unread=21, unread_first=(("x.png", "x.png is <blank>"),))
NUMPY = replace(GOOD, engine="numpy", differing=None, apart=None, sample=100, seed=7)
SCORES = replace(GOOD, shares=False, mistakes=(replace(MISTAKE, value=float("nan"), image=None), replace(MISTAKE, value=12.5)))
COLOURED = replace(GOOD, mistakes=(replace(MISTAKE, image=np.full((3, 4, 5), 0.5)),))
PERFECT = replace(GOOD, confusion=((7, 0, 0), (0, 5, 0), (0, 0, 0)), mistakes=())

ALL = {
    "good": GOOD, "differing": BAD, "errors": ERRORS, "unread": TORN, "numpy": NUMPY, "scores": SCORES, "coloured": COLOURED,
    "perfect": PERFECT,
}  # fmt: skip

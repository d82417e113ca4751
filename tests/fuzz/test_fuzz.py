"""A short run of each target; the long ones are run by hand with ``python -m tests.fuzz.run``."""

from random import Random

import pytest

from tests.fuzz.run import damaged, random_run
from tests.fuzz.targets import TARGETS, seeds


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.slow
def test_every_seed_is_answered(target: str) -> None:
    for data in seeds(target):
        TARGETS[target](data)
        TARGETS[target](data[: len(data) // 2])
    TARGETS[target](b"")


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_damaged_seeds_are_answered(target: str) -> None:
    assert random_run(target, seconds=120, seed=0, most=100) == 100  # so many, however fast the machine


def test_damage_is_reproducible_and_damages() -> None:
    others = seeds("template")
    assert damaged(others[0], Random(1), others) == damaged(others[0], Random(1), others) != others[0]

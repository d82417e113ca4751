"""Softmax across maps against its definition, of few maps and of more than a formula can name."""

import numpy as np
import pytest

from tests.sheets.alone import run, stand
from xlcnn.sheets.layers.softmax2d import Softmax2d

MANY = 600


def softmax(logarithm: bool = False) -> Softmax2d:
    return Softmax2d("s", "S", ("x",), logarithm=logarithm)


@pytest.mark.parametrize("channels", [1, 3, 255, 256, MANY])
@pytest.mark.parametrize("logarithm", [False, True])
def test_it_is_what_it_says(channels: int, logarithm: bool) -> None:
    x = np.random.default_rng(0).normal(size=(channels, 2, 3))
    share = np.exp(x) / np.exp(x).sum(axis=0)
    assert np.allclose(run(softmax(logarithm), x)["output"], np.log(share) if logarithm else share, atol=1e-13)


def test_of_many_maps_the_largest_and_the_sums_are_found_in_portions() -> None:
    x = np.random.default_rng(0).normal(size=(MANY, 2, 2))
    v = run(softmax(), x)
    assert v["largest"].shape == v["partial"].shape == (3, 2, 2)
    assert (v["largest"][1] == x[255:510].max(axis=0)).all()
    assert np.allclose(v["partial"][2], v["exp"][510:].sum(axis=0), atol=1e-13)


def test_the_formulas_of_many_maps_name_every_map_once() -> None:
    placed = stand(softmax(), (MANY, 2, 2))
    at = placed.references
    portions = [range(255), range(255, 510), range(510, MANY)]
    for g, maps in enumerate(portions):
        assert placed.formula("largest", (g, 1, 0)) == f"=MAX({','.join(at('in', c, 1, 0) for c in maps)})"
        assert placed.formula("partial", (g, 1, 0)) == "=" + "+".join(at("exp", c, 1, 0) for c in maps)
    largest = ",".join(at("largest", g, 1, 0) for g in range(3))
    assert placed.formula("exp", (9, 1, 0)) == f"=EXP({at('in', 9, 1, 0)}-MAX({largest}))"
    assert placed.formula("sum", (0, 1, 0)) == "=" + "+".join(at("partial", g, 1, 0) for g in range(3))


def test_as_many_maps_as_a_function_takes_stand_as_ever() -> None:
    assert [*stand(softmax(), (255, 1, 1)).parts] == ["in", "exp", "sum", "output"]

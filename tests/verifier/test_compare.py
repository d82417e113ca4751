"""When two numbers agree, and how far apart they are."""

import numpy as np
import pytest

from xlcnn.verifier.compare import TOLERANCE, differs, distance

NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("found", "expected", "differ"),
    [
        (1.0, 1.0, False),
        (0.0, 0.9e-9, False),
        (0.0, 1.1e-9, True),
        (1e6, 1e6 + 0.9e-3, False),  # relative to what is expected
        (1e6, 1e6 + 1.1e-3, True),
        (0.0, -0.0, False),
        (NAN, 1.0, True),
        (1.0, NAN, True),
        (NAN, NAN, False),  # an error downstream of an error is no error of its own
        (INF, INF, False),
        (-INF, -INF, False),
        (INF, -INF, True),
        (1.0, INF, True),
        (1.0, -INF, True),
        (INF, 1.0, True),
        (NAN, INF, True),
    ],
)
def test_two_numbers_agree_or_differ(found: float, expected: float, differ: bool) -> None:
    assert bool(differs(np.array(found), np.array(expected))) is differ


def test_whole_arrays_are_compared_value_by_value() -> None:
    found, expected = np.array([[1, 2], [NAN, 4]]), np.array([[1, 2.5], [3, 4]])
    assert differs(found, expected).tolist() == [[False, True], [True, False]]


@pytest.mark.parametrize(
    ("found", "expected", "far"),
    [
        (3.0, 1.0, 2.0), (1.0, 1.0, 0.0), (NAN, 1.0, INF), (1.0, NAN, INF),
        (INF, INF, 0.0), (-INF, -INF, 0.0), (INF, -INF, INF), (INF, 1.0, INF), (1.0, -INF, INF),
    ],
)  # fmt: skip
def test_how_far_numbers_are_apart(found: float, expected: float, far: float) -> None:
    apart = float(distance(np.array(found), np.array(expected)))
    assert apart == far or (np.isinf(far) and apart > 1e300)


def test_the_tolerance_is_tight() -> None:
    assert TOLERANCE == 1e-9

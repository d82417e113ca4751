"""Numbers of few bits become decimals of few digits, and mean the same."""

import numpy as np
import pytest

from xlcnn.network.decimals import decimal


def numbers(kind: type[np.floating]) -> np.ndarray:
    """Numbers of every size that the kind has, of both signs."""
    random = np.random.default_rng(0)
    info = np.finfo(kind)
    sizes = 10.0 ** random.uniform(np.log10(info.tiny), np.log10(info.max), 5000)
    usual = random.normal(0, 0.1, 5000)
    return np.concatenate([sizes, -sizes, usual, [0.0, -0.0, 1.0, 0.1, info.max, info.tiny, info.smallest_subnormal]]).astype(kind)


@pytest.mark.parametrize(("kind", "digits"), [(np.float32, 9), (np.float16, 5)])
def test_they_mean_the_same_and_have_so_many_digits(kind: type[np.floating], digits: int) -> None:
    given = numbers(kind)
    found = decimal(given)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found.astype(kind), given)
    for number in found.tolist():
        assert float(f"{number:.{digits}g}") == pytest.approx(number, rel=1e-15, abs=0)


def test_a_tenth_is_a_tenth() -> None:
    assert decimal(np.array([0.1, -2.7, 1e-3], np.float32)).tolist() == [0.1, -2.7, 0.001]
    assert decimal(np.array([0.1], ">f4")).tolist() == [0.1]


def test_numbers_of_64_bits_stay_what_they_are() -> None:
    exact = np.array([1 / 3, np.pi, 0.1 + 0.2, 1e-300])
    assert decimal(exact).tolist() == exact.tolist()


def test_what_is_no_number_stays_so() -> None:
    np.testing.assert_array_equal(decimal(np.array([np.nan, np.inf, -np.inf], np.float32)), [np.nan, np.inf, -np.inf])

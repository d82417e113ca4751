"""The sample digits are the project's own, and the network finds those hard to read that are meant to be."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.make_samples import CORNER, samples
from xlcnn import Network, Template, load_image

CONVOLUTIONS = ("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias")

Array = np.ndarray


@pytest.fixture(scope="module")
def pictures(template: Template) -> Array:
    """All samples in the template's folder as the network reads them, (14, 1, 28, 28)."""
    return np.stack([load_image(template.folder / "samples" / f"{k}.png", as_is=True) for k in range(14)])


@pytest.fixture(scope="module")
def said(network: Network, pictures: Array) -> Array:
    """The network's probabilities, (14, 10)."""
    return network.probabilities(pictures)


# ---- the files ----


def test_there_are_fourteen_grey_pictures(template: Template, pictures: Array) -> None:
    paths = [template.folder / "samples" / f"{k}.png" for k in range(14)]
    assert sorted([*paths, template.folder / "samples" / "labels.txt"]) == sorted((template.folder / "samples").iterdir())
    for path, picture in zip(paths, pictures, strict=True):
        with Image.open(path) as image:
            assert (image.mode, image.size) == ("L", (28, 28))
            assert (picture[0] == np.asarray(image) / 255).all()


def test_the_script_draws_them(pictures: Array) -> None:
    for number, (levels, picture) in enumerate(zip(samples(), pictures, strict=True)):
        assert np.abs(levels - 255 * picture[0]).max() <= 4, f"sample {number}"


def test_what_they_really_show_is_known(template: Template) -> None:
    assert [template.truth(k) for k in range(14)] == [*range(10), 4, 9, 0, 7]


# ---- what the network says of them ----


def test_ten_are_clean_digits(said: Array) -> None:
    assert said[:10].argmax(axis=-1).tolist() == list(range(10))
    assert said[:10].max(axis=-1).min() > 0.99


def test_one_is_between_4_and_9(said: Array) -> None:
    assert ranks(said[10])[:2] in ([4, 9], [9, 4])
    assert all(0.3 < said[10, digit] < 0.65 for digit in (4, 9))


def test_one_is_a_9_that_is_misread_as_a_7(said: Array) -> None:
    assert ranks(said[11])[:2] == [7, 9]
    assert 0.5 < said[11, 7] < 0.9
    assert said[11, 9] > 0.1


def test_one_is_a_0_at_the_border_of_which_the_network_makes_nothing(said: Array, pictures: Array) -> None:
    centred, moved = pictures[0, 0], pictures[12, 0]
    assert (np.roll(centred, CORNER, axis=(0, 1)) == moved).all()
    (down, right), (rows, cols) = CORNER, np.nonzero(moved)
    assert (rows.max(), cols.min()) == (27, 0), "it touches the border below and on the left"
    assert (rows.min(), cols.max()) == (np.nonzero(centred)[0].min() + down, np.nonzero(centred)[1].max() + right), "and is whole"
    assert ranks(said[12])[0] != 0
    assert said[12].max() < 0.4
    assert said[12, 0] < 0.25


def test_one_is_between_1_2_and_7(said: Array) -> None:
    assert set(ranks(said[13])[:3]) == {1, 2, 7}
    assert all(0.15 < said[13, digit] < 0.5 for digit in (1, 2, 7))


def ranks(probabilities: Array) -> list[int]:
    """The classes, the most probable first."""
    return np.argsort(-probabilities).tolist()


# ---- what one step of gradient descent makes of the misread one ----


@pytest.fixture(scope="module")
def gradients(network: Network, pictures: Array) -> dict[str, Array]:
    """How the cross-entropy of the misread 9 changes with each weight."""
    wrong = network.forward(pictures[11])["softmax"]["output"] - np.eye(10)[9]
    features = network.forward(pictures[11])["maxpool"]["output"].ravel()
    found = {"dense.weight": np.outer(wrong, features), "dense.bias": wrong}
    return found | {name: by_differences(network, name, pictures[11], 9) for name in CONVOLUTIONS}


@pytest.mark.parametrize("rate", [0.05, 0.1])  # above, the sheet says that one image overwrites what all others taught
def test_one_step_corrects_it_and_forgets_no_clean_digit(
    network: Network, gradients: dict[str, Array], pictures: Array, rate: float
) -> None:
    stepped = changed(network, {name: network.weights[name] - rate * slope for name, slope in gradients.items()})
    said = stepped.probabilities(pictures)
    assert gradients.keys() == network.weights.keys()
    assert said[11].argmax() == 9
    assert said[11, 9] > 0.8
    assert said[:10].argmax(axis=-1).tolist() == list(range(10))


def by_differences(network: Network, name: str, image: Array, digit: int, step: float = 1e-5) -> Array:
    """The derivative of the cross-entropy by each number of one weight."""
    weight = np.asarray(network.weights[name], dtype=np.float64)
    slopes = np.empty_like(weight)
    for index in np.ndindex(weight.shape):
        nudge = np.zeros_like(weight)
        nudge[index] = step
        above, below = (cross_entropy(changed(network, {name: weight + sign * nudge}), image, digit) for sign in (1, -1))
        slopes[index] = (above - below) / (2 * step)
    return slopes


def cross_entropy(network: Network, image: Array, digit: int) -> float:
    return -float(np.log(network.probabilities(image)[digit]))


def changed(network: Network, weights: Mapping[str, Array]) -> Network:
    """The network with other weights."""
    return replace(network, weights={**network.weights, **weights})

"""Which digit each of many pictures shows: read by several processes, answered in batches, in the order asked."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from functools import partial
from typing import NamedTuple

import numpy as np

from xlcnn.errors import ImageError, NetworkError, unforeseen
from xlcnn.files.named import Named, all_named
from xlcnn.image import load_digits, load_image, name_of
from xlcnn.image.files import ImageFile
from xlcnn.lesson.likeness import Likeness
from xlcnn.network.network import Answer, Network, answer
from xlcnn.processes.pool import cores, pooled

Picture = str | os.PathLike[str]

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".heic", ".heif", ".hif")
BATCH = 8  # pictures that one process reads at a time and that the network answers together
MANY = 32  # pictures from which other processes are worth their start, about 0.2 s
READERS = ["xlcnn.image.ink", "xlcnn.image.prepare"]  # imported once for all processes


class Reading(NamedTuple):
    """What the network reads in one digit of a picture."""

    path: Picture
    answer: Answer
    digit: int = 1  # which of the picture's digits it is, from left to right

    @property
    def label(self) -> int:
        return self.answer.label

    @property
    def probability(self) -> float:
        """Of the label, 0 to 1."""
        return self.answer.probability


class Unread(NamedTuple):
    """A picture that could not be read."""

    path: Picture
    error: ImageError


class Ways(NamedTuple):
    """How pictures are read."""

    as_is: bool = False  # without looking for ink
    pick: int | None = None  # which of a picture's digits
    every: bool = False  # all of them


USUAL = Ways()


def read_digits(
    network: Network,
    paths: Iterable[Picture],
    as_is: bool = False,
    jobs: int | None = 1,
    pick: int | None = None,
    every: bool = False,
) -> Generator[Reading]:
    """The digit in each picture, in the order of `paths` (image files; ``-`` is standard input).

    Of several digits, `pick` chooses one, counted from 1, from left to right; `every` yields them all. `jobs` is the number
    of processes; None means as many as there are cores, but a single one for a handful of pictures or for standard input.
    The answers do not depend on it. With more than one, a script guards its main part with
    ``if __name__ == "__main__":``, as `multiprocessing` asks. Raises `ImageError` for the first picture that cannot be
    read, where its turn comes, and `XlcnnError` if a process ends; see `load_image` for `as_is`.
    """
    with closing(read_all(network, paths, Ways(as_is, pick, every), jobs)) as found:
        for reading in found:
            if isinstance(reading, Unread):
                raise reading.error
            yield reading


def read_all(
    network: Network, paths: Iterable[Picture], ways: Ways = USUAL, jobs: int | None = 1, likeness: Likeness | None = None
) -> Generator[Reading | Unread]:
    """`read_digits` that goes on after a picture that cannot be read, and yields it, too; with `likeness`, answers have theirs."""
    paths = list(paths)
    shape = network.input_shape
    if not network.has_classes:
        raise NetworkError("the network has no classes to choose among: its last layer makes maps, or a single number")
    batches = [paths[k : k + BATCH] for k in range(0, len(paths), BATCH)]
    jobs = min(processes(paths) if jobs is None else jobs, len(batches))
    work = partial(read_pictures, ways=ways, shape=shape)
    inputs = pooled(work, batches, jobs if all(str(path) != "-" for path in paths) else 1, unread, READERS)
    with closing(inputs):  # whatever interrupts it, its processes end
        for batch, images in zip(batches, inputs, strict=True):
            for path, found in zip(batch, answers_to(network, batch, images, likeness), strict=True):
                if isinstance(found, ImageError):
                    yield Unread(path, found)
                    continue
                for number, one in enumerate(found, 1):
                    yield Reading(path, one, ways.pick or number)


def answers_to(
    network: Network, paths: Sequence[Picture], images: Sequence[np.ndarray | ImageError], likeness: Likeness | None
) -> list[list[Answer] | ImageError]:
    """The answers to the digits of each picture, or what is wrong with it: where all are too many for the memory, one by one."""
    read = [digits for digits in images if not isinstance(digits, ImageError)]
    try:
        answers = iter(answered(network, np.concatenate(read), likeness) if read else ())
    except MemoryError as error:
        if len(paths) == 1:
            return [ImageError(f"{name_of(paths[0])} could not be read ({unforeseen(error)})")]
        return [answers_to(network, [path], [image], likeness)[0] for path, image in zip(paths, images, strict=True)]
    return [digits if isinstance(digits, ImageError) else [next(answers) for _ in digits] for digits in images]


def answered(network: Network, images: np.ndarray, likeness: Likeness | None) -> list[Answer]:
    """What the network answers to a batch of images."""
    answers = [answer(probabilities) for probabilities in network.probabilities(images)]
    return likeness.judged(answers, images) if likeness else answers


def processes(paths: Sequence[Picture]) -> int:
    """How many processes so many pictures are worth: the cores that this process may use, or one."""
    return cores() if len(paths) >= MANY else 1


def read_pictures(paths: Sequence[Picture | ImageFile], ways: Ways, shape: tuple[int, int, int]) -> list[np.ndarray | ImageError]:
    """The inputs for some pictures: for each its digits, (digits, channels, height, width), or what is wrong with it."""
    channels, height, width = shape
    size = height, width

    def digits(path: Picture | ImageFile) -> np.ndarray | ImageError:
        try:
            if ways.every:
                return load_digits(path, ways.as_is, size, channels)
            return load_image(path, ways.as_is, size, channels, ways.pick)[None]
        except ImageError as error:
            return error.with_traceback(None)
        except Exception as error:  # whatever is wrong with one picture, the rest goes on
            return ImageError(f"{name_of(path)} could not be read ({unforeseen(error)})")

    return [digits(path) for path in paths]


def unread(batch: Sequence[Picture]) -> list[np.ndarray | ImageError]:
    """What is said of pictures one of which has ended the process that read them."""
    return [ImageError(f"{name_of(path)} could not be read: the process that read it has ended") for path in batch]


def pictures(names: Sequence[str]) -> Named:
    """The pictures that names stand for: files, folders and patterns. Raises `ImageError` where there is none at all."""
    return all_named(names, ENDINGS, "images", ImageError)

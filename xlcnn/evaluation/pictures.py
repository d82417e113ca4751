"""The pictures that are tried, each with its label: MNIST's files, or a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePath

import numpy as np

from xlcnn.errors import ImageError, XlcnnError, printable
from xlcnn.evaluation.labels import label_of, listed, read_table
from xlcnn.image.files import ImageFile, read_image
from xlcnn.lesson.predict import ENDINGS, Ways, read_pictures
from xlcnn.lesson.training import HELD_OUT, read_idx
from xlcnn.sheets.parts import Array

TEST, TRAINING = "t10k", "train"
FILES = "{}-images-idx3-ubyte.gz", "{}-labels-idx1-ubyte.gz"


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures and their labels, in order; `source` says in words where they come from.

    `images` are MNIST's own bytes (count, height, width); without them `names` are files in the folder `root`. `mark` changes
    with the pictures, or their labels.
    """

    source: str
    names: Sequence[str]
    labels: Sequence[int]
    mark: str
    images: Array | None = None
    root: Path = Path()

    def __len__(self) -> int:
        return len(self.names)

    def chosen(self, numbers: Sequence[int]) -> Pictures:
        """Some of them."""
        images = None if self.images is None else self.images[list(numbers)]
        names, labels = [self.names[k] for k in numbers], [self.labels[k] for k in numbers]
        return replace(self, names=names, labels=labels, images=images)

    def batch(self, first: int, last: int) -> Batch:
        """Those from one on up to another, ready for another process."""
        labels, names = self.labels[first:last], self.names[first:last]
        if self.images is not None:
            return Batch(labels, names, self.images[first:last])
        paths = [str(self.root / name) for name in names]
        return Batch(labels, paths, None, paths)


@dataclass(frozen=True, eq=False)
class Batch:
    """Some pictures that are answered together: MNIST's `images`, or `files`: their paths, or what was found there."""

    labels: Sequence[int]
    names: Sequence[str]
    images: Array | None
    files: Sequence[str | ImageFile | ImageError] = ()

    def parts(self, size: int) -> list[Batch]:
        """The same as several, each of so many pictures at most."""
        cuts = [slice(first, first + size) for first in range(0, len(self.labels), size)]
        images = [None if self.images is None else self.images[cut] for cut in cuts]
        found = zip(cuts, images, strict=True)
        return [Batch(self.labels[cut], self.names[cut], some, self.files[cut]) for cut, some in found]

    def packed(self) -> Batch:
        """The same for another machine: the files themselves, not their paths."""
        return replace(self, files=[whole_picture(file) if isinstance(file, str) else file for file in self.files])

    def inputs(self, shape: tuple[int, int, int], as_is: bool) -> list[Array | ImageError]:
        """What a network of this input shape reads of each, or what is wrong with it."""
        if self.images is not None:
            return [image[None].astype(np.float64) / 255 for image in self.images]
        read = iter(read_pictures([file for file in self.files if not isinstance(file, ImageError)], Ways(as_is), shape))
        found = (file if isinstance(file, ImageError) else next(read) for file in self.files)
        return [one if isinstance(one, ImageError) else one[0] for one in found]


def whole_picture(path: str) -> ImageFile | ImageError:
    """The file's bytes, or why it cannot be read."""
    try:
        return read_image(path)
    except ImageError as error:
        return error.with_traceback(None)


def sampled(pictures: Pictures, count: int | None, seed: int) -> Pictures:
    """So many of the pictures, drawn at random, in their order; all, if no number is given. Raises `ImageError`."""
    if count is None:
        return pictures
    if count > len(pictures):
        raise ImageError(f"a sample of {count:,} cannot be drawn from {len(pictures):,} pictures; --sample takes at most so many")
    drawn = np.random.default_rng(seed).choice(len(pictures), count, replace=False)
    return pictures.chosen(sorted(drawn.tolist()))


def from_mnist(folder: Path, shape: tuple[int, int, int], classes: Sequence[str]) -> Pictures:
    """MNIST's test set in that folder; where only the training set is there, the images of it that `xlcnn train` holds out.

    Raises `XlcnnError`.
    """
    shown = printable(folder)
    kind = next((kind for kind in (TEST, TRAINING) if any(is_there(folder / name.format(kind)) for name in FILES)), None)
    if kind is None:
        raise XlcnnError(f"{shown} does not hold MNIST's files, {FILES[0].format(TEST)} and {FILES[1].format(TEST)}")
    images, labels = read_idx(folder / FILES[0].format(kind), 3), read_idx(folder / FILES[1].format(kind), 1)
    if len(images) != len(labels) or not len(images):
        raise XlcnnError(f"{shown} holds {len(images):,} images and {len(labels):,} labels; get both files from one place")
    if (1, *images.shape[1:]) != shape:
        raise XlcnnError(f"{shown} holds images of shape {(1, *images.shape[1:])}, but the workbook reads {shape}; give --images")
    if int(labels.max()) >= len(classes):
        raise XlcnnError(f"{shown} holds the label {int(labels.max())}, which is none of the workbook's classes: {listed(classes)}")
    first = max(0, len(images) - HELD_OUT) if kind == TRAINING else 0
    images, labels = images[first:].copy(), labels[first:].copy()  # the rest of the file is given back
    source = "MNIST's test set" if kind == TEST else f"the last {len(images):,} images of MNIST's training set"
    mark = sha256(images.tobytes() + labels.tobytes()).hexdigest()
    return Pictures(source, [f"image {first + k + 1}" for k in range(len(images))], labels.tolist(), mark, images)


def is_there(path: Path) -> bool:
    """Whether it is there, gzipped or not."""
    return path.exists() or path.with_suffix("").exists()


def from_folder(folder: Path, table: Path | None, classes: Sequence[str]) -> Pictures:
    """Every picture in a folder and the folders in it, with the labels of `table` where it has one. Raises `ImageError`."""
    shown = printable(folder)
    if not folder.is_dir():
        raise ImageError(f"{shown} is no folder; give --images a folder of pictures")
    names = sorted(found(folder))
    if not names:
        raise ImageError(f"{shown} is a folder without images ({', '.join(ENDINGS)})")
    known = {} if table is None else read_table(table, names, classes)
    labels, without = [], []
    for name in names:
        label = label_of(name, known, folder, classes)
        labels.append(label)
        without += [name] if label is None else []
    if without:
        first = printable(without[0])
        others = f", and so have {len(without) - 1:,} others" if len(without) > 1 else ""
        raise ImageError(
            f"{shown}/{first} has no label{others}: name its class ({listed(classes)}) in a file for --labels, by its folder, "
            "or before the first _ of its name"
        )
    whole = [label for label in labels if label is not None]
    return Pictures(shown, [name.as_posix() for name in names], whole, mark_of(folder, names, whole), None, folder)


def found(folder: Path) -> Iterator[PurePath]:
    """The places in the folder of all pictures; hidden ones are passed over, and links to other folders are not followed."""
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if PurePath(name).suffix.lower() in ENDINGS and not name.startswith("."):
                yield PurePath(path).relative_to(folder) / name


def mark_of(folder: Path, names: Sequence[PurePath], labels: Sequence[int]) -> str:
    """What changes with any file's name, size or date, and any label: to read them all would take too long."""
    mark = sha256()
    for name, label in zip(names, labels, strict=True):
        try:
            about = (folder / name).stat()
            mark.update(f"{name.as_posix()}\0{label}\0{about.st_size}\0{about.st_mtime_ns}\n".encode(errors="surrogateescape"))
        except OSError:
            mark.update(f"{name.as_posix()}\0{label}\0gone\n".encode(errors="surrogateescape"))
    return mark.hexdigest()

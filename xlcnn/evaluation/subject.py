"""The workbook that is asked: its own formulas in the embedded engine, and NumPy beside it with the numbers that stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from xlcnn.engines import find_engine
from xlcnn.engines.embedded import Loaded, overwrites_formulas
from xlcnn.errors import ImageError, NetworkError, WorkbookError, printable
from xlcnn.evaluation.needed import sheets_read, with_only
from xlcnn.grid.blocks import Cell
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.graph import evaluate
from xlcnn.sheets.parts import Array, Parts, Picture
from xlcnn.verifier.compare import differs, distance
from xlcnn.verifier.description import Described, describe
from xlcnn.verifier.findings import given_problems
from xlcnn.verifier.probes import in_cells, is_read
from xlcnn.verifier.recalculation import recalculate
from xlcnn.xlsx.patch import Edits, patched
from xlcnn.xlsx.reader import read_book

COMPARED = ("in", "output", "prediction")  # of the last layer: scores, probabilities, the answer


class Answered(NamedTuple):
    """What came of one picture; of one that could not be read only the `error`.

    `answer` is None where the workbook has none, an error in its place; `value` is the last layer's output for the answer,
    `of_label` that for the picture's label. `apart` is how far the workbook is from NumPy (None: it was not asked).
    """

    answer: int | None
    value: float = 0.0
    of_label: float = 0.0
    apart: float | None = None
    differs: bool = False
    error: str = ""


@dataclass(frozen=True, eq=False)
class Subject:
    """A workbook as it describes itself, with only the formulas that its answer needs.

    `given` are the numbers of its layers: weights, choices, constants.
    """

    described: Described
    given: Mapping[str, Mapping[str, Array]]

    @property
    def input(self) -> Sheet:
        return self.described.plan.input

    @property
    def last(self) -> Sheet:
        return self.described.plan.layers[-1]

    @cached_property
    def parts(self) -> dict[str, Parts]:
        """The tensors of the layers alone: what is only there to be looked at has no part in an answer."""
        return {layer.name: self.described.plan.parts[layer.name] for layer in self.described.plan.layers}

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of the images that it reads."""
        channels, height, width = self.parts[self.input.name][self.input.image_part].shape
        return channels, height, width

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """What its classes are called: their names, or their numbers."""
        (count,) = self.parts[self.last.name]["output"].shape
        named = self.described.words.get((self.last.name, "name"))
        return tuple(str(k) for k in range(count)) if named is None else tuple(printable(str(name)) for name in named)

    @property
    def gives_shares(self) -> bool:
        """Whether what it gives each class is a probability."""
        return self.last.kind in ("softmax", "answer")

    @cached_property
    def compared(self) -> list[str]:
        """The parts of the last layer that are held against NumPy: the output, the answer, and the scores of a softmax."""
        parts = self.parts[self.last.name]
        shape = parts["output"].shape
        return [name for name in COMPARED if name in parts and parts[name].shape in (shape, ())]

    @cached_property
    def cells(self) -> list[tuple[str, Cell]]:
        """Where they stand."""
        where = [self.described.where[self.last.name, name].reshape(-1, 2) for name in self.compared]
        return [(self.last.title, (row, col)) for row, col in np.concatenate(where).tolist()]

    @cached_property
    def loaded(self) -> Loaded:
        """The workbook in the engine, without formulas where an image is put."""
        book, blank = self.described.book, self.edits(np.zeros(self.input_shape))
        return Loaded(patched(book, blank) if overwrites_formulas(book, blank) else book.data, self.cells)

    def edits(self, image: Array) -> Edits:
        """The changes that put an image where the network reads one: the user's own, or the sample that was chosen."""
        found: dict[str, list[tuple[int, int, Array]]] = {}
        sources = [part.read.home for part in self.described.plan.parts[self.input.name].values() if part.read is not None]
        for placed in (self.described.layout[name] for name in (self.input.name, *sources)):
            for block in placed.blocks:
                part = placed.parts[block.part]
                if isinstance(part, Picture) and is_read(self.described, placed, block):
                    found.setdefault(placed.title, []).extend(in_cells(part, block, image[block.index[-1]]))
        return found

    def by_formulas(self, image: Array) -> Array:
        """What the workbook's formulas give; NaN where a cell holds no number. Raises `EngineError`."""
        values = self.loaded.values(self.edits(image))
        return np.array([x if isinstance(x, int | float) and not isinstance(x, bool) else np.nan for x in values], dtype=float)

    def by_numpy(self, images: Array) -> Array:
        """The same of several images by NumPy."""
        first = {self.input.image_part: images, "output": self.input.prepare(images)}
        with np.errstate(all="ignore"):
            values = evaluate(self.parts, self.given, {self.input.name: first})[self.last.name]
        return np.concatenate([values[name].reshape(len(images), -1) for name in self.compared], axis=1)

    def answers(self, images: Sequence[Array | ImageError], labels: Sequence[int], numpy_only: bool) -> list[Answered]:
        """What it answers to pictures that are labelled so."""
        read = [image for image in images if not isinstance(image, ImageError)]
        right = iter(self.by_numpy(np.stack(read)) if read else np.zeros((0, 0)))
        found = []
        for image, label in zip(images, labels, strict=True):
            if isinstance(image, ImageError):
                found.append(Answered(None, error=printable(str(image))))
                continue
            expected = next(right)
            values = expected if numpy_only else self.by_formulas(image)
            answer, output = self.read(values)
            value = float("nan") if answer is None else float(output[answer])
            if numpy_only:
                found.append(Answered(answer, value, float(output[label])))
                continue
            apart = float(distance(values, expected).max())
            found.append(Answered(answer, value, float(output[label]), apart, bool(differs(values, expected).any())))
        return found

    def read(self, values: Array) -> tuple[int | None, Array]:
        """The answer among the values that are compared, and the last layer's output."""
        count = len(self.classes)
        at = count * self.compared.index("output")
        output = values[at : at + count]
        if "prediction" in self.compared:
            answer = values[-1]
            return (int(answer) if answer in range(count) else None), output
        return (None if np.isnan(output).any() else int(output.argmax())), output


def read_subject(data: bytes, name: str) -> Subject:
    """The workbook in these bytes. Raises `WorkbookError` where it is none of xlcnn's, or none that could answer."""
    try:
        described, problems = describe(read_book(data))
    except WorkbookError as error:
        raise WorkbookError(f"{name} {printable(str(error))}") from None
    except (LookupError, ArithmeticError, RecursionError, ValueError) as error:
        raise WorkbookError(f"{name} cannot be read: it holds a number or a reference that no program writes ({error})") from None
    if described is None:
        raise WorkbookError(f"{name} cannot be evaluated: {printable(str(problems[0]))}")
    book = described.book
    described = replace(described, book=with_only(book, sheets_read(book, described.plan.layers[-1].title)))
    layers = frozenset(layer.name for layer in described.plan.layers[1:])
    (now,) = recalculate(described, find_engine(), [{}], layers)
    unusable = [problem for problem in given_problems(now) if problem.kind != "choice"]  # which the formulas know to answer
    if unusable:
        raise WorkbookError(f"{name} cannot be evaluated: {printable(str(unusable[0]))}")
    subject = Subject(described, now.given)
    if len(subject.parts[subject.last.name]["output"].shape) != 1:
        raise NetworkError(f"{name} has no classes to choose among: its last layer makes maps")
    return subject

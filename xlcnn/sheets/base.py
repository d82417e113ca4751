"""What every sheet says of itself: its parts, how they are arranged, and what stands beside them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from xlcnn.errors import NetworkError
from xlcnn.grid.blocks import Block, Box
from xlcnn.grid.references import References
from xlcnn.grid.rules import Rule
from xlcnn.sheets.looks import Chart, Note
from xlcnn.sheets.parts import Array, Part, Parts, Values
from xlcnn.sheets.words import Words

MOST_CHOICES = 29  # Excel's CHOOSE could once take so many

GUIDE, OVERVIEW, LAYER, EXHIBIT, LEARNING, GALLERY, GLOSSARY, NETWORK, ABOUT = range(9)  # the order of the tabs


class Place(NamedTuple):
    """Where a picture is on a sheet: row and column (from 1) of its corner, and how wide and high it may be, in pixels."""

    row: int
    col: int
    width: int
    height: int


@dataclass(frozen=True)
class Sheet(ABC):
    """A sheet called `name`, on the tab `title`, that reads the outputs of the sheets called `inputs`.

    An input is a sheet's name, which means its part ``output``, or names another part: ``softmax.prediction``.
    A subclass is a frozen dataclass whose further fields are its options (see `xlcnn.sheets.options`).
    """

    kind: ClassVar[str]
    group: ClassVar[int]
    reads_image: ClassVar[bool] = False
    of_a_picture: ClassVar[bool] = False  # only in a workbook that is made of a picture which had to be prepared
    frozen: ClassVar[bool] = True  # the headings stay in view
    panels: ClassVar[bool] = True  # headings over the columns: what comes in, weights, what goes out
    legend: ClassVar[bool] = True  # what its colours mean
    announced: ClassVar[frozenset[str]] = frozenset({"output", "pickmap"})  # linked to, where they do not show at once

    name: str
    title: str
    inputs: tuple[str, ...]

    @property
    def cell(self) -> tuple[int, int]:
        """The width and height of its cells in pixels: a map of 28 × 28 fits on a laptop's screen, and can be read."""
        return 19, 15

    @property
    def image_part(self) -> str:
        """Of the layer that reads the image: the part that shows it as it was given or chosen."""
        return "output"

    def prepare(self, x: Array) -> Array:
        """Of the layer that reads the image: what the network reads of it."""
        return x

    @property
    def wide(self) -> Mapping[int, int]:
        """The columns (from 1) that have another width than its cells, in pixels."""
        return {}

    @abstractmethod
    def parts(self, *incoming: Part) -> Iterable[Part]:
        """Every tensor of the sheet, given those that it reads, in the order in which they are computed.

        Raises `NetworkError` where it cannot read such tensors.
        """

    @abstractmethod
    def arrange(self, p: Parts) -> Box:
        """How the sheet stands: left what comes in, in the middle the weights, right what goes out."""

    def declare(self, incoming: Sequence[Part]) -> dict[str, Part]:
        """The parts by their names, each knowing its home. Raises `NetworkError`."""
        found: dict[str, Part] = {}
        for part in self.parts(*incoming):
            if part.name in found:
                raise self.fail(f"has two parts called {part.name}")
            found[part.name] = replace(part, home=self.name, sheet=self)
        return found

    def printed(self, p: Parts) -> int | None:
        """How many rows of the arrangement are worth paper; None: all."""
        return None

    def marks(self, p: Parts, blocks: Iterable[Block], at: References) -> Iterable[Rule]:
        """Cells that are marked because somebody looks at them."""
        return ()

    def charts(self, p: Parts) -> Iterable[Chart]:
        return ()

    def notes(self, words: Words, sheets: Mapping[str, Sheet], parts: Mapping[str, Parts]) -> Iterable[Note]:
        """Words beside the blocks. `sheets` and `parts` are those of the whole workbook."""
        return ()

    def begin(self, values: Mapping[str, Values], truth: int | None = None) -> dict[str, Array]:
        """What its cells to play with hold in a new workbook, beside their defaults.

        `values` are those of the layers; `truth` is the class that the image really shows, where that is known.
        """
        return {}

    def picture_places(self, blocks: Sequence[Block]) -> Mapping[str, Place]:
        """Where pictures are that are drawn when the workbook is made: ``own`` is the user's, others are stages of it."""
        return {}

    def fail(self, message: str) -> NetworkError:
        return NetworkError(f"layer {self.name} ({self.kind}): {message}")

    def no_input(self, incoming: tuple[Part, ...]) -> None:
        if incoming:
            raise self.fail("reads no other layer")

    def one_input(self, incoming: tuple[Part, ...], ndim: int | None = None) -> Part:
        """The single tensor that it reads, or an error in words."""
        if len(incoming) != 1:
            raise self.fail(f"reads one layer, not {len(incoming)}")
        shape = incoming[0].shape
        if len(shape) not in (1, 3):
            raise self.fail(f"reads feature maps or a vector, not a tensor of shape {shape}")
        if ndim is not None and len(shape) != ndim:
            raise self.fail(f"reads {'feature maps' if ndim == 3 else 'a vector'}, not a tensor of shape {shape}")
        return incoming[0]


class Layer(Sheet):
    """A sheet that is a layer of the network: its part ``output`` is what later layers read."""

    group = LAYER


class Exhibit(Sheet):
    """A sheet to play with, that explains one thing. It may read layers, but no layer reads it."""

    group = EXHIBIT
    panels = False


class Learning(Exhibit):
    """A sheet of the lesson's second part: how the network learns."""

    group = LEARNING

"""An image and a template become a workbook."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from xlcnn.errors import TemplateError
from xlcnn.image import name_of, open_image
from xlcnn.image.files import ImageFile
from xlcnn.image.load import chosen, prepared
from xlcnn.image.pixels import to_float
from xlcnn.layout.needs import fitting
from xlcnn.layout.placed import lay_out
from xlcnn.lesson.doubt import verdict
from xlcnn.lesson.templates import DEFAULT, Template, find_template
from xlcnn.network.network import Answer, Network, answer
from xlcnn.sheets.parts import Array, Values
from xlcnn.sheets.pixels import sums
from xlcnn.sheets.plan import Plan
from xlcnn.sheets.words import Words
from xlcnn.workbook.form import Form, form_of
from xlcnn.workbook.numbers import computed, given_numbers
from xlcnn.workbook.picture import picture_of, stages_of, thumbnail
from xlcnn.xlsx.files import check_target, check_workbook_name, write_whole

Say = Callable[[str], object]


class Workbook(NamedTuple):
    """A workbook's file, and the network's answer, if it has classes."""

    data: bytes
    answer: Answer | None


def make_workbook(
    image: str | os.PathLike[str] | ImageFile | np.ndarray,
    output: str | os.PathLike[str],
    template: Template | str = DEFAULT,
    *,
    as_is: bool = False,
    pick: int | None = None,
    language: str = "en",
    add: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    truth: int | None = None,
    force: bool = False,
    say: Say | None = None,
) -> Answer | None:
    """Write a workbook that computes the template's network for `image`; return its answer, if it has classes.

    `image` is a file's path, its bytes, or an array of shape (channels, height, width) in [0, 1]; of several digits in a
    picture `pick` chooses one, counted from 1, from left to right; `add` and `leave_out` name the template's parts that are
    wanted besides the usual ones, or not (see `Template.options`); `truth` is the digit that the image really shows, with
    which the sheet Loss begins; `say` is told of each stage. The file is written whole or not at all.

    Raises `ImageError`, `TemplateError`, `WorkbookError`.
    """
    maker = Maker(template, language=language, add=add, leave_out=leave_out)
    return maker.write(image, output, as_is=as_is, pick=pick, truth=truth, force=force, say=say)


def workbook_of(
    image: str | os.PathLike[str] | ImageFile | np.ndarray,
    template: Template | str = DEFAULT,
    *,
    as_is: bool = False,
    pick: int | None = None,
    language: str = "en",
    add: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    truth: int | None = None,
    say: Say | None = None,
) -> Workbook:
    """What `make_workbook` writes, in memory. Raises `ImageError`, `TemplateError`, `WorkbookError`."""
    return Maker(template, language=language, add=add, leave_out=leave_out).workbook(
        image, as_is=as_is, pick=pick, truth=truth, say=say
    )


class Maker:
    """Makes the workbooks of one template: what two pictures have in common is laid out once.

    The arguments are those of `make_workbook`.
    """

    def __init__(
        self,
        template: Template | str = DEFAULT,
        *,
        language: str = "en",
        add: Sequence[str] = (),
        leave_out: Sequence[str] = (),
    ) -> None:
        self.template = find_template(template) if isinstance(template, str) else template
        self.language, self.add, self.leave_out = language, add, leave_out
        self._last: tuple[object, Sheets] | None = None  # of the last picture, and of what kind it was

    def write(
        self,
        image: str | os.PathLike[str] | ImageFile | np.ndarray,
        output: str | os.PathLike[str],
        *,
        as_is: bool = False,
        pick: int | None = None,
        truth: int | None = None,
        force: bool = False,
        say: Say | None = None,
    ) -> Answer | None:
        """Write a workbook whole, or not at all; return the network's answer. Raises as `make_workbook`."""
        output = Path(output)
        check_workbook_name(output)
        check_target(output, force, *([] if isinstance(image, np.ndarray | ImageFile) else [Path(image)]))
        made = self.workbook(image, as_is=as_is, pick=pick, truth=truth, say=say)
        write_whole(output, made.data, force)
        return made.answer

    def workbook(
        self,
        image: str | os.PathLike[str] | ImageFile | np.ndarray,
        *,
        as_is: bool = False,
        pick: int | None = None,
        truth: int | None = None,
        say: Say | None = None,
    ) -> Workbook:
        """A workbook in memory. Raises `ImageError`, `TemplateError`, `WorkbookError`."""
        template, network = self.template, self.template.network
        classes = network.shapes[network.layers[-1].name][0] if network.has_classes else 0
        if truth is not None and truth >= classes:
            raise TemplateError(f"template {template.name} has no class {truth}: no image can show it")
        if isinstance(image, np.ndarray):
            pixels, pictures, drawn = image, {"own": picture_of(image)}, False
        else:
            opened = open_image(image)
            channels, *size = network.input_shape
            name = name_of(image)
            stages = prepared(to_float(opened, name), name, as_is, (size[0], size[1]), channels)
            digit = chosen(stages.digits, pick, name)
            pixels, drawn = digit.input, stages.found is not None
            pictures = {"own": thumbnail(opened)} | (stages_of(stages._replace(digits=(digit,))) if drawn else {})
        found = answer(network.probabilities(pixels)) if network.has_classes else None
        if found and template.likeness:
            found = template.likeness.judge(found, pixels)
        no_digit = found and verdict(found, template.sure_from, template.like_from) == "no digit"
        sheets = self.sheets(drawn, tuple(sums(pixels).round(9).tolist()) if no_digit else (), say or silent)
        given = given_numbers(network, pixels, sheets.plan, template.pictures, template.records, truth)
        return Workbook(sheets.filled(given, pictures, say or silent), found)

    def sheets(self, of_a_picture: bool, unlike: tuple[float, ...], say: Say) -> Sheets:
        """The sheets of a workbook of such a picture (see `Template.plan_with`): those of the last one, if it was of this kind."""
        kind, last = (of_a_picture, unlike), self._last  # which another thread may change
        if last is not None and last[0] == kind:
            return last[1]
        words = last[1].all_words if last else self.template.words(self.language)
        sheets = Sheets(self.template.plan_with(self.add, self.leave_out, *kind), words, say)
        if not unlike:  # which is of this picture alone
            self._last = kind, sheets
        return sheets


@lru_cache(maxsize=1)
def maker_of(template: Template, language: str = "en", add: tuple[str, ...] = (), leave_out: tuple[str, ...] = ()) -> Maker:
    """What makes such workbooks: for many in turn, the same one. Raises as `Maker`."""
    return Maker(template, language=language, add=add, leave_out=leave_out)


def silent(stage: str) -> None:
    """Nobody is told of a stage."""


class Sheets:
    """The sheets of a workbook, laid out; and their form, once the first one was filled in."""

    def __init__(self, plan: Plan, words: Words, say: Say = silent) -> None:
        say("laying out the sheets")
        self.plan = plan.titled(words.tab)
        self.layout = fitting(lay_out(self.plan))
        self.all_words, self.words = words, words.only(self.layout)
        self.form: Form | None = None

    def filled(self, given: Mapping[str, Values], drawn: Mapping[str, bytes], say: Say = silent) -> bytes:
        """The workbook's file with these numbers and pictures (see `workbook_bytes`)."""
        say("computing every result")
        results = computed(self.layout, given, self.words)
        values = {name: {**results[name], **given[name]} for name in self.layout}
        form = self.form
        if form is None or not form.fits(values, drawn):
            form = self.form = form_of(self.layout, self.words.order(self.plan.tabs), self.words, values, drawn, say)
        say("packing")
        return form.filled(values, drawn)


def workbook_bytes(
    network: Network,
    image: Array,
    drawn: Mapping[str, bytes],
    words: Words,
    plan: Plan,
    pictures: Mapping[str, Array] | None = None,
    records: Mapping[str, Array] | None = None,
    truth: int | None = None,
) -> bytes:
    """The workbook's file for an input of shape (channels, height, width).

    `drawn` holds PNGs, ``own`` of what the user gave, others of its stages (see `Sheet.picture_places`); `pictures` those of
    the galleries (by the sheet's name: pictures, channels, height, width); a gallery without pictures is empty, to draw on.
    """
    sheets = Sheets(plan, words)
    return sheets.filled(given_numbers(network, image, sheets.plan, pictures or {}, records or {}, truth), drawn)

"""An image and a template become a workbook."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from xlcnn.errors import TemplateError
from xlcnn.grid.references import a1_range, sheet_prefix
from xlcnn.image import name_of, open_image
from xlcnn.image.files import ImageFile
from xlcnn.image.load import chosen, prepared
from xlcnn.image.pixels import to_float
from xlcnn.layout.needs import fitting
from xlcnn.layout.placed import Layout, lay_out
from xlcnn.lesson.doubt import verdict
from xlcnn.lesson.templates import DEFAULT, Template, find_template
from xlcnn.network.network import Answer, Network, answer
from xlcnn.sheets.parts import Array
from xlcnn.sheets.pixels import sums
from xlcnn.sheets.plan import Plan
from xlcnn.sheets.words import Words
from xlcnn.workbook import styles
from xlcnn.workbook.cell_styles import font
from xlcnn.workbook.numbers import computed, given_numbers
from xlcnn.workbook.page import StyleKey, new_page
from xlcnn.workbook.picture import picture_of, stages_of, thumbnail
from xlcnn.workbook.sheet import add_pictures, write_sheet
from xlcnn.xlsx.files import check_target, check_workbook_name, write_whole
from xlcnn.xlsx.package import packed
from xlcnn.xlsx.strings import SharedStrings
from xlcnn.xlsx.workarounds import new_book


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
    say: Callable[[str], object] | None = None,
) -> Answer | None:
    """Write a workbook that computes the template's network for `image`; return its answer, if it has classes.

    `image` is a file's path, its bytes, or an array of shape (channels, height, width) in [0, 1]; of several digits in a
    picture `pick` chooses one, counted from 1, from left to right; `add` and `leave_out` name the template's parts that are
    wanted besides the usual ones, or not (see `Template.options`); `truth` is the digit that the image really shows, with
    which the sheet Loss begins; `say` is told of each stage. The file is written whole or not at all.

    Raises `ImageError`, `TemplateError`, `WorkbookError`.
    """
    output = Path(output)
    check_workbook_name(output)
    check_target(output, force, *([] if isinstance(image, np.ndarray | ImageFile) else [Path(image)]))
    made = workbook_of(
        image, template, as_is=as_is, pick=pick, language=language, add=add, leave_out=leave_out, truth=truth, say=say
    )
    write_whole(output, made.data, force)
    return made.answer


class Workbook(NamedTuple):
    """A workbook's file, and the network's answer, if it has classes."""

    data: bytes
    answer: Answer | None


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
    say: Callable[[str], object] | None = None,
) -> Workbook:
    """What `make_workbook` writes, in memory. Raises `ImageError`, `TemplateError`, `WorkbookError`."""
    if isinstance(template, str):
        template = find_template(template)
    network = template.network
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
    unlike = tuple(sums(pixels).round(9).tolist()) if no_digit else ()
    plan = template.plan_with(add, leave_out, of_a_picture=drawn, unlike=unlike)
    words = template.words(language)
    return Workbook(workbook_bytes(network, pixels, pictures, words, plan, template.pictures, template.records, truth, say), found)


def workbook_bytes(
    network: Network,
    image: Array,
    drawn: Mapping[str, bytes],
    words: Words,
    plan: Plan,
    pictures: Mapping[str, Array] | None = None,
    records: Mapping[str, Array] | None = None,
    truth: int | None = None,
    say: Callable[[str], object] | None = None,
) -> bytes:
    """The workbook's file for an input of shape (channels, height, width).

    `drawn` holds PNGs, ``own`` of what the user gave, others of its stages (see `Sheet.picture_places`); `pictures` those of
    the galleries (by the sheet's name: pictures, channels, height, width); a gallery without pictures is empty, to draw on.
    """
    say = say or (lambda stage: None)
    say("laying out the sheets")
    plan = plan.titled(words.tab)
    layout = fitting(lay_out(plan))
    words = words.only(layout)
    book = new_book(font(styles.DEFAULT))
    strings = SharedStrings()
    numbers: dict[StyleKey, int] = {}
    pages = {name: new_page(book, layout[name].sheet, strings, numbers) for name in words.order(plan.tabs)}
    given = given_numbers(network, image, plan, pictures or {}, records or {}, truth)
    say("computing every result")
    values = computed(layout, given, words)
    for name, placed in layout.items():
        say(f"writing {placed.title}")
        write_sheet(pages[name], layout, placed, values[name] | given[name], words)
        add_pictures(pages[name], placed, drawn)
    book.calculation.fullCalcOnLoad = True
    say("packing")
    return packed(book, {layout[name].title: page.rows for name, page in pages.items()}, names_of(layout))


def names_of(layout: Layout) -> dict[str, str]:
    """A defined name for every block, so that the workbook says itself where everything is."""
    return {
        placed.defined_name(block): sheet_prefix(placed.title) + a1_range(block)
        for placed in layout.values()
        for block in placed.blocks
    }

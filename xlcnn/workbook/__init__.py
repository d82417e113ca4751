"""An image and a template become a workbook."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import numpy as np
from openpyxl import Workbook
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image, ImageOps

from xlcnn import table
from xlcnn.blocks import a1, a1_range, sheet_ref
from xlcnn.exhibits import Exhibit
from xlcnn.image import name_of, open_image, to_input
from xlcnn.layers.lens import PICKS, pick_strongest
from xlcnn.layout import SUMMARY, TOP, Layout, lay_out
from xlcnn.network import Network
from xlcnn.templates import DEFAULT, Template, Words, find_template
from xlcnn.workbook import guide, overview, styles
from xlcnn.workbook.exhibits import write_exhibit
from xlcnn.workbook.layers import write_layer
from xlcnn.workbook.package import to_bytes, write_whole


def make_workbook(
    image: str | os.PathLike[str] | np.ndarray,
    output: str | os.PathLike[str],
    template: Template | str = DEFAULT,
    *,
    as_is: bool = False,
    language: str = "en",
    force: bool = False,
) -> tuple[int, float]:
    """Write a workbook that computes the template's network for `image`; return the class and its probability.

    `image` is a file's path, or an array of shape (channels, height, width) in [0, 1]. The file is written whole or
    not at all. Raises `ImageError`, `TemplateError`, `WorkbookError`.
    """
    if isinstance(template, str):
        template = find_template(template)
    network = template.network
    if isinstance(image, np.ndarray):
        pixels, picture = image, picture_of(image)
    else:
        opened = open_image(image)
        pixels, picture = to_input(opened, name_of(image), as_is, network.input.shape[1:]), thumbnail(opened)
    data = workbook_bytes(network, pixels, picture, template.words(language), template.exhibits)
    write_whole(Path(output), data, force)
    return network.predict(pixels)


def workbook_bytes(network: Network, image: np.ndarray, picture: bytes, words: Words, exhibits: tuple[Exhibit, ...] = ()) -> bytes:
    """The workbook's file for an input of shape (channels, height, width); `picture` is a PNG for the Guide."""
    layout = lay_out(network, exhibits)
    book = Workbook()
    book._fonts = IndexedList([styles.DEFAULT])  # the font of every cell that has no other
    book.active.title = guide.SHEET
    overview.write_overview(book, layout, words)
    activations = network.forward(image)
    for layer in network.layers:
        given = {"output": image} if layer is network.layers[0] else network.given(layer)
        if PICKS[0] in given:
            given |= pick_strongest(activations[layer.name]["output"])
        write_layer(book, layout, layout.sheets[layer.name], given, words)
    add_picture(book, layout, picture)
    for exhibit in exhibits:
        write_exhibit(book, layout, layout.sheets[exhibit.name], words)
    guide.write_guide(book, layout, picture, words)
    define_names(book, layout)
    book.calculation.fullCalcOnLoad = True
    return to_bytes(book)


def add_picture(book: Workbook, layout: Layout, picture: bytes) -> None:
    """The picture beside the matrix that it became."""
    sheet = layout.sheets[layout.network.input.name]
    right = max(b.col + b.width for b in sheet.blocks)
    guide.add_picture(book[sheet.layer.sheet], picture, a1(TOP + 1, right + 2))


def define_names(book: Workbook, layout: Layout) -> None:
    """A defined name for every block, so that the workbook says itself where everything is."""
    places = {table.TABLE: f"{table.SHEET}!$B$5:$H${4 + len(layout.sheets)}"}
    if layout.answer:
        places |= {name: f"{guide.SHEET}!$D${row}" for name, row in zip(SUMMARY, (6, 13), strict=True)}
    for sheet in layout.sheets.values():
        for block in sheet.blocks:
            places[sheet.name(block)] = f"{sheet_ref(sheet.layer.sheet)}!{a1_range(block)}"
    for name, place in places.items():
        book.defined_names[name] = DefinedName(name, attr_text=place)


def thumbnail(image: Image.Image) -> bytes:
    """The picture for the Guide: the user's image, small."""
    if image.mode not in ("1", "L", "P", "RGB", "RGBA", "LA"):
        image = image.convert("I") if image.mode.startswith("I") else image.convert("RGB")
    if image.mode == "I":
        image = Image.fromarray((np.asarray(image) // 256).astype(np.uint8))
    image = image.convert("RGBA") if "A" in image.mode or "transparency" in image.info else image.convert("RGB")
    how = Image.Resampling.NEAREST if max(image.size) <= 64 else Image.Resampling.LANCZOS
    small = ImageOps.contain(image, (2 * guide.PICTURE, 2 * guide.PICTURE), how)
    return png(small.quantize(64, method=Image.Quantize.FASTOCTREE))


def picture_of(pixels: np.ndarray) -> bytes:
    """The picture for the Guide where there is no file: the input itself."""
    image = Image.fromarray((pixels.mean(axis=0) * 255).round().astype(np.uint8))
    return png(ImageOps.contain(image, (guide.PICTURE, guide.PICTURE), Image.Resampling.NEAREST))


def png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()

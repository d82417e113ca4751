"""An image and a template become a workbook."""

from __future__ import annotations

import os
from collections.abc import Mapping
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
from xlcnn.files import write_whole
from xlcnn.image import name_of, open_image, to_input
from xlcnn.layers import OPTIONS, Gallery
from xlcnn.layers.lens import PICKS, pick_strongest
from xlcnn.layout import TABLE_ROW, TOTAL, Layout, lay_out, summary_names
from xlcnn.network import Network
from xlcnn.templates import DEFAULT, Template, find_template
from xlcnn.words import Words
from xlcnn.workbook import guide, overview, styles
from xlcnn.workbook.exhibits import write_exhibit
from xlcnn.workbook.layers import write_layer
from xlcnn.workbook.package import to_bytes


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
    data = workbook_bytes(network, pixels, picture, template.words(language), template.exhibits, template.pictures)
    write_whole(Path(output), data, force)
    return network.predict(pixels)


def workbook_bytes(
    network: Network,
    image: np.ndarray,
    picture: bytes,
    words: Words,
    exhibits: tuple[Exhibit, ...] = (),
    pictures: Mapping[str, np.ndarray] | None = None,
) -> bytes:
    """The workbook's file for an input of shape (channels, height, width).

    `picture` is a PNG for the Guide; `pictures` holds those of the galleries (by the layer's name: pictures, channels,
    height, width); a gallery without pictures is empty, to draw on.
    """
    layout = lay_out(network, exhibits)
    book = Workbook()
    book._fonts = IndexedList([styles.DEFAULT])  # the font of every cell that has no other
    book.active.title = guide.SHEET
    overview.write_overview(book, layout, words)
    activations = network.forward(image)
    for layer in (layer for layer in network.layers if not isinstance(layer, Gallery)):
        given = network.given(layer)
        if layer is network.input:
            given |= {"user" if layer.inputs else "output": image}
        if PICKS[0] in given:
            given |= pick_strongest(activations[layer.name]["output"])
        write_layer(book, layout, layout.sheets[layer.name], given, words)
    add_picture(book, layout, picture)
    for exhibit in exhibits:
        write_exhibit(book, layout, layout.sheets[exhibit.name], words)
    for layer in (layer for layer in network.layers if isinstance(layer, Gallery)):
        given = network.given(layer)
        shown = (pictures or {}).get(layer.name, given["output"])
        write_layer(book, layout, layout.sheets[layer.name], {"output": shown}, words)
    guide.write_guide(book, layout, picture, words)
    define_names(book, layout)
    book.calculation.fullCalcOnLoad = True
    return to_bytes(book)


def add_picture(book: Workbook, layout: Layout, picture: bytes) -> None:
    """The picture beside the matrix that it became; below the list of other images, where there is one."""
    sheet = layout.sheets[layout.network.input.name]
    last = next((b for b in sheet.blocks if b.part == OPTIONS), sheet.blocks[-1])
    where = (last.row + last.height + 1, last.col) if last.part == OPTIONS else (last.row, last.col + last.width + 2)
    guide.add_picture(book[sheet.layer.sheet], picture, a1(*where))


def define_names(book: Workbook, layout: Layout) -> None:
    """A defined name for every block, so that the workbook says itself where everything is."""
    layers = [sheet.layer for sheet in layout.sheets.values()]
    places = {name: f"{guide.SHEET}!{a1(*guide.PLACES[name], fixed=True)}" for name in summary_names(layers) if name != TOTAL}
    places |= {TOTAL: f"{table.SHEET}!{a1(*overview.total_cell(layout), fixed=True)}"}
    places |= {table.TABLE: f"{table.SHEET}!$B${TABLE_ROW}:$H${TABLE_ROW + len(layout.sheets) - 1}"}
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

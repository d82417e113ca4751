"""A picture → all that the page shows of it: what the network reads, the maps of every layer, the probabilities, the doubt."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError
from xlcnn.image.files import ImageFile, name_of, open_image
from xlcnn.image.load import prepared
from xlcnn.image.pixels import to_float
from xlcnn.lesson.doubt import verdict
from xlcnn.lesson.general import general_data, general_languages
from xlcnn.lesson.templates import Template, lesson_words
from xlcnn.network.network import answer
from xlcnn.sheets.parts import Array
from xlcnn.sheets.words import Words
from xlcnn.workbook.picture import stages_of, thumbnail

MOST_MAPS, MOST_COLUMNS = 64, 4096  # of a layer: a page that shows more shows nothing


def seen(image: ImageFile, template: Template, pick: int = 1, language: str = "en", pictures: bool = False) -> dict[str, Any]:
    """The object that the page asks for.

    Of several digits it is number `pick` from the left, the first or the last where there is none; `digits` says how many there
    are. With `pictures`, PNGs of the picture and of its stages are in it, by their names. Raises `ImageError`,
    `NetworkError`, `TemplateError`.
    """
    network, name = template.network, name_of(image)
    channels, height, width = network.input_shape
    opened = open_image(image)
    stages = prepared(to_float(opened, name), name, False, (height, width), channels)
    pick = min(max(pick, 1), len(stages.digits))
    digit = stages.digits[pick - 1]
    values = {layer: parts["output"] for layer, parts in network.forward(digit.input).items()}
    found: dict[str, Any] = {
        "digits": len(stages.digits),
        "pick": pick,
        "read": {"shape": digit.input.shape, **numbers(digit.input)},
    }
    found["layers"] = list(layers(template, values, language))
    if network.has_classes:
        found["answer"] = answered(template, values[network.layers[-1].name], digit.input)
    if pictures:
        drawn = {"picture": thumbnail(opened)}
        drawn |= stages_of(stages._replace(digits=(digit,))) if stages.found is not None else {}
        found["pictures"] = {stage: encoded(png) for stage, png in drawn.items()}
    return found


def answered(template: Template, probabilities: Array, read: Array) -> dict[str, Any]:
    """The probability of each class, and what may be said of the first."""
    if not np.isfinite(probabilities).all():
        raise NetworkError("the network computes no probabilities for this picture: its numbers become too large")
    found = answer(probabilities)
    if template.likeness:
        found = template.likeness.judge(found, read)
    return {
        "verdict": verdict(found, template.sure_from, template.like_from),
        "label": found.label,
        "second": found.second,
        "classes": [template.called(k) for k in range(probabilities.size)],
        "probabilities": [float(p) for p in probabilities],
    }


def layers(template: Template, values: dict[str, Array], language: str) -> Iterator[dict[str, Any]]:
    """Every layer after the input: its title and what it does in words, its maps, or its vector as one strip."""
    network, words = template.network, spoken(template, language)
    general = in_general(language) or words
    for layer in network.layers[1:]:
        value = values[layer.name]
        maps = value.reshape(-1, *value.shape[-2:]) if value.ndim >= 2 else value.reshape(1, 1, -1)
        shown = maps[:MOST_MAPS, :, :MOST_COLUMNS]
        yield {
            "name": layer.name,
            "title": words.title(layer),
            "does": general.does(layer, network.parts[layer.name]),
            "shape": value.shape,
            "maps": len(maps),
            "shown": shown.shape,
            "signed": network.parts[layer.name]["output"].signed,
            **numbers(shown),
        }


@cache
def spoken(template: Template, language: str) -> Words:
    """The template's words, read once."""
    return template.words(language)


@cache
def in_general(language: str) -> Words | None:
    """What is said of every kind of layer: a lesson's own words speak of what else is on its sheets."""
    if language not in general_languages():
        return None
    path = lesson_words(language)
    return Words(path, general_data(path, language))


def numbers(values: Array) -> dict[str, Any]:
    """Values as the page takes them: 4 bytes each, the lowest first."""
    return {"values": encoded(np.ascontiguousarray(values, dtype="<f4").tobytes())}


def encoded(data: bytes) -> str:
    return b64encode(data).decode("ascii")

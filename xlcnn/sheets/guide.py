"""The ``Guide`` sheet: what the network reads, its answer, the chart of probabilities, and the lesson, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, frame
from xlcnn.sheets.base import GUIDE, Sheet
from xlcnn.sheets.elementwise import plainly
from xlcnn.sheets.looks import Chart, Note
from xlcnn.sheets.parts import PERCENT, WHOLE, Array, Computed, External, Notice, Part, Parts, Text, external
from xlcnn.sheets.pixels import same, same_formula, thumbnail
from xlcnn.sheets.words import Words

NAME = "guide"
GO, AGAIN, STORY, TRY = (2, 17), (19, 17), (36, 2), (38, 1)  # of the table: first column, and how many
STEP = 2, 34  # a title stands above its two links
WIDE = {36: 205, 37: 390, 38: 348}  # pixels; the others are as narrow as the picture's
ANSWER, CHART = 34, 35  # columns from 0: of the answer, and of the chart beside it
STEPS = 36  # its row


@dataclass(frozen=True)
class Guide(Sheet):
    """The answer, and the lesson in its steps."""

    kind: ClassVar[str] = NAME
    group = GUIDE
    frozen = False
    panels = False
    legend = False

    @property
    def cell(self) -> tuple[int, int]:
        """Small: the picture is made of cells."""
        return 8, 8

    @property
    def wide(self) -> Mapping[int, int]:
        return WIDE

    def parts(self, *incoming: Part) -> Iterator[Part]:
        read = [external(name, part) for name, part in zip(self.inputs, incoming, strict=True)]
        yield from read
        known = {part.source.name: part for part in read[1:]}
        yield thumbnail(read[0])
        if "number" in known:
            options, number = known["options"].name, known["number"].name
            yield Text(
                "image", (), rise=3, look="chosen", captioned=False, number_format="@",
                says=lambda t, at: chosen_word(t[options], t[number]),
                excel=lambda at: f"INDEX({at.whole(options)},{at(number)})",
            )  # fmt: skip
        if "prediction" in known:
            prediction, probabilities = known["prediction"].name, known["output"].name
            answer = {"captioned": False, "explained": False}
            yield Computed(
                "prediction", (), rise=12, look="answer", number_format=WHOLE, **answer,  # type: ignore[arg-type]
                numpy=lambda t: t[prediction],
                excel=lambda at: at(prediction),
            )  # fmt: skip
            yield Computed(
                "probability", (), rise=4, look="sure", number_format=PERCENT, **answer,  # type: ignore[arg-type]
                numpy=lambda t: t[probabilities].max(axis=-1),
                excel=lambda at: f"MAX({at.whole(probabilities)})",
            )  # fmt: skip
            sure_from = getattr(known["output"].source.sheet, "sure_from", 0)
            if sure_from:
                yield Notice(
                    "doubt", (), rise=2, words="doubt",
                    numpy=lambda t: above(t[probabilities].max(axis=-1), sure_from),
                    excel=lambda at: f"IF(MAX({at.whole(probabilities)})>={plainly(sure_from)},1,0)",
                )  # fmt: skip
            if unlike := getattr(read[0].source.sheet, "unlike", ()):
                image, channels = read[0].name, read[0].shape[0]
                yield Notice(
                    "unlike", (), rise=2, words="unlike",
                    numpy=lambda t: 1 - above(t[probabilities].max(axis=-1), sure_from) * same(t[image], unlike),
                    excel=lambda at: (
                        f"IF(AND(MAX({at.whole(probabilities)})>={plainly(sure_from)},"
                        f"{same_formula(at, image, channels, unlike)}),0,1)"
                    ),
                )  # fmt: skip

        if "name" in known and "number" not in known:  # above the number; among images to choose from, that one's name stands there
            names, classes, prediction = (known[key].name for key in ("name", "class", "prediction"))
            yield Text(
                "named", (), rise=3, look="chosen", captioned=False, number_format="@",
                says=lambda t, at: chosen_word(t[names], place_of(t[prediction], t[classes])),
                excel=lambda at: f"INDEX({at.whole(names)},MATCH({at(prediction)},{at.whole(classes)},0))",
            )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        placed = [(0, 0, p["thumbnail"].block())]
        placed += [(row, ANSWER, p[name].block()) for name, row in (ROWS | {"doubt": below(p)}).items() if name in p]
        return frame(STEPS - 7, TRY[0], placed)

    def charts(self, p: Parts) -> tuple[Chart, ...]:
        by = {part.source.name: part.name for part in p.values() if isinstance(part, External)}
        if "prediction" not in by:
            return ()
        return (
            Chart(
                "chart",
                0,
                CHART,
                x=by.get("name", by["class"]),
                columns=by["output"],
                axes=("digit", "sure"),
                height=29,
                width=80,
                percent=True,
            ),
        )

    def notes(self, words: Words, sheets: Mapping[str, Sheet], parts: Mapping[str, Parts]) -> Iterator[Note]:
        mine = parts[self.name]
        left = 2 + ANSWER
        yield Note(5, 2, words["guide", "picture"], "subtitle")
        if "prediction" in mine:
            yield Note(5, left, words["guide", "answer_of" if "image" in mine else "answer"], "subtitle")
            yield Note(6 + ROWS["probability"] - 3, left, words["guide", "sure"], "text", rise=3)
        if "image" in mine:
            yield Note(6 + below(mine) + 2, left, words["guide", "reads"], "nav", rise=3, link=self.inputs[0])
        yield Note(STEPS, 2, words["guide", "steps"], "subtitle")
        yield Note(STEPS, STORY[0] + 1, words["guide", "legend"], "text")
        row = STEPS + 1
        yield from heads(row, words, "step")
        seen: set[str] = set()
        for step in words.steps:
            row += 1
            yield from table_row(row, (f"{step.number}  {step.title}", step.does, step.try_), step.sheets, sheets)
            seen |= set(step.sheets)
            row += -(-len(step.sheets) // 2)
        others = [name for name in sheets if name not in {*seen, self.name}]
        if others:
            row += 2
            yield Note(row, 2, words["guide", "others"], "subtitle")
        for name in others:
            row += 1
            sheet = sheets[name]
            texts = (words.title(sheet), words.does(sheet, parts[name]), sentence(words.try_(sheet)))
            yield from table_row(row, texts, (name,), sheets)
            row += 1


ROWS = {"image": 0, "named": 0, "prediction": 3, "probability": 18, "unlike": 22, "doubt": 22}  # below the headings


def below(p: Parts) -> int:
    """The row of *not sure*: below *perhaps no digit*, where that may be said."""
    return ROWS["doubt"] + (p["unlike"].rise if "unlike" in p else 0)


def chosen_word(options: Array, number: Array) -> str:
    """The word of that number in a drop-down's list."""
    return str(options[int(number) - 1]) if 1 <= np.nan_to_num(number) <= len(options) else ""


def above(probability: Array, bound: float) -> Array:
    """1 from the bound on, else 0; not a number where the probability is none, as in Excel."""
    return np.where(np.isnan(probability), np.nan, probability >= bound)


def place_of(prediction: Array, classes: Array) -> Array:
    """The place, from 1, of the predicted class among all; 0 if it is none of them."""
    found = np.flatnonzero(classes == prediction)
    return np.asarray(found[0] + 1 if len(found) else 0)


def sentence(text: str) -> str:
    """Words that stand alone begin with a capital."""
    return text[:1].upper() + text[1:]


def heads(row: int, words: Words, what: str) -> Iterator[Note]:
    """The headings of the table."""
    for (col, width), key in zip((STEP, STORY, TRY), (what, "story", "try"), strict=True):
        yield Note(row, col, words["guide", key], "head" if key == what else "indented head", width)


def table_row(row: int, texts: tuple[str, str, str], links: tuple[str, ...], sheets: Mapping[str, Sheet]) -> Iterator[Note]:
    """A title and below it the sheets to go to, two in each row; beside them what happens, and something to try."""
    rows = 1 + -(-len(links) // 2)
    title, *others = texts
    yield Note(row, STEP[0], title, "heading", STEP[1], wrap=True)
    for k in range(2 * (rows - 1)):
        name = links[k] if k < len(links) else ""
        col, width = (GO, AGAIN)[k % 2]
        yield Note(row + 1 + k // 2, col, sheets[name].title if name else "", "back", width, ruled=k >= 2 * rows - 4, link=name)
    for (col, width), text in zip((STORY, TRY), others, strict=True):
        yield Note(row, col, text, "indented", width, rise=rows, wrap=True, ruled=True)

"""The ``Guide`` sheet: what the network reads, its answer, the chart of probabilities, and the lesson, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xlcnn.grid.blocks import Box, frame
from xlcnn.grid.references import References
from xlcnn.sheets.base import GUIDE, Sheet
from xlcnn.sheets.looks import Chart, Note
from xlcnn.sheets.parts import NOTHING, PERCENT, WHOLE, Array, Computed, External, Part, Parts, Text, external
from xlcnn.sheets.words import Words

NAME = "guide"
LARGEST = 28  # pixels of the picture's side: of a larger image every n-th is shown
COLUMNS = ((2, 15), (17, 15), (32, 1), (33, 1), (34, 1))  # of the table: first column, and how many
WIDE = {32: 205, 33: 470, 34: 300}  # pixels; the others are as narrow as the picture's
ANSWER, STORY = 30, 31  # columns from 0: of the answer, and of the chart beside it
STEPS = 36  # its row


@dataclass(frozen=True)
class Guide(Sheet):
    """The answer, and the lesson in its steps."""

    kind: ClassVar[str] = NAME
    group = GUIDE
    frozen = False
    panels = False
    legend = False
    pages = 2  # so many words are too small on one

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
        yield self.thumbnail(read[0])
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

    def thumbnail(self, image: External) -> Computed:
        """The image that the network reads, small: one cell per pixel, the mean of its channels."""
        channels, height, width = image.shape
        step = -(-max(height, width) // LARGEST)
        shape = (-(-height // step), -(-width // step))

        def pixel(at: References, y: int, x: int) -> str:
            values = [at(image.name, c, y * step, x * step) for c in range(channels)]
            return values[0] if channels == 1 else f"AVERAGE({','.join(values)})"

        return Computed(
            "thumbnail", shape, signed=False, number_format=NOTHING, look="pixel", captioned=False, explained=False,
            numpy=lambda t: t[image.name][..., ::step, ::step].mean(axis=-3),
            excel=pixel,
        )  # fmt: skip

    def arrange(self, p: Parts) -> Box:
        placed = [(0, 0, p["thumbnail"].block())]
        placed += [(row, ANSWER, p[name].block()) for name, row in ROWS.items() if name in p]
        return frame(STEPS - 7, COLUMNS[-1][0], placed)

    def charts(self, p: Parts) -> tuple[Chart, ...]:
        by = {part.source.name: part.name for part in p.values() if isinstance(part, External)}
        if "prediction" not in by:
            return ()
        return (
            Chart(
                "chart", 0, STORY, x=by["class"], columns=by["output"], axes=("digit", "sure"), height=29, width=80, percent=True
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
            yield Note(6 + ROWS["probability"] + 6, left, words["guide", "reads"], "nav", rise=3, link=self.inputs[0])
        yield Note(STEPS, 2, words["guide", "steps"], "subtitle")
        yield Note(STEPS, COLUMNS[3][0], words["guide", "legend"], "text")
        row = STEPS + 1
        yield from heads(row, words, "step")
        seen: set[str] = set()
        titles = {name: sheet.title for name, sheet in sheets.items()}
        for step in words.steps:
            row += 1
            marks = [mark for name in step.sheets if name not in seen for mark in words.marks(name, titles)]
            texts = (f"{step.number}  {step.title}", "\n".join([step.does, *marks]), step.try_)
            yield from table_row(row, texts, step.sheets, sheets, title="heading")
            seen |= set(step.sheets)
            row += -(-len(step.sheets) // 2) - 1
        others = [name for name in sheets if name not in {*seen, self.name}]
        if others:
            row += 3
            yield Note(row - 1, 2, words["guide", "others"], "subtitle")
            yield from heads(row, words, "sheet")
        for name in others:
            row += 1
            sheet = sheets[name]
            texts = (words.title(sheet), words.does(sheet, parts[name]), sentence(words.try_(sheet)))
            yield from table_row(row, texts, (name,), sheets)


ROWS = {"image": 0, "prediction": 3, "probability": 18}  # below the headings


def chosen_word(options: Array, number: Array) -> str:
    """The word of that number in a drop-down's list."""
    return str(options[int(number) - 1]) if 1 <= np.nan_to_num(number) <= len(options) else ""


def sentence(text: str) -> str:
    """Words that stand alone begin with a capital."""
    return text[:1].upper() + text[1:]


def heads(row: int, words: Words, what: str) -> Iterator[Note]:
    """The headings of the table."""
    keys = ("where", "", what, "story", "try")
    for (col, width), key in zip(COLUMNS, keys, strict=True):
        style = "indented head" if key in ("story", "try") else "head"
        yield Note(row, col, words["guide", key] if key else "", style, width)


def table_row(
    row: int, texts: tuple[str, str, str], links: tuple[str, ...], sheets: Mapping[str, Sheet], title: str = "body"
) -> Iterator[Note]:
    """A title, what happens, something to try, in one row or as many as the sheets to go to need, two in each."""
    rows = -(-len(links) // 2)
    for k in range(2 * rows):
        name = links[k] if k < len(links) else ""
        col, width = COLUMNS[k % 2]
        yield Note(row + k // 2, col, sheets[name].title if name else "", "back", width, ruled=k >= 2 * rows - 2, link=name)
    for (col, width), text, style in zip(COLUMNS[2:], texts, (title, "indented", "indented"), strict=True):
        yield Note(row, col, text, style, width, rise=rows, wrap=True, ruled=True)

"""The tensors of a workbook: where each value stands, what an engine found there, and what it should have found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from xlcnn.blocks import Block
from xlcnn.compare import Run, differs
from xlcnn.engines import Grid
from xlcnn.exhibits import Exhibit
from xlcnn.expected import Place
from xlcnn.layers import OPTIONS, Array, Input, Softmax, computed
from xlcnn.layout import IMAGE, TOTAL, SheetLayout, linked
from xlcnn.reading import Book
from xlcnn.table import facts

PLAYED = ("play", "choice", "menu")
GIVEN = ("source", "weight", "constant", *PLAYED)  # the roles of cells that hold no formula


class Tensors:
    """The parts of every layer of one workbook, and the cells of its `summary`."""

    def __init__(self, book: Book, sheets: Mapping[str, SheetLayout], summary: Mapping[str, Place]) -> None:
        self.book, self.sheets, self.summary = book, sheets, summary
        self.where = {(n, name): s.positions(name) for n, s in sheets.items() for name, p in s.parts.items() if p.role != "there"}

    def values(self, grids: Mapping[str, Grid], layer: str) -> dict[str, Array]:
        """The engine's values of every part of a layer; of a drop-down, the place of its word in the list."""
        sheet = self.sheets[layer]
        found = {}
        for name, part in sheet.parts.items():
            if part.role == "there":
                there = sheet.there[name].layer.name
                found[name] = self.values(grids, there)["output"]
                continue
            grid, where = grids[sheet.layer.sheet], self.where[layer, name]
            found[name] = grid.take(where)
            for index in np.argwhere(np.isnan(found[name])) if part.blank or part.role == "menu" else ():
                value = grid.value(*where[tuple(index)].tolist())
                if part.role == "menu":
                    found[name][tuple(index)] = place_of(value, self.words(sheet))
                elif value is None:
                    found[name][tuple(index)] = 0
        return found

    def is_read(self, sheet: SheetLayout, block: Block) -> bool:
        """Whether what a block holds reaches the network: a picture that was not chosen does not."""
        reader = next((s for s in self.sheets.values() for t in s.there.values() if t.layer.name == sheet.layer.name), None)
        if reader is None:
            return True
        word = self.book.sheets[reader.layer.sheet].values.get(tuple(self.where[reader.layer.name, "choice"].tolist()))
        place = place_of(word, self.words(reader))
        labels = reader.layer.labels(reader.parts)
        return np.isnan(place) or labels[int(place) - 1] == (sheet.layer.name, block.index[0])

    def words(self, sheet: SheetLayout) -> list[object]:
        """What a sheet's drop-downs offer."""
        values = self.book.sheets[sheet.layer.sheet].values
        return [values.get((row, col)) for row, col in self.where[sheet.layer.name, OPTIONS].tolist()]

    def sizes(self) -> dict[str, tuple[int, int]]:
        """How many rows and columns of each sheet are read back."""
        sizes = {
            s.layer.sheet: tuple(np.max([b.cell(b.height - 1, b.width - 1) for b in s.blocks], axis=0).tolist())
            for s in self.sheets.values()
        }
        for sheet, cell in self.summary.values():
            sizes[sheet] = tuple(np.maximum(sizes.get(sheet, (1, 1)), cell).tolist())
        return sizes

    def interpret(self, grids: Mapping[str, Grid]) -> Run:
        found = {name: self.values(grids, name) for name in self.sheets}
        own: dict[str, dict[str, Array]] = {}
        for name, sheet in self.sheets.items():
            own[name] = dict(sheet.layer.constants(sheet.parts))
            for part, source in linked(sheet.layer, sheet.parts):
                if source in found:
                    own[name][part] = sheet.layer.incoming(found[source]["output"])
            with np.errstate(all="ignore"):
                own[name] |= {part: sheet.layer.compute(part, found[name]) for part in computed(sheet.parts)}
        return Run(grids, found, own)

    def texts(self, run: Run) -> Iterator[tuple[Place, str]]:
        """What the cells must say whose formula gives words."""
        for name, sheet in self.sheets.items():
            for part in (n for n, p in sheet.parts.items() if p.role == "text"):
                place = (sheet.layer.sheet, tuple(self.where[name, part].tolist()))
                yield place, sheet.layer.text(part, run.found[name], sheet.references)
        if IMAGE in self.summary:
            sheet = next(s for s in self.sheets.values() if isinstance(s.layer, Input))
            chosen = run.grids[sheet.layer.sheet].value(*self.where[sheet.layer.name, "choice"].tolist())
            yield self.summary[IMAGE], str(chosen)

    def summary_values(self, values: Mapping[str, Mapping[str, Array]]) -> Iterator[tuple[Place, Array]]:
        """What the Guide's cells must show if the layers have these values."""
        if not self.summary:
            return
        weights = sum(int(facts(s.layer, s.parts)["weights"]) for s in self.sheets.values())
        expected: dict[str, Array] = {TOTAL: np.array(float(weights))}
        last = [name for name, s in self.sheets.items() if not isinstance(s.layer, Exhibit)][-1]
        if isinstance(self.sheets[last].layer, Softmax):
            answer = values[last]
            expected |= {"guide.prediction": answer["prediction"], "guide.probability": answer["output"].max()}
        for key, place in self.summary.items():
            if key in expected:
                yield place, expected[key]

    def wrong_places(self, run: Run) -> dict[Place, tuple[object, float | str]]:
        """Every cell whose value is not what its layer's NumPy makes of the cells that it reads, and what that is."""
        right: dict[Place, float | str] = {}
        for name, sheet in self.sheets.items():
            for part, own in run.own[name].items():
                for index in map(tuple, np.argwhere(differs(run.found[name][part], own)).tolist()):
                    right[sheet.layer.sheet, tuple(self.where[name, part][index].tolist())] = float(own[index])
        right |= {p: float(e) for p, e in self.summary_values(run.found) if differs(run.grids[p[0]].take(np.array(p[1])), e)}
        right |= {p: text for p, text in self.texts(run) if run.grids[p[0]].value(*p[1]) != text}
        return {(sheet, cell): (run.grids[sheet].value(*cell), value) for (sheet, cell), value in right.items()}

    def near(self, names: set[str]) -> Tensors:
        """The same for these sheets and those whose cells they read in place; for all, where a summary is among them."""
        if names & {sheet for sheet, _ in self.summary.values()}:
            return self
        chosen = [s for s in self.sheets.values() if s.layer.sheet in names]
        wanted = {s.layer.name for s in chosen} | {t.layer.name for s in chosen for t in s.there.values()}
        return Tensors(self.book, {n: s for n, s in self.sheets.items() if n in wanted}, {})


def place_of(word: object, words: list[object]) -> float:
    """Where a word stands in a list, from 1, as MATCH finds it: whether in capitals or not. NaN, if nowhere."""
    plain = [str(w).casefold() for w in words]
    return plain.index(str(word).casefold()) + 1 if word is not None and str(word).casefold() in plain else np.nan

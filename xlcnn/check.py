"""The comparison at the heart of the verifier: one workbook, one engine, NumPy beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from xlcnn.blocks import a1
from xlcnn.compare import Run, differs
from xlcnn.description import build_layout, summary_cells
from xlcnn.engines import Edits, Engine, Grid, stored_grid
from xlcnn.errors import EngineError
from xlcnn.expected import Place, check_formulas, same_reference
from xlcnn.layers import OPTIONS, Array, Input, computed
from xlcnn.layout import IMAGE, Layout, SheetLayout, linked
from xlcnn.reading import Book, Cell, Formula
from xlcnn.report import Problem, SheetReport

PROBES = 16  # further runs, with random numbers in every layer, where formulas are written in another way
SPREAD = 4  # numbers to play with reach further, on both sides of a threshold
PERIOD = 4  # in a probe every fourth cell of every fourth row is far larger than the others


PLAYED = ("play", "choice", "menu")
GIVEN = ("source", "weight", "constant", *PLAYED)  # the roles of cells that hold no formula


def place_of(word: object, words: list[object]) -> float:
    """Where a word stands in a list, from 1, as MATCH finds it: whether in capitals or not. NaN, if nowhere."""
    plain = [str(w).casefold() for w in words]
    return plain.index(str(word).casefold()) + 1 if word is not None and str(word).casefold() in plain else np.nan


class Check:
    """One verification of one workbook by one engine."""

    layout: Layout | None = None  # until pixels and weights have been read as numbers

    def __init__(self, book: Book, engine: Engine, sheets: dict[str, SheetLayout], seed: int) -> None:
        self.book, self.engine, self.sheets = book, engine, sheets
        self.random = np.random.default_rng(seed)
        self.source = next(n for n, s in sheets.items() if isinstance(s.layer, Input))
        self.where = {(n, name): s.positions(name) for n, s in sheets.items() for name, p in s.parts.items() if p.role != "there"}
        self.summary, self.summary_problems = summary_cells(book, sheets)
        self.errors = {s.layer.sheet: 0.0 for s in sheets.values()} | {sheet: 0.0 for sheet, _ in self.summary.values()}
        self.off: set[str] = set()
        self.runs: list[Run] = []

    def run(self, trials: int) -> list[Problem]:
        """Recalculate as it stands and with random images, and compare. Returns the problems, upstream first."""
        runs: list[Edits] = [{}, *(self.randomised(["source"], 0.0) for _ in range(trials))]
        try:
            results = self.engine.recalculate(self.book, runs, self.sizes())
        except EngineError:
            problems = self.without_engine()
            if problems:
                return problems  # the engine's trouble has a name
            raise
        problems = self.given_problems(results[0])
        if problems:
            return problems
        self.layout = build_layout(self.sheets, {n: self.values(results[0], n) for n in self.sheets})
        static, suspects = check_formulas(self.book, self.layout, self.summary)
        problems = self.summary_problems + static
        known = {(p.sheet, p.cell) for p in problems}
        for number, grids in enumerate(results):
            self.runs.append(self.interpret(grids))
            problems += self.compare(number, known)
            self.measure(self.runs[-1])
        problems += self.probe({p: f for p, f in suspects.items() if (p[0], a1(*p[1])) not in known})
        problems += self.stale(known)
        if self.off and not problems:
            problems += [Problem("value", s, None, "NumPy's values", f"off by {self.errors[s]:.3g}") for s in sorted(self.off)]
        order = {s.layer.sheet: k for k, s in enumerate(self.sheets.values())}
        return sorted(problems, key=lambda p: (p.kind == "stale", order.get(p.sheet, len(order))))

    def without_engine(self) -> list[Problem]:
        """What the formulas' texts alone tell, where the engine cannot compute the workbook."""
        zeros = {n: {part: np.zeros(p.shape) for part, p in s.parts.items()} for n, s in self.sheets.items()}
        problems, suspects = check_formulas(self.book, build_layout(self.sheets, zeros), self.summary)
        for (name, cell), expected in suspects.items():
            found = self.book.sheets[name].formulas[cell].at(cell)
            problems.append(Problem("formula", name, a1(*cell), expected.at(cell), found, "the engine cannot compute the workbook"))
        return problems

    # ---- what goes into the engine and what comes out ----

    def sizes(self) -> dict[str, tuple[int, int]]:
        """How many rows and columns of each sheet are read back."""
        sizes = {
            s.layer.sheet: tuple(np.max([b.cell(b.height - 1, b.width - 1) for b in s.blocks], axis=0).tolist())
            for s in self.sheets.values()
        }
        for sheet, cell in self.summary.values():
            sizes[sheet] = tuple(np.maximum(sizes.get(sheet, (1, 1)), cell).tolist())
        return sizes

    def probes(self) -> int:
        """Enough that each cell of a window, and each number of a vector, is the largest once."""
        vectors = [b.height for s in self.sheets.values() for b in s.blocks if s.parts[b.part].role == "in" and b.width == 1]
        menus = [p.high for s in self.sheets.values() for p in s.parts.values() if p.role == "menu"]
        return max([PROBES, *(min(n, 64) for n in vectors), *menus])

    def randomised(self, roles: Sequence[str], low: float, lit: int | None = None) -> Edits:
        """Random numbers for every cell whose part has one of these roles.

        With `lit`, the lit-th cell of each 4×4 tile of incoming maps, or of each vector, is larger than all others: so
        that a maximum depends on each of its cells in turn.
        """
        edits: dict[str, list[tuple[int, int, Array]]] = {}
        for sheet in self.sheets.values():
            choices = 0
            for block in (b for b in sheet.blocks if sheet.parts[b.part].role in roles):
                values = self.random.uniform(low, 1, (block.height, block.width))
                part = sheet.parts[block.part]
                if part.role == "menu":
                    words = self.words(sheet)
                    values = np.array([[words[((lit or 0) + sum(block.index)) % len(words)]]], dtype=object)
                elif part.role == "choice":
                    # all combinations of lowest and highest, each with positive and with negative numbers
                    values = np.full_like(values, part.high if (lit or 0) >> (choices + 1) & 1 else part.low)
                    choices += 1
                elif lit is not None and block.height * block.width == 1:
                    alike = sum(b.part == block.part for b in sheet.blocks)
                    values += 100.0 * (bool(block.index) and block.index[0] == lit % alike)  # a bias: its unit wins
                elif lit is not None and block.width == 1:
                    values *= SPREAD if part.role == "play" else 1
                    values[lit % block.height] += 2
                elif lit is not None:
                    values[lit // PERIOD % PERIOD :: PERIOD, lit % PERIOD :: PERIOD] += 2
                changes = edits.setdefault(sheet.layer.sheet, [])
                if block.span == 1:
                    changes.append((block.row, block.col, values))
                else:  # merged cells: one at a time
                    changes += [(*cell, values.reshape(-1)[[k]][None]) for k, cell in enumerate(block.cells())]
        return edits

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

    def words(self, sheet: SheetLayout) -> list[object]:
        """What a sheet's drop-downs offer."""
        values = self.book.sheets[sheet.layer.sheet].values
        return [values.get((row, col)) for row, col in self.where[sheet.layer.name, OPTIONS].tolist()]

    def interpret(self, grids: Mapping[str, Grid]) -> Run:
        found = {name: self.values(grids, name) for name in self.sheets}
        own: dict[str, dict[str, Array]] = {}
        for name, sheet in self.sheets.items():
            own[name] = dict(sheet.layer.constants(sheet.parts))
            for part, source in linked(sheet.layer, sheet.parts):
                own[name][part] = sheet.layer.incoming(found[source]["output"])
            with np.errstate(all="ignore"):
                own[name] |= {part: sheet.layer.compute(part, found[name]) for part in computed(sheet.parts)}
        return Run(grids, found, own)

    # ---- the comparisons ----

    def given_problems(self, grids: Mapping[str, Grid]) -> list[Problem]:
        """Pixels, weights and constants that are not numbers."""
        problems = []
        for name, sheet in self.sheets.items():
            grid, found = grids[sheet.layer.sheet], self.values(grids, name)
            for part in (n for n, p in sheet.parts.items() if p.role in GIVEN):
                for row, col in self.where[name, part][np.isnan(found[part])].tolist():
                    value = grid.value(row, col)
                    menu = sheet.parts[part].role == "menu"
                    kind = "missing" if value is None else "choice" if menu else "not_a_number"
                    expected = f"one of {', '.join(map(str, self.words(sheet)))}" if menu else "a number"
                    problems.append(Problem(kind, sheet.layer.sheet, a1(row, col), expected, value))
        return problems

    def compare(self, number: int, known: set[tuple[str, str | None]]) -> Iterator[Problem]:
        """Cells whose value is wrong in a run, each once; run 0 is the workbook as it stands."""
        run = self.runs[number]
        for name, sheet in self.sheets.items():
            for part, own in run.own[name].items():
                for index in map(tuple, np.argwhere(differs(run.found[name][part], own)).tolist()):
                    place = (sheet.layer.sheet, tuple(self.where[name, part][index].tolist()))
                    yield from self.wrong_value(number, place, float(own[index]), known)
        for place, expected in self.summary_values(run.found):
            if differs(run.grids[place[0]].take(np.array(place[1])), expected):
                yield from self.wrong_value(number, place, float(expected), known)
        for (name, cell), text in self.texts(run):
            found = run.grids[name].value(*cell)
            if found != text and (name, a1(*cell)) not in known:
                known.add((name, a1(*cell)))
                yield Problem("formula" if number else "value", name, a1(*cell), text, found)

    def texts(self, run: Run) -> Iterator[tuple[Place, str]]:
        """What the cells must say whose formula gives words."""
        for name, sheet in self.sheets.items():
            for part in (n for n, p in sheet.parts.items() if p.role == "text"):
                place = (sheet.layer.sheet, tuple(self.where[name, part].tolist()))
                yield place, sheet.layer.text(part, run.found[name], sheet.references)
        if IMAGE in self.summary:
            sheet = self.sheets[self.source]
            chosen = run.grids[sheet.layer.sheet].value(*self.where[self.source, "choice"].tolist())
            yield self.summary[IMAGE], str(chosen)

    def wrong_value(self, number: int, place: Place, expected: float, known: set[tuple[str, str | None]]) -> Iterator[Problem]:
        (sheet, cell), where = place, (place[0], a1(*place[1]))
        if where in known:
            return
        known.add(where)
        value = self.runs[number].grids[sheet].value(*cell)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        kind = ("formula" if number else "value") if is_number else "missing" if value is None else "not_a_number"
        formula = self.book.sheets[sheet].formulas.get(cell)
        note = (f"with random image {number}; " if number else "") + (f"its formula is {formula.at(cell)}" if formula else "")
        yield Problem(kind, *where, expected, value, note)

    def summary_values(self, values: Mapping[str, Mapping[str, Array]]) -> Iterator[tuple[Place, Array]]:
        """What the Guide's cells must show if the layers have these values."""
        if self.layout is not None and self.layout.answer:
            answer = values[self.layout.answer[0].layer.name]
            expected = {"guide.prediction": answer["prediction"], "guide.probability": answer["output"].max()}
            for key, place in self.summary.items():
                if key in expected:
                    yield place, expected[key]

    def through_numpy(self, run: Run) -> dict[str, dict[str, Array]]:
        """Every layer's tensors by NumPy alone, from the pictures and from what is played with on the sheets."""
        assert self.layout is not None
        played = {
            name: {part: run.found[name][part] for part, p in sheet.parts.items() if p.role in ("source", "there", *PLAYED)}
            for name, sheet in self.sheets.items()
        }
        source = self.sheets[self.source]
        values = {self.source: source.layer.forward(source.parts, played[self.source])}
        values |= self.layout.network.forward(values[self.source]["output"], played) | values
        for name, sheet in self.sheets.items():
            if name not in values:
                given = played[name] | sheet.layer.constants(sheet.parts)
                given |= {part: sheet.layer.incoming(values[source]["output"]) for part, source in linked(sheet.layer, sheet.parts)}
                values[name] = sheet.layer.forward(sheet.parts, given)
        return values

    def measure(self, run: Run) -> None:
        """How far each sheet is from a forward pass through the whole network."""
        assert self.layout is not None
        network = self.through_numpy(run)
        pairs = [
            (self.sheets[name].layer.sheet, run.found[name][part], network[name][part])
            for name in self.sheets
            for part in run.own[name]
        ]
        pairs += [(place[0], run.grids[place[0]].take(np.array(place[1])), e) for place, e in self.summary_values(network)]
        for sheet, found, expected in pairs:
            with np.errstate(all="ignore"):  # not a number counts as infinitely far
                worst = float(np.nan_to_num(np.abs(found - expected), nan=np.inf).max(initial=0))
            self.errors[sheet] = max(self.errors[sheet], worst)
            if differs(found, expected).any():
                self.off.add(sheet)

    def probe(self, suspects: Mapping[Place, Formula]) -> list[Problem]:
        """Formulas written in another way: are they the same function? Tried with random numbers in every layer.

        Every layer's incoming cells and weights are overwritten, so that nothing upstream can hide a wrong formula,
        and negative numbers reach it. A formula that agrees each time is accepted.
        """
        if not suspects:
            return []
        wrong: set[Place] = set()
        links: set[Place] = set()
        edits = [self.randomised(["in", *GIVEN], -1.0 if k % 2 else 0.0, k) for k in range(self.probes())]
        for grids in self.engine.recalculate(self.book, edits, self.sizes()):
            run = self.interpret(grids)
            for name, sheet in self.sheets.items():
                for part, own in run.own[name].items():
                    cells = self.where[name, part]
                    is_link = sheet.parts[part].role == "in"
                    bad = cells if is_link else cells[differs(run.found[name][part], own)]
                    (links if is_link else wrong).update((sheet.layer.sheet, tuple(c)) for c in bad.reshape(-1, 2).tolist())
            wrong |= {p for p, text in self.texts(run) if run.grids[p[0]].value(*p[1]) != text}
            wrong |= {p for p, e in self.summary_values(run.found) if differs(run.grids[p[0]].take(np.array(p[1])), e)}
        problems = []
        for place, expected in suspects.items():
            name, cell = place
            found = self.book.sheets[name].formulas[cell].at(cell)
            link = place in links and not same_reference(found, expected.at(cell))
            if link or place in wrong:
                problems.append(Problem("formula", name, a1(*cell), expected.at(cell), found))
        return problems

    def stale(self, known: set[tuple[str, str | None]]) -> list[Problem]:
        """Stored results that are not what their formula gives. A result that was never stored is not a false one.

        Downstream of a wrong formula nothing can be said of them: those cells are passed over.
        """
        known = known | self.downstream()
        problems = []
        for sheet, size in self.sizes().items():
            formulas = self.book.sheets[sheet].formulas
            cells = [c for c in self.formula_cells(sheet) if c in formulas and (sheet, a1(*c)) not in known]
            if not cells:
                continue
            stored = stored_grid(self.book.sheets[sheet], *size)
            where = np.array(cells)
            now = self.runs[0].grids[sheet].take(where)
            for k in np.flatnonzero(differs(stored.take(where), now)).tolist():
                value = stored.value(*cells[k])
                if value is not None:
                    problems.append(Problem("stale", sheet, a1(*cells[k]), float(now[k]), value))
        for (name, cell), text in self.texts(self.runs[0]):
            value = self.book.sheets[name].values.get(cell)
            if value not in (None, text) and (name, a1(*cell)) not in known:
                problems.append(Problem("stale", name, a1(*cell), text, value))
        return problems

    def downstream(self) -> set[tuple[str, str | None]]:
        """Cells that are wrong as the workbook stands, whatever the cause."""
        assert self.layout is not None
        run = self.runs[0]
        network = self.through_numpy(run)
        wrong = {
            (self.sheets[name].layer.sheet, a1(*cell))
            for name, part in self.where
            if part in network[name]
            for cell in self.where[name, part][differs(run.found[name][part], network[name][part])].reshape(-1, 2).tolist()
        }
        answer = self.layout.answer
        off = answer is not None and any(sheet == answer[0].layer.sheet for sheet, _ in wrong)
        return wrong | {(sheet, a1(*cell)) for sheet, cell in self.summary.values() if off}

    def formula_cells(self, sheet: str) -> list[Cell]:
        """Every cell of a sheet that must hold a formula."""
        cells = [
            tuple(cell)
            for (name, part), where in self.where.items()
            if self.sheets[name].layer.sheet == sheet and self.sheets[name].parts[part].role in ("in", "computed", "text")
            for cell in where.reshape(-1, 2).tolist()
        ]
        return cells + [cell for where, cell in self.summary.values() if where == sheet]

    def compare_image(self, pixels: Array) -> list[Problem]:
        """Whether the workbook's input is this picture."""
        sheet = self.sheets[self.source]
        if not self.runs:
            return []
        found = self.runs[0].found[self.source]["output"]
        if pixels.shape != found.shape:
            return [Problem("image", sheet.layer.sheet, None, f"an image of shape {pixels.shape}", f"one of shape {found.shape}")]
        where = self.where[self.source, "output"]
        return [
            Problem("image", sheet.layer.sheet, a1(*where[i].tolist()), float(pixels[i]), float(found[i]))
            for i in map(tuple, np.argwhere(differs(found, pixels)).tolist())
        ]

    # ---- the report ----

    def prediction(self) -> dict[str, float | int] | None:
        """The answer to the workbook's own image, as NumPy gives it."""
        if self.layout is None or not self.runs or self.layout.answer is None:
            return None
        label, probability = self.layout.network.predict(self.runs[0].found[self.source]["output"])
        return {"label": label, "probability": probability}

    def reports(self, problems: Sequence[Problem]) -> Iterator[SheetReport]:
        """A line a sheet."""
        wrong = {p.sheet for p in problems} | self.off
        for sheet in self.sheets.values():
            name = sheet.layer.sheet
            cells = sum(b.height * b.width for b in sheet.blocks)
            formulas = sum(c in self.book.sheets[name].formulas for c in self.formula_cells(name))
            yield SheetReport(name, cells, formulas, self.errors[name], name not in wrong)
        for name in {sheet: None for sheet, _ in self.summary.values()}:
            count = len(self.formula_cells(name))
            yield SheetReport(name, count, count, self.errors[name], name not in wrong)

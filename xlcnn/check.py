"""The comparison at the heart of the verifier: one workbook, one engine, NumPy beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from xlcnn.blocks import a1
from xlcnn.compare import Run, differs
from xlcnn.description import build_layout, fresh_layout, summary_cells
from xlcnn.engines import Edits, Engine, Grid, stored_grid
from xlcnn.errors import EngineError
from xlcnn.expected import Place, check_formulas, same_reference
from xlcnn.formulas import PURE, functions
from xlcnn.layers import Array, Input
from xlcnn.layout import Layout, SheetLayout, linked
from xlcnn.presentation import moved_names, presentation_problems
from xlcnn.probes import probe_batches, random_edits
from xlcnn.reading import Book, Cell, Formula
from xlcnn.report import PRESENTATION, DifferenceMap, Problem, SheetReport, show
from xlcnn.tensors import GIVEN, PLAYED, Tensors


class Check:
    """One verification of one workbook by one engine."""

    layout: Layout | None = None  # until pixels and weights have been read as numbers

    def __init__(self, book: Book, engine: Engine, sheets: dict[str, SheetLayout], seed: int) -> None:
        self.book, self.engine, self.sheets = book, engine, sheets
        self.random = np.random.default_rng(seed)
        self.source = next(n for n, s in sheets.items() if isinstance(s.layer, Input))
        self.summary, self.summary_problems = summary_cells(book, sheets)
        self.tensors = Tensors(book, sheets, self.summary)
        self.where = self.tensors.where
        self.suspects: dict[Place, Formula] = {}  # formulas that are written in another way, with what was expected
        self.errors = {s.layer.sheet: 0.0 for s in sheets.values()} | {sheet: 0.0 for sheet, _ in self.summary.values()}
        self.off: set[str] = set()
        self.runs: list[Run] = []
        self.truth: list[dict[str, dict[str, Array]]] = []  # every tensor of each run, by NumPy alone

    def run(self, trials: int) -> list[Problem]:
        """Recalculate as it stands and with random images, and compare. Returns the problems, upstream first."""
        runs: list[Edits] = [{}, *(random_edits(self.tensors, self.random, ["source"], 0.0) for _ in range(trials))]
        try:
            results = self.engine.recalculate(self.book, runs, self.tensors.sizes())
        except EngineError:
            problems = self.without_engine()
            if problems:
                return problems  # the engine's trouble has a name
            raise
        problems = self.given_problems(results[0])
        if problems:
            return self.sorted(problems + self.moved(problems))
        self.layout = build_layout(self.sheets, {n: self.tensors.values(results[0], n) for n in self.sheets})
        static, self.suspects = check_formulas(self.book, self.layout, self.summary)
        problems = self.summary_problems + static
        known = {(p.sheet, p.cell) for p in problems}
        for number, grids in enumerate(results):
            self.runs.append(self.tensors.interpret(grids))
            problems += self.compare(number, known)
            self.truth.append(self.through_numpy(self.runs[-1]))
            self.measure(self.runs[-1], self.truth[-1])
        problems += self.probe({p: f for p, f in self.suspects.items() if (p[0], a1(*p[1])) not in known})
        problems += self.stale(known)
        problems += presentation_problems(self.book, self.sheets, self.summary)
        if self.off and not problems:
            problems += [Problem("value", s, None, "NumPy's values", f"off by {self.errors[s]:.3g}") for s in sorted(self.off)]
        return self.sorted(problems + self.moved(problems))

    def moved(self, problems: Sequence[Problem]) -> list[Problem]:
        """Where a sheet has problems: the names that may be their cause."""
        wrong = {p.sheet for p in problems if p.kind not in ("stale", *PRESENTATION)}
        near = {n for n, s in self.sheets.items() if s.layer.sheet in wrong}
        written = Counter(sheet for sheet, _ in self.suspects)  # in another way: nearly all, if a name of what they read was moved
        readers = (s for s in self.sheets.values() if s.there and 2 * written[s.layer.sheet] > np.prod(s.parts["output"].shape))
        near |= {t.layer.name for s in readers for t in s.there.values()}
        suspects = {n: s for n, s in self.sheets.items() if n in near}
        return list(moved_names(suspects, fresh_layout(self.sheets)))

    def sorted(self, problems: Sequence[Problem]) -> list[Problem]:
        """What comes first leads: upstream before downstream, causes before what is only seen, stored results last."""
        order = {s.layer.sheet: k for k, s in enumerate(self.sheets.values())}
        return sorted(
            problems,
            key=lambda p: (p.kind == "stale", p.kind in PRESENTATION, order.get(p.sheet, len(order)), p.kind != "name"),
        )

    def without_engine(self) -> list[Problem]:
        """What the formulas' texts alone tell, where the engine cannot compute the workbook."""
        zeros = {n: {part: np.zeros(p.shape) for part, p in s.parts.items()} for n, s in self.sheets.items()}
        problems, suspects = check_formulas(self.book, build_layout(self.sheets, zeros), self.summary)
        for (name, cell), expected in suspects.items():
            found = self.book.sheets[name].formulas[cell].at(cell)
            problems.append(Problem("formula", name, a1(*cell), expected.at(cell), found, "the engine cannot compute the workbook"))
        return problems

    # ---- the comparisons ----

    def given_problems(self, grids: Mapping[str, Grid]) -> list[Problem]:
        """Pixels, weights and constants that are not numbers."""
        problems = []
        for name, sheet in self.sheets.items():
            grid, found = grids[sheet.layer.sheet], self.tensors.values(grids, name)
            for part in (n for n, p in sheet.parts.items() if p.role in GIVEN):
                for row, col in self.where[name, part][np.isnan(found[part])].tolist():
                    value = grid.value(row, col)
                    menu = sheet.parts[part].role == "menu"
                    kind = "missing" if value is None else "choice" if menu else "not_a_number"
                    expected = f"one of {', '.join(map(str, self.tensors.words(sheet)))}" if menu else "a number"
                    problems.append(Problem(kind, sheet.layer.sheet, a1(row, col), expected, value))
        return problems

    def compare(self, number: int, known: set[tuple[str, str | None]]) -> Iterator[Problem]:
        """Cells whose value is wrong in a run, each once; run 0 is the workbook as it stands."""
        for place, (value, expected) in self.tensors.wrong_places(self.runs[number]).items():
            yield from self.wrong_value(number, place, value, expected, known)

    def wrong_value(
        self, number: int, place: Place, value: object, expected: float | str, known: set[tuple[str, str | None]]
    ) -> Iterator[Problem]:
        (sheet, cell), where = place, (place[0], a1(*place[1]))
        if where in known:
            return
        known.add(where)
        kind = "formula" if number else "value"
        if isinstance(expected, str):
            yield Problem(kind, *where, expected, value)
            return
        if isinstance(value, bool) or not isinstance(value, int | float):
            kind = "missing" if value is None else "not_a_number"
        formula = self.book.sheets[sheet].formulas.get(cell)
        notes = [f"with random image {number}"] if number else []
        if formula:
            notes.append(f"its formula is {formula.at(cell)}")
        if place in self.suspects:
            notes.append(f"it should be {self.suspects[place].at(cell)}")
        yield Problem(kind, *where, expected, value, "; ".join(notes))

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

    def measure(self, run: Run, network: Mapping[str, Mapping[str, Array]]) -> None:
        """How far each sheet is from a forward pass through the whole network."""
        pairs = [
            (self.sheets[name].layer.sheet, run.found[name][part], network[name][part])
            for name in self.sheets
            for part in run.own[name]
        ]
        pairs += [(place[0], run.grids[place[0]].take(np.array(place[1])), e) for place, e in self.tensors.summary_values(network)]
        for sheet, found, expected in pairs:
            with np.errstate(all="ignore"):  # not a number counts as infinitely far
                worst = float(np.nan_to_num(np.abs(found - expected), nan=np.inf).max(initial=0))
            self.errors[sheet] = max(self.errors[sheet], worst)
            if differs(found, expected).any():
                self.off.add(sheet)

    def probe(self, suspects: Mapping[Place, Formula]) -> list[Problem]:
        """Formulas written in another way: are they the same function? Tried with random numbers on their sheets.

        Incoming cells and weights are overwritten, so that nothing upstream can hide a wrong formula, and negative
        numbers reach it. A formula that agrees each time is accepted, if nothing but its cells can change its result.
        """
        wrong: dict[Place, str] = {}
        for (name, cell), expected in suspects.items():
            text = self.book.sheets[name].formulas[cell].at(cell)
            if unsure := functions(text) - PURE:
                wrong[name, cell] = f"{', '.join(sorted(unsure))} may give another result another time"
            elif (name, cell) in self.links and not same_reference(text, expected.at(cell)):
                wrong[name, cell] = ""
        for batch in probe_batches(self.sheets):
            left = suspects.keys() - wrong.keys() - self.links
            if not left:
                break
            near = self.tensors.near({name for name, _ in left})
            edits = [random_edits(near, self.random, ["in", *GIVEN], -1.0 if k % 2 else 0.0, k) for k in batch]
            for grids in self.engine.recalculate(self.book, edits, near.sizes()):
                found = near.wrong_places(near.interpret(grids))
                wrong |= {
                    p: f"with random numbers it gives {show(found[p][0])} instead of {show(found[p][1])}"
                    for p in left & found.keys()
                }
        return [
            Problem("formula", p[0], a1(*p[1]), suspects[p].at(p[1]), self.book.sheets[p[0]].formulas[p[1]].at(p[1]), note)
            for p, note in wrong.items()
        ]

    @cached_property
    def links(self) -> set[Place]:
        """The cells that fetch a value from the sheet before."""
        parts = [(s, name) for s in self.sheets.values() for name, p in s.parts.items() if p.role == "in"]
        return {
            (s.layer.sheet, (row, col)) for s, name in parts for row, col in self.where[s.layer.name, name].reshape(-1, 2).tolist()
        }

    def stale(self, known: set[tuple[str, str | None]]) -> list[Problem]:
        """Stored results that are not what their formula gives. A result that was never stored is not a false one.

        Downstream of a wrong formula nothing can be said of them: those cells are passed over.
        """
        known = known | self.downstream()
        problems = []
        for sheet, size in self.tensors.sizes().items():
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
        for (name, cell), text in self.tensors.texts(self.runs[0]):
            value = self.book.sheets[name].values.get(cell)
            if value not in (None, text) and (name, a1(*cell)) not in known:
                problems.append(Problem("stale", name, a1(*cell), text, value))
        return problems

    def downstream(self) -> set[tuple[str, str | None]]:
        """Cells that are wrong as the workbook stands, whatever the cause."""
        assert self.layout is not None
        run, network = self.runs[0], self.truth[0]
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

    def difference_maps(self) -> Iterator[DifferenceMap]:
        """How far each cell of each layer's sheet is from a forward pass through the whole network, as the workbook stands."""
        if not self.truth:
            return
        run, network = self.runs[0], self.truth[0]
        for name, sheet in self.sheets.items():
            rows, cols = self.tensors.sizes()[sheet.layer.sheet]
            off = np.full((rows, cols), np.nan)
            for part in run.own[name]:
                where = self.where[name, part]
                with np.errstate(all="ignore"):
                    far = np.abs(run.found[name][part] - network[name][part])
                off[where[..., 0] - 1, where[..., 1] - 1] = np.nan_to_num(far, nan=np.inf)
            if not np.isnan(off).all():
                yield DifferenceMap(sheet.layer.sheet, off)

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

"""Who works on what, and what has come of it: the account of work that several workers share, any of which may end at any moment.

Nothing here knows what a worker is but its name. A thing is given to one worker at a time, and a result that comes of what has been
taken back meanwhile is none: so nothing is lost, and nothing counts twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

from xlcnn.processes.pool import AHEAD, Raised

IN_HAND = 2  # things that a worker has at a time: one that it works on, one that is there already
ENDED = 3  # workers that may end with a thing in hand, until it is given up


@dataclass(frozen=True, eq=False)
class Piece:
    """What is given at once: a thing, or a part of one. `place` says which, `ended` how many workers ended with it in hand."""

    place: tuple[int, ...]
    thing: Any
    ended: int = 0


class Held(NamedTuple):
    """A piece in a worker's hand."""

    worker: str
    piece: Piece


class Shares:
    """The account of `things`: `lost` is the result of one that was given up; `split` gives the parts of one, whose results are
    lists that make up its own."""

    def __init__(self, things: Sequence[Any], lost: Callable[[Any], Any], split: Callable[[Any], Sequence[Any]]) -> None:
        self._things, self._lost, self._split = things, lost, split
        self._begun = self._told = 0  # things that were given once, and whose results have been taken
        self._again: deque[Piece] = deque()
        self._held: dict[int, Held] = {}
        self._hands: dict[str, set[Piece]] = {}
        self._tickets = 0
        self._parts: dict[int, int] = {}
        self._results: dict[tuple[int, ...], Any] = {}

    @property
    def done(self) -> bool:
        """Whether all results have been taken."""
        return self._told == len(self._things)

    def give(self, worker: str, workers: int) -> tuple[int, Any] | None:
        """The next thing for a worker, one of so many, with a ticket for its result; None if it has to wait.

        What a worker has ended with is some worker's only thing: if that ends as well, it is known why.
        """
        pieces = self._hands.setdefault(worker, set())
        if len(pieces) >= IN_HAND or any(piece.ended for piece in pieces) or (self._again and pieces):
            return None
        if self._again:
            piece = self._again.popleft()
        elif self._begun < min(len(self._things), self._told + AHEAD * workers):
            piece = Piece((self._begun,), self._things[self._begun])
            self._begun += 1
        else:
            return None
        self._tickets += 1
        self._held[self._tickets] = Held(worker, piece)
        pieces.add(piece)
        return self._tickets, piece.thing

    def in_hand(self, worker: str) -> int:
        """How many things a worker has."""
        return len(self._hands.get(worker, ()))

    def came(self, ticket: int, result: Any) -> None:
        """A result is there; it is none if the thing has been taken back."""
        piece = self._back(ticket)
        if piece is not None:
            self._results[piece.place] = result

    def failed(self, ticket: int) -> None:
        """The worker has ended with this in hand: it is to be done again, part by part, or is given up."""
        piece = self._back(ticket)
        if piece is None:
            return
        piece = replace(piece, ended=piece.ended + 1)
        parts = self._split(piece.thing) if len(piece.place) == 1 else ()
        if len(parts) > 1:
            self._parts[piece.place[0]] = len(parts)
            self._again.extend(Piece((*piece.place, k), part, piece.ended) for k, part in enumerate(parts))
        elif piece.ended < ENDED:
            self._again.append(piece)
        else:
            self._results[piece.place] = self._lost(piece.thing)

    def returned(self, ticket: int) -> None:
        """The worker cannot be used just now, and the thing is not to blame: it is to be done again, by another one."""
        piece = self._back(ticket)
        if piece is not None:
            self._again.append(piece)

    def _back(self, ticket: int) -> Piece | None:
        """What is in nobody's hand any more; None, if it was not before."""
        held = self._held.pop(ticket, None)
        if held is None:
            return None
        self._hands[held.worker].remove(held.piece)
        return held.piece

    def holder(self, ticket: int) -> str:
        """The worker that has it in hand."""
        return self._held[ticket].worker

    def without(self, workers: frozenset[str]) -> list[int]:
        """The tickets in hands of others than these workers, which are all that there are."""
        return [ticket for ticket, held in self._held.items() if held.worker not in workers]

    def taken(self) -> Iterator[Any]:
        """The results whose turn it is. Raises what the work has raised."""
        while not self.done and (places := self._places()) and all(place in self._results for place in places):
            found = [self._results.pop(place) for place in places]
            self._told += 1
            for result in found:
                if isinstance(result, Raised):
                    raise result.error
            yield found[0] if len(places[0]) == 1 else list(chain.from_iterable(found))

    def _places(self) -> list[tuple[int, ...]]:
        """Where the results stand that are the next thing's."""
        parts = self._parts.get(self._told)
        return [(self._told,)] if parts is None else [(self._told, k) for k in range(parts)]

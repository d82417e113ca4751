"""The account of shared work: each thing in one hand at a time, each result once, whoever ends."""

from __future__ import annotations

from typing import Any

import pytest

from xlcnn.errors import ImageError
from xlcnn.processes.pool import AHEAD, Raised
from xlcnn.processes.shares import ENDED, IN_HAND, Shares


def shares(things: list[Any], split: Any = lambda thing: ()) -> Shares:
    return Shares(things, lambda thing: f"lost {thing}", split)


def given(account: Shares, worker: str, workers: int = 1) -> tuple[int, Any]:
    found = account.give(worker, workers)
    assert found is not None
    return found


def test_results_are_taken_in_the_order_of_the_things() -> None:
    account = shares(["a", "b", "c"])
    tickets = [given(account, worker, 3)[0] for worker in "xyz"]
    account.came(tickets[2], 3)
    assert list(account.taken()) == []
    account.came(tickets[0], 1)
    assert list(account.taken()) == [1]
    account.came(tickets[1], 2)
    assert list(account.taken()) == [2, 3]
    assert account.done


def test_what_comes_back_from_a_worker_that_cannot_be_used_just_now_is_not_held_against_it() -> None:
    account = shares(["a"])
    for _ in range(ENDED + 1):
        ticket, thing = given(account, "x", 2)
        assert (thing, account.holder(ticket), account.in_hand("x")) == ("a", "x", 1)
        account.returned(ticket)
        account.returned(ticket)
        assert account.in_hand("x") == 0
    account.came(ticket, "too late")
    assert list(account.taken()) == [], "somebody else does it"
    account.came(given(account, "y", 2)[0], "done")
    assert list(account.taken()) == ["done"]


def test_nothing_is_done_before_it_is_begun() -> None:
    assert shares([]).done
    assert list(shares([]).taken()) == []
    assert not shares([1]).done


def test_a_worker_has_one_thing_to_work_on_and_one_that_waits() -> None:
    account = shares([*range(9)])
    assert [given(account, "x", 9)[1] for _ in range(IN_HAND)] == [0, 1]
    assert account.give("x", 9) is None
    assert given(account, "y", 9)[1] == 2


def test_no_more_is_begun_than_somebody_takes() -> None:
    account = shares([*range(100)])
    for k in range(AHEAD):
        ticket, thing = given(account, "x")
        assert thing == k
        if k:
            account.came(ticket, thing)
    assert account.give("x", 1) is None, "the first is still missing: all others wait for it"
    assert account.give("x", 2) is not None, "more workers may have more"


def test_what_a_worker_had_in_hand_is_done_by_another() -> None:
    account = shares(["a", "b"])
    lost = [given(account, "x")[0] for _ in "ab"]
    assert account.without(frozenset("y")) == lost
    for ticket in lost:
        account.failed(ticket)
    assert account.without(frozenset("y")) == []
    for expected in "ab":
        ticket, thing = given(account, "y")
        assert thing == expected
        account.came(ticket, thing.upper())
    assert list(account.taken()) == ["A", "B"]


def test_a_result_of_what_was_taken_back_is_none() -> None:
    """A worker that was only out of reach answers after all, when another one has the thing."""
    account = shares(["a"])
    late, _ = given(account, "x")
    account.failed(late)
    ticket, _ = given(account, "y")
    account.came(late, "late")
    assert list(account.taken()) == []
    account.came(ticket, "right")
    account.came(ticket, "twice")
    account.failed(ticket)
    assert list(account.taken()) == ["right"]
    assert account.done


def test_what_a_worker_has_ended_with_is_the_next_ones_only_thing() -> None:
    account = shares([*range(9)])
    bad, _ = given(account, "x", 9)
    given(account, "y", 9)
    account.failed(bad)
    assert account.give("y", 9) is None, "it has something in hand"
    assert given(account, "x", 9)[1] == 0
    assert account.give("x", 9) is None, "it might end with both, and nobody would know why"
    assert given(account, "y", 9)[1] == 2, "the others go on"


def test_after_several_workers_it_is_given_up_and_the_rest_goes_on() -> None:
    account = shares(["bad", "good"])
    for _ in range(ENDED):
        ticket, thing = given(account, "x")
        assert thing == "bad"
        account.failed(ticket)
    ticket, thing = given(account, "x")
    account.came(ticket, thing)
    assert list(account.taken()) == ["lost bad", "good"]


def test_parts_take_no_other_with_them() -> None:
    account = shares([["a", "bad", "c"]], split=lambda thing: [[one] for one in thing])
    account.failed(given(account, "x")[0])
    while not account.done:
        ticket, thing = given(account, "x")
        account.failed(ticket) if thing == ["bad"] else account.came(ticket, [thing[0].upper()])
        if found := [*account.taken()]:
            assert found == [["A", *"lost ['bad']", "C"]], "the parts' lists together"


def test_a_part_that_is_alone_is_not_split_again() -> None:
    account = shares([["a"]], split=lambda thing: [[one] for one in thing])
    for _ in range(ENDED):
        account.failed(given(account, "x")[0])
    assert list(account.taken()) == ["lost ['a']"]


def test_an_error_is_raised_where_its_turn_comes() -> None:
    account = shares(["a", "b"])
    first, second = (given(account, "x")[0] for _ in "ab")
    account.came(second, Raised(ImageError("b is torn")))
    assert list(account.taken()) == []
    account.came(first, "A")
    found = account.taken()
    assert next(found) == "A"
    with pytest.raises(ImageError, match="b is torn"):
        next(found)

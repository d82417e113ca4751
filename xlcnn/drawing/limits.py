"""How much may be asked: so many bytes of a request, in so much time; so much work at once, so much waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request

from xlcnn.drawing.gate import Refused
from xlcnn.image.files import MAX_BYTES
from xlcnn.xlsx.limits import USUAL_LIMITS

T = TypeVar("T")

PICTURE_BYTES, WORKBOOK_BYTES = MAX_BYTES, USUAL_LIMITS.file_bytes
PATIENCE = 5.0  # seconds until the next bytes of a request: on this machine they are there at once
WAITING = 8  # requests that may wait for their turn; a page that draws has one under way


class Turns:
    """So many requests at a time, the others one after the other, and too many are sent away.

    A request has its turn before its bytes are read, so that no more of them are held than are worked on.
    """

    def __init__(self, at_once: int) -> None:
        self.limiter = CapacityLimiter(at_once)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises `Refused` where too many wait."""
        if self.limiter.statistics().tasks_waiting >= WAITING:
            raise Refused(503, "too much is asked at once; try again in a moment")
        async with self.limiter:
            yield


async def done(work: Callable[[], T]) -> T:
    """What `work` gives, in a thread: the page's parts are served meanwhile. Whoever ends the server does not wait for it."""
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)


async def body(request: Request, most: int) -> bytes:
    """The request's bytes. Raises `Refused` for too many of them, for none, and where they do not come."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > most:
        raise Refused(413, f"this is too large: more than {most // 2**20} MB")
    parts, size = [], 0
    arriving = request.stream()
    try:
        while True:
            with anyio.fail_after(PATIENCE):
                part = await anext(arriving, b"")
            if not part:
                break
            size += len(part)
            if size > most:
                raise Refused(413, f"this is too large: more than {most // 2**20} MB")
            parts.append(part)
    except TimeoutError:
        raise Refused(408, "the rest of the request did not come") from None
    if not size:
        raise Refused(400, "what was sent is empty")
    return b"".join(parts)

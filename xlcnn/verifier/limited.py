"""`xlcnn.verify`: the verification within limits of time and memory, on the command line and from Python alike."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from xlcnn.engines import DEFAULT, PROGRAMS, TIMEOUT, find_engine
from xlcnn.errors import EngineError

if TYPE_CHECKING:
    import numpy as np

    from xlcnn.engines.base import Engine
    from xlcnn.image.files import ImageFile
    from xlcnn.verifier.report import Report
    from xlcnn.xlsx.limits import Limits
    from xlcnn.xlsx.reader import WorkbookFile

MEMORY_MB = 8192
LEAST_MB, MOST_MB = 256, 2**30  # with less memory nothing starts; more no machine has
LONGEST = 7 * 24 * 3600.0  # seconds


def verify(
    path: str | os.PathLike[str] | WorkbookFile,
    engine: str | Engine = DEFAULT,
    trials: int = 3,
    image: str | os.PathLike[str] | ImageFile | np.ndarray | None = None,
    *,
    as_is: bool = False,
    pick: int | None = None,
    seed: int = 0,
    limits: Limits | None = None,
    timeout: float | None = TIMEOUT,
    max_memory_mb: int = MEMORY_MB,
    difference_maps: bool = True,
) -> Report:
    """Check that a workbook computes the network that it says it computes.

    `path` is a file, or its bytes with a name (`WorkbookFile`). `trials` random images are pushed through the spreadsheet besides
    the one it holds; `image` also checks that the input is that picture (``-`` is standard input). The engine may take `timeout`
    seconds and `max_memory_mb` megabytes, in a process of its own; with a timeout of None, or with an engine that is not xlcnn's,
    everything happens in this process, without these two limits. Without `difference_maps` the report comes sooner.

    Raises `WorkbookError` where the file cannot be read at all, `EngineError` where the engine cannot compute it or needs
    more than it may, `ImageError` where `image` cannot be read.
    """
    image = picture_once(image)
    options: dict[str, Any] = {"as_is": as_is, "pick": pick, "seed": seed, "limits": limits, "difference_maps": difference_maps}
    if timeout is None or not (isinstance(engine, str) or type(engine).__module__.startswith("xlcnn.engines.")):
        return verify_here(path, engine, trials, image, None, options)
    check_limits(timeout, max_memory_mb)
    return import_module("xlcnn.verifier.bounded").bounded(  # type: ignore[no-any-return]
        verify_here,
        path,
        engine,
        trials,
        image,
        timeout,
        options,
        seconds=whole_time(engine, timeout),
        megabytes=max_memory_mb,
        meanwhile=lambda: import_module("xlcnn.verifier.report"),  # the answer's own classes
    )


def picture_once(image: Any) -> Any:
    """The picture as it may be used several times and elsewhere: standard input is read here, once. Raises `ImageError`."""
    if not (isinstance(image, str | os.PathLike) and str(image) == "-"):
        return image
    from xlcnn.image.files import read_image

    return read_image(image)


def verify_here(path: Any, engine: str | Engine, trials: int, image: Any, timeout: float | None, options: dict[str, Any]) -> Report:
    """The same in this very process."""
    from xlcnn.verifier.verify import verify

    difference_maps = options.pop("difference_maps")
    chosen = find_engine(engine, timeout or TIMEOUT) if isinstance(engine, str) else engine
    report = verify(path, chosen, trials, image, **options)
    return report if difference_maps else replace(report, difference_maps=())


def check_limits(timeout: float, max_memory_mb: int) -> None:
    """Raises `EngineError` for limits that are none."""
    if not 0 < timeout <= LONGEST:  # NaN is neither
        raise EngineError(f"a time limit is a number of seconds up to {LONGEST:.0f}, not {timeout:g}")
    if not LEAST_MB <= max_memory_mb <= MOST_MB:
        raise EngineError(f"a limit of memory is a number of megabytes from {LEAST_MB} to {MOST_MB}, not {max_memory_mb}")


def whole_time(engine: str | Engine, timeout: float) -> float:
    """Another program has its own limit; it is called for its version, for the workbook as it stands, for batches of probes."""
    name = engine if isinstance(engine, str) else engine.name
    once = timeout if isinstance(engine, str) else getattr(engine, "timeout", timeout)
    return float(timeout + 4 * (once + 15)) if name in PROGRAMS else float(timeout)

"""A long run of one target: ``python -m tests.fuzz.run image --seconds 600 [--atheris]``.

The seeds are damaged at random: bytes changed, cut out, repeated, mixed; or, with atheris (`pip install atheris`), guided by
the code that they reach.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.fuzz.targets import TARGETS, seeds


def damaged(data: bytes, rng: Random, others: list[bytes]) -> bytes:
    """The data with a few random changes."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at, size = rng.randrange(len(out) + 1), rng.choice([1, 2, 4, 16, 200])
        match rng.randrange(6):
            case 0:
                out[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = out[at : at + size] * rng.choice([1, 2, 50])
            case 3:
                out[at:at] = rng.choice([b"\xff" * 4, b"\0" * 8, b"-1", b"1e999", b"99999999999", b"<", b'"', b"&a;", b"[[[["])
            case 4:
                other = rng.choice(others)
                start = rng.randrange(len(other) + 1)
                out[at:at] = other[start : start + size]
            case _:
                out = out[:at] if at > 16 else out
    return bytes(out)


def random_run(target: str, seconds: float, seed: int, most: int | None = None) -> int:
    """How many inputs were tried; the one that breaks the promise is written beside the seeds."""
    rng, start = Random(seed), time.monotonic()
    others = seeds(target)
    tried = 0
    while time.monotonic() - start < seconds and tried != most:
        data = damaged(rng.choice(others), rng, others)
        try:
            TARGETS[target](data)
        except Exception:
            path = Path(tempfile.gettempdir()) / f"{target}-{seed}-{tried}"
            path.write_bytes(data)
            print(f"broken by {path}; put it into tests/fuzz/seeds/{target}", file=sys.stderr)
            raise
        tried += 1
    return tried


def atheris_run(target: str, seconds: float, seed: int) -> None:
    import atheris

    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(seeds(target)):
            (Path(folder) / f"seed{number}").write_bytes(data)
        flags = [
            f"-max_total_time={seconds:g}",
            f"-seed={seed + 1}",
            "-max_len=1000000",
            "-rss_limit_mb=4000",
            "-timeout=60",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *flags, folder], TARGETS[target])
        atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description="a long fuzzing run")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--atheris", action="store_true", help="guided by coverage")
    options = parser.parse_args()
    if options.atheris:
        atheris_run(options.target, options.seconds, options.seed)
    else:
        print(f"{options.target}: {random_run(options.target, options.seconds, options.seed)} inputs, all answered")


if __name__ == "__main__":
    main()

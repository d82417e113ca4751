"""Speed as ratios measured in one run, so that a slow or busy machine does not matter.

Whole processes are timed, alternately, and the fastest of several rounds is taken: noise only ever adds time.

    python benchmarks/speed.py [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
SEVEN = HERE.parent / "docs" / "seven.png"
ENVIRONMENT = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # compiled once, as what is installed is


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        made, cells, bare = (str(Path(name) / n) for n in ("made.xlsx", "cells.json", "bare.xlsx"))
        python = [sys.executable]
        make = [*python, "-m", "xlcnn", "make", str(SEVEN), "--output", made, "--force"]
        seconds(make)
        seconds([*python, str(HERE / "bare_xlsxwriter.py"), "--collect", made, cells])
        commands = {
            "make": make,
            "bare XlsxWriter": [*python, str(HERE / "bare_xlsxwriter.py"), cells, bare],
            "verify": [*python, "-m", "xlcnn", "verify", made],
            "open twice with openpyxl": [*python, "-c", f"import openpyxl; [openpyxl.load_workbook({made!r}) for _ in 'ab']"],
            "--help": [*python, "-m", "xlcnn", "--help"],
            "python -c pass": [*python, "-c", "pass"],
        }
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(rounds):
            for key, command in commands.items():
                best[key] = min(best[key], seconds(command))
        size = Path(made).stat().st_size
        seconds([*make, "--with", "learning"])
        learning = Path(made).stat().st_size
    for key, value in best.items():
        print(f"{key:<26}{value:8.3f} s")
    print()
    ratio("make / bare XlsxWriter", best["make"] / best["bare XlsxWriter"], 1)
    ratio("verify / open twice with openpyxl", best["verify"] / best["open twice with openpyxl"], 0.8)
    ratio("file size / 350 KB", size / 350_000, 1)
    ratio("file size with learning / 700 KB", learning / 700_000, 1)
    ratio("--help / 0.2 s", best["--help"] / 0.2, 1)


def ratio(name: str, value: float, limit: float) -> None:
    print(f"{name:<36}{value:6.2f}   (limit {limit:g}: {'ok' if value <= limit else 'TOO SLOW'})")


if __name__ == "__main__":
    main()

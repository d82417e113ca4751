"""Limits of what is read, alone in a file: the command line says them before anything heavy is imported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a workbook may cost to read."""

    file_bytes: int = 64 * 2**20
    unpacked_bytes: int = 256 * 2**20
    parts: int = 5_000
    sheets: int = 256
    cells: int = 2_000_000


USUAL_LIMITS = Limits()

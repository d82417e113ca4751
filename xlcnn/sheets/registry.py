"""Which kinds of sheets there are: a folder's files, named in the order in which they are listed to people."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any


def registered(package: str, classes: Iterable[str]) -> dict[str, Any]:
    """Kind → class, for names such as ``conv2d.Conv2d`` of a package."""
    found = {}
    for name in classes:
        module, _, class_name = name.partition(".")
        kind = getattr(import_module(f"{package}.{module}"), class_name)
        found[kind.kind] = kind
    return found

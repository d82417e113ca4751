"""Letters compared as Excel compares them in names, tabs, functions and texts: capital or small alike, nothing else."""

from __future__ import annotations


def alike(text: str) -> str:
    """The same for two texts that differ in capitals only.

    A letter counts as another's small form only if each is the other's: so ``ı``, ``ſ`` and the Kelvin sign, which Python's own
    `str.upper` and `str.casefold` take for I, S and K, stay themselves, as in Excel: a sheet ``ınput`` is not the sheet ``Input``.
    """
    return text.upper() if text.isascii() else "".join(map(_capital, text))


def _capital(letter: str) -> str:
    capital = letter.upper()
    return capital if len(capital) == 1 and capital.lower() == letter else letter

"""Errors for people: one line each that says what was wrong with which file and what to do."""

from os import PathLike, fspath


def printable(text: str | PathLike[str]) -> str:
    """A path or a value for a message: one line, whatever it holds."""
    return "".join(c if c.isprintable() else "?" for c in fspath(text))


def unforeseen(error: Exception) -> str:
    """What a message says of an error that nobody expected; some have no words, as where memory is short."""
    words = printable(" ".join(str(error).split()))
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


class XlcnnError(Exception):
    """Base of every error that xlcnn raises on purpose; the command line prints it in one line and exits with 2."""


class ImageError(XlcnnError):
    """The image cannot be read, or shows no digit."""


class NetworkError(XlcnnError):
    """The network's layers or weights do not fit together."""


class TemplateError(XlcnnError):
    """A template's folder is missing something or says something unknown."""


class WorkbookError(XlcnnError):
    """A workbook cannot be written, or cannot be read at all."""


class EngineError(XlcnnError):
    """A spreadsheet engine is missing, failed or took too long."""

"""Any image of a handwritten digit → an Excel workbook that computes a convolutional network with live formulas.

    from xlcnn import Network, load_image, make_workbook, verify

Names are imported when they are first used, so that ``import xlcnn`` and the command line start at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xlcnn.version import VERSION as __version__

if TYPE_CHECKING:
    from xlcnn.errors import EngineError, ImageError, NetworkError, TemplateError, WorkbookError, XlcnnError
    from xlcnn.image import load_image
    from xlcnn.network import Network
    from xlcnn.render import render
    from xlcnn.report import Problem, Report, SheetReport
    from xlcnn.templates import Template, find_template, list_templates
    from xlcnn.verify import verify
    from xlcnn.workbook import make_workbook

_HOMES = {
    "EngineError": "errors",
    "ImageError": "errors",
    "Network": "network",
    "NetworkError": "errors",
    "Problem": "report",
    "Report": "report",
    "SheetReport": "report",
    "Template": "templates",
    "TemplateError": "errors",
    "WorkbookError": "errors",
    "XlcnnError": "errors",
    "find_template": "templates",
    "list_templates": "templates",
    "load_image": "image",
    "render": "render",
    "make_workbook": "workbook",
    "verify": "verify",
}

__all__ = [
    "EngineError",
    "ImageError",
    "Network",
    "NetworkError",
    "Problem",
    "Report",
    "SheetReport",
    "Template",
    "TemplateError",
    "WorkbookError",
    "XlcnnError",
    "__version__",
    "find_template",
    "list_templates",
    "load_image",
    "make_workbook",
    "render",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'xlcnn' has no attribute {name!r}")
    value = getattr(import_module(f"xlcnn.{_HOMES[name]}"), name)
    globals()[name] = value  # a submodule of the same name would otherwise hide the function
    return value

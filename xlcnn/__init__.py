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
    from xlcnn.evaluation.evaluate import evaluate
    from xlcnn.evaluation.outcome import Evaluation
    from xlcnn.image import load_image
    from xlcnn.lesson.importing import Preparation, import_network
    from xlcnn.lesson.templates import Template, find_template, list_templates
    from xlcnn.network.files import load_network
    from xlcnn.network.network import Network
    from xlcnn.verifier.limited import verify
    from xlcnn.verifier.report import Problem, Report, SheetReport
    from xlcnn.workbook.make import make_workbook
    from xlcnn.workbook.many import make_workbooks
    from xlcnn.workbook.render import render

_HOMES = {
    "EngineError": "errors",
    "Evaluation": "evaluation.outcome",
    "ImageError": "errors",
    "Network": "network.network",
    "NetworkError": "errors",
    "Preparation": "lesson.importing",
    "Problem": "verifier.report",
    "Report": "verifier.report",
    "SheetReport": "verifier.report",
    "Template": "lesson.templates",
    "TemplateError": "errors",
    "WorkbookError": "errors",
    "XlcnnError": "errors",
    "evaluate": "evaluation.evaluate",
    "find_template": "lesson.templates",
    "import_network": "lesson.importing",
    "list_templates": "lesson.templates",
    "load_image": "image",
    "load_network": "network.files",
    "make_workbook": "workbook.make",
    "make_workbooks": "workbook.many",
    "render": "workbook.render",
    "verify": "verifier.limited",
}

__all__ = [
    "EngineError",
    "Evaluation",
    "ImageError",
    "Network",
    "NetworkError",
    "Preparation",
    "Problem",
    "Report",
    "SheetReport",
    "Template",
    "TemplateError",
    "WorkbookError",
    "XlcnnError",
    "__version__",
    "evaluate",
    "find_template",
    "import_network",
    "list_templates",
    "load_image",
    "load_network",
    "make_workbook",
    "make_workbooks",
    "render",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'xlcnn' has no attribute {name!r}")
    return getattr(import_module(f"xlcnn.{_HOMES[name]}"), name)

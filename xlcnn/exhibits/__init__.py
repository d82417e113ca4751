"""The exhibits that a lesson may have, one file each."""

from xlcnn.exhibits.base import Chart, Exhibit
from xlcnn.exhibits.boundary import Boundary
from xlcnn.exhibits.classes import Classes
from xlcnn.exhibits.functions import Functions
from xlcnn.exhibits.linear import Linear

EXHIBITS: dict[str, type[Exhibit]] = {c.kind: c for c in (Functions, Classes, Linear, Boundary)}

__all__ = ["EXHIBITS", "Boundary", "Chart", "Classes", "Exhibit", "Functions", "Linear"]

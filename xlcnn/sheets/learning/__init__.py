"""The sheets that show how a network learns, one file each. To add one, write its file and register it here."""

from xlcnn.sheets.base import Learning
from xlcnn.sheets.registry import registered

LEARNING: dict[str, type[Learning]] = registered(__name__, ())

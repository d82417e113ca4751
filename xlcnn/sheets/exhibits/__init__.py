"""The sheets to play with that a lesson may have, one file each. To add one, write its file and register it here."""

from xlcnn.sheets.base import Exhibit
from xlcnn.sheets.registry import registered

EXHIBITS: dict[str, type[Exhibit]] = registered(
    __name__,
    (
        "picture.FromPicture",
        "byhand.ByHand",
        "functions.Functions",
        "classes.Classes",
        "linear.ComposedConvolution",
        "boundary.Boundary",
    ),
)

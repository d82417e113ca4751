"""A copy of a package with one sheet more, behind all others.

Every part in which nothing must change stays as it was: the list of sheets, that of styles and what leads to the new parts are
spliced, and nothing else.
"""

from __future__ import annotations

from xlcnn.errors import WorkbookError
from xlcnn.grid.letters import alike
from xlcnn.xlsx.archive import opened
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.marks import Package, declare, free_id, packed, relate
from xlcnn.xlsx.new_sheet import NewSheet, drawing_xml, sheet_xml
from xlcnn.xlsx.new_styles import with_styles
from xlcnn.xlsx.relations import OFFICE, SHEETML, Relation, relations, the_one
from xlcnn.xlsx.splices import added, elements, prefix, spliced

DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
LAST_ID = 65_534  # of a sheet


def with_sheet(data: bytes, title: str, sheet: NewSheet, limits: Limits) -> bytes:
    """The package with this sheet, called `title`, or ``title 2``, … where one is called that. Raises `WorkbookError`."""
    with opened(data, limits) as archive:
        package = Package(archive)
        book = the_one(relations(archive, ""), "officeDocument", "_rels/.rels")
        if book is None:
            raise WorkbookError("is not an Excel workbook (.xlsx): _rels/.rels leads to no workbook part")
        if book.base == OFFICE[1]:
            raise WorkbookError("is a strict workbook, to which no sheet can be added; save it as Excel Workbook (.xlsx)")
        related = relations(archive, book.target)
        styles = the_one(related, "styles", book.target)
        numbers: dict[str, int] = {}
        if styles is not None:
            package.written[styles.target], numbers = with_styles(package.read(styles.target))
        part = package.free("xl/worksheets/sheet{}.xml")
        package.written[part] = sheet_xml(sheet, numbers, "xlcnn-drawing1" if sheet.pictures else "")
        declare(package, part, f"{SHEETML}worksheet+xml")
        if sheet.pictures:
            hang(package, part, sheet)
        new = Relation(free_id(related, "sheet"), "worksheet", part)
        package.written[book.target] = listed(book.target, package.read(book.target), title, new.id)
        relate(package, book.target, [new])
        return packed(archive, package.written)


def hang(package: Package, part: str, sheet: NewSheet) -> None:
    """Write the pictures of a new sheet, and what leads to them."""
    drawing = package.free("xl/drawings/drawing{}.xml")
    package.written[drawing] = b""  # the name is taken
    images = []
    for k, picture in enumerate(sheet.pictures, 1):
        image = package.free("xl/media/image{}.png")
        package.written[image] = picture.data
        declare(package, image, "image/png")
        images.append(Relation(f"xlcnn-image{k}", "image", image))
    package.written[drawing] = drawing_xml(sheet.pictures, [one.id for one in images])
    declare(package, drawing, DRAWING)
    relate(package, drawing, images)
    relate(package, part, [Relation("xlcnn-drawing1", "drawing", drawing)])


def listed(part: str, data: bytes, title: str, number: str) -> bytes:
    """The workbook's part with one sheet more in its list."""
    found = elements(part, data)
    sheets = [element.attributes for element in found if element.path == "sheets/sheet"]
    room = next((element for element in found if element.path == "sheets"), None)
    if room is None:
        raise WorkbookError(f"has no list of sheets in {part}")
    ids = {int(a["sheetId"]) for a in sheets if a.get("sheetId", "").isdecimal()}
    free = next(k for k in (max(ids, default=0) + 1, *range(1, len(ids) + 2)) if k not in ids and k <= LAST_ID)
    head = prefix(data, room.start).decode()
    name = free_title(title, {alike(a.get("name", "")) for a in sheets})
    line = f'<{head}sheet xmlns:r="{OFFICE[0]}" name="{name}" sheetId="{free}" r:id="{number}"/>'
    return spliced(data, added(data, room, line.encode()))


def free_title(title: str, taken: set[str]) -> str:
    """The title, or with the first number with which it is free."""
    names = (title, *(f"{title} {k}" for k in range(2, len(taken) + 3)))
    return next(name for name in names if alike(name) not in taken)

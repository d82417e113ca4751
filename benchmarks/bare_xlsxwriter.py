"""The yardstick: a bare XlsxWriter script that writes a workbook's cells and formulas, and computes nothing.

python bare_xlsxwriter.py --collect WORKBOOK CELLS.json    (not timed: lists what the workbook holds)
python bare_xlsxwriter.py CELLS.json OUTPUT.xlsx           (timed)
"""

from __future__ import annotations

import json
import sys


def collect(workbook: str, target: str) -> None:
    """Every cell of the workbook: sheet → [row, column, value, style number], with dragged formulas spelled out."""
    import openpyxl

    book = openpyxl.load_workbook(workbook)
    sheets = {
        sheet.title: [
            [c.row - 1, c.column - 1, c.value, c.style_id] for row in sheet.iter_rows() for c in row if c.value is not None
        ]
        for sheet in book
    }
    with open(target, "w", encoding="utf-8") as file:
        json.dump(sheets, file)


def write(cells: str, target: str) -> None:
    import xlsxwriter

    with open(cells, encoding="utf-8") as file:
        sheets = json.load(file)
    book = xlsxwriter.Workbook(target)
    styles: dict[int, object] = {}
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, col, value, style in rows:
            look = styles.get(style) or styles.setdefault(
                style, book.add_format({"font_size": 7 + style % 5, "num_format": "0.00"})
            )
            if isinstance(value, str):
                if value.startswith("="):
                    sheet.write_formula(row, col, value, look)
                else:
                    sheet.write_string(row, col, value, look)
            else:
                sheet.write_number(row, col, value, look)
    book.close()


if __name__ == "__main__":
    if sys.argv[1] == "--collect":
        collect(sys.argv[2], sys.argv[3])
    else:
        write(sys.argv[1], sys.argv[2])

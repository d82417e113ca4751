"""Pure geometry: rectangles of cells, references to them, formulas and colour rules as text. No spreadsheet library."""

"""Which cells hold which tensor, and how they are coloured. Pure: no file is touched, no spreadsheet library is known."""

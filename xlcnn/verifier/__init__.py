"""A workbook held against NumPy: read → recalculate → compare → probe → report, each step from frozen data to frozen data."""

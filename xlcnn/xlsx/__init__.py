"""The file format: reading within bounds, patching, writing whole. Whatever works around openpyxl is here, and only here."""

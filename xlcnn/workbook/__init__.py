"""Writes workbooks: sheets with their looks, headings and charts; and draws them as pictures."""

"""A page to draw on: what the network makes of a digit, live, and the workbook of it.

seen     a picture → all that the page shows of it
gate     who may ask for anything at all
limits   how much may be asked
app      what can be asked: the page's parts, a reading, a workbook, a verification
serve    an address of this machine alone, and the browser
page/    HTML, style and script; words in each language

Nothing is written: pictures and workbooks live in memory until they have been answered.
"""

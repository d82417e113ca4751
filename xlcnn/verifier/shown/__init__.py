"""What a person sees in the workbook is what its cells hold: formats, colours, sizes, panes, words, lists, links, charts.

One question at each place: what does a new workbook of the same network look like there, and is this one different in a way that
shows another number, another word, or nothing? Colours that contrast, sizes that can be read and formats that show the digits are
everybody's own.
"""

"""Units of length in which a file says where things lie and how large they are."""

EMU = 9525  # English Metric Units in a pixel
EMU_PER_POINT = 12_700
PIXELS_PER_POINT = 4 / 3

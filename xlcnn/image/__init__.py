"""Any picture of a digit → the matrix that the network was trained on: white ink (1) on black paper (0).

    files    the bytes of a file or of standard input → an opened Pillow image, within limits
    pixels   its colours as numbers, at the size at which ink is looked for
    paper    how far each pixel differs from its paper, whatever the colours and the light (OpenCV)
    lines    ruled lines, squares and table edges, and the ink without them
    pieces   what hangs together: which pieces are a digit, how many digits there are, what is the picture's border
    ink      all of that: how much ink each pixel holds, and which of it is which digit
    prepare  cropped, thickened, scaled and centred as MNIST's digits are (OpenCV)
    load     one after the other, and what passes through untouched

OpenCV is imported only for a picture in which ink must be looked for.
"""

from xlcnn.image.files import name_of, open_image
from xlcnn.image.load import load_digits, load_image, to_input

__all__ = ["load_digits", "load_image", "name_of", "open_image", "to_input"]

"""``python -m xlcnn``."""

from xlcnn.cli import main

main()

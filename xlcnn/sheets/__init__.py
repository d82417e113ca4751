"""What a sheet is: its tensors, each declared once with its NumPy and its Excel under each other."""

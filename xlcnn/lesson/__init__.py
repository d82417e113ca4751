"""What is taught with a network: templates, their words, and how they are trained."""

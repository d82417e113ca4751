"""Networks that other programs saved, as layers and weights of ours."""

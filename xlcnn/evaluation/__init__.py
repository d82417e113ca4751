"""Many labelled pictures through one workbook: how often it is right, where it errs, and whether NumPy says the same.

pictures   what is tried: MNIST's files or a folder, with labels
labels     which label a picture has
needed     which sheets the answer reads: only these are recalculated
subject    the workbook that answers, by its own formulas, and NumPy beside it with the weights that stand in it
working    several processes or machines, answers in the order asked
resumed    the file from which an evaluation goes on
tally      answers counted
outcome    what came of it; text, page and sheet are made from that alone
"""

"""What is said of an evaluation, in text, on the page and on the sheet alike."""

from __future__ import annotations

from math import isfinite

from xlcnn.evaluation.outcome import NUMPY, TOLERANCE, Evaluation, Mistake, Share


def percent(share: float | None, digits: int = 2) -> str:
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def between(share: Share) -> str:
    """Its confidence interval."""
    bounds = share.interval
    return "–" if bounds is None else f"{percent(bounds[0])} to {percent(bounds[1])}"


def how(found: Evaluation) -> str:
    """By what the pictures were read, and which they were."""
    by = "by NumPy, with the weights that stand in the workbook" if found.engine == NUMPY else "through the workbook's own formulas"
    of = "" if found.sample is None else f"a sample of {found.sample:,} (seed {found.seed}) of "
    version = "" if found.engine == NUMPY else f" ({found.engine} {found.engine_version})"
    return f"{of}{found.source}, {by}{version}"


def verdict(found: Evaluation) -> str:
    total = found.total
    return f"{total.right:,} of {total.pictures:,} pictures right: {percent(total.value)} (95 % confidence: {between(total)})"


def compared(found: Evaluation) -> str:
    """Whether NumPy says the same; nothing where only NumPy was asked."""
    if found.differing is None:
        return ""
    count = found.total.pictures
    if not found.differing:
        return f"every one of {count:,} equal to NumPy to {TOLERANCE} ({0.0 if found.apart is None else found.apart:.1e} at most)"
    apart = found.apart if found.apart is not None and isfinite(found.apart) else None
    far = "some give an error in place of a number" if apart is None else f"{apart:.3g} at most"
    first = ", ".join(name for name, _ in found.differing_first[:3])
    return (
        f"NOT equal to NumPy: {found.differing:,} of {count:,} differ by more than {TOLERANCE}, {far} (first: {first}); "
        f"`xlcnn verify` names the formula"
    )


def mistaken(found: Evaluation, mistake: Mistake) -> str:
    """``7, read as 1 (99.1 %; 7: 0.8 %)``."""
    label, answer = found.classes[mistake.label], found.classes[mistake.answer]
    return f"{label}, read as {answer} ({output(found, mistake.value)}; {label}: {output(found, mistake.of_label)})"


def output(found: Evaluation, value: float) -> str:
    """A probability, or whatever the last layer gives."""
    return percent(value, 1) if found.shares else f"{value:.3g}"


def unread(found: Evaluation) -> str:
    return "1 picture could not be read" if found.unread == 1 else f"{found.unread:,} pictures could not be read"


def uncounted(found: Evaluation) -> str:
    return f"{unread(found)}, and {'is' if found.unread == 1 else 'are'} not counted"

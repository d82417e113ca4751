"""Names that look alike: letters of other alphabets, and signs that cannot be seen (after Unicode Technical Standard 39)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

UNSEEN = ("Cf", "Cc", "Mn", "Me", "Zs", "Pc", "Pd")  # signs that nobody sees, or looks at

#: Letter → those that look like it, all of them small or what NFKC and `str.casefold` make of capitals.
LETTERS = {
    "a": "аαɑ", "b": "вβьƅ", "c": "с", "d": "ԁɗ", "e": "еεє", "f": "ƒғ", "g": "ɡց", "h": "һнη", "i": "іιıɩ", "j": "јϳ",
    "k": "кκ", "l": "ӏǀǃ", "m": "мμ", "n": "пո", "o": "оοօσө", "p": "рρ", "q": "ԛգ", "r": "гʀ", "s": "ѕꜱ", "t": "тτ",
    "u": "υսцʋ", "v": "νѵ", "w": "ԝωѡ", "x": "хχ", "y": "уγүỿ", "z": "ᴢζʐ",
}  # fmt: skip
SIGNS = {"i": "!", "l": "1|", "o": "0"}  # digits and signs that look like letters in a name


def twins(*tables: Mapping[str, str]) -> dict[int, str]:
    """Each sign → the letter or digit that it looks like, for `str.translate`."""
    return str.maketrans({twin: plain for table in tables for plain, some in table.items() for twin in some})


PLAIN = twins(LETTERS, SIGNS)


def skeleton(text: str) -> str:
    """The same for two texts that look alike. An i without its dot and an l are one, as in many fonts."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(letter for letter in folded if unicodedata.category(letter) not in UNSEEN)
    return seen.translate(PLAIN).replace("rn", "m").replace("vv", "w").replace("i", "l")

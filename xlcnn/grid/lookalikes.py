"""Names that look alike: letters of other alphabets, and signs that cannot be seen (after Unicode Technical Standard 39)."""

from __future__ import annotations

import unicodedata

UNSEEN = ("Cf", "Cc", "Mn", "Me", "Zs", "Pc", "Pd")  # signs that nobody sees, or looks at

#: Letter → those that look like it, all of them small or what NFKC and `str.casefold` make of capitals.
LETTERS = {
    "a": "аαɑ", "b": "вβЬьƅ", "c": "сϲς", "d": "ԁɗ", "e": "еεє", "f": "ƒғ", "g": "ɡց", "h": "һнη", "i": "іιıɩ!", "j": "јϳ",
    "k": "кκ", "l": "ӏ1|ǀⅼƖ", "m": "мμ", "n": "пո", "o": "оοօσ0ө", "p": "рρ", "q": "ԛգ", "r": "гʀ", "s": "ѕꜱ", "t": "тτ",
    "u": "υսцʋ", "v": "νѵ", "w": "ԝωѡ", "x": "хχ", "y": "уγүỿ", "z": "ᴢżʐ",
}  # fmt: skip
PLAIN = str.maketrans({twin: letter for letter, twins in LETTERS.items() for twin in twins})


def skeleton(text: str) -> str:
    """The same for two texts that look alike. An i without its dot and an l are one, as in many fonts."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(letter for letter in folded if unicodedata.category(letter) not in UNSEEN)
    return seen.translate(PLAIN).replace("rn", "m").replace("vv", "w").replace("i", "l")

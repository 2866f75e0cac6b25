"""Case codes: six letters and digits and a check character, easy to read aloud: "K7M-4PXT".

The alphabet has no look-alikes (0/O/Q, 1/I/L, 2/Z, 5/S, 8/B, U/V) and no vowels, so no word appears by chance. It has 19
letters and the weights differ: since 19 is prime, the check character catches every single wrong character and every
swap of two neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

ALPHABET = "3479CDFGHJKMNPRTWXY"
_WEIGHTS = (2, 3, 5, 7, 11, 13)
LENGTH = 6


def make(draws: Sequence[int]) -> str:
    """A code from `LENGTH` random numbers of 0 … len(ALPHABET)-1."""
    body = "".join(ALPHABET[d % len(ALPHABET)] for d in draws[:LENGTH])
    return f"{body[:3]}-{body[3:]}{_check(body)}"


def read(words: str) -> str:
    """The code that somebody typed, in its written form, or "" if it is none (wrong characters or check)."""
    plain = "".join(c for c in words.upper() if c.isalnum())
    if len(plain) != LENGTH + 1 or any(c not in ALPHABET for c in plain) or _check(plain[:-1]) != plain[-1]:
        return ""
    return f"{plain[:3]}-{plain[3:]}"


def _check(body: str) -> str:
    total = sum(w * ALPHABET.index(c) for w, c in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[total % len(ALPHABET)]

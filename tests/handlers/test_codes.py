"""Case codes survive being read aloud and typed badly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import codes

DRAWS = st.lists(st.integers(0, len(codes.ALPHABET) - 1), min_size=codes.LENGTH, max_size=codes.LENGTH)


@given(DRAWS)
def test_a_code_is_read_back(draws: list[int]) -> None:
    """However it is typed: lower case, without the dash, with spaces."""
    code = codes.make(draws)
    assert codes.read(code) == codes.read(code.lower().replace("-", " ")) == code


@given(DRAWS, st.integers(0, codes.LENGTH), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_found(draws: list[int], position: int, other: str) -> None:
    """A single slip never leads to another case."""
    plain = codes.make(draws).replace("-", "")
    wrong = plain[:position] + other + plain[position + 1 :]
    assert wrong == plain or codes.read(wrong) == ""


@given(DRAWS, st.integers(0, codes.LENGTH - 2))
def test_swapped_neighbours_are_found(draws: list[int], position: int) -> None:
    """Two letters in the wrong order never lead to another case."""
    plain = codes.make(draws).replace("-", "")
    swapped = plain[:position] + plain[position + 1] + plain[position] + plain[position + 2 :]
    assert swapped == plain or codes.read(swapped) == ""


@pytest.mark.parametrize("words", ["", "K7M", "hello world", "K7M-4PX!", "000-0000", "ก" * 7])
def test_other_words_are_no_codes(words: str) -> None:
    """Anything else is no code."""
    assert codes.read(words) == ""

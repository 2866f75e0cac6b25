"""Bodies of webhooks as JSON."""

from __future__ import annotations

import pytest

from bot.channels.body import read


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a": [1, "\xe0\xb8\xaa"]}', {"a": [1, "ส"]}),
        (rb'["half \ud83d", "whole \ud83d\ude00"]', ["half ?", "whole 😀"]),
        (rb'["other half \uDE00"]', ["other half ?"]),
    ],
)
def test_read(body: bytes, found: object) -> None:
    """What is read is valid text, whatever halves of signs were sent."""
    assert read(body) == found


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"{", rb'"\ud83d', b"[" * 5000, rb'"\ud83d"' + b"[" * 5000, rb'["\ud83d", NaN]']
)
def test_no_json(body: bytes) -> None:
    """One error for all that cannot be read."""
    with pytest.raises(ValueError):
        read(body)


def test_deep_nesting_around_half_a_sign() -> None:
    """The slow reader gives up on deep nesting as the fast one does."""
    with pytest.raises(ValueError):
        read(b"[" * 100_000 + rb'"\ud83d"' + b"]" * 100_000)

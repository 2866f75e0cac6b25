"""The vault: what is sealed opens only with the right key at the right place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import Unreadable, Vault
from tests.fixed import START

VAULT = Vault("a key for the tests only")


@given(st.binary(max_size=300), st.text(max_size=30))
def test_what_is_sealed_opens_again(plain: bytes, key: str) -> None:
    """Any bytes, for a row with any key."""
    place = f"table.column:{key}"
    assert VAULT.open(VAULT.seal(plain, place), place) == plain


@pytest.mark.parametrize("place", ["chats.session:2", "chats.address:1", "outbox.payload:1"])
def test_a_value_of_another_place_does_not_open(place: str) -> None:
    """Another row, another column, another table."""
    with pytest.raises(Unreadable, match=place.partition(":")[0]):
        VAULT.open(VAULT.seal(b"x", "chats.session:1"), place)


@pytest.mark.parametrize("damaged", [b"", b"\x01", b"\x02" + b"0" * 40, b"\x01" + b"0" * 40, b"plain words"])
def test_what_was_never_sealed_does_not_open(damaged: bytes) -> None:
    """Damage gives one clear error, whatever it looks like."""
    with pytest.raises(Unreadable):
        VAULT.open(damaged, "chats.session:1")


def test_another_key_opens_nothing_and_finds_nothing() -> None:
    """Values, indexes, codes, actors and signatures all depend on DATA_KEY."""
    other = Vault("another key, as long")
    with pytest.raises(Unreadable, match="another DATA_KEY"):
        other.open(VAULT.seal(b"x", "a.b:1"), "a.b:1")
    assert other.index("line", "U1") != VAULT.index("line", "U1")
    assert other.hash_code("CODE") != VAULT.hash_code("CODE")
    assert other.actor_key("line", "U1") != VAULT.actor_key("line", "U1")
    assert other.signer.verify(VAULT.signer.sign("m1", START), START - timedelta(seconds=1)) is None


def test_the_same_address_on_two_platforms_has_two_indexes() -> None:
    """Knowing one platform's key would tell nothing about the other."""
    assert VAULT.index("line", "12345") != VAULT.index("telegram", "12345")
    assert len(VAULT.index("line", "12345")) == 32


def test_a_short_key_is_refused() -> None:
    """Fewer than 16 characters are no key."""
    with pytest.raises(ValueError, match="16"):
        Vault("x" * 15)


def test_a_signed_link_expires() -> None:
    """It holds until its second, and not from then on."""
    token = VAULT.signer.sign("media-1", START)
    assert VAULT.signer.verify(token, START - timedelta(seconds=1)) == "media-1"
    assert VAULT.signer.verify(token, START) is None


@pytest.mark.parametrize(
    "change", [lambda t: "x" + t, lambda t: t[:-1], lambda t: t.replace(".", "..", 1), lambda t: ""]
)
def test_a_changed_link_is_refused(change: object) -> None:
    """Any change of the subject, the expiry or the signature."""
    assert callable(change)
    assert VAULT.signer.verify(change(VAULT.signer.sign("media-1", START)), START - timedelta(hours=1)) is None


@given(st.text(max_size=60))
def test_rubbish_instead_of_a_link_is_refused(token: str) -> None:
    """Whatever somebody types into the address bar."""
    assert VAULT.signer.verify(token, START) is None


@pytest.mark.parametrize("subject", ["", "a.b", "a/b", "ก"])
def test_only_plain_subjects_are_signed(subject: str) -> None:
    """A subject that could be taken for another part of the token is a mistake of ours."""
    with pytest.raises(ValueError):
        VAULT.signer.sign(subject, START)


def test_stamps() -> None:
    """A stamp depends on key, purpose and content, and is always the same."""
    stamps = [
        Vault(key).stamp(purpose, content)
        for key in ("a key for the tests only", "another key of the tests")
        for purpose in ("backup", "other")
        for content in (b"", b"x")
    ]
    assert len(set(stamps)) == 8 and all(len(stamp) == 64 for stamp in stamps)
    assert Vault("a key for the tests only").stamp("backup") == stamps[0]

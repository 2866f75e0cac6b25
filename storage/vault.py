"""Sealing of everything personal, and the keyed hashes by which it is found.

All keys derive from the one `DATA_KEY` by HKDF-SHA256, one for each purpose, so that none can stand in for another. A
sealed value is AES-256-GCM bound to its *place*, "table.column:row key": a value that was moved to another row or
column does not open. Every column has a key of its own, which keeps random nonces far from their collision bound.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import urlsafe_b64encode
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_KEY_CHARS = 16
_FORMAT = b"\x01"
_NONCE_BYTES = 12
_MAC_BYTES = 24


class Unreadable(Exception):
    """Sealed bytes that this key cannot open at this place: wrong DATA_KEY, damaged, or moved from another row."""


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Signer:
    """Expiring signatures for media links."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, subject: str, expires: datetime) -> str:
        """A URL-safe token `subject.expiry.mac`; `subject` must be of [A-Za-z0-9_-], whole seconds count."""
        if not subject or not subject.replace("-", "").replace("_", "").isalnum() or not subject.isascii():
            raise ValueError("a signed subject consists of letters, digits, - and _")
        signed = f"{subject}.{int(expires.timestamp()):x}"
        return f"{signed}.{self._mac(signed)}"

    def verify(self, token: str, now: datetime) -> str | None:
        """The subject, or None if the token is forged or expired."""
        signed, _, mac = token.rpartition(".")
        if not token.isascii() or not hmac.compare_digest(mac, self._mac(signed)):
            return None
        subject, _, expiry = signed.rpartition(".")
        return subject if now.timestamp() < int(expiry, 16) else None

    def _mac(self, signed: str) -> str:
        return _encoded(hmac.digest(self._key, signed.encode(), "sha256")[:_MAC_BYTES])


class Vault:
    """Holds the keys. Safe to share between threads."""

    def __init__(self, data_key: str) -> None:
        """Raises `ValueError` for a key of fewer than 16 characters."""
        if len(data_key) < MIN_KEY_CHARS:
            raise ValueError(f"DATA_KEY needs at least {MIN_KEY_CHARS} characters")
        self._root = data_key.encode()
        self._sealing: dict[str, AESGCM] = {}
        self._hashing: dict[str, bytes] = {}
        self.signer = Signer(self._derive("media links"))

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt for a place, "table.column:row key"."""
        # Not from bot/clock.py: a nonce must never come twice, not even in a test with fixed ids.
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher(place).encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what was sealed for this place; raises `Unreadable`."""
        start = len(_FORMAT) + _NONCE_BYTES
        if sealed[: len(_FORMAT)] != _FORMAT or len(sealed) < start:
            raise Unreadable(f"not a sealed value in {place.partition(':')[0]}")
        try:
            return self._cipher(place).decrypt(sealed[len(_FORMAT) : start], sealed[start:], place.encode())
        except InvalidTag:
            column = place.partition(":")[0]
            raise Unreadable(f"cannot open {column}: another DATA_KEY, damage, or a value of another row") from None

    def index(self, channel: str, address: str) -> bytes:
        """The blind index of a chat: 32 bytes, by a key of the channel's own."""
        return self._hash(f"index {channel}", address)

    def hash_code(self, code: str) -> bytes:
        """What is stored instead of a one-time code: 32 bytes."""
        return self._hash("one-time codes", code)

    def stamp(self, purpose: str, content: bytes = b"") -> str:
        """64 hexadecimal digits that only a holder of the key can make for this content and purpose."""
        return hmac.digest(self._hash_key(f"stamp {purpose}"), content, hashlib.sha256).hex()

    def actor_key(self, channel: str, actor_id: str) -> str:
        """12 characters that tell two people of a group apart, and nothing else."""
        return _encoded(self._hash("actors", f"{channel}:{actor_id}")[:9])

    def _derive(self, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=b"mekongwatch", info=purpose.encode()).derive(self._root)

    def _cipher(self, place: str) -> AESGCM:
        column = place.partition(":")[0]
        cipher = self._sealing.get(column)
        if cipher is None:
            cipher = self._sealing[column] = AESGCM(self._derive(f"seal {column}"))
        return cipher

    def _hash(self, purpose: str, words: str) -> bytes:
        return hmac.digest(self._hash_key(purpose), words.encode(), hashlib.sha256)

    def _hash_key(self, purpose: str) -> bytes:
        key = self._hashing.get(purpose)
        if key is None:
            key = self._hashing[purpose] = self._derive(f"hash {purpose}")
        return key

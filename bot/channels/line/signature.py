"""Proof that a webhook comes from LINE: base64 of the HMAC-SHA256 of the raw body, keyed with the channel secret.

The SDK's validator takes the body as text; ours takes the bytes as they came, because a body that is no UTF-8 must be
refused like any other and not raise.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

HEADER = "x-line-signature"


def signature(secret: str, body: bytes) -> str:
    """What LINE writes into the header for this body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def genuine(secret: str, body: bytes, given: str) -> bool:
    """Whether `given` is the body's signature; compared in constant time. Never true without a secret."""
    return bool(secret) and hmac.compare_digest(signature(secret, body).encode(), given.encode("utf-8", "replace"))

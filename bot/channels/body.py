"""The JSON of a webhook's body."""

from __future__ import annotations

import json
from typing import Any

import orjson


def read(body: bytes) -> Any:
    """Parse a body that has passed its signature check. Raises `ValueError` for what is no JSON.

    A phone can send half an emoji, and a platform passes it on as a lone surrogate ("\\ud83d"), which orjson refuses. The
    sign is replaced: refusing the body would harm the other events of a batch, and Telegram would bring it again for a day.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if b"\\ud" not in body.lower():
            raise
    try:
        return orjson.loads(json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deeply") from None

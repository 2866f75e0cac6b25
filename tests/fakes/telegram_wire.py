"""What the fake Telegram gets from the app and may answer: calls with their uploads, and faults to order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.telegram_chats import File, Refusal

_WORDS = frozenset(
    {
        "text",
        "caption",
        "name",
        "description",
        "short_description",
        "url",
        "secret_token",
        "callback_query_id",
        "file_id",
    }
)
"""Parameters that stay as they are in a form, even if they look like JSON."""


@dataclass
class Call:
    """A call of the app. `files` are uploads by field name; `in_webhook` if it came in the body of a 200."""

    method: str
    params: dict[str, Any]
    files: dict[str, File] = field(default_factory=dict)
    in_webhook: bool = False

    def all_params(self) -> dict[str, Any]:
        """The parameters with uploads where the contract wants them: by name, or (in an album) inside "media"."""
        return self.params if self.method == "sendMediaGroup" else self.params | dict.fromkeys(self.files, "upload")


@dataclass
class Fault:
    """Something that goes wrong: an answer of `status` and `body`, or silence, before or after the call was taken."""

    status: int = 500
    body: Mapping[str, Any] = field(default_factory=lambda: {"ok": False, "error_code": 500, "description": "Internal"})
    taken: bool = False
    silent: bool = False
    cut: bool = False

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Fault:
        """The fault of an answer with "ok": false, such as the samples of api_errors."""
        return cls(int(answer["error_code"]), answer)

    @classmethod
    def too_many(cls, retry_after: int = 1) -> Fault:
        """429: too fast."""
        return cls.of(Refusal(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}).body)

    @classmethod
    def silence(cls, *, taken: bool = True) -> Fault:
        """No answer ever, though the call was (or was not) carried out."""
        return cls(taken=taken, silent=True)

    @classmethod
    def cut_off(cls, *, taken: bool = False) -> Fault:
        """The connection is closed instead of an answer."""
        return cls(taken=taken, cut=True)


async def parameters(request: web.Request) -> tuple[dict[str, Any], dict[str, File]]:
    """Parameters from JSON, a form or multipart; uploads apart."""
    if request.content_type == "application/json":
        return await request.json(), {}
    params: dict[str, Any] = {name: _plain(name, value) for name, value in request.query.items()}
    files: dict[str, File] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = File(value.file.read(), f"uploads/{value.filename}", value.content_type, value.filename)
        else:
            params[name] = _plain(name, str(value))
    return params, files


def _plain(name: str, value: str) -> Any:
    if name in _WORDS:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


async def half(content: bytes, request: web.Request) -> web.StreamResponse:
    """A download that breaks off in the middle."""
    response = web.StreamResponse()
    response.content_length = len(content)
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    if request.transport:
        request.transport.close()
    return response

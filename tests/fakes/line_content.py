"""What people sent to the fake LINE, and how it hands it out."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from tests.fakes.line_menus import error


@dataclass
class Content:
    """What a person sent, as LINE keeps it."""

    data: bytes
    mime: str
    gone: bool = False


def handed_out(found: Content | None, chunked: bool) -> web.Response:
    """The answer to a request for it; `chunked`: without a Content-Length."""
    if found is None:
        return error(404, "Not found")
    if found.gone:
        return error(410, "Gone")
    answer = web.Response(body=found.data, content_type=found.mime)
    if chunked:
        answer.enable_chunked_encoding()
    return answer

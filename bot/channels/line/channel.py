"""LINE behind the `Channel` protocol."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import orjson
import structlog

from bot.channels.base import (
    Accepted,
    Envelope,
    Fetched,
    FetchError,
    MediaSource,
    Parsed,
    Payload,
    RawEvent,
    Refused,
    SendError,
    Sent,
    Shown,
    Sink,
)
from bot.channels.body import read
from bot.channels.line import parse as parsing
from bot.channels.line import render
from bot.channels.line.client import API, DATA_API, Answer, Client
from bot.channels.line.signature import HEADER, genuine

NAME_KEPT_S = 3600.0
NAME_MISSING_KEPT_S = 60.0
NAMES_KEPT = 2000
NAME_TIMEOUT_S = 2.0
LOADING_S = 20
"""How long the loading sign stays at most (LINE takes 5 to 60, in fives); the answer itself ends it."""
EVENT_ID_CHARACTERS = 100

_log = structlog.get_logger(__name__)


def menu_alias(language: str) -> str:
    """The alias (at most 32 characters) under which a language's rich menu is found."""
    return f"mekongwatch-{language}"


class LineChannel:
    """The platform LINE; see `bot/channels/base.py` for what each method promises."""

    name = "line"

    def __init__(
        self,
        secret: str,
        access_token: str,
        api_url: str = API,
        data_api_url: str = DATA_API,
        rate_limits: bool = True,
    ) -> None:
        self._secret = secret
        self._client = Client(access_token, api_url, data_api_url, rate_limits)
        self._names: dict[tuple[str, str], tuple[str, float]] = {}
        self._menus: dict[str, str] = {}

    def accept(self, headers: Mapping[str, str], body: bytes) -> Accepted:
        """Check the signature over the raw body, then cut it into the events that concern us."""
        if not genuine(self._secret, body, headers.get(HEADER, "")):
            raise Refused(401, "wrong signature")
        try:
            webhook = read(body)
        except ValueError:
            raise Refused(400, "not JSON") from None
        events = webhook.get("events") if isinstance(webhook, dict) else None
        if not isinstance(events, list):
            raise Refused(400, "no list of events")
        raws = (_raw(event) for event in events)
        return Accepted(tuple(raw for raw in raws if raw is not None))

    def parse(self, raw: RawEvent, new_id: Callable[[], str]) -> Parsed:
        """What one event means."""
        return parsing.parse(raw.body, raw.group, new_id)

    def pack(self, messages: Sequence[Shown]) -> tuple[Payload, ...]:
        """Calls of at most five message objects."""
        return render.pack(messages)

    async def send(self, payload: Payload, envelope: Envelope) -> Sent | SendError:
        """Put the media in and make the call."""
        objects = render.filled(payload.body, envelope.media)
        if not objects:
            return SendError("harmless", "nothing to show")
        return await self._client.send(objects, envelope)

    async def fetch(self, source: MediaSource, sink: Sink, limit: int) -> Fetched | FetchError:
        """Stream what a person sent."""
        message_id = quote(str(source.reference["message_id"]), safe="")
        return await self._client.content(message_id, source.kind, sink, limit)

    async def member_name(self, address: str, actor_id: str) -> str:
        """An officer's display name, kept in memory for an hour; "" if LINE does not tell in two seconds."""
        now = asyncio.get_running_loop().time()
        name, until = self._names.get((address, actor_id), ("", 0.0))
        if now < until:
            return name
        where = _group_path(address)
        if not where or not actor_id:
            return ""
        path = f"{where}/member/{quote(actor_id, safe='')}"
        answer = await self._client.call("GET", path, timeout_s=NAME_TIMEOUT_S)
        found = answer.data.get("displayName") if isinstance(answer, Answer) and answer.status == 200 else None
        name = found if isinstance(found, str) else ""
        if len(self._names) >= NAMES_KEPT:
            self._names.clear()
        self._names[address, actor_id] = (name, now + (NAME_KEPT_S if name else NAME_MISSING_KEPT_S))
        return name

    async def busy(self, address: str) -> None:
        """The loading sign, which exists only in one-to-one chats."""
        if not _group_path(address):
            body = {"chatId": address, "loadingSeconds": LOADING_S}
            _note("loading sign", await self._client.call("POST", "/v2/bot/chat/loading/start", body))

    async def leave(self, address: str) -> None:
        """Leave a group or room."""
        if where := _group_path(address):
            _note("leave", await self._client.call("POST", f"{where}/leave"))

    async def use_menu(self, address: str, language: str) -> None:
        """Give a person the rich menu of this language, if one was made (`richmenu.create`)."""
        alias = menu_alias(language)
        if alias not in self._menus:
            answer = await self._client.call("GET", f"/v2/bot/richmenu/alias/{alias}")
            found = answer.data.get("richMenuId") if isinstance(answer, Answer) and answer.status == 200 else None
            if not isinstance(found, str):
                return
            self._menus[alias] = found
        path = f"/v2/bot/user/{quote(address, safe='')}/richmenu/{self._menus[alias]}"
        answer = await self._client.call("POST", path)
        if isinstance(answer, Answer) and answer.status == 404:
            del self._menus[alias]  # the menus were made anew
        _note("rich menu", answer)

    async def open(self) -> None:
        """Get the connections ready."""
        await self._client.open()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()


def _raw(event: Any) -> RawEvent | None:
    """One event of a webhook, if it can be read, stored and concerns us."""
    if not isinstance(event, dict) or not parsing.wanted(event):
        return None
    chat = parsing.address_of(event)
    if chat is None:
        return None
    try:
        written = orjson.dumps({k: v for k, v in event.items() if k != "deliveryContext"}, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # nested deeper than can be written again: it could not be stored
        return None
    event_id = event.get("webhookEventId")
    if not isinstance(event_id, str) or not 0 < len(event_id) <= EVENT_ID_CHARACTERS:
        # A redelivery differs in its deliveryContext alone, so this is the same for both.
        event_id = hashlib.sha256(written).hexdigest()
    return RawEvent(event_id, chat[0], chat[1], event)


def _group_path(address: str) -> str:
    """The API's path of a group or room, whose ids begin with C and R; "" for a person."""
    kinds = {"C": "group", "R": "room"}
    return f"/v2/bot/{kinds[address[0]]}/{quote(address, safe='')}" if address[:1] in kinds else ""


def _note(what: str, answer: Answer | SendError) -> None:
    """A courtesy that failed harms nobody; the operator may still want to see it."""
    if isinstance(answer, SendError) or answer.status >= 400:
        reason = answer.detail if isinstance(answer, SendError) else str(answer.status)
        _log.info("line courtesy failed", what=what, reason=reason)

"""Telegram as a `Channel`: the joint of parsing, rendering and the client."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any

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
from bot.channels.telegram.address import Address
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.dispatch import Request, request
from bot.channels.telegram.errors import EDIT_TARGET_GONE, REPLY_TARGET_GONE, TOPIC_GONE
from bot.channels.telegram.fields import record, whole, words
from bot.channels.telegram.pacing import PATIENCE_S, Pacing
from bot.channels.telegram.parse import Parser, raw_event
from bot.channels.telegram.render import pack

PUBLIC_API = "https://api.telegram.org"
SECRET_HEADER = "x-telegram-bot-api-secret-token"

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""Kinds of updates to ask Telegram for; the others would only be thrown away."""

_WITHOUT = {REPLY_TARGET_GONE: "reply_parameters", TOPIC_GONE: "message_thread_id"}
"""What to leave out when that is all that Telegram minds: an alert in the general chat is better than none."""


class TelegramChannel:
    """See `bot/channels/base.py`. An empty `secret` means that updates are polled: webhook calls are then refused.

    `username` is the bot's name without @, if known: commands for other bots of a group are then left to them.
    """

    name = "telegram"

    def __init__(
        self, token: str, secret: str, api_url: str = PUBLIC_API, rate_limits: bool = True, *, username: str = ""
    ) -> None:
        bot_id = token.partition(":")[0]
        self._secret = secret.encode()
        self._parser = Parser(int(bot_id) if bot_id.isdecimal() else 0, username)
        self._client = TelegramClient(token, api_url)
        self._rate_limits = rate_limits
        self._pacing: Pacing | None = None

    async def open(self) -> None:
        """Make the connection pool."""
        await self._client.open()
        if self._rate_limits and self._pacing is None:
            self._pacing = Pacing(asyncio.get_running_loop().time)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    def accept(self, headers: Mapping[str, str], body: bytes) -> Accepted:
        """Check the secret before anything is read; then one update is one event, or none if it is not for us."""
        if not self._secret:
            raise Refused(403, "no webhook secret configured")
        if not hmac.compare_digest(headers.get(SECRET_HEADER, "").encode(), self._secret):
            raise Refused(401, "wrong or missing secret")
        try:
            update = read(body)
        except ValueError:
            raise Refused(400, "not JSON") from None
        if not isinstance(update, dict) or whole(update, "update_id") is None:
            raise Refused(400, "not an update")
        return self.take(update)

    def take(self, update: Mapping[str, Any]) -> Accepted:
        """A trusted update, from a webhook or polled, as events; the answer takes the waiting sign off a button."""
        raw = raw_event(update)
        query_id = words(record(update, "callback_query"), "id")
        answer = {"method": "answerCallbackQuery", "callback_query_id": query_id} if query_id else None
        return Accepted((raw,) if raw and self._parser.wanted(raw) else (), answer)

    def wanted(self, raw: RawEvent) -> bool:
        """Whether an event is worth storing; chatter of a group is not."""
        return self._parser.wanted(raw)

    def parse(self, raw: RawEvent, new_id: Callable[[], str]) -> Parsed:
        """What one event means."""
        return self._parser.parse(raw, new_id)

    def pack(self, messages: Sequence[Shown]) -> tuple[Payload, ...]:
        """Ready calls, in order."""
        return pack(messages)

    async def send(self, payload: Payload, envelope: Envelope) -> Sent | SendError:
        """Make one call. Telegram has no retry key, so `envelope.key` is not used."""
        address = Address.read(envelope.address)
        if address is None:
            return SendError("refused", "not a Telegram chat id")
        call = await request(payload, envelope, address)
        if call is None:
            return Sent()
        late = await self._hold_up(address, call)
        return late or await self._make(call)

    async def _hold_up(self, address: Address, call: Request) -> SendError | None:
        if self._pacing is None:
            return None
        wait = self._pacing.reserve(address, call.weight)
        if wait > PATIENCE_S:
            return SendError("limited", "own pacing", retry_after=wait)
        if wait > 0:
            await asyncio.sleep(wait)
        return None

    async def _make(self, call: Request) -> Sent | SendError:
        """The call, and once more without what Telegram could not find; each correction can happen only once."""
        while True:
            result = await self._client.call(call.method, call.params, call.uploads)
            if not isinstance(result, SendError):
                return Sent(_message_ids(result))
            missing = _WITHOUT.get(result.detail, "")
            if missing in call.params:
                call = call.without(missing)
            elif result.detail == EDIT_TARGET_GONE and call.otherwise:
                call = Request("sendMessage", call.otherwise)
            else:
                return result

    async def fetch(self, source: MediaSource, sink: Sink, limit: int) -> Fetched | FetchError:
        """Stream a file into `sink`."""
        return await self._client.fetch(source.reference, sink, limit)

    async def member_name(self, address: str, actor_id: str) -> str:
        """Always "": Telegram's updates bring an officer's name along, and an anonymous one wants none."""
        return ""

    async def busy(self, address: str) -> None:
        """Show "typing…" for up to five seconds."""
        chat = Address.read(address)
        if chat is not None:
            topic = {"message_thread_id": chat.topic} if chat.topic else {}
            await self._client.call("sendChatAction", {"chat_id": chat.chat, **topic, "action": "typing"})

    async def leave(self, address: str) -> None:
        """Leave the whole group, all its topics."""
        chat = Address.read(address)
        if chat is not None and chat.group:
            await self._client.call("leaveChat", {"chat_id": chat.chat})


def _message_ids(result: Any) -> tuple[str, ...]:
    messages = result if isinstance(result, list) else [result]
    ids = (whole(message, "message_id") for message in messages if isinstance(message, dict))
    return tuple(str(found) for found in ids if found is not None)

"""A stateful LINE over loopback HTTP: what the platform promises and refuses, kept in memory.

    async with FakeLine(secret="s", token="t") as line:
        line.webhook_url = "http://127.0.0.1:8080/webhooks/line"
        villager = line.person("U1")
        await villager.say("hello")
        await villager.hears("Which language")

`line.now` is its own clock. Every request body is checked against LINE's contract where ../shared exists; a request
that LINE would refuse is answered with 400 and remembered in `line.problems`, which leaving the block turns into a
failure. `line.billed` counts what LINE would charge: a push, once per recipient.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable
from typing import Any, Literal, Self

import aiohttp
from aiohttp import web

from tests.fakes.dates import tell_time
from tests.fakes.line_console import Console
from tests.fakes.line_content import Content, handed_out
from tests.fakes.line_contract import problems_of
from tests.fakes.line_menus import Menus, error, ok
from tests.fakes.line_person import Chat, LinePerson, flat_text

__all__ = ["Chat", "Content", "FakeLine", "Fault", "LinePerson", "flat_text"]

Object = dict[str, Any]
Fault = Literal["500", "429", "lost", "taken", "202"]
"""500 and 429: refused. "lost": the connection breaks before LINE takes the call; "taken": right after. "202": not
ready yet (content only)."""

TOKEN_LIFETIME_S = 60.0


class FakeLine:
    """The platform. `fail` breaks coming calls on purpose; `calls` lists every request as (method, path, body)."""

    def __init__(self, secret: str = "line-secret", token: str = "line-token", quota: int | None = None) -> None:
        self.secret, self.token, self.quota = secret, token, quota
        self.destination = "U" + "b" * 32
        self.webhook_url = ""
        self.now = 1_795_250_000.0
        self.chats: dict[str, Chat] = {}
        self.contents: dict[str, Content] = {}
        self.calls: list[tuple[str, str, Any]] = []
        self.problems: list[str] = []
        self.billed = self.pushes = self.replies = 0
        self.webhooks: list[tuple[Object, int]] = []
        self.menus, self.console = Menus(), Console(self)
        self.ahead_s = 0.0
        self.transcoding = "processing"
        self.chunked = False
        self._reply_tokens: dict[str, tuple[str, float]] = {}
        self._retry_keys: dict[str, list[Object]] = {}
        self._faults: list[tuple[str, Fault]] = []
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()

    # -- life ---------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        tell_time(app, lambda: self.ahead_s)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()
        if kind is None:
            assert not self.problems, f"LINE would have refused: {self.problems}"

    # -- what a test sets up ------------------------------------------------------------------------------------------

    def person(self, user_id: str, name: str = "Somchai", group: str = "") -> LinePerson:
        """A person in the one-to-one chat, or in a group that exists from then on."""
        if group:
            self.chat(group).members[user_id] = name
        else:
            self.chat(user_id)
        return LinePerson(self, user_id, group)

    def chat(self, chat_id: str) -> Chat:
        """The chat of this id; new if it is not there yet."""
        return self.chats.setdefault(chat_id, Chat(chat_id))

    def advance(self, seconds: float) -> None:
        """Let the platform's time pass."""
        self.now += seconds

    def fail(self, path_part: str, *faults: Fault) -> None:
        """The next calls whose path contains `path_part` meet these faults, one each."""
        self._faults += [(path_part, fault) for fault in faults]

    def keep(self, message_id: str, data: bytes, mime: str) -> None:
        """Hold what a person sent, for the app to fetch."""
        self.contents[message_id] = Content(data, mime)

    def forget(self, message_id: str) -> None:
        """Its sender took it back."""
        if message_id in self.contents:
            self.contents[message_id].gone = True

    def new_id(self) -> str:
        """A fresh number, as message ids are."""
        return str(575_000_000_000_000_000 + next(self._numbers))

    async def wait_for(self, predicate: Callable[[], bool], within: float = 5.0, what: str = "") -> None:
        """Wait until the predicate holds; it is looked at whenever something arrives here."""
        try:
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(predicate)
        except TimeoutError:
            said = {chat.id: [flat_text(m) for m in chat.messages[-6:]] for chat in self.chats.values()}
            raise AssertionError(f"LINE waited {within} s in vain for {what or predicate}; last said: {said}") from None

    # -- webhooks -----------------------------------------------------------------------------------------------------

    def event(self, kind: str, chat: str, user: str = "", token: bool = True, **fields: Any) -> Object:
        """A webhook event as LINE writes it, with a reply token of its own."""
        source: Object = {"type": "user", "userId": chat}
        if chat[0] in "CR":
            source = {"type": "group", "groupId": chat} if chat[0] == "C" else {"type": "room", "roomId": chat}
            source |= {"userId": user} if user else {}
        number = next(self._numbers)
        event: Object = {
            "type": kind,
            "mode": "active",
            "timestamp": int(self.now * 1000),
            "source": source,
            "webhookEventId": f"01K{number:023d}",
            "deliveryContext": {"isRedelivery": False},
            **fields,
        }
        if token:
            event["replyToken"] = f"{number:032x}"
            self._reply_tokens[event["replyToken"]] = (chat, self.now)
        return event

    async def deliver(
        self, *events: Object, signature: str | None = None, to: str = "", within_s: float | None = None
    ) -> int:
        """Post events to the app (or `to` another address), signed; the status that it answers."""
        body = json.dumps({"destination": self.destination, "events": list(events)}, ensure_ascii=False).encode()
        mac = base64.b64encode(hmac.new(self.secret.encode(), body, hashlib.sha256).digest()).decode()
        headers = {"X-Line-Signature": mac if signature is None else signature, "Content-Type": "application/json"}
        limit = aiohttp.ClientTimeout(total=within_s)
        async with self._session.post(to or self.webhook_url, data=body, headers=headers, timeout=limit) as response:
            self.webhooks += [(event, response.status) for event in events]
            return response.status

    async def redeliver(self, event: Object) -> int:
        """Send an earlier event again, as LINE does when it got no 200."""
        return await self.deliver({**event, "deliveryContext": {"isRedelivery": True}})

    # -- the API ------------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path, raw = request.path, await request.read()
        try:
            body = json.loads(raw) if raw and request.content_type == "application/json" else None
        except ValueError:
            return error(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
        self.calls.append((request.method, path, body))
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return error(
                401, "Authentication failed. Confirm that the access token in the authorization header is valid."
            )
        fault = self._next_fault(path)
        if fault == "lost":
            return await self._break(request)
        if fault in ("500", "429", "202"):
            reason = {"500": "Internal server error", "429": "The API rate limit has been exceeded."}.get(fault, "")
            return error(int(fault), reason)
        parts = path.removeprefix("/v2/bot/").split("/")
        by_console = parts[0] in ("info", "channel")
        answer = (
            await self.console.answer(request.method, parts, body)
            if by_console
            else self._answer(request, parts, body, raw)
        )
        async with self._changed:
            self._changed.notify_all()
        return await self._break(request) if fault == "taken" else answer

    def _next_fault(self, path: str) -> Fault | None:
        for entry in self._faults:
            if entry[0] in path:
                self._faults.remove(entry)
                return entry[1]
        return None

    @staticmethod
    async def _break(request: web.Request) -> web.StreamResponse:
        """End the connection without an answer: to the caller it is a time-out that does not take time."""
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    def _answer(self, request: web.Request, parts: list[str], body: Any, raw: bytes) -> web.Response:
        match request.method, parts:
            case "POST", ["message", "reply"]:
                return self._reply(request, body)
            case "POST", ["message", "push"]:
                return self._push(request, body)
            case "GET", ["message", "quota"]:
                return ok({"type": "none"} if self.quota is None else {"type": "limited", "value": self.quota})
            case "GET", ["message", "quota", "consumption"]:
                return ok({"totalUsage": self.billed})
            case "GET", ["message", message_id, "content"]:
                return handed_out(self.contents.get(message_id), self.chunked)
            case "GET", ["message", _, "content", "transcoding"]:
                return ok({"status": self.transcoding})
            case "GET", ["group" | "room", chat_id, "member", user_id]:
                name = self.chats[chat_id].members.get(user_id) if chat_id in self.chats else None
                return ok({"displayName": name, "userId": user_id}) if name else error(404, "Not found")
            case "POST", ["group" | "room", chat_id, "leave"]:
                self.chat(chat_id).bot_is_in = False
                return ok({})
            case "POST", ["chat", "loading", "start"]:
                return self._loading(body)
            case _:
                refused = self.refused("RichMenuRequest", body) if parts == ["richmenu"] else None
                return refused or self.menus.answer(request.method, parts, body, raw, self.new_id)

    def refused(self, schema: str, body: Any) -> web.Response | None:
        """The answer to a body that breaks LINE's contract."""
        found = problems_of(schema, body)
        self.problems += found
        if not found:
            return None
        return error(400, "The request body has 1 error(s)", details=[{"message": "Invalid", "property": "messages"}])

    def _reply(self, request: web.Request, body: Any) -> web.Response:
        if "X-Line-Retry-Key" in request.headers:
            self.problems.append("a retry key on a reply")
            return error(400, "The retry key is not supported for this API")
        if refused := self.refused("ReplyMessageRequest", body):
            return refused
        chat_id, issued = self._reply_tokens.pop(body["replyToken"], ("", 0.0))
        if not chat_id or self.now - issued > TOKEN_LIFETIME_S:
            return error(400, "Invalid reply token")
        self.replies += 1
        return ok({"sentMessages": self._post(self.chat(chat_id), body["messages"])})

    def _push(self, request: web.Request, body: Any) -> web.Response:
        key = request.headers.get("X-Line-Retry-Key", "")
        if refused := self.refused("PushMessageRequest", body):
            return refused
        if key in self._retry_keys:
            return error(409, "The retry key is already accepted", sentMessages=self._retry_keys[key])
        chat = self.chats.get(body["to"])
        if chat is None or not chat.bot_is_in:
            return error(400, "Failed to send messages")
        if self.quota is not None and self.billed + chat.recipients() > self.quota:
            return error(429, "You have reached your monthly limit.")
        self.billed += chat.recipients()
        self.pushes += 1
        sent = self._post(chat, body["messages"])
        if key:
            self._retry_keys[key] = sent
        return ok({"sentMessages": sent})

    def _post(self, chat: Chat, messages: list[Object]) -> list[Object]:
        ids = [self.new_id() for _ in messages]
        if not chat.blocked:  # LINE takes messages to a person who blocked the bot, and throws them away
            chat.messages += [{**m, "id": i, "by": "bot"} for m, i in zip(messages, ids, strict=True)]
        return [{"id": i, "quoteToken": f"q-{i}"} for i in ids]

    def _loading(self, body: Any) -> web.Response:
        if refused := self.refused("ShowLoadingAnimationRequest", body):
            return refused
        return ok({}, 202) if body["chatId"].startswith("U") else error(400, "Invalid chat ID")

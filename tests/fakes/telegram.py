"""A stateful fake of Telegram's Bot API over loopback HTTP: the app cannot tell it from the real one.

    async with FakeTelegram() as fake:                     # fake.url is TELEGRAM_API_URL, fake.token the bot's token
        somchai = TelegramPerson(fake, 700000001)          # see telegram_people.py
        await somchai.say("/start")
        await somchai.hears("Welcome")

Updates go to the webhook that the app has set (or `fake.webhook`), with the secret in the header, else to `getUpdates`.
Every request is checked against the Bot API's tables where ../shared is there; what does not pass is raised at the end.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections.abc import Callable, Mapping
from typing import Any, Self

from aiohttp import ClientSession, web

from tests.fakes.dates import tell_time
from tests.fakes.telegram_chats import BotMessage, Chat, File, Refusal
from tests.fakes.telegram_methods import METHODS
from tests.fakes.telegram_people import TelegramGroup, TelegramPerson
from tests.fakes.telegram_wire import Call, Fault, half, parameters
from tests.shared import SHARED

__all__ = ["BotMessage", "Call", "FakeTelegram", "Fault", "TelegramGroup", "TelegramPerson"]

PATIENCE_S = 5.0
"""Seconds after which something that was waited for counts as never coming."""

FIRST_DATE = 1795250000


def _contract() -> Any:
    """The checker of ../shared, or None."""
    if SHARED is None:
        return None
    spec = importlib.util.spec_from_file_location("check_contract", SHARED / "tools" / "check_contract.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONTRACT = _contract()


class FakeTelegram:
    """One bot's view of Telegram."""

    def __init__(self, token: str = "123456:FAKE-token_of-a-test", username: str = "report_bot") -> None:
        self.token = token
        self.bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "Report Bot", "username": username}
        self.chats: dict[int, Chat] = {}
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.files: dict[str, File] = {}
        self.queries: set[str] = set()
        self.profile: dict[tuple[str, str, str], Any] = {}
        self.webhook: tuple[str, str] | None = None
        self.allowed: list[str] = []
        self.rights = {"can_join_groups": True, "can_read_all_group_messages": False}
        self.failed: tuple[int, str] | None = None
        self.ahead_s = 0.0
        self.updates: list[dict[str, Any]] = []
        self.polling = False
        self.stamp = 0
        self.url = ""
        self._update_id = 880000000
        self._faults: list[tuple[str, int, Fault]] = []
        self._changed = asyncio.Condition()
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20)
        tell_time(app, lambda: self.ahead_s)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])
        self._http = ClientSession()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        self._closing.set()
        await self.notify()
        await self._http.close()
        await self._runner.cleanup()
        if kind is None:
            assert not self.problems, "requests that Telegram would refuse:\n" + "\n".join(self.problems)

    # What tests ask and arrange

    def chat(self, chat_id: int) -> Chat:
        """The chat of that id, made if new."""
        return self.chats.setdefault(chat_id, Chat(chat_id))

    def posted(self, chat_id: int) -> list[BotMessage]:
        """What the bot has posted there, in its present state."""
        return self.chat(chat_id).messages

    def made(self, method: str) -> list[Call]:
        """The calls of that method."""
        return [call for call in self.calls if call.method == method]

    def fail(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of `method` go wrong."""
        self._faults += [(method, index, fault) for index in range(times)]

    async def wait_for(
        self, seen: Callable[[], Any], what: Callable[[], str] | str = "", patience_s: float = PATIENCE_S
    ) -> Any:
        """Wait until `seen()` gives something true, looking at every request; fails loudly when it never does."""
        try:
            async with asyncio.timeout(patience_s), self._changed:
                return await self._changed.wait_for(seen)
        except TimeoutError:
            last = [f"{call.method} {call.params.get('text', '')!r}" for call in self.calls[-6:]]
            awaited = what() if callable(what) else what or seen
            raise AssertionError(f"not within {patience_s} s: {awaited}; last calls: {last}") from None

    async def notify(self) -> None:
        """Wake everybody who waits."""
        async with self._changed:
            self._changed.notify_all()

    # Towards the app

    async def deliver(self, kind: str, content: Mapping[str, Any]) -> int:
        """Hand the app one update; gives the HTTP status of its webhook (200 where it polls)."""
        self._update_id += 1
        update = {"update_id": self._update_id, kind: dict(content)}
        if CONTRACT:
            found = CONTRACT.telegram_object("Update", update)
            assert not found, f"the fake made a wrong update: {found}"
        if self.allowed and kind not in self.allowed:
            return 200
        return await self.post(update)

    async def post(self, update: Mapping[str, Any]) -> int:
        """Post an update as it is."""
        if self.webhook is None:
            self.updates.append(dict(update))
            await self.notify()
            return 200
        url, secret = self.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        async with self._http.post(url, json=update, headers=headers) as response:
            text = await response.text()
            if response.status == 200 and text.startswith("{"):
                await self._from_webhook(json.loads(text))
            return response.status

    async def _from_webhook(self, answer: dict[str, Any]) -> None:
        """Carry out the call in the body of a 200; the app never hears what became of it."""
        method = answer.pop("method", "")
        if method:
            try:
                self._carry_out(Call(method, answer, in_webhook=True))
            except Refusal as refusal:
                self.problems.append(f"{method} in a webhook's answer: {refusal}")
            await self.notify()

    def date(self) -> int:
        """Seconds since 1970; every message is a second after the one before."""
        self.stamp += 1
        return FIRST_DATE + self.stamp

    # From the app

    async def _method(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return web.json_response(Refusal(401, "Unauthorized").body, status=401)
        params, files = await parameters(request)
        call = Call(request.match_info["method"], params, files)
        fault = self._fault(call.method)
        try:
            if fault and not fault.taken:
                return await self._go_wrong(fault, request)
            result = await self._poll(params) if call.method == "getUpdates" else self._carry_out(call)
        except Refusal as refusal:
            return web.json_response(refusal.body, status=refusal.code)
        finally:
            await self.notify()
        return await self._go_wrong(fault, request) if fault else web.json_response({"ok": True, "result": result})

    def _carry_out(self, call: Call) -> Any:
        self.calls.append(call)
        if CONTRACT:
            self.problems += CONTRACT.telegram_request(call.method, call.all_params())
        if call.method not in METHODS:
            raise Refusal(404, "Not Found")
        return METHODS[call.method](self, call)

    def _fault(self, method: str) -> Fault | None:
        for entry in self._faults:
            if entry[0] == method:
                self._faults.remove(entry)
                return entry[2]
        return None

    async def _go_wrong(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.silent:
            await self._closing.wait()
        if (fault.silent or fault.cut) and request.transport:
            request.transport.close()
        return web.json_response(fault.body, status=fault.status)

    async def _poll(self, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Long polling: updates below `offset` are forgotten; an empty answer is held back until something comes."""
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        if self.polling:
            raise Refusal(409, "Conflict: terminated by other getUpdates request")
        self.allowed = list(params.get("allowed_updates") or self.allowed)
        self.updates = [u for u in self.updates if u["update_id"] >= int(params.get("offset", 0))]
        self.polling = True
        try:
            async with asyncio.timeout(float(params.get("timeout", 0))), self._changed:
                self._changed.notify_all()
                await self._changed.wait_for(lambda: self.updates or self._closing.is_set())
        except TimeoutError:
            return []
        finally:
            self.polling = False
        return list(self.updates)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("download")
        if fault and not fault.taken:
            return await self._go_wrong(fault, request)
        for file in self.files.values():
            if file.path == request.match_info["path"] and request.match_info["token"] == self.token:
                if fault:
                    return await half(file.content, request)
                return web.Response(body=file.content, content_type="application/octet-stream")
        return web.json_response(Refusal(404, "Not Found").body, status=404)

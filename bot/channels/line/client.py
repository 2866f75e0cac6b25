"""The only socket to LINE: plain HTTP calls with ready JSON, their outcome as data.

Which status means what is LINE's own word (developers.line.biz, "Status codes", "Error messages", "Retrying an API
request"): a push carries a retry key, so it may be repeated after anything unclear and answers 409 with the first
call's message ids; a reply may not carry one, so there only its single-use token tells that it went out before.
Nothing of a request, and nothing of LINE's prose about it, gets into an error's detail.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from bot.channels.base import Envelope, Fetched, FetchError, SendError, Sent, Sink

API = "https://api.line.me"
DATA_API = "https://api-data.line.me"

CALLS_PER_SECOND = 1000
"""Half of LINE's limit of 2,000 a second and endpoint: room for a second process."""
QUOTA_WAIT_S = 3600.0
SETTINGS_WAIT_S = 60.0
RATE_WAIT_S = 3.0
PREPARING_WAIT_S = 2.0
CHUNK_BYTES = 64 * 1024
UNHEARD_KEPT = 1000

_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
_CONTENT_TIMEOUT = aiohttp.ClientTimeout(total=300, connect=5, sock_read=20)
_PROPERTY = re.compile(r"[A-Za-z0-9_.\[\]]{1,60}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answered; `data` is empty if the body was no JSON object."""

    status: int
    data: Mapping[str, Any]
    retry_after: float = 0.0

    @property
    def message(self) -> str:
        """LINE's sentence about the error; for comparing, never for showing."""
        found = self.data.get("message")
        return found if isinstance(found, str) else ""


class Client:
    """LINE's API with one channel's token. `open` in the running loop before use, `close` after."""

    def __init__(self, access_token: str, api_url: str, data_api_url: str, rate_limits: bool) -> None:
        self._headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        self._api = api_url.rstrip("/")
        self._data_api = data_api_url.rstrip("/")
        self._pace = Pace(CALLS_PER_SECOND) if rate_limits else None
        self._session: aiohttp.ClientSession | None = None
        self._unheard: dict[str, None] = {}
        """Keys of envelopes whose reply may be out although no answer came; oldest first."""

    async def open(self) -> None:
        """Get the connection pool ready."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Let go of all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, messages: Sequence[Mapping[str, Any]], envelope: Envelope) -> Sent | SendError:
        """Reply if there is a token for it, else push; push also when the token turns out to be spent."""
        if envelope.reply_token:
            body = {"replyToken": envelope.reply_token, "messages": messages}
            outcome = self._replied(envelope, await self.call("POST", "/v2/bot/message/reply", body))
            if outcome is not None:
                return outcome
        body = {"to": envelope.address, "messages": messages}
        answer = await self.call("POST", "/v2/bot/message/push", body, {"X-Line-Retry-Key": envelope.key})
        if isinstance(answer, SendError) and answer.kind == "unclear":
            return SendError("retry", answer.detail)
        return _outcome(answer, billed=1)

    def _replied(self, envelope: Envelope, answer: Answer | SendError) -> Sent | SendError | None:
        """What a reply came to; None if its token is spent and a push is due.

        A token too young to have expired, of a reply whose earlier try ended unclear, was spent by that very try: the
        messages are out. Remembered in this process only: should another one take the row over within the token's minute,
        the answer may come twice, which is better than never.
        """
        if _token_spent(answer):
            return Sent() if envelope.key in self._unheard and envelope.token_fresh else None
        outcome = _outcome(answer, billed=0)
        unheard = answer.kind == "unclear" if isinstance(answer, SendError) else answer.status >= 500
        if unheard:
            self._unheard[envelope.key] = None
            if len(self._unheard) > UNHEARD_KEPT:
                del self._unheard[next(iter(self._unheard))]
        return outcome

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Answer | SendError:
        """One request. SendError "retry": it never reached LINE; "unclear": it may have."""
        if self._pace is not None:
            await self._pace.turn()
        limit = _TIMEOUT if timeout_s is None else aiohttp.ClientTimeout(total=timeout_s)
        try:
            async with self._open_session().request(
                method,
                self._api + path,
                data=None if body is None else orjson.dumps(body),
                headers={**self._headers, **(headers or {})},
                timeout=limit,
                allow_redirects=False,
            ) as response:
                return Answer(response.status, _object(await response.read()), _retry_after(response.headers))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return SendError("retry", type(error).__name__)
        except (aiohttp.ClientError, TimeoutError) as error:
            return SendError("unclear", type(error).__name__)

    async def content(self, message_id: str, kind: str, sink: Sink, limit: int) -> Fetched | FetchError:
        """Stream what a person sent, at most `limit` bytes. LINE keeps it for a time it does not tell."""
        path = f"{self._data_api}/v2/bot/message/{message_id}/content"
        try:
            async with self._open_session().get(
                path, headers=self._headers, timeout=_CONTENT_TIMEOUT, allow_redirects=False
            ) as response:
                if response.status == 200:
                    return await _stream(response, sink, limit)
                if response.status == 202 and kind != "photo" and await self._preparing_failed(path):
                    return FetchError("gone", "transcoding failed")
                return _not_fetched(response.status, _retry_after(response.headers))
        except (aiohttp.ClientError, TimeoutError) as error:
            return FetchError("retry", type(error).__name__)

    async def _preparing_failed(self, path: str) -> bool:
        """Whether LINE gave up preparing a video or voice note: then 202 would come for ever."""
        async with self._open_session().get(f"{path}/transcoding", headers=self._headers) as response:
            return response.status == 200 and _object(await response.read()).get("status") == "failed"

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the LINE channel is not open")
        return self._session


class Pace:
    """Lets at most `per_second` calls begin in a second; a short burst passes at once."""

    BURST_S = 0.1

    def __init__(self, per_second: float) -> None:
        self._gap = 1.0 / per_second
        self._due = 0.0

    async def turn(self) -> None:
        """Wait until the next call may begin."""
        now = asyncio.get_running_loop().time()
        self._due = max(self._due, now - self.BURST_S) + self._gap
        if self._due > now:
            await asyncio.sleep(self._due - now)


def _token_spent(answer: Answer | SendError) -> bool:
    """LINE gives one answer for a used, an expired and a made-up reply token."""
    return isinstance(answer, Answer) and answer.status == 400 and "reply token" in answer.message.lower()


def _outcome(answer: Answer | SendError, billed: int) -> Sent | SendError:
    """What a send request came to."""
    if isinstance(answer, SendError):
        return answer
    status = answer.status
    if status == 200 or (status == 409 and billed):
        return Sent(_sent_ids(answer.data), billed)
    if status == 429:
        if "monthly limit" in answer.message.lower():
            return SendError("limited", "quota", retry_after=QUOTA_WAIT_S, lets_pass=True)
        return SendError("limited", "rate", retry_after=answer.retry_after or RATE_WAIT_S)
    if status >= 500 or status == 408:
        return SendError("retry", str(status), retry_after=answer.retry_after)
    if status in (401, 403):  # the operator's affair, not the message's: it goes out once the token is right
        return SendError("retry", f"{status} is LINE_CHANNEL_ACCESS_TOKEN right?", retry_after=SETTINGS_WAIT_S)
    # "Failed to send messages" stands for a user that does not exist and for a group that the bot is no member of.
    if status in (404, 410) or (status == 400 and answer.message.lower().startswith("failed to send")):
        return SendError("gone", str(status))
    return SendError("refused", _complaint(answer))


def _complaint(answer: Answer) -> str:
    """The status and the names of the properties that LINE objects to; never LINE's sentence, which may quote."""
    details = answer.data.get("details")
    names = [d.get("property") for d in details if isinstance(d, dict)] if isinstance(details, list) else []
    safe = [name for name in names if isinstance(name, str) and _PROPERTY.fullmatch(name)]
    return " ".join([str(answer.status), *safe[:5]])


def _sent_ids(data: Mapping[str, Any]) -> tuple[str, ...]:
    sent = data.get("sentMessages")
    found = [entry.get("id") for entry in sent if isinstance(entry, dict)] if isinstance(sent, list) else []
    return tuple(str(one) for one in found if one)


def _not_fetched(status: int, retry_after: float) -> FetchError:
    if status == 202:
        return FetchError("retry", "preparing", retry_after=PREPARING_WAIT_S)
    if status in (400, 404, 410):
        return FetchError("gone", str(status))
    return FetchError("retry", str(status), retry_after=retry_after or RATE_WAIT_S)


async def _stream(response: aiohttp.ClientResponse, sink: Sink, limit: int) -> Fetched | FetchError:
    if (response.content_length or 0) > limit:
        return FetchError("too_big", "announced")
    size = 0
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            return FetchError("too_big", "streamed")
        await sink(chunk)
    return Fetched(size, response.content_type)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds of a Retry-After header, at most an hour; 0 without one."""
    value = headers.get("Retry-After", "")
    return min(float(value), 3600.0) if value.isdecimal() else 0.0

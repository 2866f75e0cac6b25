"""What a channel is: the one place that knows a platform, behind a small protocol with errors as data.

A channel verifies and cuts webhooks into raw events, parses one raw event into what a person did, packs shown messages
into ready API calls, and makes one such call. It holds no state of a conversation and touches no database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from handlers.events import Happening
from handlers.messages import Ask, Attachment


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """A `Choice` in one language."""

    value: str
    label: str
    asks: Ask = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A `Link` in one language."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A `Card` in one language; rows are (label, value)."""

    title: str
    urgent: bool
    rows: tuple[tuple[str, str], ...]
    footer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A `Message` in one language: plain text, no markup of any kind. `text` of a card message is its plain form (used
    as LINE's altText and on channels without layout). The other fields are those of `Message`."""

    text: str
    language: str = "th"
    choices: tuple[ShownChoice, ...] = ()
    links: tuple[ShownLink, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    card: ShownCard | None = None
    about: str = ""
    purpose: str = ""
    under: str = ""
    replace: str = ""
    instead: str | None = None
    inline: bool = False
    reply_box: bool = False
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event of a webhook, still in the platform's own words. `event_id` is unique within the channel for ever;
    `address` is the platform's chat id (never stored in the clear)."""

    event_id: str
    address: str
    group: bool
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A webhook that passed. `answer` is the JSON body of the 200, where the platform makes use of one."""

    events: tuple[RawEvent, ...]
    answer: Mapping[str, Any] | None = None


class Refused(Exception):
    """A webhook that is not to be trusted or read: answered with this HTTP status and nothing else."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MediaSource:
    """What `fetch` needs to get the media of an event (a file id, a message id). Sealed when stored."""

    media_id: str
    kind: str
    reference: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One raw event, understood. `happening` None: nothing for us (chatter in a group, a service message)."""

    happening: Happening | None
    reply_token: str = ""
    actor_id: str = ""
    """Platform id of who acted, where a display name still has to be asked for (`member_name`)."""
    media: tuple[MediaSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Payload:
    """One API call, ready but for the chat's address: one row of the outbox.

    body      JSON-able; the channel's own form (for example {"method": "sendMessage", "params": {…}})
    media     ids of stored media to resolve before sending
    about / purpose   remembered with the message ids that the platform returns
    under / replace   case code whose card's message id in this chat is resolved before sending
    """

    body: Mapping[str, Any]
    media: tuple[str, ...] = ()
    about: str = ""
    purpose: str = ""
    under: str = ""
    replace: str = ""

    def to_data(self) -> dict[str, Any]:
        """Plain data for the outbox row."""
        return {"body": self.body, "media": list(self.media), "about": self.about, "purpose": self.purpose,
                "under": self.under, "replace": self.replace}  # fmt: skip

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Payload:
        """Read what `to_data` wrote."""
        return cls(data["body"], tuple(data["media"]), data["about"], data["purpose"], data["under"], data["replace"])


@dataclass(frozen=True, slots=True)
class Deliverable:
    """Stored media, ready to go out: the group's copy, never an original.

    read      gives the bytes (Telegram uploads)
    url / preview_url   signed and expiring, or "" without PUBLIC_URL (LINE)
    """

    media_id: str
    kind: str
    mime: str
    read: Callable[[], Awaitable[bytes]]
    url: str = ""
    preview_url: str = ""
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is resolved at the moment of sending.

    key           the outbox row's id, a UUID: the retry key where the platform has one
    reply_token   a fresh one, or ""
    token_fresh   whether the reply token cannot have expired yet (a refusal then means: already used)
    media         by id; a missing id means that there is nothing to show for it
    card_id       platform message id for `Payload.under` / `Payload.replace`, or ""
    """

    address: str
    key: str
    reply_token: str = ""
    token_fresh: bool = False
    media: Mapping[str, Deliverable] = field(default_factory=dict)
    card_id: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it. `billed` counts what the platform charges for (LINE pushes, per call; per recipient is the
    platform's affair)."""

    message_ids: tuple[str, ...] = ()
    billed: int = 0


ErrorKind = Literal[
    "retry",  # the platform or the network failed before taking it: try again
    "unclear",  # a time-out after sending: it may be out
    "limited",  # too fast, or over quota: wait for retry_after
    "refused",  # the platform will never take this call
    "gone",  # blocked, kicked, deleted: the chat is not reachable
    "moved",  # the chat has a new address
    "harmless",  # nothing to do: not modified, too old, already gone
]


@dataclass(frozen=True, slots=True)
class SendError:
    """Why it did not go out. `detail` is for the operator and holds no content, id or token. `lets_pass`: only calls of
    this kind are refused (pushes beyond the month's quota); what stands behind it in the chat may still go out."""

    kind: ErrorKind
    detail: str = ""
    retry_after: float = 0.0
    moved_to: str = ""
    lets_pass: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """Media arrived whole."""

    size: int
    mime: str


@dataclass(frozen=True, slots=True)
class FetchError:
    """Media did not arrive: "retry" (network, 5xx, LINE's 202 while it prepares), "gone" (unsent, expired) or "too_big"."""

    kind: Literal["retry", "gone", "too_big"]
    detail: str = ""
    retry_after: float = 0.0


Sink = Callable[[bytes], Awaitable[None]]


class Channel(Protocol):
    """A platform."""

    name: str

    def accept(self, headers: Mapping[str, str], body: bytes) -> Accepted:
        """Verify a webhook over its raw body and cut it into events; header names are lower case.

        Raises `Refused` (401/403 for a wrong signature or secret, 400 for a body that is not this platform's)."""

    def parse(self, raw: RawEvent, new_id: Callable[[], str]) -> Parsed:
        """What one raw event means. Never raises on an unknown kind: that is `OtherSent` in a private chat and nothing
        in a group. `new_id` gives ids for media rows."""

    def pack(self, messages: Sequence[Shown]) -> tuple[Payload, ...]:
        """Ready calls for these messages to one chat, in order, each within the platform's limits."""

    async def send(self, payload: Payload, envelope: Envelope) -> Sent | SendError:
        """Make one call."""

    async def fetch(self, source: MediaSource, sink: Sink, limit: int) -> Fetched | FetchError:
        """Stream media into `sink`, at most `limit` bytes."""

    async def member_name(self, address: str, actor_id: str) -> str:
        """Display name of a member of a group (officers only), or ""."""

    async def busy(self, address: str) -> None:
        """Show that an answer is being prepared, where the platform can; errors are swallowed."""

    async def leave(self, address: str) -> None:
        """Leave a group; errors are swallowed."""

    async def open(self) -> None:
        """Get ready (connections). Called once in the running event loop."""

    async def close(self) -> None:
        """Let go of connections."""

"""Small valid records for the storage tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.cases import Case
from handlers.session import Place
from storage.chats import Chat, ChatKey
from storage.inbox import NewEvent
from storage.outbox import NewRow
from storage.unit_of_work import UnitOfWork
from tests.fixed import START


def a_case(code: str, **changed: Any) -> Case:
    """A new case in Khong Chiam."""
    place = Place(latitude=15.3180, longitude=105.5010, district="3403", subdistrict="340301", centre="3403")
    return Case(**{"code": code, "kind": "drugs", "created": START, "centre": "3403", "place": place, **changed})


def an_event(number: int, address: str = "U1") -> NewEvent:
    """The `number`th event of a chat on LINE."""
    return NewEvent("line", f"event-{number}", address, False, {"number": number})


def a_call(id: str, chat_id: int, due_at: datetime | None = None) -> NewRow:
    """One call to make."""
    return NewRow(id, chat_id, {"body": {"text": id}}, due_at)


def a_chat(uow: UnitOfWork, address: str = "U1", *, group: bool = False, channel: str = "line") -> Chat:
    """The chat with this address."""
    return uow.chats.load([ChatKey(channel, address, group)], START)[channel, address]

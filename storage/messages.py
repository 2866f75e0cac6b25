"""Which platform message belongs to which case, so that an officer's reply finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, tuple_

from storage.repository import Repository, insert_or_update
from storage.tables import SENT_MESSAGES


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that is out. `purpose` as in `handlers.messages.Message`."""

    chat_id: int
    message_id: str
    case_code: str
    purpose: str
    sent_at: datetime


_REMEMBER = insert_or_update(SENT_MESSAGES, ("chat_id", "message_id"), "case_code", "purpose", "sent_at")
_CASE_OF = select(SENT_MESSAGES.c.case_code, SENT_MESSAGES.c.purpose).where(
    SENT_MESSAGES.c.chat_id == bindparam("chat"), SENT_MESSAGES.c.message_id == bindparam("message")
)
_CARDS = (
    select(SENT_MESSAGES.c.chat_id, SENT_MESSAGES.c.case_code, SENT_MESSAGES.c.message_id)
    .where(
        tuple_(SENT_MESSAGES.c.case_code, SENT_MESSAGES.c.chat_id).in_(bindparam("pairs", expanding=True)),
        SENT_MESSAGES.c.purpose == "card",
    )
    .order_by(SENT_MESSAGES.c.sent_at, SENT_MESSAGES.c.message_id)
)


class Messages(Repository):
    """See the module."""

    def remember(self, batch: Sequence[SentMessage]) -> None:
        """Remember messages; one that is known already takes the newer meaning."""
        self._each(_REMEMBER[self._dialect], [asdict(message) for message in batch])

    def case_of(self, chat_id: int, message_id: str) -> tuple[str, str] | None:
        """(case code, purpose) of a message in this chat."""
        row = self._row(_CASE_OF, chat=chat_id, message=message_id)
        return None if row is None else (row.case_code, row.purpose)

    def card_of(self, chat_id: int, case_code: str) -> str:
        """Platform message id of the case's newest card in this chat, or ""."""
        return self.cards_of([(chat_id, case_code)]).get((chat_id, case_code), "")

    def cards_of(self, pairs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], str]:
        """`card_of` for many (chat id, case code) at once; those without a card are missing."""
        if not pairs:
            return {}
        rows = self._rows(_CARDS, pairs=[(code, chat) for chat, code in pairs])
        return {(row.chat_id, row.case_code): row.message_id for row in rows}  # the newest comes last and wins

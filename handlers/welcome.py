"""What a new coordinator reads first, in the language that was just chosen."""

from __future__ import annotations

from handlers.card import who_text
from handlers.messages import Message, T
from handlers.world import Places


def welcome(area: str, places: Places) -> Message:
    """Whose alerts come here, and how to stop them."""
    return Message(
        (
            T("Welcome. You now get the alerts of your area here, as {who}.", who=who_text(area, places)),
            T("An alert has buttons: tap what you see. Never put yourself in danger. To stop the alerts: /leave"),
        )
    )

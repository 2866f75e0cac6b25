"""Making one-time codes: for a centre's group, or for a headman. Only a hash of a code is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from bot.clock import Ids
from bot.turns import plain_code
from storage.invitations import NewInvitation
from storage.unit_of_work import UnitOfWork

CODE_LIFE = timedelta(hours=24)
GROUP_LETTERS = 8
"""An officer types it into the group; tries are limited there."""
HEADMAN_LETTERS = 27
"""27 letters of 30 are 132 bits: it may travel in a link."""


def invite(uow: UnitOfWork, ids: Ids, now: datetime, centre: str, area: str = "") -> tuple[str, datetime]:
    """Store an invitation for a centre's group, or (with `area`) for a coordinator; gives its code and its end."""
    made = ids.short(HEADMAN_LETTERS if area else GROUP_LETTERS)
    role: Literal["group", "coordinator"] = "coordinator" if area else "group"
    expires = now + CODE_LIFE
    hashed = uow.vault.hash_code(plain_code(made))
    uow.invitations.add(NewInvitation(ids.uuid(), hashed, role, centre, now, expires, area))
    return made, expires

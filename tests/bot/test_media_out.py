"""Photos on the road out: cleaned, waited for, late, or not to be shown."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import FetchError, SendError
from bot.counters import MEDIA_STORED
from bot.parcels import opened
from storage.database import Database
from tests.bot.rig import PUBLIC, Rig, picture, rig
from tests.fakes.scripted import Call

VILLAGER, GROUP = "100", "-1"


@pytest.fixture
async def road(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    """A process with one platform, on each database."""
    async with rig(database, tmp_path) as made:
        yield made


async def card(rig: Rig) -> Call:
    """File a report and give the call that brought its card to the group."""
    await rig.happen(VILLAGER, text="file")
    return next(c for c in rig.channel.calls if c.texts[0].startswith("card"))


async def test_a_photo_reaches_the_group_cleaned(road: Rig) -> None:
    """The group gets the copy, by upload or by a signed link; the original is sealed in the store."""
    await road.link(GROUP)
    road.channel.files["f"] = picture()
    await road.happen(VILLAGER, photo="f")
    sent = (await card(road)).envelope.media
    (found,) = sent.values()
    copy = await found.read()
    assert copy.startswith(b"\xff\xd8") and b"NEEDLE" not in copy
    assert (found.kind, found.mime) == ("photo", "image/jpeg")
    assert found.url.startswith(f"{PUBLIC}/media/") and found.preview_url != found.url
    rows = await road.road.database.run(lambda uow: uow.media.get([found.media_id]))
    row = rows[found.media_id]
    assert row.size == len(picture()) and await road.road.store.get(row.key) == picture()
    for what in ("c", "p"):
        copy_of = await opened(road.road.database, road.road.store, what + row.id)
        assert copy_of and (await copy_of.read()).startswith(b"\xff\xd8")
    assert await opened(road.road.database, road.road.store, "o" + row.id) is None


async def test_a_card_waits_for_its_photos(road: Rig) -> None:
    """A card waits up to 30 seconds for a photo that is still being fetched, and then goes without."""
    await road.link(GROUP)
    for wait, count in ((5, 1), (31, 0)):
        name = f"f{wait}"
        road.channel.files[name] = FetchError("retry", "202", retry_after=wait)
        await road.happen(VILLAGER, photo=name)
        await road.happen(VILLAGER, text="file")
        code = road.channel.said(VILLAGER)[-1].split()[1]
        assert f"card {code}" not in road.channel.said(GROUP)
        road.clock.advance(wait)
        road.channel.files[name] = picture() if count else FetchError("retry", "202", retry_after=60)
        await road.road.fetcher.claim()
        await road.road.idle()
        await road.later(1)
        call = road.channel.calls[-1]
        assert call.texts == (f"card {code}",) and len(call.envelope.media) == count


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"no picture at all", "stored"), (FetchError("gone"), "failed"), (bytes(21 << 20), "too_big")],
    ids=["broken", "unsent", "too big"],
)
async def test_a_bad_photo_never_loses_a_report(road: Rig, content: bytes | FetchError, state: str) -> None:
    """What cannot be shown is left out; the report arrives."""
    await road.link(GROUP)
    road.channel.files["f"] = content
    await road.happen(VILLAGER, photo="f")
    call = await card(road)
    assert not call.envelope.media
    rows = await road.road.database.run(lambda uow: uow.media.get(call.payload.media))
    assert [row.state for row in rows.values()] == [state]


async def test_what_the_conversation_does_not_keep_is_not_fetched(road: Rig) -> None:
    """Media that stand in no session and no case leave no row and no object."""
    road.channel.files["f"] = picture()
    await road.happen(VILLAGER, photo="f", kind="file")
    waiting = await road.road.database.run(lambda uow: uow.media.claim("x", road.clock.now(), 10))
    assert waiting == [] and road.road.counters.of(MEDIA_STORED) == 0


async def test_a_photo_that_comes_late_follows_its_card(road: Rig) -> None:
    """The card went out without it; when it is there at last, it hangs under the card, once."""
    await road.link(GROUP)
    road.channel.files["f"] = FetchError("retry", "202", retry_after=60)
    await road.happen(VILLAGER, photo="f")
    await road.happen(VILLAGER, text="file")
    code = road.channel.said(VILLAGER)[-1].split()[1]
    await road.later(31)
    assert not road.channel.calls[-1].envelope.media
    road.channel.files["f"] = picture()
    for _ in range(2):
        road.clock.advance(61)
        await road.road.fetcher.claim()
        await road.road.idle()
        await road.later(1)
    late = [call for call in road.channel.calls if call.texts == (f"📎 {code}",)]
    assert [len(call.envelope.media) for call in late] == [1]


async def test_a_photo_that_a_retried_card_takes_along_does_not_follow(road: Rig) -> None:
    """Once is enough: the card is still in its line and carries the photo by itself."""
    await road.link(GROUP)
    road.channel.files["f"] = FetchError("retry", "202", retry_after=60)
    await road.happen(VILLAGER, photo="f")
    await road.happen(VILLAGER, text="file")
    code = road.channel.said(VILLAGER)[-1].split()[1]
    road.channel.results = deque([SendError("retry", retry_after=120)])
    await road.later(31)
    road.channel.files["f"] = picture()
    road.clock.advance(61)
    await road.road.fetcher.claim()
    await road.road.idle()
    await road.later(120)
    cards = [call for call in road.channel.calls if call.texts == (f"card {code}",)]
    assert [len(call.envelope.media) for call in cards] == [0, 1]
    assert f"📎 {code}" not in road.channel.said(GROUP)

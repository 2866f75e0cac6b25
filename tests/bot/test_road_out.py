"""The road out: order, retries, lost calls, chats that are gone, reply tokens, media."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import SendError, Sent
from bot.counters import ALARMS, MESSAGES_FAILED
from bot.retry import UNCLEAR_ATTEMPTS
from storage.database import Database
from storage.outbox import OutboxHealth
from tests.bot.rig import Rig, picture, rig
from tests.fakes.scripted import ScriptedChannel

VILLAGER, OTHER, GROUP, DESK = "100", "200", "-1", "-34"


@pytest.fixture
async def road(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    """A process with one platform, on each database."""
    async with rig(database, tmp_path) as made:
        yield made


@pytest.fixture
async def line(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    """A process whose platform knows reply tokens and retry keys, on each database."""
    async with rig(database, tmp_path, ScriptedChannel("line")) as made:
        yield made


async def health(rig: Rig) -> OutboxHealth:
    """What the outbox holds."""
    now = rig.clock.now()
    return await rig.road.database.run(lambda uow: uow.outbox.health(now))


async def test_a_failed_call_keeps_its_place(road: Rig) -> None:
    """What is said later waits behind a call that has to be repeated; other chats do not wait."""
    road.channel.results = deque([SendError("retry", "502")])
    await road.happen(VILLAGER, text="a")
    await road.happen(VILLAGER, text="b")
    await road.happen(OTHER, text="c")
    assert [c.texts for c in road.channel.calls] == [("1: a",), ("1: c",)]
    await road.later(0.5)
    assert len(road.channel.calls) == 2
    await road.later(1.5)
    assert road.channel.said(VILLAGER) == ["1: a", "1: a", "2: b"]
    assert (await health(road)).errored == 0


async def test_the_platform_says_how_long_to_wait(road: Rig) -> None:
    """`retry_after` is obeyed."""
    road.channel.results = deque([SendError("limited", "429", retry_after=30)])
    await road.happen(VILLAGER, text="a")
    await road.later(29)
    assert len(road.channel.calls) == 1
    await road.later(2)
    assert len(road.channel.calls) == 2


async def test_a_call_that_may_be_out(road: Rig) -> None:
    """After a time-out an alert is repeated a few times, an answer is not: rather a doubled alert than a lost one."""
    await road.link(GROUP)
    road.channel.results = deque([SendError("unclear")] * 10)
    await road.happen(VILLAGER, text="file")
    for _ in range(8):
        await road.later(10)
    assert len([c for c in road.channel.calls if c.texts[0].startswith("card")]) == UNCLEAR_ATTEMPTS
    assert len(road.channel.said(VILLAGER)) == 1
    assert (await health(road)).failed == 2


async def test_a_refused_call_is_a_dead_letter(road: Rig) -> None:
    """A call that the platform never takes is counted, and does not hold up what follows."""
    road.channel.results = deque([SendError("refused", "400")])
    await road.happen(VILLAGER, text="a")
    await road.happen(VILLAGER, text="b")
    assert road.channel.said(VILLAGER) == ["1: a", "2: b"]
    assert (await health(road)).failed == 1 and road.road.counters.of(MESSAGES_FAILED) == 1


async def test_a_channel_that_raises(road: Rig) -> None:
    """A defect in a channel counts as a failure of the call."""
    road.channel.results = deque([RuntimeError("a defect")])
    await road.happen(VILLAGER, text="a")
    await road.later(2)
    assert road.channel.said(VILLAGER) == ["1: a", "1: a"]


async def test_a_group_that_moves_in_mid_send(road: Rig) -> None:
    """The platform's refusal names the new address: nothing is lost, and the old one is never used again."""
    await road.link(GROUP)
    road.channel.results = deque([SendError("moved", moved_to="-100")])
    await road.happen(VILLAGER, text="file", settle=False)
    await road.happen(OTHER, text="file")
    await road.later(1)
    cards = [(c.address, c.texts[0]) for c in road.channel.calls if c.texts[0].startswith("card")]
    assert cards[0][0] == GROUP and {address for address, _ in cards[1:]} == {"-100"}
    assert len({text for _, text in cards[1:]}) == 2


async def test_a_group_that_is_gone(road: Rig) -> None:
    """When the bot was thrown out of the group, the card goes to the desk that stands in, and nothing more to the group."""
    await road.link(GROUP)
    await road.link(DESK, "34")
    road.channel.results = deque([SendError("gone")])
    await road.happen(VILLAGER, text="file", settle=False)
    await road.road.idle()
    await road.happen(OTHER, text="file")
    assert len([t for t in road.channel.said(DESK) if t.startswith("card")]) == 2
    assert len(road.channel.said(GROUP)) == 2  # "linked" and the card that did not arrive


async def test_what_a_lost_group_had_is_shown_elsewhere(road: Rig) -> None:
    """Open cases whose cards stood in a group that is gone are shown to the desk, and to the centre's next group."""
    await road.link(GROUP)
    await road.link(DESK, "34")
    await road.happen(VILLAGER, text="file")
    road.channel.results = deque([SendError("gone")])
    await road.happen(OTHER, text="file", settle=False)
    await road.road.idle()
    cards = [t for t in road.channel.said(DESK) if t.startswith("card")]
    assert len(set(cards)) == len(cards) == 2
    await road.link("-2")
    assert road.channel.said("-2") == ["linked", *cards]
    await road.happen(DESK, group=True, text="hello")
    assert len([t for t in road.channel.said(DESK) if t.startswith("card")]) == 2


async def test_a_group_that_changes_its_centre(road: Rig) -> None:
    """When a group is linked to another centre, the desk takes over the cases that it had."""
    await road.link(GROUP)
    await road.link(DESK, "34")
    await road.happen(VILLAGER, text="file")
    await road.link(GROUP, "3405")
    assert [t.split()[0] for t in road.channel.said(DESK)] == ["linked", "card"]


async def test_a_card_that_nobody_got_waits_for_a_group(road: Rig) -> None:
    """When the only group is gone, there is an alarm, and the next group that is linked is shown the case."""
    await road.link(GROUP)
    road.channel.results = deque([SendError("gone")])
    await road.happen(VILLAGER, text="file")
    assert road.road.counters.of(ALARMS, "case_without_group") == 1
    await road.link(DESK)
    code = road.channel.said(VILLAGER)[-1].split()[1]
    assert road.channel.said(DESK) == ["linked", f"card {code}"]


async def test_two_processes_send_once(road: Rig, database: Database, tmp_path: Path) -> None:
    """What one process holds is not sent by another, until the first one is dead."""
    async with rig(database, tmp_path, clock=road.clock, first_id=5000) as slow:
        slow.channel.gate = asyncio.Event()
        await slow.happen(VILLAGER, text="a", settle=False)
        await slow.road.intake.idle()
        await road.later(20)
        assert road.channel.calls == []
        await road.later(41)
        assert road.channel.said(VILLAGER) == ["1: a"]
        slow.channel.results = deque([SendError("harmless")])
        slow.channel.gate.set()
        await slow.road.idle()


async def test_a_held_lease_is_renewed(road: Rig, database: Database, tmp_path: Path) -> None:
    """A slow call keeps its row as long as its process lives."""
    async with rig(database, tmp_path, clock=road.clock, first_id=5000) as slow:
        slow.channel.gate = asyncio.Event()
        await slow.happen(VILLAGER, text="a", settle=False)
        await slow.road.intake.idle()
        for _ in range(5):
            await road.later(30)
            await slow.road.delivery.renew()
        assert road.channel.calls == []
        slow.channel.gate.set()
        await slow.road.idle()
        assert slow.channel.said(VILLAGER) == ["1: a"]


async def test_stopping_finishes_the_call_in_hand(road: Rig, database: Database, tmp_path: Path) -> None:
    """A process that stops records what it sent and gives the rest back at once."""
    async with rig(database, tmp_path, clock=road.clock, first_id=5000) as ending:
        ending.channel.gate = asyncio.Event()
        await ending.happen(VILLAGER, text="a", settle=False)
        await ending.happen(VILLAGER, text="b", settle=False)
        await ending.road.intake.idle()
        asyncio.get_running_loop().call_soon(ending.channel.gate.set)
    assert ending.channel.said(VILLAGER)[:1] == ["1: a"]
    await road.later(1)
    assert ending.channel.said(VILLAGER) + road.channel.said(VILLAGER) == ["1: a", "2: b"]


async def test_answers_cost_nothing(line: Rig) -> None:
    """An answer takes its event's reply token, once."""
    await line.happen(VILLAGER, text="a", token="t1")
    await line.happen(VILLAGER, text="b", token="t2")
    assert [c.envelope.reply_token for c in line.channel.calls] == ["t1", "t2"]
    assert all(c.envelope.token_fresh for c in line.channel.calls)


async def test_an_unused_token_serves_what_comes_next(line: Rig) -> None:
    """The token of an event without answer is kept for 50 seconds for whatever is next said in that chat."""
    await line.link(GROUP)
    for wait, token in ((40, "kept"), (51, "")):
        line.channel.files["f"] = picture()
        await line.happen(VILLAGER, text="file")
        code = line.channel.said(VILLAGER)[-1].split()[1]
        await line.happen(VILLAGER, photo="f", token="kept")
        line.clock.advance(wait)
        await line.happen(GROUP, group=True, text=f"tell {code} hello")
        assert line.channel.calls[-2 if line.channel.calls[-1].address == GROUP else -1].envelope.reply_token == token


async def test_a_lost_reply_is_repeated_with_its_token(line: Rig) -> None:
    """While the token lasts the same reply is tried again: LINE refuses a used one, so it cannot appear twice."""
    line.channel.results = deque([SendError("unclear"), Sent(("m1",), 0)])
    await line.happen(VILLAGER, text="a", token="t1")
    await line.later(2)
    assert [(c.envelope.reply_token, c.envelope.key) for c in line.channel.calls] == [
        ("t1", line.channel.calls[0].envelope.key)
    ] * 2


async def test_a_lost_push_is_repeated_with_its_key(line: Rig) -> None:
    """A push keeps its retry key however often it is tried."""
    line.channel.results = deque([SendError("unclear")] * 3)
    await line.happen(VILLAGER, text="a")
    for _ in range(4):
        await line.later(10)
    assert len(line.channel.calls) == 4 and len({c.envelope.key for c in line.channel.calls}) == 1

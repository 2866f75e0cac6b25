"""The road in: inbox, order, faults of single events, timers, access to cases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.counters import ALARMS, EVENTS_ASIDE
from storage.database import Database
from tests.bot.rig import Rig, rig
from tests.fakes.scripted import ScriptedChannel

VILLAGER, OTHER, GROUP, STRANGERS = "100", "200", "-1", "-2"


@pytest.fixture
async def road(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    """A process on each database."""
    async with rig(database, tmp_path) as made:
        yield made


def code_of(rig: Rig, chat: str = VILLAGER) -> str:
    """The code of the newest case that this chat was told."""
    return [text.split()[1] for text in rig.channel.said(chat) if text.startswith("filed")][-1]


async def test_an_event_is_answered_and_remembered(road: Rig) -> None:
    """The session lives on from event to event."""
    await road.happen(VILLAGER, text="one")
    await road.happen(VILLAGER, text="two")
    await road.happen(OTHER, text="other")
    assert road.channel.said(VILLAGER) == ["1: one", "2: two"]
    assert road.channel.said(OTHER) == ["1: other"]


async def test_events_of_a_chat_are_handled_in_order(road: Rig) -> None:
    """Events that come in one rush, of several chats, keep their order per chat."""
    for number in range(30):
        await road.happen(VILLAGER if number % 2 else OTHER, text=str(number), settle=False)
    await road.road.idle()
    assert road.channel.said(OTHER) == [f"{i + 1}: {n}" for i, n in enumerate(range(0, 30, 2))]
    assert road.channel.said(VILLAGER) == [f"{i + 1}: {n}" for i, n in enumerate(range(1, 30, 2))]


async def test_a_repeated_event_does_nothing(road: Rig) -> None:
    """The platform may bring an event as often as it likes."""
    for _ in range(5):
        await road.happen(VILLAGER, event_id="same", text="once")
    assert road.channel.said(VILLAGER) == ["1: once"]


async def test_an_event_that_comes_twice_at_once(road: Rig) -> None:
    """Two webhooks that bring the same event in the same moment are one event."""
    same = [road.happen(VILLAGER, event_id="same", text="once", settle=False) for _ in range(8)]
    await asyncio.gather(*same, road.happen(OTHER, text="other", settle=False))
    await road.road.idle()
    assert road.channel.said(VILLAGER) == ["1: once"]


@pytest.mark.parametrize("did", [{"text": "boom"}, {"broken": "parse"}])
async def test_a_bad_event_is_set_aside(road: Rig, did: dict[str, Any]) -> None:
    """After five tries a bad event lies aside; its neighbours, and its own chat, go on."""
    await road.happen(VILLAGER, settle=False, **did)
    await road.happen(VILLAGER, text="after", settle=False)
    await road.happen(OTHER, text="neighbour", settle=False)
    await road.road.idle()
    assert road.channel.said(OTHER) == ["1: neighbour"]
    with structlog.testing.capture_logs():  # a second each, if their tracebacks were painted
        for _ in range(5):
            await road.later(60)
    assert road.channel.said(VILLAGER) == ["1: after"]
    health = await road.road.database.run(lambda uow: uow.inbox.health())
    assert (health.waiting, health.aside) == (0, 1)
    assert road.road.counters.of(EVENTS_ASIDE) == 1


async def test_what_a_dead_process_held_is_taken_over(road: Rig, database: Database, tmp_path: Path) -> None:
    """An event that was committed but not handled is handled by another process once its lease has run out."""
    async with rig(database, tmp_path, clock=road.clock, first_id=1000, dead=True) as dead:
        await dead.happen(VILLAGER, text="mine", settle=False)
        await road.later(1)
        assert road.channel.said(VILLAGER) == []
        await road.later(60)
        assert road.channel.said(VILLAGER) == ["1: mine"]


async def test_timers_fire_once(road: Rig) -> None:
    """A timer wakes the conversation when its time has come, and not again."""
    await road.happen(VILLAGER, text="later")
    await road.later(4)
    assert road.channel.said(VILLAGER) == []
    await road.later(1)
    await road.later(60)
    assert road.channel.said(VILLAGER) == ["timer nap"]


async def test_a_report_reaches_the_linked_group_and_no_other(road: Rig) -> None:
    """The card goes to the centre's group; a group without a code gets nothing."""
    await road.happen(STRANGERS, group=True, text="/link GUESSED")
    await road.link(GROUP)
    await road.happen(VILLAGER, text="file")
    code = code_of(road)
    assert road.channel.said(GROUP) == ["linked", f"card {code}"]
    assert road.channel.said(STRANGERS) == ["no such code"]


async def test_a_code_links_one_group(road: Rig) -> None:
    """An invitation is good for one group."""
    await road.link(GROUP)
    await road.happen(STRANGERS, group=True, text=f"/link CODE3403{GROUP}".replace("-", ""))
    assert road.channel.said(STRANGERS) == ["no such code"]


async def test_a_case_without_group_waits_for_one(road: Rig) -> None:
    """Without any group there is an alarm, and the first linked group is shown the open cases."""
    await road.happen(VILLAGER, text="file")
    assert road.road.counters.of(ALARMS, "case_without_group") == 1
    await road.link(GROUP)
    assert road.channel.said(GROUP) == ["linked", f"card {code_of(road)}"]


@pytest.mark.parametrize("desk", ["34", "00"])
async def test_a_desk_stands_in(road: Rig, desk: str) -> None:
    """Cases of a centre without group go to the province's desk, else to the programme's, which may touch them."""
    await road.happen(VILLAGER, text="file")
    await road.link(GROUP, desk)
    await road.happen(VILLAGER, text="file")
    first, second = (text.split()[1] for text in road.channel.said(VILLAGER) if text.startswith("filed"))
    assert road.channel.said(GROUP) == ["linked", f"card {first}", f"card {second}"]
    await road.happen(GROUP, group=True, text=f"case {second}")
    assert road.channel.said(GROUP)[-1] == f"{second} yes"


async def test_codes_open_nothing_elsewhere(road: Rig) -> None:
    """Only the reporter's own chat and the responsible group may touch a case."""
    await road.link(GROUP)
    await road.link(STRANGERS, "3405")
    await road.happen(VILLAGER, text="file")
    code = code_of(road)
    for chat, group, may in (
        (VILLAGER, False, "yes"),
        (OTHER, False, "no"),
        (GROUP, True, "yes"),
        (STRANGERS, True, "no"),
    ):
        await road.happen(chat, group=group, text=f"case {code}")
        assert road.channel.said(chat)[-1] == f"{code} {may}"


async def test_a_reply_finds_its_case(road: Rig) -> None:
    """A reply to the card's message id belongs to the case; a reply to another message does not."""
    await road.link(GROUP)
    await road.happen(VILLAGER, text="file")
    code = code_of(road)
    card_id = await road.road.database.run(lambda uow: uow.messages.card_of(uow.centres.groups_of("3403")[0], code))
    await road.happen(GROUP, group=True, text="hm", reply_to=card_id)
    await road.happen(GROUP, group=True, text="hm", reply_to="unknown")
    assert road.channel.said(GROUP)[-2:] == [f"1: hm about {code} card", "2: hm"]


async def test_officers_have_names_and_reporters_none(road: Rig) -> None:
    """A name is asked for once per officer of a linked group, never for a private chat or a stranger's group."""
    road.channel.names = {"u7": "ร้อยเวร"}
    await road.happen(VILLAGER, tap="x", who="u7")
    await road.happen(STRANGERS, group=True, tap="x", who="u7")
    assert road.channel.asked == 0
    await road.link(GROUP)
    await road.happen(VILLAGER, text="file")
    for _ in range(2):
        await road.happen(GROUP, group=True, tap="x", who="u7")
    assert road.channel.said(GROUP)[-2:] == ["by ร้อยเวร", "by ร้อยเวร"]
    assert road.channel.asked == 1


async def test_a_group_moves(road: Rig) -> None:
    """A group that became a supergroup keeps its link and its conversation under the new address."""
    await road.link(GROUP)
    await road.happen(GROUP, group=True, text="before")
    await road.happen(GROUP, group=True, moved="-100")
    await road.happen("-100", group=True, text="after")
    await road.happen(VILLAGER, text="file")
    assert road.channel.said("-100") == ["2: after", f"card {code_of(road)}"]


async def test_leaving(road: Rig) -> None:
    """A group that the conversation leaves is left on the platform too."""
    await road.happen(STRANGERS, group=True, text="away")
    assert road.channel.left == [STRANGERS]


async def test_forgetting(road: Rig) -> None:
    """After the last words the person is unknown: own cases are out of reach, and the next word begins anew."""
    await road.link(GROUP)
    await road.happen(VILLAGER, text="file")
    code = code_of(road)
    await road.happen(VILLAGER, text="forget", settle=False)
    await road.happen(VILLAGER, text=f"case {code}", settle=False)
    await road.road.idle()
    await road.happen(GROUP, group=True, text=f"tell {code} hello")
    await road.happen(VILLAGER, text="again")
    assert road.channel.said(VILLAGER)[1:] == ["forgotten", f"{code} no", "1: again"]
    erased = await road.road.database.run(lambda uow: uow.chats.erase_forgotten())
    assert erased == 1


async def test_blocked_and_back(road: Rig) -> None:
    """Nothing is sent to somebody who blocked the bot; writing again ends that."""
    await road.link(GROUP)
    await road.happen(VILLAGER, text="file")
    code = code_of(road)
    await road.happen(VILLAGER, left=True)
    await road.happen(GROUP, group=True, text=f"tell {code} one")
    await road.happen(VILLAGER, text="hello")
    await road.happen(GROUP, group=True, text=f"tell {code} two")
    assert road.channel.said(VILLAGER)[1:] == ["1: hello", "two"]


async def test_a_villager_on_line_and_a_group_on_telegram(database: Database, tmp_path: Path) -> None:
    """Chats of both platforms meet in one case."""
    line, telegram = ScriptedChannel("line"), ScriptedChannel("telegram")
    async with rig(database, tmp_path, line, telegram) as both:
        await both.link(GROUP, over="telegram")
        await both.happen("U1", over="line", text="file")
        code = code_of(both, "U1")
        await both.happen(GROUP, group=True, over="telegram", text=f"tell {code} thank you")
    assert telegram.said(GROUP) == ["linked", f"card {code}"]
    assert line.said("U1") == [f"filed {code}", "thank you"]

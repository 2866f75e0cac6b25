"""The fake LINE itself, driven by a small app that uses the real channel: a persona talks, the app answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.base import Envelope, Shown
from bot.channels.line.channel import LineChannel
from handlers.events import ChoicePicked, TextSent
from tests.channels.line.samples import GROUP, OFFICER, PERSON, choices, ids
from tests.fakes.line import FakeLine
from tests.fakes.line_contract import problems_of
from tests.shared import needs_shared


@pytest.fixture
async def app(line: FakeLine, channel: LineChannel) -> AsyncIterator[None]:
    """Answers every event with what it understood: words as a question, a tap as a card with buttons."""

    async def webhook(request: web.Request) -> web.Response:
        accepted = channel.accept({k.lower(): v for k, v in request.headers.items()}, await request.read())
        for raw in accepted.events:
            parsed = channel.parse(raw, ids())
            if parsed.happening is None:
                continue
            event = parsed.happening.event
            answer = Shown(f"{type(event).__name__} {parsed.happening.reply_to}", choices=choices("🚨 Now", "📅 Later"))
            if isinstance(event, ChoicePicked):
                answer = Shown(f"picked {event.value}", choices=choices("✋ Claim", prefix="g:claim:"), inline=True)
            if isinstance(event, TextSent):
                answer = Shown(f"heard {event.text} {parsed.happening.reply_to}", choices=answer.choices)
            for payload in channel.pack([answer]):
                await channel.send(payload, Envelope(raw.address, raw.event_id, parsed.reply_token, token_fresh=True))
        return web.Response()

    server = web.Application()
    server.router.add_post("/webhooks/line", webhook)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/line"
    yield
    await runner.cleanup()


@pytest.mark.usefixtures("app")
async def test_a_person_talks_and_taps(line: FakeLine) -> None:
    """Words, quick replies and lasting buttons work as in the app, and replies cost nothing."""
    villager = line.person(PERSON)
    await villager.follow()
    await villager.say("สวัสดี")
    await villager.hears("heard สวัสดี")
    assert [a["label"] for a in villager.quick_replies()] == ["🚨 Now", "📅 Later"]
    await villager.tap("Now")
    await villager.hears("picked r:d1:kind:1")
    assert villager.quick_replies() == []
    await villager.share_location(14.6, 104.6)
    await villager.tap("Claim")
    await villager.hears("picked g:claim:1")
    assert (line.billed, line.pushes, line.replies) == (0, 0, 5)


@pytest.mark.usefixtures("app")
async def test_all_that_a_person_can_send(line: FakeLine) -> None:
    """Every kind of message reaches the app as LINE would word it."""
    villager = line.person(PERSON)
    photos = await villager.send_image_set(b"a", b"b")
    await villager.send_photo(b"c")
    await villager.send_voice(b"d")
    await villager.send_video(b"e")
    await villager.send_file(b"f", "x.pdf")
    await villager.send_sticker()
    await villager.unsend(photos[0])
    await villager.block()
    assert [text.split()[0] for text in villager.seen()] == ["MediaSent"] * 6 + ["OtherSent"] + ["Unsent"]
    assert line.contents[photos[0]].gone


@pytest.mark.usefixtures("app")
async def test_a_group(line: FakeLine) -> None:
    """In a group commands, quotes and the bot's coming are heard, chatter is not, and pushes count each member."""
    officer, other = line.person(OFFICER, group=GROUP), line.person(PERSON, group=GROUP)
    await officer.invite_bot()
    await other.say("hello all")
    await officer.say("/open")
    await officer.quote("heard /open", "on my way")
    quoted = next(m for m in officer.messages() if "heard /open" in m.get("text", ""))
    await officer.hears(f"heard on my way {quoted['id']}")
    assert not any("hello all" in text for text in other.seen())
    await officer.remove_bot()
    assert line.billed == 0


@pytest.mark.usefixtures("app")
async def test_redelivery_repeats_the_event(line: FakeLine) -> None:
    """A redelivered event carries the same id and its token is spent by then."""
    villager = line.person(PERSON)
    await villager.say("once")
    event, status = line.webhooks[-1]
    assert status == 200
    assert await line.redeliver(event) == 200
    assert (line.replies, line.pushes) == (1, 1)


async def test_waiting_fails_loudly(line: FakeLine) -> None:
    """What never comes is told with what was last said."""
    villager = line.person(PERSON)
    with pytest.raises(AssertionError, match="in vain for 'nothing'"):
        await villager.hears("nothing", within=0.01)


@needs_shared
@pytest.mark.usefixtures("app")
async def test_webhooks_are_in_lines_form(line: FakeLine) -> None:
    """What the fake posts would pass for LINE's."""
    villager, officer = line.person(PERSON), line.person(OFFICER, group=GROUP)
    await villager.follow()
    await villager.send_image_set(b"a", b"b")
    await villager.send_voice(b"a")
    await villager.send_file(b"a", "a.pdf")
    await villager.send_sticker()
    await villager.share_location(1, 2, "x")
    await villager.tap_value("r:x")
    await villager.unsend(await villager.say("x"))
    await villager.block()
    await officer.invite_bot()
    await officer.remove_bot()
    events = [json.loads(json.dumps(event)) for event, _ in line.webhooks]
    body = {"destination": line.destination, "events": events}
    assert problems_of("CallbackRequest", body, side="webhook") == []

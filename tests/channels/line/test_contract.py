"""Whatever the conversation says, LINE would take it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Shown, ShownCard, ShownChoice, ShownLink
from tests.channels.line.test_render import attached, sent, stored

LABELS = st.text(alphabet="ที่ສຳ ខ្មែរ🚨👩‍👩‍👧ab1", min_size=0, max_size=30)
TEXTS = st.builds(
    lambda part, times: part * times, st.text(alphabet='ที่ ສຳ\nខ្មែ🚨<&"\\{}', max_size=20), st.integers(1, 600)
)
WORDS = st.one_of(LABELS, TEXTS)


@st.composite
def shown_messages(draw: st.DrawFn) -> Shown:
    """Any message within the contract of `handlers/messages.py`, and somewhat beyond."""
    offered = [
        ShownChoice(f"r:{n}", draw(LABELS), draw(st.sampled_from(["", "", "", "location", "camera", "album"])))
        for n in range(draw(st.integers(0, 16)))
    ]
    card = None
    if draw(st.booleans()):
        rows = draw(st.lists(st.tuples(LABELS, WORDS), max_size=8))
        card = ShownCard(draw(LABELS), draw(st.booleans()), tuple(rows), tuple(draw(st.lists(LABELS, max_size=3))))
    kinds = draw(st.lists(st.sampled_from(["photo", "video", "voice", "file"]), max_size=14))
    return Shown(
        draw(WORDS),
        choices=tuple(offered),
        links=tuple(
            ShownLink(draw(LABELS), url) for url in draw(st.sets(st.sampled_from(["https://ก.th/x y", "x:y"])))
        ),
        attachments=attached(*kinds),
        card=card,
        about=draw(st.sampled_from(["", "K1", "K2"])),
        inline=draw(st.booleans()),
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(shown_messages(), max_size=3))
def test_whatever_is_said_fits_the_contract(messages: list[Shown]) -> None:
    """No message, however long or odd, makes a call that LINE would refuse."""
    media = [stored(f"a{n}", "voice", "audio/mp4", duration_ms=n) for n in range(1, 15)]
    for call in sent(messages, *media):
        assert 1 <= len(call) <= 5
        assert not any("quickReply" in m for m in call[:-1])

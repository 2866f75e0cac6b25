"""Whole reports on the page, from Start to the closed case, in each language."""

import pytest
from playwright.sync_api import expect

from handlers.messages import T
from tests.browser.conftest import Open
from tests.browser.people import Person, reports

STORIES = {
    "th": "เห็นเรือสองลำข้ามแม่น้ำ คนห้าคนแบกกระสอบ",
    "lo": "ເຫັນເຮືອສອງລຳຂ້າມແມ່ນ້ຳ ຄົນຫ້າຄົນແບກກະສອບ",
    "km": "ខ្ញុំឃើញទូកពីរឆ្លងទន្លេ មនុស្សប្រាំនាក់លីការ៉ុង",
    "en": "Two boats come over the river, five people carry sacks",
}


@pytest.mark.parametrize(
    ("language", "chat"),
    [("th", "villager-1"), ("lo", "villager-2"), ("km", "villager-1"), ("en", "villager-2")],
)
def test_a_whole_report(opened: Open, language: str, chat: str) -> None:
    """Report, alert, claim, question and answer, closing: each side sees what it should, in its own language."""
    page = opened(language=language)
    villager = Person(page, chat, language)
    officer, headman = Person(page, "group-3403", "th"), Person(page, "headman-1", "th")
    reports(villager, STORIES[language])

    card = officer.hears(STORIES[language])
    code = card.locator(".card-title").inner_text().split(" · ")[0].split()[-1]
    villager.hears(T("✅ Sent. Your report has the code {code}", code=code))
    officer.taps(T("✋ I'm on it"), card)
    expect(card).to_contain_text("Anan")

    headman.hears(code)
    headman.taps(T("👁 Seen"))
    officer.look()
    expect(card).to_contain_text("👁")

    officer.taps(T("❓ Ask the reporter"), card)
    officer.taps(T("👥 How many people?"))
    villager.taps(T("3 to 10"))
    officer.hears(T("3 to 10"))

    officer.taps(T("✅ Close"), card)
    officer.taps(T("✅ Acted on"))
    officer.taps(T("✅ Just close"))
    closing = villager.hears(T("☑️ Your report {code} is closed.", code=code))
    expect(closing.locator(".text")).to_have_attribute("lang", language)
    assert STORIES[language] not in closing.inner_text()


def test_a_reply_to_the_card(opened: Open) -> None:
    """A click on the card and words: the bot asks whether they go to the reporter, who answers freely."""
    page = opened()
    villager, officer = Person(page, "villager-1", "en"), Person(page, "group-3403", "th")
    reports(villager, STORIES["en"])
    card = officer.hears(STORIES["en"])
    card.locator(".card-title").click()
    expect(officer.panel.locator(".quote")).to_be_visible()
    officer.types("Is the road dry?")
    officer.taps(T("💬 Send to reporter"))
    villager.hears("Is the road dry?")
    villager.taps(T("✍️ Own words"))
    villager.types("Dry up to the temple")
    officer.hears("Dry up to the temple")


def test_two_villagers_and_two_officers(opened: Open) -> None:
    """Two people report; each hears of the own case only; an officer who comes second is told who was first."""
    page = opened()
    first, second, officer = (
        Person(page, "villager-1", "lo"),
        Person(page, "villager-2", "km"),
        Person(page, "group-3403", "th"),
    )
    reports(first, STORIES["lo"])
    reports(second, STORIES["km"])
    officer.hears(STORIES["lo"])
    officer.hears(STORIES["km"])
    expect(officer.panel.locator(".message[data-purpose=card]")).to_have_count(2)
    cards = officer.panel.locator(".message[data-purpose=card]")
    officer.taps(T("✋ I'm on it"), cards.first)
    expect(cards.first).to_contain_text("Anan")
    officer.panel.locator(".actor").select_option("Busaba")
    cards.first.locator(".card-title").click()
    officer.types("/open")
    officer.hears("Anan")
    assert page.locator("#panel-villager-1 .message", has_text=STORIES["km"]).count() == 0

"""The page itself: keyboard, pictures, voice, maps, connection, starting over, width, accessibility, how it looks."""

import os
import signal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Route, expect

from bot.i18n import LANGUAGES
from handlers.messages import T
from tests.browser.conftest import Open, Playground, Server
from tests.browser.people import KHONG_CHIAM, Person, reports
from tests.browser.test_report import STORIES

SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
"""Build output: what the page looked like, for a critical eye."""
AXE = Axe()


def picture(path: Path) -> Path:
    """A photo in a file."""
    Image.new("RGB", (640, 480), (90, 140, 90)).save(path, "JPEG")
    return path


def test_with_the_keyboard_alone(opened: Open) -> None:
    """Tab, arrows and Enter are enough to start, answer, choose a place on the map and turn to the group."""
    page = opened()
    page.locator("#tab-villager-1").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-villager-2")).to_be_focused()
    page.keyboard.press("Home")
    page.locator("#panel-villager-1 .start").focus()
    page.keyboard.press("Enter")
    villager = Person(page, "villager-1")
    for text in ("English", T("✅ Agree|yes|ok"), T("Drug trafficking"), T("🔴 Happening now"), T("✅ Yes, I am safe")):
        villager.choice(text).focus()
        page.keyboard.press("Enter")
    page.locator("#panel-villager-1 .key[data-asks=location]").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog-place")).to_be_visible()
    page.locator("#map").focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.locator("#dialog-place button[value=yes]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog-place")).to_be_hidden()
    expect(page.locator("#panel-villager-1 .message.mine .place")).to_be_visible()


def test_an_answer_that_comes_late(opened: Open) -> None:
    """What a person opens or takes up while something is on its way stays: the tray, words, the message replied to."""
    page = opened()
    villager = Person(page, "villager-1")
    villager.starts()
    sending = villager.panel.locator(".foot > .progress")
    held: list[Route] = []

    def arrives() -> None:
        expect(sending).not_to_be_empty()
        held.pop().continue_()
        expect(sending).to_be_empty()

    villager.choice("English").wait_for()
    page.route("**/api/act", lambda route: held.append(route))
    villager.taps("English")
    villager.panel.locator(".more").click()
    arrives()
    expect(villager.panel.locator(".tray")).to_be_visible()
    villager.panel.locator(".words").fill("first")
    villager.panel.locator(".words").press("Enter")
    villager.panel.locator(".message.bot .reply").last.click()
    villager.panel.locator(".words").fill("second")
    arrives()
    expect(villager.panel.locator(".quote")).to_be_visible()
    expect(villager.panel.locator(".words")).to_have_value("second")


def test_a_click_on_the_map(opened: Open) -> None:
    """A click on the map is a place; giving up sends nothing; nonsense is told and kept."""
    page = opened()
    villager = Person(page, "villager-1")
    villager.starts()
    for label in ("English", villager.words(T("✅ Agree|yes|ok"))):
        villager.taps(label)
    dialog = page.locator("#dialog-place")
    villager.panel.locator(".more").click()
    villager.panel.locator(".tool-place").click()
    dialog.locator("[name=position]").fill("behind the temple")
    dialog.locator("button[value=yes]").click()
    expect(dialog.locator(".refusal")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    villager.panel.locator(".tool-place").click()
    dialog.locator("#map").click(position={"x": 120, "y": 120})
    expect(dialog.locator("#place-chosen")).not_to_be_empty()
    dialog.locator("button[value=yes]").click()
    expect(villager.panel.locator(".message.mine .place")).to_have_count(1)


def test_pictures_and_a_voice(opened: Open, tmp_path: Path) -> None:
    """An album and a recorded voice go along; the group sees redrawn copies and can play the voice."""
    page = opened()
    villager, officer = Person(page, "villager-2"), Person(page, "group-3403", "th")
    villager.starts()
    villager.taps("English")
    villager.taps(T("✅ Agree|yes|ok"))
    villager.taps(T("Drug trafficking"))
    villager.taps(T("🔴 Happening now"))
    villager.taps(T("✅ Yes, I am safe"))
    villager.shares(KHONG_CHIAM)
    villager.panel.locator(".record").click()
    expect(villager.panel.locator(".recording .seconds")).to_contain_text("0:01")
    villager.panel.locator(".record-send").click()
    expect(villager.panel.locator(".message.mine audio")).to_have_count(1)
    villager.taps(T("✅ Done"))
    villager.sends(picture(tmp_path / "one.jpg"), picture(tmp_path / "two.jpg"))
    expect(villager.panel.locator(".message.mine img")).to_have_count(2)
    villager.taps(T("✅ Done"))
    villager.taps(T("✅ Yes"))
    villager.taps(T("📨 Send"))
    officer.look()
    expect(officer.panel.locator(".message.bot img")).to_have_count(2)
    expect(officer.panel.locator(".message.bot audio")).to_have_count(1)
    width = officer.panel.locator(".message.bot img").first.evaluate("async i => (await i.decode(), i.naturalWidth)")
    assert width == 640


def test_a_film_that_is_too_big(opened: Open, tmp_path: Path) -> None:
    """What no platform would hand out is answered by the bot itself, and shown as kept nowhere."""
    page = opened()
    villager = Person(page, "villager-1")
    villager.starts()
    villager.taps("English")
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(21 * 1024 * 1024))
    villager.sends(film)
    expect(villager.panel.locator(".message.mine .kept")).to_have_count(1)
    villager.hears("20 MB")


def test_words_that_want_to_be_more(opened: Open) -> None:
    """Markup, turned-round text and ten thousand letters are shown as they are, and push nothing off the page."""
    page = opened(width=360)
    villager = Person(page, "villager-1")
    villager.starts()
    villager.types("<img src=x onerror=alert(1)> \u202egnp.exe https://example.org/" + "x" * 300)
    villager.types("ก" * 10_000)
    expect(villager.panel.locator(".message.mine", has_text="<img src=x")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_connection_that_breaks(server: Server, playground: Playground, opened: Open) -> None:
    """The page says that the connection is lost, keeps what was typed, and goes on without showing anything twice."""
    page = opened()
    villager = Person(page, "villager-1")
    villager.starts()
    villager.hears("Choose your language")
    before = villager.panel.locator(".message").count()
    os.kill(playground.process.pid, signal.SIGKILL)
    playground.process.wait()
    expect(page.locator("#connection")).not_to_be_empty()
    villager.panel.locator(".words").fill("English")
    villager.panel.locator(".words").press("Enter")
    expect(villager.panel.locator(".foot > .refusal")).not_to_be_empty()
    expect(villager.panel.locator(".words")).to_have_value("English")
    opened.faults.clear()  # the browser itself notes each refused connection
    server.start()
    expect(page.locator("#connection")).to_be_empty()
    assert villager.panel.locator(".message").count() == before
    villager.panel.locator(".words").press("Enter")
    expect(villager.panel.locator(".message.bot")).to_have_count(2)
    opened.faults.clear()


def test_starting_over(opened: Open) -> None:
    """After a question, everything is wiped, on another open page, too."""
    page, other = opened(), opened()
    villager = Person(page, "villager-1")
    villager.starts()
    expect(other.locator("#panel-villager-1 .message")).to_have_count(2)
    page.locator("#start-over").click()
    page.keyboard.press("Escape")
    expect(villager.panel.locator(".message")).to_have_count(2)
    page.locator("#start-over").click()
    page.locator("#dialog-start-over button[value=yes]").click()
    for window in (page, other):
        expect(window.locator("#panel-villager-1 .start")).to_be_visible()
        expect(window.locator("#panel-villager-1 .message")).to_have_count(0)


def test_more_tabs_than_connections(opened: Open) -> None:
    """A browser holds six connections to a server: a tab out of sight gives its own up, and has caught up when one comes
    back to it."""
    page = first = opened()
    hide = "yes => {Object.defineProperty(document, 'hidden', {value: yes, configurable: true}); "
    hide += "document.dispatchEvent(new Event('visibilitychange'))}"
    for _ in range(7):
        page.evaluate(hide, True)
        page = page.context.new_page()
        page.goto(first.url)
        page.locator("body.ready").wait_for()
    villager = Person(page, "villager-1")
    villager.starts()
    villager.hears("Choose your language")
    expect(first.locator("#panel-villager-1 .message")).to_have_count(0)
    first.evaluate(hide, False)
    expect(first.locator("#panel-villager-1 .message")).to_have_count(2)


def test_a_recording_that_is_wiped(opened: Open) -> None:
    """Starting over in another window ends a recording and an open map here: nothing of it gets into the new practice."""
    page, other = opened(), opened()
    page.evaluate("() => {const stop = MediaStreamTrack.prototype.stop; window.stopped = 0; "
                  "MediaStreamTrack.prototype.stop = function () { window.stopped += 1; stop.call(this) }}")  # fmt: skip
    villager = Person(page, "villager-1")
    villager.starts()
    villager.panel.locator(".record").click()
    expect(villager.panel.locator(".recording")).to_be_visible()
    page.locator("#tab-villager-2").click()
    Person(page, "villager-2").starts()
    page.locator("#panel-villager-2 .more").click()
    page.locator("#panel-villager-2 .tool-place").click()
    expect(page.locator("#dialog-place")).to_be_visible()
    other.locator("#start-over").click()
    other.locator("#dialog-start-over button[value=yes]").click()
    expect(page.locator("#panel-villager-1 .start")).to_be_visible()
    expect(page.locator("#dialog-place")).to_be_hidden()
    assert page.evaluate("window.stopped") == 1


def test_a_phone_with_its_keyboard_open(opened: Open) -> None:
    """Where the keyboard takes half the screen, or the phone lies on its side, one sees what is written to, and writes."""
    page = opened(width=360, height=380)
    villager = Person(page, "villager-1")
    villager.starts()
    villager.hears("Choose your language")
    for width, height in ((360, 380), (740, 360)):
        page.set_viewport_size({"width": width, "height": height})
        expect(villager.panel.locator(".words")).to_be_in_viewport(ratio=1)
        assert villager.panel.locator(".log").evaluate("log => log.clientHeight") > 70
        assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_one_more_phone(opened: Open) -> None:
    """A phone that is added with a language begins in it; a headman of the other district has joined."""
    page = opened()
    page.locator("#add-phone").click()
    dialog = page.locator("#dialog-phone")
    dialog.locator("[name=language]").select_option("km")
    dialog.locator("button[value=yes]").click()
    expect(page.locator("#panel-villager-3 .message.bot").last.locator(".text")).to_have_attribute("lang", "km")
    page.locator("#add-phone").click()
    dialog.get_by_label("Headman").check()
    dialog.locator("[name=centre]").select_option("2706")
    dialog.locator("[name=language]").select_option("en")
    dialog.locator("button[value=yes]").click()
    Person(page, "headman-2").hears("Aranyaprathet")
    expect(page.locator("#tab-headman-2")).to_have_accessible_name("Headman 2, Aranyaprathet, LINE")


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_it_looks(opened: Open, language: str) -> None:
    """On a phone and on a desk, light and dark: no serious fault for people who cannot see or point (colours are the same
    in every language, so all of them are looked at in Thai), nothing wider than the screen, and, where somebody may look,
    a picture of each for a critical eye."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = opened(language=language)
    reports(Person(page, "villager-1", language), STORIES[language])
    Person(page, "group-3403", "th").hears(STORIES[language])
    for width, height, views in ((1280, 900, ("group-3403",)), (360, 740, ("villager-1", "group-3403"))):
        page.set_viewport_size({"width": width, "height": height})
        for colours in ("light", "dark") if language == "th" else ("light",):
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            for chat in views:
                page.locator(f"#tab-{chat}").click()
                check(page, f"{language}-{width}-{colours}-{chat}", width, blind=language == "th")
            page.locator("#tab-villager-1").click()
            page.locator("#panel-villager-1 .more").click()
            page.locator("#panel-villager-1 .tool-place").click()
            expect(page.locator("#map .point").first).to_be_attached()
            check(page, f"{language}-{width}-{colours}-map", width, blind=language == "th")
            page.keyboard.press("Escape")
            page.locator("#panel-villager-1 .more").click()
    check(page, f"{language}-360-last-villager-1", 360, blind=True)


def check(page: Page, name: str, width: int, *, blind: bool) -> None:
    """Take a picture; nothing is wider than the screen; axe finds nothing serious, if wanted."""
    if not os.environ.get("CI"):
        page.screenshot(path=SHOTS / f"{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"] if blind else []
    serious = [(v["id"], n["target"]) for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]]
    assert serious == []

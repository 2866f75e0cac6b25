"""People who use the page: they look for what a person would look for, and wait as a person would."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bot.i18n import Catalogues
from handlers.messages import T, Text

KHONG_CHIAM = "15.3187, 105.4956"
TEXTS = Catalogues.load()


class Person:
    """Somebody with a phone, or an officer at a group, on the page."""

    def __init__(self, page: Page, chat: str, language: str = "en") -> None:
        self.page, self.chat, self.language = page, chat, language
        self.tab = page.locator(f"#tab-{chat}")
        self.panel = page.locator(f"#panel-{chat}")

    def words(self, text: Text | str) -> str:
        """A text of the conversation as this person reads it."""
        return text if isinstance(text, str) else TEXTS.text(text, self.language)

    def look(self) -> None:
        """Turn to this chat."""
        if self.tab.get_attribute("aria-selected") != "true":
            self.tab.click()

    def starts(self) -> None:
        """Press Start."""
        self.look()
        self.panel.locator(".start").click()

    def taps(self, text: Text | str, on: Locator | None = None) -> None:
        """Tap a choice of the newest message (or of the message `on`), once it is there."""
        self.look()
        self.choice(text, on).click()

    def choice(self, text: Text | str, on: Locator | None = None) -> Locator:
        """The choice with this label, of the newest message or at the end of the chat."""
        newest = on or self.panel.locator(".message.bot").last
        return newest.locator(".key").or_(self.panel.locator(".keys .key")).filter(has_text=self.words(text)).first

    def types(self, line: str) -> None:
        """Write a line and send it."""
        self.look()
        self.panel.locator(".words").fill(line)
        self.panel.locator(".words").press("Enter")
        expect(self.panel.locator(".words")).to_have_value("")

    def shares(self, position: str) -> None:
        """Share a place, typed in the dialog."""
        self.look()
        self.panel.locator(".key[data-asks=location]").last.click()
        dialog = self.page.locator("#dialog-place")
        dialog.locator("[name=position]").fill(position)
        dialog.locator("button[value=yes]").click()
        expect(dialog).to_be_hidden()

    def sends(self, *pictures: Path) -> None:
        """Send pictures; several are an album."""
        self.look()
        self.panel.locator(".pictures").set_input_files([str(picture) for picture in pictures])

    def hears(self, text: Text | str) -> Locator:
        """Wait until the bot has said this; gives the newest message that holds it."""
        self.look()
        found = self.panel.locator(".message.bot", has_text=self.words(text)).last
        expect(found).to_be_visible()
        return found


def reports(villager: Person, story: str) -> None:
    """A report from Start to Send, in the villager's language."""
    name = {"th": "ไทย", "lo": "ລາວ", "km": "ខ្មែរ", "en": "English"}[villager.language]
    villager.starts()
    villager.taps(name)
    villager.taps(T("✅ Agree|yes|ok"))
    villager.taps(T("Drug trafficking"))
    villager.taps(T("🔴 Happening now"))
    villager.taps(T("✅ Yes, I am safe"))
    villager.shares(KHONG_CHIAM)
    villager.types(story)
    villager.taps(T("✅ Done"))
    villager.taps(T("⏭ Skip"))
    villager.taps(T("✅ Yes"))
    villager.taps(T("📨 Send"))

"""A running playground, and Debian's Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--font-render-hinting=none",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip
"""Chromium as root, without calls of its own, with a microphone that hums."""
WAIT_MS = 20_000


@dataclass
class Playground:
    """A running `python -m bot try`."""

    url: str
    folder: Path
    process: subprocess.Popen[str]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for these tests; let go before others, because Playwright keeps an event loop in the main thread.
    Missing, it is a fault in CI and elsewhere a loud skip."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing (apt-get install chromium): the page was not tested in a browser")
        pytest.skip("skipped: no chromium on this machine, the page was not tested in a browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield launched
        launched.close()


Start = Callable[[], Playground]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the playground of this test, again if need be on the same port and folder; all are stopped at the end."""
    running: list[subprocess.Popen[str]] = []
    port = "0"

    def started() -> Playground:
        nonlocal port
        while running:
            _stop(running.pop())
        command = [sys.executable, "-m", "bot", "try", "--port", port, "--folder", str(tmp_path / "playground")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout
        url = next(line.split()[-1] for line in process.stdout if "http://" in line)
        port = url.rpartition(":")[2]
        return Playground(url, tmp_path / "playground", process)

    yield started
    for process in running:
        _stop(process)


@pytest.fixture
def playground(start: Start) -> Playground:
    """A fresh playground."""
    return start()


class Open:
    """Opens the page: `opened(language="lo", width=360, height=740, dark=True)`. `faults` collects what must not be: a
    request to another host, an error on the console, a script that raises."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def __call__(self, *, language: str = "en", width: int = 1280, height: int = 900, dark: bool = False) -> Page:
        """The page in a browser window of its own."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale={"th": "th-TH", "lo": "lo-LA", "km": "km-KH", "en": "en-GB"}[language],
            has_touch=width < 500,
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        context.route(lambda url: not url.startswith((self._url, "blob:", "data:")), self._hold)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"raised: {error}"))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        page.goto(self._url)
        page.locator("#panel-villager-1").wait_for()
        return page

    def _hold(self, route: Route) -> None:
        self.faults.append("a request to another host")
        route.abort()


@pytest.fixture
def opened(browser: Browser, playground: Playground) -> Iterator[Open]:
    """The page of a fresh playground; the test fails if the page did what it must not do."""
    opens = Open(browser, playground.url)
    yield opens
    for context in opens.contexts:
        context.close()
    assert opens.faults == []


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    if process.stdout:
        process.stdout.close()
    assert process.returncode in (0, -signal.SIGKILL)  # killed only by a test that means to

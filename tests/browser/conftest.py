"""A running playground, and Debian's Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from bot.channels.playground.web import GUARD

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


class Server:
    """Starts the playground, again if need be on the same port and folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = "0"
        self.running: Playground | None = None

    def start(self) -> Playground:
        """A running playground with what an earlier one left."""
        self.stop()
        command = [sys.executable, "-m", "bot", "try", "--port", self._port, "--folder", str(self._folder)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        url = next(line.split()[-1] for line in process.stdout if "http://" in line)
        self._port = url.rpartition(":")[2]
        self.running = Playground(url, process)
        return self.running

    def stop(self) -> None:
        """End it, if it runs."""
        if self.running is None:
            return
        process, self.running = self.running.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        assert process.stdout
        process.stdout.close()
        assert process.returncode in (0, -signal.SIGKILL)  # killed only by a test that means to


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for these tests."""
    made = Server(tmp_path_factory.mktemp("browser") / "playground")
    yield made
    made.stop()


@pytest.fixture
def playground(server: Server) -> Playground:
    """A fresh playground: started, or started over."""
    if server.running is None:
        return server.start()
    httpx.post(f"{server.running.url}/api/start-over", headers={GUARD: "1"}, timeout=30).raise_for_status()
    return server.running


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

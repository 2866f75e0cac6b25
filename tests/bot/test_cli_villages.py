"""`places villages`, `places landmarks` and `places link` on the command line."""

from __future__ import annotations

import asyncio
import io
import json
import stat
import sys
from pathlib import Path

import pytest
import segno
from PIL import Image

from bot.cli.village_link import PIXELS, QUIET_ZONE
from storage.database import Database
from storage.imports import About, NamedPoint
from storage.vault import Vault
from tests.bot.conftest import Done, Run
from tests.conftest import DATA_KEY
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram

HEAD = "code,th,en,lat,lon\n"
VILLAGES = (
    HEAD + "34030104,บ้านดงนา,Ban Dong Na,15.3190,105.4950\n34030105,บ้านโนน,,105.4950,15.3190\n43030101,บ้านเหนือ,,,\n"
)
LANDMARKS = "kind,th,lo,lat,lon\npier,ท่าเรือโขงเจียม,ທ່າເຮືອ,15.3190,105.4950\n"
LINE_URL = "https://line.me/R/oaMessage/%40mekong/?%2334030104%20lo"
TELEGRAM_URL = "https://t.me/report_bot?start=v_34030104_lo"


@pytest.fixture
def places(run: Run, database_url: str, tmp_path: Path) -> Run:
    """Run `places …` on an up-to-date database beside the files x.csv and landmarks.csv."""
    (tmp_path / "x.csv").write_text(VILLAGES, encoding="utf-8-sig")
    (tmp_path / "landmarks.csv").write_text(LANDMARKS, encoding="utf-8")
    return lambda *words, **more: run("places", *words, DATABASE_URL=database_url, DATA_KEY=DATA_KEY, **more)


def imported(database_url: str) -> dict[str, tuple[About, list[NamedPoint]]]:
    """What is active in the database, by layer."""
    database = Database(database_url, Vault(DATA_KEY))
    try:
        history = database.run_now(lambda uow: [(one, uow.imports.points(one.id)) for one in uow.imports.history()])
    finally:
        database.close()
    return {one.layer: (one.about, points) for one, points in history if one.active}


def refused(done: Done) -> str:
    """The one line with which a command refused."""
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.count("\n") == 1
    return done.stderr.removeprefix("mekongwatch: ").rstrip()


def test_villages(places: Run, database_url: str) -> None:
    """They are stored with their source; what was found is told, and kept without any position."""
    done = places("villages", "x.csv", "--source", "District office", "--licence", "own", "--date", "2026-09-30")
    assert (done.returncode, done.stderr) == (0, "")
    assert [" ".join(line.split()) for line in done.stdout.splitlines()] == [
        "x.csv Number", "taken 3", "with a position 1", "Lao names made by rule 3", "Khmer names made by rule 3",
        "warnings 1", "", "Warnings", "Line What", "3 lat and lon seem swapped: taken without it",
        "430301 is abolished: taken as 380101", "",
        "This is import 1, in use from now on; a running server takes it over by itself.",
    ]  # fmt: skip
    about, points = imported(database_url)["village"]
    notes = ("lat and lon seem swapped: taken without it (rows: 1)", "430301 is abolished: taken as 380101")
    assert about == About("x.csv", "District office", "own", "2026-09-30", notes)
    first = points[0]
    assert (first.code, first.kind, first.th, first.en) == ("34030104", "village", "บ้านดงนา", "Ban Dong Na")
    assert (first.latitude, first.longitude, first.by_rule) == (15.319, 105.495, "lo km") and first.lo and first.km
    assert [(point.code, point.latitude) for point in points[1:]] == [("34030105", None), ("38010101", None)]


def test_landmarks_for_machines(places: Run, database_url: str) -> None:
    """Landmarks are a layer of their own; JSON holds the same counts."""
    assert places("villages", "x.csv").returncode == 0
    done = places("landmarks", "landmarks.csv", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "import": 2, "kind": "landmark", "taken": 1, "with_position": 1, "lo_by_rule": 0, "km_by_rule": 1,
        "warned": 0, "warnings": [], "abolished": {},
    }  # fmt: skip
    stored = imported(database_url)
    assert len(stored["village"][1]) == 3
    (pier,) = stored["landmark"][1]
    assert (pier.code, pier.kind, pier.lo, pier.by_rule) == ("L1", "pier", "ທ່າເຮືອ", "km")


@pytest.mark.parametrize("command", ["villages", "landmarks"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 \xff\xfe", "is not UTF-8; in a spreadsheet choose to save it as CSV UTF-8"),
        (b"\0" * 64_000_001, "is larger than 64 MB, which no list of places is"),
        (None, "No such file or directory"),
    ],
    ids=["empty", "picture", "huge", "missing"],
)
def test_a_file_that_is_no_list(run: Run, tmp_path: Path, command: str, content: bytes | None, reason: str) -> None:
    """One line, before the database is touched."""
    if content is not None:
        (tmp_path / "y.csv").write_bytes(content)
    assert refused(run("places", command, "y.csv")) == f"y.csv: {reason}"
    assert not (tmp_path / "mekongwatch.sqlite3").exists()


def test_a_bad_row_leaves_everything_as_it_was(places: Run, database_url: str, tmp_path: Path) -> None:
    """The list before stays in use, whole."""
    assert places("villages", "x.csv").returncode == 0
    before = imported(database_url)
    (tmp_path / "y.csv").write_text(f"{HEAD}34030101,หนึ่ง,,,\n34039901,สอง,,,\n", encoding="utf-8")
    assert refused(places("villages", "y.csv", "--json")) == "y.csv: line 3: there is no subdistrict 340399"
    assert imported(database_url) == before


def test_more_warnings_than_are_listed(run: Run, tmp_path: Path) -> None:
    """The rest is told as a number."""
    (tmp_path / "y.csv").write_text("kind,th,lat,lon\n" + "pier,Pier,15.3,105.4\n" * 1_002, encoding="utf-8")
    done = run("places", "landmarks", "y.csv", DATA_KEY=DATA_KEY)
    assert "1001  th has no Thai letter" in done.stdout and "1002  th" not in done.stdout
    assert "\nand 2 more warnings\n" in done.stdout


def test_a_wrong_day(run: Run) -> None:
    """It is wrong usage, before anything is read."""
    done = run("places", "villages", "x.csv", "--date", "30.9.2026")
    assert (done.returncode, done.stdout) == (2, "") and "a day looks like 2026-09-30" in done.stderr


def test_links(places: Run) -> None:
    """Both links, with the names that the operator gave; no token is needed, and nothing is drawn into a pipe."""
    done = places("link", "340301-04", "--language", "lo", "--telegram", "@report_bot", "--line", "mekong")
    within = "Khong Chiam, Khong Chiam, Ubon Ratchathani"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"34030104 village no. 4, {within}\n\ntelegram: {TELEGRAM_URL}\n\nline: {LINE_URL}\n"
    done = places("link", "340301", "--telegram", "report_bot", "--json")
    assert json.loads(done.stdout) == {
        "code": "340301", "name": within, "language": "",
        "links": [{"platform": "telegram", "url": "https://t.me/report_bot?start=v_340301", "files": []}],
    }  # fmt: skip


def test_a_village_of_the_list(places: Run) -> None:
    """Its name is told; a number that the list leaves out is refused, unless it has no village of that subdistrict."""
    assert places("villages", "x.csv").returncode == 0
    known = places("link", "34030104", "--telegram", "report_bot")
    assert known.stdout.startswith("34030104 Ban Dong Na, Khong Chiam, ")
    why = "34030106 is not in the imported list, which has villages of 340301"
    assert refused(places("link", "34030106", "--telegram", "report_bot")) == why
    assert places("link", "34030206", "--telegram", "report_bot").returncode == 0


@pytest.mark.parametrize(("words", "reason"), [
    (("3403", "--telegram", "report_bot"), "3403 is no village: 34030104 or 340301-04 for village 4 of 340301, "
     "340301 for all of it"),
    (("34030100", "--telegram", "report_bot"), "34030100 is no village: 34030104 or "
     "340301-04 for village 4 of 340301, 340301 for all of it"),
    (("100101", "--telegram", "report_bot"), "100101 is no subdistrict of the border provinces"),
    (("340301", "--telegram", "no bot"), "--telegram: is no name of a Telegram bot, such as mekong_bot"),
    (("340301", "--line", "@"), "--line: is no id of a LINE account, such as @123abcde"),
    (("340301",), "TELEGRAM_BOT_TOKEN and LINE_CHANNEL_ACCESS_TOKEN are not set: name the bot with --telegram NAME, "
     "the LINE account with --line ID, or both"),
])  # fmt: skip
def test_no_link(run: Run, words: tuple[str, ...], reason: str) -> None:
    """What is missing or wrong is told in a line."""
    assert refused(run("places", "link", *words)) == reason


def test_pictures(run: Run, tmp_path: Path) -> None:
    """Each platform has its own, beside the name that was given; the code is the link's, with white around it."""
    words = ("340301", "--telegram", "report_bot", "--line", "@mekong", "--png", "a.PNG", "--svg", "b")
    done = run("places", "link", *words, "--json")
    assert done.returncode == 0, done.stderr
    links = {one["platform"]: one for one in json.loads(done.stdout)["links"]}
    assert {name: one["files"] for name, one in links.items()} == {
        "telegram": ["a-telegram.png", "b-telegram.svg"], "line": ["a-line.png", "b-line.svg"],
    }  # fmt: skip
    for platform, one in links.items():
        matrix = [[bool(dark) for dark in row] for row in segno.make_qr(one["url"], error="q").matrix]
        assert _modules(tmp_path / f"a-{platform}.png") == matrix
        assert (tmp_path / f"b-{platform}.svg").read_bytes().startswith(b"<?xml")
        assert stat.S_IMODE((tmp_path / f"b-{platform}.svg").stat().st_mode) == 0o644


def _modules(picture: Path) -> list[list[bool]]:
    """The dark modules of a code; around it stands nothing but white."""
    with Image.open(picture) as opened:
        grey = opened.convert("L")
    across = grey.width // PIXELS
    dark = [[grey.getpixel((x * PIXELS, y * PIXELS)) == 0 for x in range(across)] for y in range(across)]
    inner = slice(QUIET_ZONE, -QUIET_ZONE)
    assert sum(map(sum, dark)) == sum(map(sum, (row[inner] for row in dark[inner])))
    return [row[inner] for row in dark[inner]]


def test_pictures_in_the_way(run: Run, tmp_path: Path) -> None:
    """If one is there already, none is written; with --force all are."""
    (tmp_path / "a-line.png").write_bytes(b"an older poster")
    words = ("places", "link", "340301", "--telegram", "report_bot", "--line", "@mekong", "--png", "a.png")
    why = "a-line.png: exists already: choose another name, or write over it with --force"
    assert refused(run(*words)) == why
    assert [file.name for file in tmp_path.glob("a-*")] == ["a-line.png"]
    assert run(*words, "--force").returncode == 0
    assert {file.name for file in tmp_path.glob("a-*")} == {"a-telegram.png", "a-line.png"}
    assert refused(run(*words[:-1], "no/a.png")) == "no/a-telegram.png.part: No such file or directory"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code is drawn, to be scanned from the screen; not when pictures are written."""
    words = ("places", "link", "340301", "--telegram", "report_bot")
    shown = []
    for more in ((), ("--png", "a.png")):
        screen = _Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        assert run(*words, *more).returncode == 0
        shown.append(screen.getvalue())
    assert [("▄" in text) for text in shown] == [True, False]


async def test_platforms_are_asked(places: Run) -> None:
    """Where a token is set, the bot's name comes from the platform; a refusal is one line without the token."""
    async with FakeLine() as line, FakeTelegram() as telegram:
        tokens = {
            "TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url,
            "LINE_CHANNEL_SECRET": line.secret, "LINE_CHANNEL_ACCESS_TOKEN": line.token, "LINE_API_URL": line.url,
        }  # fmt: skip
        words = ("link", "34030104", "--language", "lo", "--json")
        told = await asyncio.to_thread(places, *words, **tokens)
        wrong = [
            await asyncio.to_thread(places, *words, **tokens | {name: value})
            for name, value in (("TELEGRAM_BOT_TOKEN", "123456:hunter2"), ("LINE_CHANNEL_ACCESS_TOKEN", "hunter2"))
        ]
    assert [one["url"] for one in json.loads(told.stdout)["links"]] == [TELEGRAM_URL, LINE_URL]
    assert list(map(refused, wrong)) == [
        "Telegram does not accept TELEGRAM_BOT_TOKEN; or name the bot with --telegram NAME",
        "LINE does not accept LINE_CHANNEL_ACCESS_TOKEN (401); or name the account with --line ID",
    ]

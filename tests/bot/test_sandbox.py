"""The playground's world, with its web side."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely

from bot.channels.playground import web
from bot.channels.playground.phones import Entry, Phones
from bot.config import BadSettings
from bot.sandbox import DEMO, MOST_PHONES, Sandbox
from tests.bot.conftest import Run
from tests.fixed import FixedClock, SeededIds
from tests.places.boundary_files import around, geojson

STATIC = Path(web.__file__).parent / "static"
OURS = {web.GUARD: "1"}
IMPORT = "places import areas.geojson --level district"


class Page:
    """The page of an open playground."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        served = web.app(box, box.texts.text, box.rest)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://127.0.0.1:8080")

    async def post(self, path: str, **posted: Any) -> httpx.Response:
        """Post as the page does, and wait until all that follows has happened."""
        answer = await self.http.post(path, json=posted, headers=OURS)
        await self.box.road.idle()
        return answer

    async def does(self, chat: str, do: str, **more: Any) -> None:
        """Somebody does something."""
        assert (await self.post("/api/act", chat=chat, do=do, **more)).status_code == 204

    async def taps(self, chat: str, label: str, **more: Any) -> None:
        """Somebody taps the newest choice with this label."""
        choices = [choice for entry in self.said(chat) for choice in entry.get("choices", ())]
        choice = [c for c in choices if label in c["label"]][-1]
        await self.does(chat, "tap", value=choice["value"], label=choice["label"], **more)

    def said(self, chat: str) -> list[Entry]:
        """What a chat shows."""
        return [entry for entry in self.box.phones.entries if entry.get("chat") == chat and "text" in entry]


def everything(folder: Path) -> bytes:
    """All that lies in the files of a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@asynccontextmanager
async def playground(folder: Path, start: int = 1) -> AsyncIterator[Page]:
    """An open playground; each start of the same folder draws other ids."""
    box = Sandbox(folder, FixedClock(), SeededIds(start))
    await box.open()
    page = Page(box)
    try:
        yield page
    finally:
        await page.http.aclose()
        await box.close()


async def report(page: Page, chat: str) -> None:
    """A short report from Khong Chiam, as the page would post it."""
    for label in ("English", "Agree", "Drug", "Happening now", "I am safe"):
        await page.taps(chat, label)
    await page.does(chat, "location", latitude=15.3187, longitude=105.4956)
    await page.does(chat, "text", text="NEEDLE boats")
    for label in ("Done", "Skip", "Yes", "Send"):
        await page.taps(chat, label)


async def test_first_start(tmp_path: Path) -> None:
    """Two villagers, both groups linked and a headman who has joined are there at once, and on the next start again."""
    async with playground(tmp_path) as page:
        assert list(page.box.phones.phones) == ["villager-1", "villager-2", "group-3403", "group-2706", "headman-1"]
        linked = await page.box.road.database.run(lambda uow: [bool(uow.centres.groups_of(code)) for code in DEMO])
        assert linked == [True, True] and len(page.said("headman-1")) >= 3
    async with playground(tmp_path, 2) as page:
        assert len(page.box.phones.phones) == 5


async def test_the_same_conversation(tmp_path: Path) -> None:
    """A report goes to the group of its district; a claim and a question come back; all of it bears the drill mark."""
    async with playground(tmp_path) as page:
        await page.does("villager-1", "join")
        await report(page, "villager-1")
        card = next(e for e in page.said("group-3403") if e.get("card"))
        assert "NEEDLE boats" in card["text"] and not any(e.get("card") for e in page.said("group-2706"))
        await page.taps("group-3403", "รับเรื่อง", **{"as": "Anan"})
        assert "Anan" in page.said("group-3403")[-1]["text"]
        assert all(e["drill"] for chat in page.box.phones.phones for e in page.said(chat) if e["from"] == "bot")


async def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    """A conversation that was broken off goes on, with what was said before on the phone."""
    async with playground(tmp_path) as page:
        await page.does("villager-2", "join")
    async with playground(tmp_path, 2) as page:
        await report(page, "villager-2")
        assert any(e.get("card") for e in page.said("group-3403"))


async def test_starting_over(tmp_path: Path) -> None:
    """Nothing of what was said is left on the disk, and a new playground is there."""
    async with playground(tmp_path) as page:
        await page.does("villager-1", "join")
        await report(page, "villager-1")
        photo = await page.http.post("/api/media?chat=villager-1&kind=photo", content=b"NEEDLE", headers=OURS)
        assert photo.status_code == 204
        assert (await page.post("/api/start-over")).status_code == 204
        assert page.said("villager-1") == [] and "villager-1" in page.box.phones.phones
        await page.does("villager-1", "join")
        assert len(page.said("villager-1")) == 2
    assert b"NEEDLE" not in everything(tmp_path)


async def test_more_phones(tmp_path: Path) -> None:
    """A phone that is added with a language has begun in it; a headman has joined; there is an end of phones."""
    async with playground(tmp_path) as page:
        made = (await page.post("/api/chats", role="villager", look="telegram", language="km")).json()["chat"]
        assert page.said(made)[-1]["language"] == "km"
        made = (await page.post("/api/chats", role="headman", look="line", language="lo", centre="2706")).json()["chat"]
        assert made == "headman-2" and page.said(made)[-1]["language"] == "lo"
        while len(page.box.phones.phones) < MOST_PHONES:
            await page.post("/api/chats", role="villager", look="line")
        for wish in (
            {"role": "villager", "look": "line"},
            {"role": "group", "look": "line"},
            {"role": "villager", "look": "fax"},
            {"role": "headman", "look": "line", "centre": "3404"},
        ):
            assert (await page.post("/api/chats", **wish)).status_code == 400


async def test_strangers_are_kept_out(tmp_path: Path) -> None:
    """Another site's page cannot post, a foreign address is not served, and what is no doing has a reason."""
    async with playground(tmp_path) as page:
        doing = {"chat": "villager-1", "do": "join"}
        assert (await page.http.post("/api/act", json=doing)).status_code == 403
        assert (await page.http.get("/", headers={"host": "evil.example"})).status_code == 400
        for content in (b"", b"[]", b"{", b'{"chat":"villager-1","do":"explode"}'):
            answer = await page.http.post("/api/act", content=content, headers=OURS)
            assert answer.status_code == 400 and answer.json()["reason"]
        assert (await page.http.post("/api/act", content=b" " * 70_000, headers=OURS)).status_code == 413
        long = "/api/media?chat=villager-9&kind=photo&of=" + "9" * 5000
        assert (await page.http.post(long, content=b"x", headers=OURS)).status_code == 400
        assert (await page.http.get("/api/media/phones.jsonl")).status_code == 404
        assert page.said("villager-1") == []


async def test_a_file_that_could_be_a_page(tmp_path: Path) -> None:
    """What somebody sends is shown as a picture or not at all, and never as a page."""
    async with playground(tmp_path) as page:
        path = "/api/media?chat=villager-1&kind=photo"
        await page.http.post(path, content=b"<script>", headers=OURS | {"content-type": "text/html"})
        await page.http.post(path, content=b"<script>", headers=OURS | {"content-type": "image/png"})
        await page.box.road.idle()
        html, png = [e["files"][0]["url"] for e in page.said("villager-1") if e.get("files")]
        answer = await page.http.get(png)
        assert html == "" and answer.headers["content-type"] == "image/png"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_the_page(tmp_path: Path) -> None:
    """The page, its words in each language, its maps and its health are served; nothing points to another host."""
    async with playground(tmp_path) as page:
        index = await page.http.get("/")
        assert index.status_code == 200 and "default-src 'none'" in index.headers["content-security-policy"]
        linked = re.findall(r'(?:src|href)="(/[^"]+)"', index.text)
        assert linked and [(await page.http.get(path)).status_code for path in linked] == [200] * len(linked)
        words = [(await page.http.get(f"/api/words?lang={lang}")).json()["words"] for lang in ("th", "lo", "km", "en")]
        assert words[0].keys() == words[1].keys() and words[0] != words[3]
        maps = (await page.http.get("/api/map")).json()
        assert [m["across"] for m in maps] == ["LA", "KH"] and all(len(m["points"]) > 5 for m in maps)
        assert [m["shape"] for m in maps] == [[], []]
        assert (await page.http.get("/healthz")).text == "ok\n"
        assert (await page.http.get("/static/nothing.js")).status_code == 404
    outside = re.compile(r"""["'(]\s*(?:https?:)?//(?!www\.w3\.org/)""")  # a namespace is no request
    assert not [file.name for file in STATIC.iterdir() if outside.search(file.read_text(encoding="utf-8"))]


async def test_a_boundary_on_the_map(tmp_path: Path, run: Run) -> None:
    """One that the operator imports into the playground's database while it runs is drawn, with each of its parts."""
    main, island = around("3403"), around("3403", east=0.05)
    (tmp_path / "areas.geojson").write_bytes(geojson([({"code": "3403"}, shapely.union_all([main, island]))]))
    async with playground(tmp_path / "playground") as page:
        done = run(*IMPORT.split(), DATABASE_URL="sqlite:///playground/playground.sqlite3")
        assert done.returncode == 0, done.stderr
        await page.box.road.read_places()
        shapes = {m["code"]: m["shape"] for m in (await page.http.get("/api/map")).json()}
        assert shapes["2706"] == [] and len(shapes["3403"]) == 2
        drawn = shapely.union_all([shapely.Polygon([(lon, lat) for lat, lon in ring]) for ring in shapes["3403"]])
        assert drawn.symmetric_difference(shapely.union_all([main, island])).area < 1e-9


async def test_a_first_start_that_was_broken_off(tmp_path: Path) -> None:
    """A crash while the demo districts are set up, or between wiping and setting up, is made good at the next start."""
    Phones(tmp_path, FixedClock()).add_phone("villager", "line")
    async with playground(tmp_path) as page:
        assert list(page.box.phones.phones)[-1] == "headman-1" and page.said("headman-1")
        page.box.phones.wipe()
    async with playground(tmp_path, 2) as page:
        assert len(page.box.phones.phones) == 5 and page.said("headman-1")


async def test_one_playground_at_a_time(tmp_path: Path) -> None:
    """A folder in which a playground runs is refused, also after it has been started over, and free after its end."""
    async with playground(tmp_path) as page:
        assert (await page.post("/api/start-over")).status_code == 204
        with pytest.raises(BadSettings, match="another playground"):
            Sandbox(tmp_path, FixedClock(), SeededIds())
    async with playground(tmp_path, 2):
        pass


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    """A deployment's folder, named by mistake, is refused and stays as it is."""
    (tmp_path / "media").mkdir()
    (tmp_path / "mekongwatch.key").write_text("KEY")
    with pytest.raises(BadSettings, match="something else"):
        Sandbox(tmp_path, FixedClock(), SeededIds())
    assert {path.name for path in tmp_path.iterdir()} == {"media", "mekongwatch.key"}


@pytest.mark.parametrize(
    ("listens", "called", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8080", 200),
        ("127.0.0.1", "LocalHost:8080", 200),
        ("127.0.0.1", "[::1]:8080", 200),
        ("127.0.0.1", "192.168.1.7:8080", 400),
        ("127.0.0.1", "evil.example:8080", 400),
        ("0.0.0.0", "192.168.1.7:8080", 200),
        ("0.0.0.0", "trainer-pc:8080", 200),
        ("0.0.0.0", "trainer-pc.local", 200),
        ("0.0.0.0", "evil.example:8080", 400),
        ("0.0.0.0", "evil.example.:8080", 400),
        ("0.0.0.0", "192.168.1.7.evil.example", 400),
        ("0.0.0.0", "[", 400),
        ("0.0.0.0", "", 400),
        ("Training.example.org", "training.example.org", 200),
    ],
)
async def test_by_which_name_it_is_called(tmp_path: Path, listens: str, called: str, status: int) -> None:
    """A name that a stranger can point to this machine is not served, also where the whole training room may play."""
    box = Sandbox(tmp_path, FixedClock(), SeededIds())
    served = httpx.ASGITransport(web.app(box, box.texts.text, box.rest, listens))
    async with httpx.AsyncClient(transport=served, base_url="http://x") as http:
        assert (await http.get("/", headers={"host": called})).status_code == status
    await box.close()


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    """A file where the folder should be, or a journal that is none, is one line."""
    (tmp_path / "file").write_text("x")
    for name, journal in (("words", "no journal\n"), ("list", "[1]\n"), ("phone", '{"n":1,"is":"chat","x":1}\n')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "phones.jsonl").write_text(journal)
    for folder in tmp_path.iterdir():
        with pytest.raises(BadSettings, match="--folder"):
            Sandbox(folder, FixedClock(), SeededIds())

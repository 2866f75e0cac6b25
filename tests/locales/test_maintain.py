"""The catalogues follow the code."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from locales import maintain
from locales.extraction import label_limit
from locales.maintain import catalogue_path, stale, template, wanted

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = """
# Translators: said once
GREETING = T("Hello {name}", name=T("friend"), other="not a text")
YES = L("Yes")
WORDS = T("stop|halt")
LONG = T(
    "one "
    "two"
)
"""
DATA = '{"kinds": [{"key": "drugs", "emoji": "x", "label": "Drugs"}, {"text": "Where?", "translators": "kindly"}]}'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with texts in code and data."""
    (tmp_path / "handlers").mkdir()
    (tmp_path / "bot").mkdir()
    (tmp_path / "babel.cfg").write_text((ROOT / "babel.cfg").read_text())
    (tmp_path / "handlers" / "words.py").write_text(SOURCE)
    (tmp_path / "handlers" / "kinds.json").write_text(DATA)
    return tmp_path


def _update(project: Path) -> None:
    for path, content in wanted(project).items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(content)


def test_texts_of_code_and_data_are_collected(project: Path) -> None:
    """Marked texts, nested ones and those of data files are found, with comments and button limits."""
    found = {entry.id: entry.auto_comments for entry in template(project) if entry.id}
    assert set(found) == {"Hello {name}", "friend", "Yes", "stop|halt", "one two", "Drugs", "Where?"}
    assert found["Hello {name}"] == ["Translators: said once"]
    assert found["Where?"] == ["Translators: kindly"]
    assert "separated by |" in found["stop|halt"][0]
    assert {text: label_limit(comments) for text, comments in found.items() if label_limit(comments)} == {
        "Yes": 20,
        "Drugs": 18,
    }


def test_new_texts_make_the_catalogues_stale(project: Path) -> None:
    """After an update nothing is stale; after a new text everything is."""
    _update(project)
    assert not stale(project)
    (project / "handlers" / "more.py").write_text('MORE = T("More")\n')
    assert len(stale(project)) == 5


def test_moving_code_does_not(project: Path) -> None:
    """Only texts count, not the lines they stand on."""
    _update(project)
    (project / "handlers" / "words.py").write_text("\n\n\n" + SOURCE)
    assert not stale(project)


def test_update_keeps_translations_and_their_comments(project: Path) -> None:
    """A translator's work and questions survive; texts that are gone go."""
    _update(project)
    path = project / catalogue_path("lo")
    path.write_text(
        path.read_text()
        .replace('msgid "Yes"\nmsgstr ""', 'msgid "Yes"\nmsgstr "ແມ່ນ"')
        .replace("#. Button", "# why?\n#. Button")
    )
    (project / "handlers" / "words.py").write_text('YES = L("Yes")\n')
    _update(project)
    with path.open("rb") as file:
        catalogue = read_po(file)
    assert catalogue["Yes"].string == "ແມ່ນ"
    assert catalogue["Yes"].user_comments == ["why?"]
    assert "friend" not in path.read_text()


def test_english_is_filled(project: Path) -> None:
    """The English catalogue says what the source says."""
    _update(project)
    with (project / catalogue_path("en")).open("rb") as file:
        assert all(entry.string == entry.id for entry in read_po(file) if entry.id)


def test_command(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The command updates, then finds nothing stale; wrong usage is told so."""
    monkeypatch.chdir(project)
    assert maintain.main(["--check"]) == 1
    assert "messages.pot is stale" in capsys.readouterr().err
    assert maintain.main([]) == 0
    assert maintain.main(["--check"]) == 0
    assert maintain.main(["--wrong"]) == 2

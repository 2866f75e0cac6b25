"""Brings the catalogues up to date with the code: `python -m locales.maintain [--check]`, run from the project's root.

Without `--check`: writes locales/messages.pot, updates the four catalogues, and fills the English one (its texts are
their own source). With `--check`: changes nothing; exit code 1 names the stale files.

The files hold no dates of their own (the history has them) and no line numbers, so they change only when a text does.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("th", "lo", "km", "en")
SOURCE_LANGUAGE = "en"
KEYWORDS = {"T": None, "L": None}
COMMENT_TAG = "Translators:"
TEMPLATE = Path("locales/messages.pot")
HEADER = "# NTS-Mekong Watch bot: {what}.\n# Written by `make catalogues`; see locales/README.md."
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in every header: a true one would make all catalogues differ whenever one text changes."""


def catalogue_path(language: str) -> Path:
    """Where a language's catalogue lies, from the project's root."""
    return Path("locales") / language / "LC_MESSAGES" / "messages.po"


def template(root: Path) -> Catalog:
    """All texts of the code and the data files, in reading order of each file."""
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")  # type: ignore[no-untyped-call]
    found = extract_from_dir(str(root), methods, options, keywords=KEYWORDS, comment_tags=[COMMENT_TAG])
    catalogue = Catalog()
    for name, line, message, comments, _ in sorted(found, key=lambda text: (text[0], text[1])):
        catalogue.add(message, locations=[(Path(name).as_posix(), line)], auto_comments=comments)
    return _headed(catalogue, "texts to translate")


def updated(root: Path, language: str, texts: Catalog) -> Catalog:
    """A language's catalogue with exactly these texts; translations and translators' comments stay."""
    path = root / catalogue_path(language)
    catalogue = Catalog(locale=language)
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    if language == SOURCE_LANGUAGE:
        for entry in catalogue:
            entry.string = entry.id or entry.string
    return _headed(catalogue, f"texts in language '{language}'")


def _headed(catalogue: Catalog, what: str) -> Catalog:
    """The same catalogue with a header that stays as it is when nothing changes."""
    catalogue.project, catalogue.version, catalogue.fuzzy = "mekongwatch", "0", False
    catalogue.header_comment = HEADER.format(what=what)
    catalogue.creation_date = catalogue.revision_date = _SINCE
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "-"
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as its file holds it."""
    out = BytesIO()
    write_po(out, catalogue, ignore_obsolete=True, include_lineno=False)
    return out.getvalue()


def wanted(root: Path) -> dict[Path, bytes]:
    """Every catalogue file as it should be."""
    texts = template(root)
    files = {TEMPLATE: written(texts)}
    for language in LANGUAGES:
        files[catalogue_path(language)] = written(updated(root, language, texts))
    return files


def stale(root: Path) -> dict[Path, bytes]:
    """The files that are not as they should be, with what they should hold."""
    return {
        path: content
        for path, content in wanted(root).items()
        if not (root / path).is_file() or (root / path).read_bytes() != content
    }


def main(arguments: list[str]) -> int:
    """Update, or with `--check` only compare. Returns the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m locales.maintain [--check]\n")
        return 2
    root = Path.cwd()
    files = stale(root)
    if arguments:
        for path in files:
            sys.stderr.write(f"{path} is stale: run `make catalogues`\n")
        return 1 if files else 0
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
        sys.stdout.write(f"{path} updated\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

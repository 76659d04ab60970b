"""Every text in every language: the .po files hold what the program says, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from cecot import errors
from cecot.locale import extraction
from cecot.locale.catalogue import (
    FOLDER,
    SOURCE,
    Locale,
    in_all,
    locale_of,
    locales,
    read_catalogue,
)
from cecot.locale.extraction import COMPLETE, PACKAGE, extract, places, untranslated, updated
from cecot.messages import say
from cecot.rooms import Rooms
from markup import read
from sites import site_of

FILES = sorted(FOLDER.glob("*.po"))
FOUND = extract()
OF_THE_TERMINAL = {"UsageError", "TurtleError"}
"""Errors in options and files, which no client of the service meets."""

NO_LANGUAGE = {"PREFIX ex: <https://...>"}
"""Texts of several words that are SPARQL."""


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def texts(message: Message) -> list[tuple[str, str]]:
    """What is said and how it is translated; of plural forms, each by the last English one."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(message.id[-1], each) for each in message.string]


def test_texts_are_found_wherever_they_stand() -> None:
    said = {message.id if isinstance(message.id, str) else message.id[0] for message in FOUND}
    for text in (
        "The query is empty.",  # an error
        "Bad request",  # its title
        "Nothing has this address.",  # what it means
        "Skip to the content",  # a page
        "Where to write",  # one of its paragraphs
        "{count:,} claim",  # with its plural
        "Running …",  # the script of the editor
        "fact of its source",  # the tools for models
        "Consulted at {address}",  # a citation
        "The date (EDTF)",  # a column of a table
        "seconds",  # a limit
    ):
        assert text in said


def test_no_text_is_built_where_it_cannot_be_found(capfd: pytest.CaptureFixture[str]) -> None:
    extract()
    # Babel tells of texts in f-strings, and does not find what an f-string calls.
    assert capfd.readouterr().err == ""
    for path in PACKAGE.rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            if "gettext('" in line:
                pytest.fail(f"{path.name}: a text inside an f-string: {line.strip()}")


@pytest.mark.parametrize(
    "room", ["claims", "front", "protocol", "render", "service", "sparql", "views"]
)
def test_what_an_error_says_to_a_client_is_marked_where_it_is_written(room: str) -> None:
    kinds = {
        name for name, each in vars(errors).items() if isinstance(each, type)
    } - OF_THE_TERMINAL
    for path in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in kinds:
                hints = [each.value for each in node.keywords if each.arg == "hint"]
                for text in (*node.args[:1], *hints):
                    where = f"{path.name}:{text.lineno}: say(...) is missing"
                    assert not isinstance(text, ast.Constant | ast.JoinedStr), where


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_language_has_every_text_and_none_that_is_gone(path: Path) -> None:
    translated = catalogue(path)
    assert not translated.obsolete
    said = {(each.id, each.context) for each in translated if each.id}
    assert said == {(each.id, each.context) for each in FOUND if each.id}


@pytest.mark.parametrize("language", [each for each in COMPLETE if each != SOURCE])
def test_a_complete_language_says_everything(language: str) -> None:
    translated = catalogue(FOLDER / f"{language}.po")
    assert not untranslated(translated)
    for message in translated:
        if message.id:
            assert all(text.strip() for _, text in texts(message)), message.id


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_translation_has_the_places_of_its_text(path: Path) -> None:
    for message in catalogue(path):
        for text, translation in texts(message) if message.id else ():
            if not translation:
                continue  # it is said in English
            # A form for one, or for none, need not repeat the number.
            left_out = {"{count:,}"} if isinstance(message.id, tuple | list) else set()
            assert places(translation) | left_out == places(text) | left_out, text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_as_the_command_writes_it(path: Path) -> None:
    assert updated(path) == path.read_bytes(), "run: make translations"


def test_no_text_is_said_in_another_language_by_mistake() -> None:
    same = {
        text
        for message in catalogue(FOLDER / "es.po")
        for text, translation in (texts(message) if message.id else ())
        if text == translation and any(map(str.isalpha, text)) and " " in text and "{" not in text
    }
    assert same == NO_LANGUAGE


def test_a_language_is_added_by_one_file_and_nothing_else(
    rooms: Rooms,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    site = site_of(rooms)
    made = tmp_path / "pt.po"
    made.write_bytes(b'msgid ""\nmsgstr "Language: pt\\n"\n')
    text = updated(made).decode()
    for english, portuguese in (
        ("English", "Português"),
        ("Skip to the content", "Ir ao conteúdo"),
    ):
        empty = f'msgid "{english}"\nmsgstr ""'
        assert empty in text
        text = text.replace(empty, f'msgid "{english}"\nmsgstr "{portuguese}"')
    made.write_text(text, "utf-8")
    assert updated(made).decode() == text
    monkeypatch.setattr("cecot.locale.catalogue.FOLDER", tmp_path)
    locales.cache_clear()
    request.addfinalizer(locales.cache_clear)
    page = read(site, "/?lang=pt")
    assert page.all("html")[0].attributes["lang"] == "pt"
    assert page.all("a")[0].text == "Ir ao conteúdo"
    assert "Português" in [each.text for each in page.all("a")]
    assert "Claims" in [each.text for each in page.all("a")]
    assert in_all(say("Skip to the content")).keys() == {"en", "pt"}
    assert in_all(say("Bad request")).keys() == {"en"}
    error = site.get("/nowhere", headers={"Accept-Language": "pt"})
    assert error.headers["Content-Language"] == "pt"


def test_the_command_names_what_is_left_to_translate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (FOLDER / "es.po").read_text("utf-8")
    monkeypatch.setattr(extraction, "FOLDER", tmp_path)
    for words, told in (
        ("", "0 texts"),
        ('msgstr "La consulta está vacía."', "1 text"),
        ('msgstr[1] "{count:,} afirmaciones"', "2 texts"),
    ):
        assert words in source
        source = source.replace(words, words.partition(" ")[0] + ' ""', 1) if words else source
        (tmp_path / "es.po").write_text(source, "utf-8")
        extraction.main()
        assert capsys.readouterr().out == f"es.po: {told} to translate\n"


def test_what_is_marked_fuzzy_or_missing_is_said_in_english(tmp_path: Path) -> None:
    path = tmp_path / "es.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        '#, fuzzy\nmsgid "Yes."\nmsgstr "No."\n\nmsgid "No."\nmsgstr ""\n',
        "utf-8",
    )
    spanish = read_catalogue(path)
    assert [spanish.gettext(each) for each in ("Yes.", "No.", "More")] == ["Yes.", "No.", "More"]


def test_every_language_shows_its_name_and_how_it_writes_numbers() -> None:
    english, spanish = locale_of("en"), locale_of("es")
    assert (english.name, spanish.name) == ("English", "Español")
    assert len({each.name for each in locales().values()}) == len(locales())
    numbers = (7, 1234, 12000)
    assert [english.style.whole(each) for each in numbers] == ["7", "1,234", "12,000"]
    assert [spanish.style.whole(each) for each in numbers] == ["7", "1234", "12\u00a0000"]
    said = "The query waited {seconds:.1f} s for its turn."
    assert "1,5 s" in spanish.gettext(said, seconds=1.5)
    assert "1.5 s" in english.gettext(said, seconds=1.5)


def claims(locale: Locale, count: int) -> str:
    return locale.ngettext("{count:,} claim", "{count:,} claims", count)


def test_plurals_and_contexts_are_those_of_the_language() -> None:
    spanish = locale_of("es")
    assert [claims(spanish, each) for each in (0, 1, 12000)] == [
        "0 afirmaciones",
        "1 afirmación",
        "12\u00a0000 afirmaciones",
    ]
    assert spanish.gettext("About") == "Acerca de"
    assert spanish.pgettext("what a claim is about", "About") == "Trata de"
    assert spanish.gettext("") == ""


def test_a_language_that_there_is_not_is_english() -> None:
    assert locale_of("xx") is locale_of("en")

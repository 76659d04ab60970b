"""The parts of pages: words and languages, files of their own, things, sources, other rooms."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from cecot.locale.catalogue import locales
from cecot.rooms import Rooms, find_rooms
from cecot.views.context import FOLDER, read_assets
from markup import links, read
from sites import site_of

# Languages


def test_the_language_that_is_asked_for_beats_the_one_preferred_and_stays(
    site: FlaskClient,
) -> None:
    page = read(site, "/id/cecot.html?lang=es", **{"Accept-Language": "en"})
    assert page.all("html")[0].attributes["lang"] == "es"
    inside = [link for link in links(page.all("main")[0]) if link.startswith("/id/")]
    pages = [link for link in inside if ".html" in link]
    assert pages
    assert all("lang=es" in link for link in pages)
    plain = read(site, "/id/cecot.html", **{"Accept-Language": "es"})
    assert plain.all("html")[0].attributes["lang"] == "es"
    assert sum("lang=" in link for link in links(plain)) == len(locales())


def test_the_switch_leads_to_the_same_page_and_keeps_what_was_asked(site: FlaskClient) -> None:
    page = read(site, "/claims?status=alleged&sort=-place&lang=en")
    (switch,) = [each for each in page.all("nav") if "tongues" in each.classes]
    spanish = urlsplit(links(switch)[1])
    assert spanish.path == "/claims"
    assert parse_qs(spanish.query) == {"status": ["alleged"], "sort": ["-place"], "lang": ["es"]}


def test_an_unknown_language_is_no_language(site: FlaskClient) -> None:
    page = read(site, "/?lang=xx")
    assert page.all("html")[0].attributes["lang"] == "en"
    assert not [link for link in links(page) if "lang=xx" in link and "/?" not in link]


# Files of the pages


def test_the_style_sheet_is_kept_for_good_and_packed(site: FlaskClient) -> None:
    (sheet, *_) = [
        each.attributes["href"]
        for each in read(site, "/").all("link")
        if each.attributes.get("rel") == "stylesheet"
    ]
    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", sheet)
    plain = site.get(sheet)
    assert plain.mimetype == "text/css"
    assert "immutable" in plain.headers["Cache-Control"]
    packed = site.get(sheet, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert site.get(sheet, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    assert site.get("/static/site.css").status_code == 404


def test_a_sheet_names_the_other_files_by_their_addresses(
    site: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "face.woff2").write_bytes(b"wOF2")
    sheet = b'@font-face{src:url("./face.woff2")} i{mask:url(face.woff2)} b{mask:url("other.svg")}'
    (tmp_path / "built" / "type.css").write_bytes(sheet)
    assets = read_assets(tmp_path)
    face = assets["built/face.woff2"]
    assert face.media_type == "font/woff2"
    name = face.path.removeprefix("built/").encode()
    assert assets["built/type.css"].body == (
        b'@font-face{src:url("%s")} i{mask:url("%s")} b{mask:url("other.svg")}' % (name, name)
    )
    page = site.get("/", headers={"Accept": "text/html"})
    (style,) = re.findall(r"/static/site\.[0-9a-f]+\.css", page.text)
    for named in re.findall(r'url\("([^"]+)"\)', site.get(style).text):
        assert site.get(f"/static/{named}").mimetype == "image/svg+xml"


def test_typefaces_come_from_here_are_light_and_keep_their_licences(site: FlaskClient) -> None:
    page = read(site, "/")
    assert "font-src 'self'" in site.get("/").headers["Content-Security-Policy"]
    faces = [
        each.attributes["href"] for each in page.all("link") if each.attributes.get("as") == "font"
    ]
    if not faces:
        pytest.skip("the typefaces are not built into this checkout: make setup, with npm")
    sent = [site.get(face) for face in faces]
    assert [each.mimetype for each in sent] == ["font/woff2"] * 2
    assert sum(len(each.data) for each in sent) < 120 * 1024
    notices = (FOLDER / "built" / "licences.txt").read_text("utf-8")
    for name in ("newsreader", "source-sans-3"):
        assert f"@fontsource-variable/{name}" in notices
    assert "SIL OPEN FONT LICENSE" in notices.upper()


def test_a_page_that_a_reader_has_is_not_sent_again(site: FlaskClient) -> None:
    for path in ("/", "/claims", "/search?q=prison", "/sources", "/id/cecot.html", "/id/tcc.html"):
        first = site.get(path)
        assert first.cache_control.public, path
        assert "accept-language" in {each.lower() for each in first.vary}
        again = site.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path


# Things and sources


def test_the_page_of_the_prison_says_that_its_capacity_is_not_said(site: FlaskClient) -> None:
    for language, topic, told in (
        ("en", "capacity", "not said"),
        ("es", "capacidad", "no se dice"),
    ):
        page = read(site, f"/id/cecot.html?lang={language}")
        (row,) = [
            each
            for each in page.all("tr")
            if any(head.text.casefold() == topic for head in each.all("th"))
        ]
        own, others = row.all("td")
        assert told in own.text
        assert told in others.text
        named = [each.text for each in others.walk() if "side" in each.classes][1:]
        assert [each.split()[0] for each in named] == ["Daniel", "Xiomara"]
        assert all(("planned" in each) or ("planeada" in each) for each in named)


def test_one_click_from_a_fact_are_its_speaker_its_line_and_its_words(site: FlaskClient) -> None:
    page = read(site, "/id/cecot-guard-towers.html")
    (fact,) = [e for e in page.walk() if "fact" in e.classes and e.text.startswith("19")]
    (link,) = fact.all("a")
    assert link.text == "line 27"
    told = read(site, link.attributes["href"]).all("article")[0].text
    for words in ("line 27", "19 guard towers", "Excerpt of the English Wikipedia article"):
        assert words in told


def test_a_thing_is_told_in_two_columns_the_text_itself_and_somebody_else(
    site: FlaskClient,
) -> None:
    page = read(site, "/id/cecot.html?lang=en")
    (table,) = [each for each in page.all("table") if "sides" in each.classes]
    assert [each.text for each in table.all("thead")[0].all("th")] == [
        "On",
        "The text itself",
        "Somebody else, as the text reports it",
    ]
    rows = {row.all("th")[0].text: row.all("td") for row in table.all("tbody")[0].all("tr")}
    own, others = rows["space per prisoner"]
    assert "in the text's own voice" in own.text
    assert "Financial Times" in others.text
    assert "attributed" in others.text
    assert "each prisoner is given an average of 0.6 square meters" in others.text
    for row in rows.values():
        for side in (each for cell in row for each in cell.walk() if "side" in each.classes):
            assert any("status" in each.classes for each in side.walk())


def test_headings_claim_no_more_than_the_graph(site: FlaskClient) -> None:
    for path in ("/id/cecot.html", "/id/human-rights-watch.html", "/id/salvadoran-government.html"):
        page = read(site, f"{path}?lang=en")
        headings = {each.text for tag in ("h2", "h3", "dt", "th") for each in page.all(tag)}
        assert not headings & {"Facts", "Property", "Value", "Class", "Unresolved"}
    (stated,) = [each for each in read(site, "/id/cecot.html").all("h2") if "Stated" in each.text]
    assert stated.text == "Stated by the text"


def test_a_speakers_own_page_does_not_repeat_the_speaker(site: FlaskClient) -> None:
    page = read(site, "/id/human-rights-watch.html?lang=en")
    cards = [each for each in page.all("div") if "claim" in each.classes]
    assert cards
    assert all("speaker" not in {c for e in each.walk() for c in e.classes} for each in cards)


def test_a_server_with_the_text_marks_the_words_of_a_claim_in_their_sentence(
    site: FlaskClient, rooms: Rooms, shared_dir: Path
) -> None:
    given = site_of(
        rooms, source_text=str(shared_dir / "sources" / "terrorism-confinement-center.txt")
    )
    path = "/questions/arrests?lang=en"
    sentences = [each for each in read(given, path).all("blockquote") if "quoted" in each.classes]
    (first,) = {each.text for each in sentences if "55,000" in each.text}
    assert first.startswith("In the following seven months")
    without = [each.text for each in read(site, path).all("blockquote")]
    assert not any(each.startswith("In the following seven") for each in without)


def test_the_page_of_a_figure_shows_the_claim_that_gives_it(site: FlaskClient) -> None:
    page = read(site, "/id/tcc-49-12-000-inmates.html")
    (side,) = [each for each in page.all("div") if "side" in each.classes]
    assert side.text.startswith("Daniel Noboa planned")


def test_passages_show_their_words_only_where_the_text_is_given(
    site: FlaskClient, rooms: Rooms, shared_dir: Path
) -> None:
    given = site_of(
        rooms, source_text=str(shared_dir / "sources" / "terrorism-confinement-center.txt")
    )
    words = "Terrorism Confinement Center (Spanish: Centro de Confinamiento del Terrorismo"
    for path in ("/id/tcc.html", "/id/tcc-03.html"):
        assert words in read(given, path).text
        assert words not in read(site, path).text
    assert "are not on this server" in read(site, "/id/tcc-03.html").text
    assert len(given.get("/id/tcc.html").data) < 100_000


def test_a_source_can_be_read_from_any_line(site: FlaskClient) -> None:
    page = read(site, "/id/tcc.html?after=40")
    passages = [each for each in page.all("section") if "passage" in each.classes]
    assert passages[0].attributes["id"] == "line-41"
    for after in ("x", "9" * 4301):
        assert site.get(f"/id/tcc.html?after={after}").status_code == 400


# Other rooms


def test_rooms_without_claims_have_neither_their_pages_nor_links_to_them(
    client: FlaskClient,
) -> None:
    page = read(client, "/")
    assert not [link for link in links(page) if "/claims" in link or "/sources" in link]
    assert "asserted" not in page.all("main")[0].text
    thing = read(client, "/resource.html?iri=http://garden.example/id/fern")
    assert "40" in thing.text
    assert not [e for e in thing.all("h2") if e.attributes.get("id") in ("unsaid", "said")]
    listed = read(client, "/search?type=http://garden.example/ontology%23Plant")
    assert len([link for link in links(listed) if "fern" in link or "moss" in link]) == 2


def test_pages_lead_nowhere_but_to_pages(garden: Rooms, tmp_path: Path) -> None:
    folder = shutil.copytree(garden.root, tmp_path / "garden")
    with (folder / "graph" / "plants.ttl").open("a") as file:
        file.write("id:fern :see <javascript:alert(1)>, <data:text/html,x>, <https://e.example/> .")
    page = read(site_of(find_rooms(folder)), "/resource.html?iri=http://garden.example/id/fern")
    assert "javascript:alert(1)" in page.all("main")[0].text
    assert "https://e.example/" in links(page)
    assert not [each for each in links(page) if each.startswith(("javascript:", "data:"))]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/questions/capacity?lang=es", "Se dice de otra cosa, no del CECOT"),
        ("/id/cecot.html?lang=es", "Se dice de otra cosa, no del CECOT"),
        ("/network?about=cecot&lang=es", "en las que aparece el CECOT."),
        ("/network?about=cecot&lang=en", "All claims that CECOT has a part in."),
    ],
)
def test_a_thing_is_called_within_a_sentence_as_sentences_do(
    site: FlaskClient, path: str, told: str
) -> None:
    assert told in read(site, path).text


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_fits_a_thing_alone_is_said_of_no_person(site: FlaskClient, language: str) -> None:
    told = read(site, f"/id/nayib-bukele.html?lang={language}").text
    assert "Para llevársela" not in told
    assert "about it" not in told
    assert "sobre ello" not in told
    page = read(site, f"/id/cecot.html?lang={language}").text
    words = {"en": "What the text does not say", "es": "Lo que el texto no dice"}[language]
    assert f"{words} (tcc-silence-capacity)" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_limits_are_told_in_words_and_in_sizes_that_people_read(
    site: FlaskClient, language: str
) -> None:
    page = read(site, f"/limits?lang={language}")
    rows = [
        [cell.text for cell in row.walk() if cell.tag in ("th", "td")] for row in page.all("tr")
    ]
    assert any(row[1] == "512 MiB" for row in rows)
    names = [row[0] for row in rows[1:]]
    words = {"en": "Memory of a query", "es": "Memoria de una consulta"}[language]
    assert f"{words} (memory)" in names
    assert all(re.fullmatch(r".+ \([a-z_]+\)", each) for each in names), names


def test_the_terms_of_other_vocabularies_have_words_on_the_page_of_the_dataset(
    site: FlaskClient,
) -> None:
    for language in ("en", "es"):
        names = [each.text for each in read(site, f"/dataset?lang={language}").all("th")]
        assert [each for each in names if re.search(r"\((www|purl|xmlns|spdx)\.", each)] == []
    assert "Reglas" in names


def test_what_the_text_says_itself_comes_first_where_it_states_no_fact(site: FlaskClient) -> None:
    page = read(site, "/id/salvadoran-government.html?lang=en")
    headings = [each.text for each in page.all("h2")]
    assert headings.index("Said by the text itself") < headings.index("What is said, and by whom")
    (own,) = [
        each for each in page.all("section") if each.attributes.get("aria-labelledby") == "also"
    ]
    assert "CECOT was opened by the Salvadoran government" in own.text
    # What only names it in what something else is called is no topic on which voices are compared.
    assert "may not have been possible" in own.text
    rows = [each.text for each in page.all("th") if each.attributes.get("scope") == "row"]
    assert rows == ["what is alleged"]

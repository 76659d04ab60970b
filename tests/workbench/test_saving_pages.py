"""What an editor does on the pages, without a script: make, edit, delete a claim, leave one out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cecot.cli import run
from cecot.dataset.content import read_material
from cecot.editing.index import Index
from cecot.rdf.serialization import not_of_xml
from cecot.rdf.terms import local_name, read_prefixes
from cecot.rdf.writing import format_turtle
from cecot.rooms import Rooms
from cecot.validation import validate
from cecot.vocabulary import CECOT, SKOS
from workbenches import graph_files, practice_rooms

CLAIM = "article-13-accusation"
EDIT = f"/claim/{CLAIM}"
Open = Callable[[Rooms], FlaskClient]


def fields(page: str) -> dict[str, str]:
    """What the form of a page would send if nothing were changed."""
    form = page[page.index('id="claim"') :]
    found: dict[str, str] = {}
    for match in re.finditer(r"<input\b([^>]*)>", form):
        name, value = attribute(match[1], "name"), attribute(match[1], "value")
        if name and ('type="checkbox"' not in match[1] or "checked" in match[1]):
            found[name] = value
    for match in re.finditer(r"<textarea\b([^>]*)>(.*?)</textarea>", form, re.S):
        if name := attribute(match[1], "name"):
            found[name] = unescape(match[2])
    for match in re.finditer(r"<select\b([^>]*)>(.*?)</select>", form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', match[2])
        found[attribute(match[1], "name")] = unescape(chosen[1]) if chosen else ""
    return found


def attribute(tag: str, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(match[1]) if match else ""


def text_of(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def test_what_is_saved_is_canonical_green_and_what_stood_there(
    tmp_path: Path, practice: Rooms, open_client: Open
) -> None:
    """The accusation is taken out and made again on its page: the same bytes."""
    rooms = practice_rooms(tmp_path / "again", without=[CLAIM])
    sent = fields(text_of(open_client(practice), EDIT))
    client = open_client(rooms)
    # What answers it has lost it as well.
    path = "/passage/article/13/claim"
    sent["seen"] = fields(text_of(client, path))["seen"]
    looked = client.post(path, data=sent | {"action": "check"})
    assert looked.status_code == 200
    assert "+id:article-13-accusation" in looked.get_data(as_text=True)
    assert graph_files(rooms) != graph_files(practice)
    saved = client.post(path, data=sent | {"action": "save"})
    assert saved.status_code == 303, looked.get_data(as_text=True)
    assert graph_files(rooms) == graph_files(practice)
    assert not validate(read_material(rooms)).findings
    assert run(["format", "--check", str(rooms.graph), "--rooms", str(rooms.root)]) == 0


def test_a_claim_that_breaks_a_rule_is_not_saved_and_the_rule_stands_at_its_field(
    client: FlaskClient, practice: Rooms
) -> None:
    before = graph_files(practice)
    sent = fields(text_of(client, EDIT)) | {"description_es": "", "action": "save"}
    response = client.post(EDIT, data=sent)
    page = response.get_data(as_text=True)
    assert "say-description" in page
    assert 'value="save"' not in page
    assert graph_files(practice) == before


def test_a_rule_speaks_the_language_of_the_editor(client: FlaskClient) -> None:
    client.get("/?lang=es")
    sent = fields(text_of(client, EDIT)) | {"description_es": "", "action": "check"}
    page = unescape(client.post(EDIT, data=sent).get_data(as_text=True))
    told = page.partition('id="say-description"')[2].partition("</ul>")[0]
    assert "Describa la afirmación" in told
    assert "“Una línea nuestra”" in told, "in the words of the form"
    assert "dcterms:" not in told


def test_in_spanish_an_unnamed_speaker_is_proposed_whole(client: FlaskClient) -> None:
    client.get("/?lang=es")
    asked = fields(text_of(client, "/passage/article/17/claim?words=some+books+were+thrown+away"))
    named = {name: value for name, value in asked.items() if name.startswith(("kind-", "english-"))}
    assert sorted(named.values()) == [
        "Unidentified accuser (article, line 17)",
        "https://w3id.org/cecot/ontology#UnidentifiedAgent",
    ]


def test_a_new_thing_has_its_scheme_and_what_its_name_speaks_of(
    client: FlaskClient, practice: Rooms
) -> None:
    new = "Closing of the Alder Street Library"
    sent = fields(text_of(client, EDIT)) | {"acts": new, "action": "check"}
    asked = fields(client.post(EDIT, data=sent).get_data(as_text=True))
    key = "closing-of-the-alder-street-library"
    assert asked[f"kind-{key}"].endswith("#Acts")
    assert asked[f"about-{key}"] == "Alder Street Library"
    sent |= {name: value for name, value in asked.items() if key in name}
    sent |= {f"spanish-{key}": "Cierre de la Biblioteca de Alder Street", "action": "save"}
    assert client.post(EDIT, data=sent).status_code == 303
    concepts = graph_files(practice)["concepts.ttl"]
    made = concepts.partition(f"id:{key}\n")[2].partition("\n.\n")[0]
    assert "cecot:about id:library ;" in made
    assert "skos:inScheme cecot:Acts ;" in made
    assert not validate(read_material(practice)).findings


def test_our_translation_of_a_figure_a_date_and_a_title_is_typed_and_written(
    client: FlaskClient, practice: Rooms
) -> None:
    for claim, field, old, new in (
        ("article-11-capacity", "gloss_es", "más de 80\u00a0000 libros", "80\u00a0000 y más"),
        ("article-07-windows-height", "converted_gloss_es", "3,0\u00a0m", "tres metros"),
        ("article-05-built", "gloss_es", "los años cincuenta", "la década de 1950"),
        ("article-21-title", "gloss_es", "alcaldesa", "alcaldesa mayor"),
    ):
        file = f"sources/article/{claim[8:10]}.ttl"
        before = graph_files(practice)[file]
        sent = fields(text_of(client, f"/claim/{claim}"))
        assert sent[field] == old
        sent |= {field: new, "action": "save"}
        assert client.post(f"/claim/{claim}", data=sent).status_code == 303
        by_hand = (f'cecot:gloss "{each}"@es'.replace("\u00a0", "\\u00A0") for each in (old, new))
        assert graph_files(practice)[file] == before.replace(*by_hand) != before
    assert not validate(read_material(practice)).findings


def test_a_figure_that_is_edited_keeps_our_translation(
    client: FlaskClient, practice: Rooms
) -> None:
    path = "/claim/article-07-windows-height"
    sent = fields(text_of(client, path)) | {"qualifier": "", "action": "save"}
    before = graph_files(practice)["sources/article/07.ttl"]
    assert client.post(path, data=sent).status_code == 303
    by_hand = before.replace('    cecot:qualifier "each"@en ;\n', "")
    assert graph_files(practice)["sources/article/07.ttl"] == by_hand != before


def test_a_translation_is_asked_for_in_the_other_language_and_once(client: FlaskClient) -> None:
    path = "/claim/article-07-capacity"
    asked = fields(text_of(client, path))
    assert asked["gloss_es"] == "40 lectores"
    assert "gloss_en" not in asked, "the text is in English"
    twice = asked | {"gloss_es": "40 lectores\ncuarenta lectores", "action": "check"}
    page = client.post(path, data=twice).get_data(as_text=True)
    assert "once in each" in page.partition('id="say-gloss"')[2].partition("</ul>")[0]
    client.get("/?lang=es")
    assert "Nuestra traducción" in text_of(client, path)


@pytest.mark.parametrize("character", ["\0", "\x01", "\ufffe"])
def test_a_control_character_is_not_saved(
    client: FlaskClient, practice: Rooms, character: str
) -> None:
    before = graph_files(practice)
    typed = fields(text_of(client, EDIT)) | {
        "description_en": f"A line{character}.",
        "action": "save",
    }
    answer = client.post(EDIT, data=typed)
    assert answer.status_code == 400
    assert f"U+{ord(character):04X}" in answer.get_data(as_text=True)
    assert graph_files(practice) == before


def test_of_two_windows_the_second_is_told(client: FlaskClient, practice: Rooms) -> None:
    first = fields(text_of(client, EDIT))
    second = dict(first)
    first["description_en"] = "The first window."
    assert client.post(EDIT, data=first | {"action": "save"}).status_code == 303
    second["description_en"] = "The second window."
    answer = client.post(EDIT, data=second | {"action": "save"})
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.get_data(as_text=True)
    assert "The second window." in answer.get_data(as_text=True)
    written = graph_files(practice)["sources/article/13.ttl"]
    assert "The first window." in written
    assert "The second window." not in written


def test_a_deleted_claim_takes_its_values_along_and_a_second_window_is_told(
    client: FlaskClient, practice: Rooms
) -> None:
    path = "/claim/article-07-windows-height/delete"
    page = text_of(client, path)
    assert "Is no longer a fact" in page
    seen = attribute(re.search(r'<input[^>]*name="seen"[^>]*>', page)[0], "value")  # type: ignore[index]
    assert client.post(path, data={"seen": "other"}).status_code == 409
    assert client.post(path, data={"seen": seen}).status_code == 303
    written = graph_files(practice)["sources/article/07.ttl"]
    assert "height" not in written
    assert "article-07-3-0-m" not in written
    assert client.get(path).status_code == 404


def test_a_claim_without_which_a_rule_is_broken_is_not_deleted(
    client: FlaskClient, practice: Rooms
) -> None:
    index = Index(read_material(practice))
    without_notes = (
        index.claims_of(each)
        for each in index.instances(CECOT.Passage)
        if not index.text(each, SKOS.editorialNote, "en")
    )
    name = local_name(next(claims[0] for claims in without_notes if len(claims) == 1))
    path = f"/claim/{name}/delete"
    before = graph_files(practice)
    page = text_of(client, path)
    assert 'role="alert"' in page
    assert "<button>" not in page.partition('class="findings"')[2]
    seen = attribute(
        re.search(r'<input[^>]*name="seen"[^>]*>', text_of(client, f"/claim/{name}"))[0],  # type: ignore[index]
        "value",
    )
    answer = client.post(path, data={"seen": seen})
    assert answer.status_code == 422
    assert "No claim comes from this passage." in answer.text
    assert graph_files(practice) == before
    client.get("/?lang=es")
    assert "No se puede borrar" in text_of(client, path)


def test_what_is_left_out_is_said_in_a_note(client: FlaskClient, practice: Rooms) -> None:
    page = text_of(client, "/passage/article/9")
    seen = attribute(re.search(r'<input[^>]*name="seen"[^>]*>', page)[0], "value")  # type: ignore[index]
    note = {"note_en": "Left out: “for repairs”.", "note_es": "Se omite: «for repairs»."}
    note["seen"] = seen
    assert client.post("/passage/article/9/note", data=note).status_code == 303
    assert "Left out: “for repairs”." in graph_files(practice)["sources/article/09.ttl"]
    assert client.post("/passage/article/9/note", data=note).status_code == 409


def test_a_note_in_one_language_is_not_saved(client: FlaskClient, practice: Rooms) -> None:
    page = text_of(client, "/passage/article/9")
    seen = attribute(re.search(r'<input[^>]*name="seen"[^>]*>', page)[0], "value")  # type: ignore[index]
    before = graph_files(practice)
    answer = client.post("/passage/article/9/note", data={"note_en": "Left out.", "seen": seen})
    assert answer.status_code == 400
    assert "in Spanish too" in answer.get_data(as_text=True)
    assert graph_files(practice) == before


def test_a_claim_is_corrected_where_the_text_is_not_here(
    practice: Rooms, open_client: Open
) -> None:
    shutil.rmtree(practice.texts)
    client = open_client(practice)
    assert "Claims can be corrected all the same" in text_of(client, "/passage/article/13")
    sent = fields(text_of(client, EDIT))
    assert sent["words"] == ""
    before = graph_files(practice)
    assert client.post(EDIT, data=sent | {"action": "save"}).status_code == 303
    assert graph_files(practice) == before
    sent["description_en"] = "The circle accuses the council."
    assert client.post(EDIT, data=sent | {"action": "save"}).status_code == 303
    after = graph_files(practice)
    assert [name for name in after if after[name] != before[name]] == ["sources/article/13.ttl"]
    assert '"The circle accuses the council."@en' in after["sources/article/13.ttl"]
    assert not validate(read_material(practice)).findings


def test_what_a_claim_says_already_is_marked_and_not_saved_again(
    client: FlaskClient, practice: Rooms
) -> None:
    page = text_of(client, "/passage/article/7")
    deck = page.partition('class="deck"')[2].partition("</ol>")[0]
    assert "A claim stands on these words already." in deck
    sent = fields(text_of(client, "/claim/article-07-capacity"))
    before = graph_files(practice)
    answer = client.post("/passage/article/7/claim", data=sent | {"action": "save"})
    told = answer.get_data(as_text=True).partition('id="say-words"')[2].partition("</ul>")[0]
    assert "Another claim says the same" in told
    assert graph_files(practice) == before


def test_what_is_wrong_is_told_above_and_tied_to_its_field(client: FlaskClient) -> None:
    sent = fields(text_of(client, EDIT)) | {"words": "no such words", "acts": "", "action": "check"}
    page = client.post(EDIT, data=sent).get_data(as_text=True)
    above = page.partition('role="alert"')[2].partition("</div>")[0]
    assert '<a href="#say-words">These words do not stand in the passage.</a>' in above
    tag = re.search(r'<input id="words"[^>]*>', page)
    assert tag
    assert attribute(tag[0], "aria-describedby") == "say-words"
    assert attribute(tag[0], "aria-invalid") == "true"
    assert 'id="say-words"' in page


def test_words_that_the_passage_has_not_are_told_at_once(client: FlaskClient) -> None:
    page = text_of(client, "/passage/article/7/claim?words=no+such+words")
    assert "These words do not stand in the passage." in page


def test_a_line_of_ours_names_a_new_thing_by_its_name(client: FlaskClient) -> None:
    sent = fields(text_of(client, "/claim/article-07-capacity"))
    sent |= {"subject": "Elm Street Library", "speakers": "Norwick Courier", "saying": "Say"}
    page = unescape(
        client.post(EDIT.replace(CLAIM, "article-07-capacity"), data=sent).get_data(as_text=True)
    )
    assert "Elm Street Library has a capacity of 40 readers" in page
    assert "id:elm-street-library has" not in page


def test_a_name_that_is_not_known_is_asked_for_with_those_that_are_like_it(
    client: FlaskClient, practice: Rooms
) -> None:
    sent = fields(text_of(client, EDIT)) | {"speakers": "The Circle of Readers", "action": "save"}
    page = client.post(EDIT, data=sent).get_data(as_text=True)
    assert "is not known yet" in page
    assert "Circle" in page
    sent |= {
        "kind-the-circle-of-readers": "https://w3id.org/cecot/ontology#Organization",
        "english-the-circle-of-readers": "Circle of Readers",
        "spanish-the-circle-of-readers": "Círculo lector",
    }
    assert client.post(EDIT, data=sent).status_code == 303
    files = graph_files(practice)
    assert "cecot:accuser id:circle-of-readers" in files["sources/article/13.ttl"]
    assert '"Círculo lector"@es' in "".join(files.values())


def test_what_sentences_call_a_new_thing_is_asked_for_and_written(
    client: FlaskClient, practice: Rooms
) -> None:
    path = "/claim/article-07-capacity"
    sent = fields(text_of(client, path)) | {"subject": "Reading room", "action": "check"}
    sent |= {
        "kind-reading-room": "https://w3id.org/cecot/ontology#Facility",
        "english-reading-room": "Reading room of Norwick",
        "spanish-reading-room": "Sala de lectura de Norwick",
        "inside-en-reading-room": "the reading room",
        "inside-es-reading-room": "la sala de lectura",
    }
    asked = client.post(path, data=sent).get_data(as_text=True)
    assert fields(asked)["inside-es-reading-room"] == "la sala de lectura"
    assert "The reading room has a capacity of 40 readers" in asked
    assert client.post(path, data=sent | {"action": "save"}).status_code == 303
    files = graph_files(practice)
    written = next(each for each in files.values() if "Reading room of Norwick" in each)
    assert 'cecot:inSentence "the reading room"@en' in written
    assert 'cecot:inSentence "la sala de lectura"@es' in written


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_speaks_both_languages(client: FlaskClient, language: str) -> None:
    word = {"en": "Sources", "es": "Fuentes"}[language]
    response = client.get("/", query_string={"lang": language})
    assert f'<html lang="{language}">' in response.get_data(as_text=True)
    assert word in response.get_data(as_text=True)
    assert f'<html lang="{language}">' in text_of(client, "/source/article")


def test_words_of_another_text_are_not_taken_for_those_of_the_passage(
    client: FlaskClient, practice: Rooms
) -> None:
    sent = fields(text_of(client, EDIT)) | {"words": "not there", "start": "", "end": ""}
    response = client.post(EDIT, data=sent | {"action": "save"})
    assert response.status_code == 422
    assert "do not stand in the passage" in response.get_data(as_text=True)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            ["words", "start", "end", "speakers", "saying", "subject", "predicate", "object_kind",
             "number", "edtf", "first", "date_written", "as_written", "unit", "acts", "about",
             "responds_to", "status", "object_thing", "description_en", "kind-x", "said_in"]
        ),
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(["thing", "figure", "date", "Alleged", "Accuse", "2023-02-31", "1e9",
                             "http://e.org/\x00", "<b>", "library; x; \u200b", "9999999999"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_no_input_is_a_defect_or_writes_what_is_not_turtle(
    client: FlaskClient, practice: Rooms, given_fields: dict[str, str]
) -> None:
    sent = fields(text_of(client, "/passage/article/7/claim")) | given_fields
    response = client.post("/passage/article/7/claim", data=sent | {"action": "save"})
    is_refused = any(map(not_of_xml, given_fields.values()))
    expected = (400,) if is_refused else (200, 303, 409, 422)
    assert response.status_code in expected, response.get_data(as_text=True)
    prefixes = read_prefixes(practice)
    for text in graph_files(practice).values():
        assert format_turtle(text, prefixes) == text


def test_each_file_that_is_not_turtle_is_told_with_its_place_and_its_cure(
    client: FlaskClient, practice: Rooms
) -> None:
    for path, line in (
        (practice.ontology / "cecot.ttl", "x:a a x:B ."),
        (practice.graph / "sources" / "article" / "07.ttl", "id:a cecot:name “a” ."),
        (practice.shapes / "Claim.ttl", 'id:a cecot:name "a"'),
    ):
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
    ends = {
        name: (practice.root / name).read_text("utf-8").count("\n") + 1
        for name in ("ontology/cecot.ttl", "graph/sources/article/07.ttl", "shapes/Claim.ttl")
    }
    response = client.get("/")
    assert response.status_code == 400
    for name, line_number in ends.items():
        assert f"<code>{name}:{line_number}:" in response.text
    assert "Add its PREFIX line" in response.text
    assert "Strings stand in straight quotation marks" in response.text


def test_what_another_program_writes_is_on_the_next_page(
    client: FlaskClient, practice: Rooms
) -> None:
    asked = "/passage/article/7/claim?words=40+readers"
    for file, old, new in (
        (practice.graph / "things.ttl", "Garden of the Alder", "Garden of the Elder"),
        (practice.ontology / "cecot.ttl", "people, such as inmates,", "people, say readers,"),
    ):
        assert old in text_of(client, asked)
        before = file.read_text("utf-8")
        file.write_text(before.replace(old, new), "utf-8")
        assert new in text_of(client, asked)
        file.write_text(before, "utf-8")
        assert new not in text_of(client, asked)


def test_a_rule_that_is_written_meanwhile_is_applied(client: FlaskClient, practice: Rooms) -> None:
    loud = {"action": "check", "description_en": "They turned pupils away!"}
    sent = fields(text_of(client, EDIT)) | loud
    assert "Say it quietly." not in client.post(EDIT, data=sent).text
    file = practice.shapes / "Claim.ttl"
    rule = """
        <https://example.org/Quiet> a sh:NodeShape ; sh:targetClass cecot:Claim ; sh:property [
            sh:path dcterms:description ; sh:pattern "^[^!]*$" ; sh:message "Say it quietly."@en ] .
    """
    file.write_text(file.read_text("utf-8") + rule, "utf-8")
    assert "Say it quietly." in client.post(EDIT, data=sent).text

"""Errors in the language of the reader: over HTTP, and from process to process."""

from __future__ import annotations

import pickle

import pytest
from flask.testing import FlaskClient

from cecot.errors import BudgetExceeded
from cecot.locale.catalogue import locale_of
from cecot.messages import as_data, from_data, say
from cecot.protocol.problem import in_words_of
from cecot.service.wire import pack_error, read_error, unpack

BROWSER = "text/html,application/xhtml+xml"
SPANISH = locale_of("es")


def test_problem_details_are_in_the_language_that_the_client_prefers(client: FlaskClient) -> None:
    query = {"query": "SELECT * { ?s ex:p ?o }"}
    response = client.get("/sparql", query_string=query, headers={"Accept-Language": "es"})
    problem = response.get_json()
    assert problem["title"] == "La consulta no se puede analizar"
    assert problem["detail"] == "El prefijo «ex:» no está declarado."
    assert problem["hint"] == "Escriba al principio esta línea: PREFIX ex: <IRI>"
    assert problem["type"].endswith("#query-syntax-error")
    assert response.headers["Content-Language"] == "es"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("asked", [{}, {"Accept-Language": "en"}, {"Accept-Language": "xx"}])
def test_problem_details_are_english_for_everybody_else(
    client: FlaskClient, asked: dict[str, str]
) -> None:
    response = client.get("/sparql?query=SELCT", headers=asked)
    assert response.get_json()["detail"] == "SELCT is not a word of SPARQL."
    assert response.headers["Content-Language"] == "en"
    assert "Accept-Language" in response.headers["Vary"]


def test_the_language_in_the_address_beats_the_one_preferred(client: FlaskClient) -> None:
    response = client.get("/sparql?query=SELCT&lang=es", headers={"Accept-Language": "en"})
    assert response.get_json()["detail"] == "SELCT no es una palabra de SPARQL."


def test_an_answer_does_not_depend_on_the_language(client: FlaskClient) -> None:
    response = client.get("/sparql?query=ASK{}", headers={"Accept-Language": "es"})
    assert "Content-Language" not in response.headers
    assert "Accept-Language" not in response.headers["Vary"]


def test_an_error_as_text_names_the_place_in_spanish(client: FlaskClient) -> None:
    headers = {"Accept": "text/plain", "Accept-Language": "es"}
    text = client.get("/sparql?query=SELCT", headers=headers).text
    assert text.splitlines() == [
        "400 La consulta no se puede analizar",
        "SELCT no es una palabra de SPARQL.",
        "Línea 1, columna 1.",
        "¿Quiso decir SELECT?",
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/nowhere", "Nada tiene esta dirección."),
        ("/claims?nonsense=1", "No hay ningún filtro &#39;nonsense&#39;."),
        ("/cite?of=urn:nothing", "El grafo no dice nada de urn:nothing."),
        ("/questions/nothing", "Ninguna pregunta se llama &#39;nothing&#39;."),
        ("/sparql?query=", "La consulta está vacía."),
        ("/problems", "Una consulta que no se puede analizar"),
        ("/limits", "Añada LIMIT o concrete más el patrón."),
    ],
)
def test_a_page_says_it_in_spanish(client: FlaskClient, path: str, words: str) -> None:
    page = client.get(path, headers={"Accept": BROWSER, "Accept-Language": "es"})
    assert words in page.text
    assert '<p lang="en"' not in page.text


def test_numbers_are_written_as_readers_of_spanish_do() -> None:
    error = BudgetExceeded(say("The answer is longer than {length:,} KiB.", length=65536))
    assert str(error) == "The answer is longer than 65,536 KiB."
    assert in_words_of(error, SPANISH).message == "La respuesta ocupa más de 65\u00a0536 KiB."


def test_a_value_that_was_said_is_translated_with_the_text_around_it() -> None:
    said = say("Did you mean {meant}?", meant=say("REGEX or CONTAINS"))
    assert SPANISH.gettext(said) == "¿Quiso decir REGEX o CONTAINS?"
    given = say("Did you mean {meant}?", meant="the end")
    assert SPANISH.gettext(given) == "¿Quiso decir the end?"


def test_an_error_that_comes_from_an_evaluator_can_still_be_translated() -> None:
    inner = say("Did you mean {meant}?", meant=say("a second triple pattern"))
    error = BudgetExceeded(say("The query cannot be evaluated: {error}.", error="{x}"), hint=inner)
    told = read_error(unpack(pack_error(error, retires=False))[0])
    assert (told.message, told.hint) == (error.message, error.hint)
    assert in_words_of(told, SPANISH).message == "La consulta no se puede evaluar: {x}."
    assert in_words_of(told, SPANISH).hint == "¿Quiso decir un segundo patrón de triple?"


def test_a_text_keeps_its_template_from_process_to_process() -> None:
    said = say("{name} is followed by BY.", name="{GROUP}")
    for told in (pickle.loads(pickle.dumps(said)), from_data(as_data(said, 100))):
        assert SPANISH.gettext(told) == "A {GROUP} le sigue BY."
    with pytest.raises(TypeError):
        from_data(["no template", "no values"])

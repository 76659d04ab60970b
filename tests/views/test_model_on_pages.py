"""What the model tells is on the pages: kinds, spans, hedges, sources; and in what is cited."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from cecot.dataset.description import describe
from cecot.dataset.store import Loaded, load_store
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app
from markup import read

SECOND = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX id: <https://w3id.org/cecot/id/>
id:second a cecot:Source ; rdfs:label "A second text"@en ; schema:url <https://e.example/> .
id:second-07 a cecot:Passage ; dcterms:isPartOf id:second ; schema:position 7 ;
    cecot:opensWith "The prison"@en ; cecot:endsWith "it says."@en .
id:second-07-denial a cecot:Claim ; rdfs:label "Denial"@en ; cecot:modality cecot:Attributed ;
    cecot:statedBy id:salvadoran-government ; cecot:passage id:second-07 ; cecot:saying cecot:Deny ;
    cecot:respondsTo id:tcc-33-accusation ; cecot:about id:cecot ; cecot:hedge "reportedly"@en ;
    cecot:quotedText "none of it happened"@en ; cecot:readings "It may deny a part alone."@en ;
    dcterms:description "The government denies it."@en .
"""


@pytest.fixture(scope="module")
def site(rooms: Rooms) -> FlaskClient:
    """The pages over this graph and a second text."""
    loaded = load_store(rooms)
    loaded.store.load(SECOND, format=RdfFormat.TURTLE)
    return client(loaded, loaded.store)


def client(loaded: Loaded, store: Store) -> FlaskClient:
    engine = InProcessEngine(store, prefixes=loaded.names.prefixes)
    return create_app(engine, describe(loaded, "v"), Settings()).test_client()


def test_a_line_says_of_which_text_where_there_are_several(site: FlaskClient) -> None:
    assert "line 7, A second text" in read(site, "/id/second-07-denial.html?lang=en").text
    for path in ("/id/cecot.html?", "/search?q=denies&", "/claims?about=cecot&"):
        assert "A second text" in read(site, f"{path}lang=en").text


def test_a_claim_about_a_claim_shows_what_it_answers_and_how_sure(site: FlaskClient) -> None:
    page = read(site, "/id/second-07-denial.html?lang=en")
    text = page.text
    assert "deny" in text
    assert "“reportedly”" in text
    assert "It may deny a part alone." in text
    links = [each.attributes.get("href", "") for each in page.all("a")]
    assert any("tcc-33-accusation" in each for each in links)
    assert "https://e.example/#:~:text=The%20prison,it%20says." in links


def test_an_alleged_act_is_called_so_wherever_it_is_named(site: FlaskClient) -> None:
    page = site.get("/id/act-torture.html?lang=en").text
    assert "(alleged act)" in page[: page.index("</title>")]
    assert "does not say that it happened" in page
    assert "acto alegado" in read(site, "/id/act-torture.html?lang=es").text
    assert "alleged act" in read(site, "/search?q=torture&lang=en").text
    assert site.get("/id/act-torture.json").get_json()["mention"] == "act"


@pytest.mark.parametrize(
    ("of", "english", "spanish"),
    [
        ("act-torture", "not a statement that it happened", "no enuncia que ocurriera"),
        ("noboa-prisons", "not a statement that it exists", "no enuncia que exista"),
        ("detainees", "not a statement that it exists", "no enuncia que exista"),
        ("tcc-07-unidentified-accuser", "whom the text does not name", "el texto no nombra"),
    ],
)
def test_citing_a_name_that_states_nothing_says_so(
    site: FlaskClient, of: str, english: str, spanish: str
) -> None:
    for suffix in ("txt", "bib", "ris", "json"):
        assert english in site.get(f"/cite.{suffix}?of=/id/{of}&lang=en").text
        assert spanish in site.get(f"/cite.{suffix}?of=/id/{of}&lang=es").text
    assert english not in site.get("/cite.txt?of=/id/cecot&lang=en").text


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        ("cecot", "Left open. The caption of a picture."),
        ("tcc-15-truce", "Left open. “The gang”: which one, the excerpt does not say."),
        ("sandra-torres", "As of: Torres's statement about two mega-prisons"),
        ("osiris-luna-meza", "As of: Tour of a cell block at CECOT shown in a picture (line 55)"),
        ("cecot-opening", "was opened in January 2023"),
        ("cecot-opening", "was opened by the Salvadoran government"),
        ("tcc", "May also mean (so it is no fact): “Which” may refer to"),
        ("tcc-37-accusation", "Said to have sufferedIndividuals believed"),
    ],
)
def test_what_limits_a_fact_stands_where_the_fact_does(
    site: FlaskClient, thing: str, told: str
) -> None:
    assert told in read(site, f"/id/{thing}.html?lang=en").text


@pytest.mark.parametrize("thing", ["detainees", "correcting-missteps", "youtube"])
def test_what_is_only_spoken_of_says_so_on_its_page(site: FlaskClient, thing: str) -> None:
    note = "That a thing is listed here does not say that it exists."
    assert note in read(site, f"/id/{thing}.html?lang=en").text
    assert "no dice que exista" in read(site, f"/id/{thing}.html?lang=es").text


@pytest.mark.parametrize("line", [55, 56])
def test_a_tour_of_the_prison_is_named_on_the_page_of_the_prison(
    site: FlaskClient, line: int
) -> None:
    assert f"shown in a picture (line {line})" in read(site, "/id/cecot.html?lang=en").text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Said of something else, not of CECOT"),
        ("es", "Se dice de otra cosa, no del CECOT"),
    ],
)
def test_what_is_said_of_other_things_beside_a_silence_is_headed_so(
    site: FlaskClient, language: str, told: str
) -> None:
    text = read(site, f"/id/cecot.html?lang={language}").text
    assert text.partition(told)[2].strip().startswith("Daniel Noboa")


def test_names_that_are_only_searched_for_are_not_shown(site: FlaskClient) -> None:
    assert "hiddenLabel" not in read(site, "/id/salvadoran-government.html?lang=en").text
    assert "salvadoran-government" in site.get("/search?q=Bukele%27s+government&lang=en").text


def test_what_is_absent_is_nowhere_called_silence(site: FlaskClient) -> None:
    assert "does not mean that the texts do not say it" in read(site, "/about?lang=en").text
    assert "no significa que los textos no lo digan" in read(site, "/about?lang=es").text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/claims?q=increased&lang=en", "may also mean something else"),
        ("/id/tcc-17-led-to-violence.html?lang=en", "may also mean something else"),
        ("/id/tcc-17-led-to-violence.html?lang=es", "también puede significar otra cosa"),
        ("/claims?status=hedged&lang=en", "“may”"),
        ("/id/tcc-09-not-possible-without.html?lang=en", "“may”"),
        ("/id/state-of-exception.html?lang=en", "“may”"),
    ],
)
def test_a_reserve_stands_beside_the_status(site: FlaskClient, path: str, told: str) -> None:
    page = read(site, path)
    assert told in " ".join(
        each.text for each in page.all("span") if each.attributes.get("class") == "standing"
    )


@pytest.mark.parametrize(
    ("document", "note"),
    [
        ("act-torture", "That an act is listed here does not say that it happened."),
        ("human-rights-watch", "That an act is listed here does not say that it happened."),
        ("noboa-prisons", "That it was announced is a fact; nothing about it is."),
        ("tcc-35-unidentified-report", "whom the text mentions without a name"),
        ("shared-cells", "That a thing is listed here does not say that it exists."),
    ],
)
@pytest.mark.parametrize("suffix", ["jsonld", "ttl", "nt", "rdf"])
def test_a_document_says_what_no_text_says_that_there_is(
    site: FlaskClient, document: str, suffix: str, note: str
) -> None:
    assert note in site.get(f"/id/{document}.{suffix}").text


def test_the_method_says_what_we_leave_out_and_what_is_our_reading(site: FlaskClient) -> None:
    told = read(site, "/method?lang=en").text
    assert "is not left out" not in told
    assert "this is our reading" in told
    assert "not where the sentence may mean something else" in told
    assert "nuestra lectura" in read(site, "/method?lang=es").text


def test_a_title_stands_in_its_own_words_with_our_translation_once(site: FlaskClient) -> None:
    text = read(site, "/id/rene-merino-monroy.html?lang=es").text
    stated = text.partition("Qué se dice")[0]
    assert "Minister of Defense" in stated
    assert stated.count("Traducción nuestra: ministro de Defensa.") == 1
    assert "Our translation" not in read(site, "/id/rene-merino-monroy.html?lang=en").text

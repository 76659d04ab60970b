"""Everything in files: each says the same graph, and its checksums are true."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from cecot.dataset.description import Description, describe
from cecot.dataset.store import Loaded, load_store
from cecot.render.dumps import Dumps, expected, read_dumps, write_dumps
from cecot.render.table import FOR_PROGRAMS
from cecot.rooms import Rooms
from cecot.vocabulary import CECOT, LANGUAGES, RDF
from graphs import isomorphic

HOST = "https://graph.example"
READERS = {
    "cecot.ttl": RdfFormat.TURTLE,
    "cecot.nt": RdfFormat.N_TRIPLES,
    "cecot.rdf": RdfFormat.RDF_XML,
    "cecot.jsonld": RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def loaded(rooms: Rooms) -> Loaded:
    return load_store(rooms)


@pytest.fixture(scope="module")
def description(loaded: Loaded) -> Description:
    return describe(loaded)


@pytest.fixture(scope="module", params=["canonical", "streamed"])
def dumps(
    request: pytest.FixtureRequest,
    loaded: Loaded,
    description: Description,
    tmp_path_factory: pytest.TempPathFactory,
) -> Dumps:
    """The files of the real graph: as small graphs are written, and as large ones are."""
    folder = tmp_path_factory.mktemp("dumps") / "new"
    large = 0 if request.param == "streamed" else description.triples
    write_dumps(loaded, description, folder, HOST, large=large)
    return read_dumps(folder)


def content(dumps: Dumps, name: str) -> bytes:
    return gzip.decompress(dumps.path(name).read_bytes())


def test_every_file_is_there_and_its_checksums_are_true(
    dumps: Dumps, description: Description
) -> None:
    assert dumps.is_of(description.version)
    assert expected(description) == {
        each.name: each.media_type for each in dumps.files.values() if each.kind != "sitemap"
    }
    for name, dump in dumps.files.items():
        packed = dumps.path(name).read_bytes()
        plain = gzip.decompress(packed)
        assert (dump.length, dump.packed_length) == (len(plain), len(packed))
        assert dump.sha256 == hashlib.sha256(plain).hexdigest()
        assert dump.packed_sha256 == hashlib.sha256(packed).hexdigest()


def test_the_checksum_of_the_nquads_is_the_version_of_the_graph(
    dumps: Dumps, description: Description
) -> None:
    assert dumps.files["cecot.nq"].sha256 == description.version


def test_every_format_says_the_same_graph(dumps: Dumps) -> None:
    quads = list(parse(content(dumps, "cecot.nq"), RdfFormat.N_QUADS))
    default = [quad.triple for quad in quads if not isinstance(quad.graph_name, NamedNode)]
    for name, rdf_format in READERS.items():
        found = [quad.triple for quad in parse(content(dumps, name), rdf_format)]
        assert isomorphic(found, default), name
    graphs = {str(quad.graph_name) for quad in parse(content(dumps, "cecot.trig"), RdfFormat.TRIG)}
    assert graphs == {str(quad.graph_name) for quad in quads}


def test_the_turtle_of_rdf_1_2_reifies_each_claim(dumps: Dumps) -> None:
    triples = [quad.triple for quad in parse(content(dumps, "cecot.rdf12.ttl"), RdfFormat.TURTLE)]
    reified = [each for each in triples if isinstance(each.object, Triple)]
    assert len(reified) > 100
    assert {each.predicate.value for each in reified} == {str(RDF) + "reifies"}
    assert not [each for each in triples if each.predicate.value == str(RDF.subject)]
    claims = {each.subject for each in triples if str(each.object) == f"<{CECOT.Claim}>"}
    assert {each.subject for each in reified} <= claims


def test_the_table_has_a_line_for_each_claim_with_status_speaker_and_line(
    dumps: Dumps, description: Description
) -> None:
    rows = list(csv.DictReader(io.StringIO(content(dumps, "claims.csv").decode())))
    assert len(rows) == description.classes[CECOT.Claim]
    for row in rows:
        assert row["status"]
        assert row["speaker"]
        assert row["speaker_label_es"]
        assert int(row["line"])
        assert row["status"] == "Asserted" or row["description_es"]
    said = {row["claim"].rpartition("/")[2]: row for row in rows}
    space = said["tcc-29-space-per-prisoner"]
    assert space["status"] == "Attributed"
    assert space["number"] == "0.6"
    assert space["unit"] == "MTK"
    assert space["object_label_en"] == "0.6 square meters"
    assert space["speaker_label_en"] == "Financial Times"
    assert space["quotation"] == "each prisoner is given an average of 0.6 square meters"
    accusation = said["tcc-33-accusation"]
    assert accusation["accused_label_en"] == "Salvadoran government"
    assert accusation["act_label_es"].count(" | ") == 4
    assert not accusation["object"]


def test_the_table_reads_as_sentences_that_never_lose_status_and_speaker(dumps: Dumps) -> None:
    rows = list(csv.DictReader(io.StringIO(content(dumps, "claims.csv").decode())))
    statuses: dict[str, set[str]] = {row["status"]: set() for row in rows}
    for row in rows:
        for language in ("en", "es"):
            told, _, said = row[f"statement_{language}"].partition(": ")
            assert said
            speakers = row[f"speaker_label_{language}"].split(" | ")
            assert all(each.casefold() in told.casefold() for each in speakers)
            statuses[row["status"]].add(told.split()[0])
    assert statuses["Alleged"] == {"Alleged", "Alegado"}
    assert all(len(each) == 2 for each in statuses.values())
    assert len(set().union(*statuses.values())) == 2 * len(statuses)
    said = {row["claim"].rpartition("/")[2]: row for row in rows}
    space = said["tcc-29-space-per-prisoner"]
    assert (space["unit_label_en"], space["unit_label_es"]) == ("square metre", "metro cuadrado")
    assert said["tcc-43-when"]["statement_es"].endswith(
        ": Fecha del anuncio de Bukele sobre una cárcel: 1 de junio de 2023"
    )
    assert "finales de 2022" in said["tcc-05-built"]["statement_es"]


def test_the_sentence_comes_first_then_the_claim_and_its_status() -> None:
    names = [each.name for each in FOR_PROGRAMS]
    assert names[:4] == ["statement_en", "statement_es", "claim", "status"]
    assert names[names.index("unit_label_es") + 1] == "victims"


def test_a_figure_comes_with_what_limits_it_and_an_allegation_with_its_evidence(
    dumps: Dumps,
) -> None:
    rows = csv.DictReader(io.StringIO(content(dumps, "claims.csv").decode()))
    said = {row["claim"].rpartition("/")[2]: row for row in rows}
    space = said["tcc-29-space-per-prisoner"]
    assert space["qualifier_en"] == "average, each prisoner"
    assert space["converted"] == "6.5\N{NO-BREAK SPACE}sq\N{NO-BREAK SPACE}ft"
    assert any(row["alleged_quantity_label_en"] == "tens of thousands" for row in said.values())
    assert any(row["said_in_label_en"] for row in said.values())
    assert all(row["source_label_en"] for row in said.values())


def test_what_most_people_want_comes_first(dumps: Dumps) -> None:
    names = [each.name for each in dumps.offered()]
    assert names[:3] == ["claims.csv", "cecot.ttl", "cecot.nt"]
    known = [each for each in names if each.rpartition(".")[2] in ("trig", "ttl", "json")]
    assert known[1:] == ["cecot.trig", "cecot.rdf12.ttl", "claims.csv-metadata.json"]
    assert {*names} == {name for name, each in dumps.files.items() if each.kind != "sitemap"}


def test_every_column_of_the_table_is_explained_in_both_languages(dumps: Dumps) -> None:
    told = json.loads(content(dumps, "claims.csv-metadata.json"))
    assert told["url"] == "claims.csv"
    header = content(dumps, "claims.csv").decode().splitlines()[0].split(",")
    columns = told["tableSchema"]["columns"]
    assert header == [each["titles"] for each in columns] == [each.name for each in FOR_PROGRAMS]
    for each in columns:
        assert {words["@language"] for words in each["dc:description"]} >= {*LANGUAGES}
        assert all(words["@value"] for words in each["dc:description"])


def test_the_sitemap_lists_what_has_a_page_and_no_figure(dumps: Dumps) -> None:
    text = content(dumps, "sitemap-1.xml").decode()
    assert f"<loc>{HOST}/id/cecot.html</loc>" in text
    assert f"<loc>{HOST}/id/tcc-33-accusation.html</loc>" in text
    assert "tcc-29-6-5-sq-ft" not in text


def test_files_are_the_same_on_every_run(
    loaded: Loaded, description: Description, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        write_dumps(loaded, description, tmp_path / name, HOST)
    one, two = read_dumps(tmp_path / "one"), read_dumps(tmp_path / "two")
    assert one.files == two.files


def test_nothing_is_ready_before_it_is_written(tmp_path: Path) -> None:
    ready = read_dumps(tmp_path / "nothing")
    assert not ready.files
    assert not ready.is_complete
    assert not ready.is_of("")


def test_a_world_without_claims_has_no_table_of_them(foreign_rooms: Rooms, tmp_path: Path) -> None:
    loaded = load_store(foreign_rooms)
    description = describe(loaded)
    write_dumps(loaded, description, tmp_path, HOST)
    ready = read_dumps(tmp_path)
    assert {each for each in ready.files if "sitemap" not in each} == expected(description).keys()
    assert "garden.ttl" in ready.files
    assert "claims.csv" not in ready.files
    assert ready.files["garden.nq"].sha256 == description.version

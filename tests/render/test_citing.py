"""References that reference managers read: by their parsers, what went in comes out."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import replace
from datetime import date

import latexcodec  # registers the codec "ulatex"
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Entry, parse_string

from cecot.render.citations import Citation, as_bibtex, as_csl, as_ris, as_text, latex, shortened

assert latexcodec

# The fields of the CSL-JSON schema (csl-data.json 1.0.2) that are used here, and their types.
CSL = {
    "id": str,
    "type": str,
    "title": str,
    "container-title": str,
    "author": list,
    "publisher": str,
    "issued": dict,
    "accessed": dict,
    "version": str,
    "URL": str,
    "note": str,
    "language": str,
}
CSL_TYPES = {"dataset", "entry"}
HARD = r"50 % & $5 #1 _x_ {y} ~z ^2 \alpha «é» “q” 0,6 m²"
VERSION = "0123456789abcdef" * 4
CITATION = Citation(
    key="tcc-29-space",
    kind="entry",
    title=HARD,
    container="Who says what",
    authors=("Ana & Co.", "Élie"),
    version=VERSION,
    issued=date(2026, 11, 24),
    permalink="https://example.org/id/a%20b_c#d",
    language="en",
    remarks=("Status: attributed; said by: a newspaper", "Place: line 29, a source"),
    consulted_at="https://host.example/id/a.html",
    accessed=date(2026, 11, 25),
)
BARE = Citation("k", "dataset", "T", "", (), VERSION, None, "https://example.org/", "es")
titles = st.text(alphabet="aé {}\\%&$#_~^-\"'@,=“”\n", max_size=30).filter(lambda t: t.strip())


def entry(citation: Citation) -> Entry:
    """What pybtex reads: exactly one entry."""
    found = parse_string(as_bibtex(citation), "bibtex").entries
    assert list(found) == [citation.key]
    return found[citation.key]


def printed(value: str) -> str:
    """What LaTeX would print of a field, without the braces that keep its capitals."""
    text = str(codecs.decode(value.replace("{}", " "), "ulatex"))
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def test_bibtex_keeps_what_means_something_to_latex() -> None:
    fields = entry(CITATION).fields
    assert fields["title"] == "{" + latex(HARD) + "}"
    assert fields["url"] == CITATION.permalink
    assert fields["urldate"] == "2026-11-25"
    assert fields["year"] == "2026"
    assert fields["month"] == "November"
    assert fields["version"] == "0123456789ab"
    assert VERSION in fields["note"]
    assert "Status: attributed; said by: a newspaper" in fields["note"]
    assert [str(each) for each in entry(CITATION).persons["author"]] == [
        r"{Ana \& Co.}",
        "{Élie}",
    ]


@pytest.mark.parametrize("sign", "%&#_")
def test_each_special_sign_is_printed_as_itself(sign: str) -> None:
    assert printed(latex(f"a {sign} b")) == f"a {sign} b"


@pytest.mark.parametrize(("code", "name"), [("en", "english"), ("es", "spanish"), ("fr", "french")])
def test_bibtex_names_the_language_as_latex_does(code: str, name: str) -> None:
    entry = parse_string(as_bibtex(replace(CITATION, language=code)), "bibtex").entries[
        CITATION.key
    ]
    assert entry.fields["language"] == name


def test_money_begins_no_formula() -> None:
    assert latex("$5") == r"\$5"


@given(titles)
def test_no_title_breaks_out_of_its_field(title: str) -> None:
    hard = Citation("k", "entry", title, title, (title,), VERSION, None, "https://e.org/", "en")
    fields = entry(hard).fields
    assert fields["title"] == "{" + latex(title) + "}"
    assert fields["title"].count("{") == fields["title"].count("}")
    assert fields["howpublished"] == latex(title)


def test_an_address_cannot_end_its_field() -> None:
    odd = Citation("k", "entry", "t", "", (), VERSION, None, "https://e.org/}{\\ %20", "en")
    assert entry(odd).fields["url"] == "https://e.org/%7D%7B%5C%20%20"


def test_ris_is_read_by_its_parser() -> None:
    text = as_ris(CITATION)
    assert text.startswith("TY  - ELEC\r\n")
    assert text.endswith("ER  - \r\n")
    (record,) = rispy.loads(text)
    assert record["title"] == HARD
    assert record["secondary_title"] == "Who says what"
    assert record["authors"] == ["Ana & Co.", "Élie"]
    assert record["year"] == "2026"
    assert record["access_date"] == "2026/11/25"
    assert record["urls"] == [CITATION.permalink]
    assert record["edition"] == "version 0123456789ab"
    assert VERSION in record["notes"][0]


@given(titles)
def test_no_title_starts_a_field_of_its_own_in_ris(title: str) -> None:
    sneaky = f"{title}\r\nTY  - BOOK"
    records = rispy.loads(
        as_ris(Citation("k", "entry", sneaky, "", (), VERSION, None, "https://e.org/", "en"))
    )
    assert [each["type_of_reference"] for each in records] == ["ELEC"]


@pytest.mark.parametrize("citation", [CITATION, BARE])
def test_csl_has_only_fields_of_its_schema(citation: Citation) -> None:
    (item,) = json.loads(as_csl(citation))
    assert {name: type(value) for name, value in item.items()}.items() <= CSL.items()
    assert {"id", "type"} <= item.keys()
    assert item["type"] in CSL_TYPES


def test_csl_tells_days_in_parts_and_names_as_they_are() -> None:
    (item,) = json.loads(as_csl(CITATION))
    assert item["accessed"] == {"date-parts": [[2026, 11, 25]]}
    assert item["author"] == [{"literal": "Ana & Co."}, {"literal": "Élie"}]
    assert item["title"] == HARD
    assert VERSION in item["note"]


def test_without_an_author_bibtex_has_what_styles_sort_by_and_nobody_is_made_up() -> None:
    found = entry(BARE)
    assert not found.persons
    assert found.fields["key"] == "{T}"
    assert entry(replace(CITATION, authors=())).fields["key"] == "{Who says what}"
    assert "key" not in entry(CITATION).fields
    assert "author" not in json.loads(as_csl(BARE))[0]
    assert "AU  - " not in as_ris(BARE)
    assert "publisher" not in as_bibtex(BARE)


def test_a_publisher_is_named_where_each_format_has_a_place_for_it() -> None:
    published = replace(BARE, publishers=("Ana & Co.",))
    assert entry(published).fields["publisher"] == r"{Ana \& Co.}"
    assert json.loads(as_csl(published))[0]["publisher"] == "Ana & Co."
    assert rispy.loads(as_ris(published))[0]["publisher"] == "Ana & Co."


def test_a_claim_is_cited_with_its_status_its_speaker_and_its_place() -> None:
    for write in (as_text, as_bibtex, as_ris, as_csl):
        assert "Status: attributed; said by: a newspaper" in write(CITATION)
        assert "Place: line 29, a source" in write(CITATION)


def test_the_sentence_reads_as_a_footnote() -> None:
    plain = Citation(
        "capacity", "dataset", "How many?", "A graph", (), VERSION, date(2026, 11, 24),
        "https://e.org/q", "en", (), "https://h.example/q", date(2026, 11, 25),
    )  # fmt: skip
    assert as_text(plain) == (
        "“How many?” A graph, version 0123456789ab, 24 November 2026. https://e.org/q "
        "(consulted on 25 November 2026 at https://h.example/q)"
    )
    assert as_text(BARE) == "T, versión 0123456789ab. https://example.org/"


def test_a_version_is_read_by_its_beginning_and_one_that_is_not_known_is_no_number() -> None:
    assert shortened("ab" * 32) == "abababababab"
    assert shortened("unversioned-0123456789abcdef") == "unversioned"

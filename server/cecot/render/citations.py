"""A reference to something in the graph, in the forms that reference managers read.

BibTeX (with the fields of biblatex), RIS, CSL-JSON 1.0.2, and a sentence for people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import babel
from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import Claim
from cecot.claims.subgraph import query
from cecot.claims.thing import Thing
from cecot.dataset.description import Description
from cecot.dataset.questions import Question
from cecot.dates import readable_date
from cecot.engine import Engine
from cecot.locale.catalogue import Locale, locale_of
from cecot.messages import say
from cecot.rdf.terms import iri_of
from cecot.sparql.asking import Row, select
from cecot.vocabulary import DCTERMS

SHORT = 12
"""Digits of a version that tell it from every other one in practice."""
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "\N{NO-BREAK SPACE}": "~",
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - as BibTeX says


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reference says, in ``language``.

    ``container`` is the larger work in which a part stands: a thing, a claim, the answer to a
    question. ``kind`` is a type of CSL. There may be no ``authors`` and no ``publishers``.
    ``version`` is the whole hash of the graph, ``issued`` the day of its last change, ``accessed``
    the day of reading, ``permalink`` the permanent IRI, ``consulted_at`` the address at which it
    was read. ``remarks`` are sentences: of a claim its status, its speaker and its place, without
    which it is not to be cited.
    """

    key: str
    kind: str
    title: str
    container: str
    authors: tuple[str, ...]
    version: str
    issued: date | None
    permalink: str
    language: str
    remarks: tuple[str, ...] = ()
    consulted_at: str = ""
    accessed: date | None = None
    publishers: tuple[str, ...] = ()

    @property
    def short_version(self) -> str:
        """The beginning of the hash."""
        return shortened(self.version)

    @property
    def locale(self) -> Locale:
        """The citation's own language."""
        return locale_of(self.language)

    @property
    def edition(self) -> str:
        """The version in words."""
        return self.locale.gettext("version {version}", version=self.short_version)

    @property
    def consulted(self) -> str:
        """When and where it was read; empty if neither is known."""
        if not self.consulted_at:
            return ""
        if self.accessed is None:
            return self.locale.gettext("Consulted at {address}", address=self.consulted_at)
        day = readable_date(self.accessed.isoformat(), self.language)
        return self.locale.gettext(
            "Consulted on {date} at {address}", date=day, address=self.consulted_at
        )

    @property
    def note(self) -> str:
        """All remarks as one text."""
        whole = self.locale.gettext("SHA-256 of the graph (RDFC-1.0): {hash}", hash=self.version)
        return " ".join(f"{each}." for each in (*self.remarks, self.consulted, whole) if each)


def as_text(citation: Citation) -> str:
    """A sentence for a footnote."""
    title = citation.title
    if citation.container:
        stop = "" if title.endswith(("?", "!", ".")) else "."
        opens, closes = citation.locale.gettext("“{text}”").split("{text}")
        # What stands in quotation marks within these has others.
        inside = title.translate(str.maketrans(opens + closes, _INNER.get(opens, opens + closes)))
        title = f"{opens}{inside}{stop}{closes} {citation.container}"
    issued = (
        readable_date(citation.issued.isoformat(), citation.language) if citation.issued else ""
    )
    parts = (
        ", ".join(citation.authors),
        ", ".join(filter(None, (title, citation.edition, issued))),
        *citation.remarks,
    )
    sentences = [part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part]
    consulted = citation.consulted
    read = f" ({consulted[0].lower()}{consulted[1:]})" if consulted else ""
    return f"{' '.join(sentences)} {citation.permalink}{read}"


def as_csl(citation: Citation) -> str:
    """A list of one item in CSL-JSON."""
    item: dict[str, object] = {
        "id": citation.key,
        "type": citation.kind,
        "title": citation.title,
        "container-title": citation.container,
        "author": [{"literal": each} for each in citation.authors],
        "publisher": ", ".join(citation.publishers),
        "issued": _date_parts(citation.issued),
        "accessed": _date_parts(citation.accessed),
        "version": citation.short_version,
        "URL": citation.permalink,
        "note": citation.note,
        "language": citation.language,
    }
    filled = {name: value for name, value in item.items() if value}
    return json.dumps([filled], ensure_ascii=False, indent=2) + "\n"


def as_ris(citation: Citation) -> str:
    """A record in RIS; its lines end as the format wants them."""
    return "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in _ris_fields(citation))


def _ris_fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "DATA" if citation.kind == "dataset" else "ELEC"
    yield "TI", citation.title
    if citation.container:
        yield "T2", citation.container
    for author in citation.authors:
        yield "AU", author
    for publisher in citation.publishers:
        yield "PB", publisher
    if citation.issued:
        yield "PY", f"{citation.issued:%Y}"
        yield "DA", f"{citation.issued:%Y/%m/%d}"
    if citation.accessed:
        yield "Y2", f"{citation.accessed:%Y/%m/%d}"
    yield "ET", citation.edition
    yield "UR", citation.permalink
    yield "LA", citation.language
    yield "N1", citation.note
    yield "ID", citation.key
    yield "ER", ""


def as_bibtex(citation: Citation) -> str:
    """An entry of the type misc, which every style knows."""
    lines = [f"  {name} = {{{value}}}," for name, value in _bibtex_fields(citation)]
    if citation.issued:
        lines.append(f"  month = {_MONTHS[citation.issued.month - 1]},")
    return "\n".join([f"@misc{{{citation.key},", *lines, "}", ""])


def _bibtex_fields(citation: Citation) -> Iterator[tuple[str, str]]:
    if citation.authors:
        yield "author", " and ".join(f"{{{latex(each)}}}" for each in citation.authors)
    else:
        # What styles sort by, and warn without, where there is no author (btxdoc, 3.2: "key").
        yield "key", f"{{{latex(citation.container or citation.title)}}}"
    # The second pair of braces keeps capitals as they are.
    yield "title", f"{{{latex(citation.title)}}}"
    if citation.container:
        yield "howpublished", latex(citation.container)
    if citation.publishers:
        yield "publisher", f"{{{latex(', '.join(citation.publishers))}}}"
    if citation.issued:
        yield "year", f"{citation.issued:%Y}"
    yield "version", citation.short_version
    yield "url", _verbatim(citation.permalink)
    if citation.accessed:
        yield "urldate", citation.accessed.isoformat()
    yield "language", str(babel.Locale.parse(citation.language).get_language_name("en")).lower()
    yield "note", latex(citation.note)


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """A form that reference managers read: what people call it, and how its files end."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Citation], str]


CITATION_FORMATS: tuple[CitationFormat, ...] = (
    CitationFormat("BibTeX", "bib", "application/x-bibtex", as_bibtex),
    CitationFormat("RIS", "ris", "application/x-research-info-systems", as_ris),
    CitationFormat("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", as_csl),
)


def latex(text: str) -> str:
    """``text`` so that LaTeX prints it, with braces in pairs, as BibTeX counts them."""
    return "".join(_LATEX.get(each, each) for each in _one_line(text))


def _verbatim(address: str) -> str:
    """An address as it is; what would end the field, or the line, is percent-encoded."""
    return re.sub(r"[{}\\\s]", lambda match: f"%{ord(match[0]):02X}", address)


def _one_line(text: str) -> str:
    return re.sub(r"[ \t\r\n\v\f\x00-\x1f\u2028\u2029]+", " ", text).strip(" ")


def _date_parts(day: date | None) -> dict[str, object] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


SHORT_KEY = 8
"""Digits of the version in the key of the dataset, whose every version is another work."""

_INNER = {
    "“": "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}",
    "«": "“”",
}
"""Quotation marks within those that begin so."""

_NOBODY = Literal("")


def shortened(version: str) -> str:
    """``version`` as people read it; that of an engine which states none is "unversioned"."""
    return version.partition("-")[0][:SHORT]


def cite_dataset(engine: Engine, description: Description, language: str) -> Citation:
    """The dataset as a whole: by whoever its description names as creator, or as publisher.

    Raises what the engine raises.
    """
    rows = select(engine, query("makers"))
    found = rows[0]["dataset"] if rows else None
    iri = found.value if isinstance(found, NamedNode) else description.names.base
    own = [row for row in rows if row["dataset"] == found]
    publishers = _names(own, DCTERMS.publisher, language)
    return Citation(
        key=f"{_key(description, iri) or 'dataset'}-{description.version[:SHORT_KEY]}",
        kind="dataset",
        title=description.title(language),
        container="",
        # Who publishes a dataset without naming an author stands for it; nobody is made up.
        authors=_names(own, DCTERMS.creator, language) or publishers,
        publishers=publishers,
        version=description.version,
        issued=description.day,
        permalink=iri,
        language=language,
    )


def _names(rows: Iterable[Row], role: str, language: str) -> tuple[str, ...]:
    """What those are called who have the ``role``: in ``language``, or in none."""
    names = {
        name.value: None
        for row in rows
        if iri_of(row.get("role", _NOBODY)) == role
        if isinstance(name := row.get("name"), Literal | NamedNode)
        if not isinstance(name, Literal) or name.language in (None, "", language)
    }
    return tuple(names)


def cite_question(whole: Citation, description: Description, question: Question) -> Citation:
    """The answer to ``question``, a part of the dataset that ``whole`` cites, in its language."""
    iri = question.iri(description.names.base)
    return _part(whole, description, iri, question.title(whole.language))


def cite_thing(whole: Citation, description: Description, thing: Thing) -> Citation:
    """A thing; of a claim what it says, with its status, its speakers and its places.

    It is a part of the dataset that ``whole`` cites, in the language of that. A figure or a date
    comes with the claims that state it.
    """
    claim, language = thing.claim, whole.language
    if claim:
        title, remarks = claim.said(language), _remarks(claim, language)
    else:
        title, mention = thing.node.label(language).value, thing.node.mention
        remarks = [locale_of(language).gettext(_CAUTIONS[mention])] if mention else []
        for each in thing.claims if thing.value else ():
            if {"object", "quantity"} & set(each.roles):
                said = each.claim.said(language)
                remarks += [said, *_remarks(each.claim, language)]
    part = _part(whole, description, thing.iri, title)
    return replace(part, kind="entry", remarks=tuple(remarks))


_CAUTIONS = {
    "act": say("Name of an alleged act: not a statement that it happened; cite the claims instead"),
    "spoken": say(
        "Name of something spoken of: not a statement that it exists; cite the claims instead"
    ),
    "proposal": say(
        "Name of something announced: not a statement that it exists; cite the claims instead"
    ),
    "unidentified": say(
        "Our name for somebody whom the text does not name: not a statement; cite the claims "
        "instead"
    ),
}
"""What to know before citing the name of what no text says that there is."""


def _remarks(claim: Claim, language: str) -> list[str]:
    """Without these a claim is not to be read."""
    locale = locale_of(language)
    status = claim.modality.label(language).value if claim.modality else claim.status
    speakers = ", ".join(each.label(language).value for each in claim.speakers)
    said_by = (
        locale.gettext("said by: {speakers}", speakers=speakers)
        if speakers
        else locale.gettext("no speaker named")
    )
    remarks = ["; ".join((locale.gettext("Status: {status}", status=status), said_by))]
    if claim.hedge:
        words = claim.hedge.first(language).value
        remarks.append(locale.gettext("With the reservation “{words}”", words=words))
    if claim.as_of:
        moments = ", ".join(each.written_in(language) for each in claim.as_of)
        remarks.append(locale.gettext("As of: {moment}", moment=moments))
    for place in claim.places:
        if place.source and place.line is not None:
            source = place.source.label(language).value
            remarks.append(
                locale.gettext("Place: line {line}, {source}", line=place.line, source=source)
            )
    open_ = (each.value for each in claim.unresolved.read_in(language))
    remarks += [locale.gettext("Unresolved: {what}", what=each).rstrip(".") for each in open_]
    readings = (each.value for each in claim.readings.read_in(language))
    return remarks + [
        locale.gettext("May also mean: {what}", what=each).rstrip(".") for each in readings
    ]


def _part(whole: Citation, description: Description, iri: str, title: str) -> Citation:
    """A part of ``whole``."""
    return replace(
        whole,
        key=_key(description, iri) or whole.key,
        title=title,
        container=whole.title,
        permalink=iri,
    )


def _key(description: Description, iri: str) -> str:
    """A key that BibTeX reads, in letters, digits and hyphens; empty if ``iri`` has no end.

    It is the prefix of the ontology and the end of the IRI, so that it is known for what it is
    among the references of other works, and stays the same whenever it is made.
    """
    names = description.names
    end = iri.removeprefix(names.namespace).removeprefix(names.base)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", end).strip("-")
    prefix = names.prefixes.split(f"{names.ontology_iri.rstrip('#')}#x")
    return "-".join(filter(None, (prefix[0] if prefix else "", slug))) if slug else ""

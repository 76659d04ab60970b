"""What the tools tell, in words: the same as in the record, for models that read text."""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import Environment, PackageLoader, StrictUndefined

from cecot.claims.claim import Status
from cecot.locale.catalogue import locale_of

RULES = (
    "An allegation is not a fact. Only a statement with the status Asserted (is_fact) is stated by "
    "its source in its own, unhedged voice; it is that source's word. Hedged, Attributed, Alleged, "
    "Planned and Evaluative statements are not facts. Whatever you repeat, always name the speaker "
    "and the status, and give the place (source and line). What the texts do not say must be said "
    "so; do not fill the gap from memory, nor with a figure of something else."
)
"""Every tool that gives statements says this."""

_FURTHER = (
    "A speaker that the text does not name stays unnamed: never guess who it is, and never take "
    "two unidentified speakers for one.",
    "Pass on what is unresolved: it tells what the text leaves open.",
    "Voices that disagree stand side by side: do not merge their figures.",
    "Quote only what stands in quotations. Where you need an address to cite, give the IRI of the "
    "claim or of the passage.",
    "Begin with search; describe tells all that is said of one thing, and what is not stated; "
    "list_claims filters statements; questions have ready queries; sparql answers any other query.",
)


def instructions(title: str, statuses: Iterable[Status]) -> str:
    """What a client tells its model of this server; ``title`` is that of the graph."""
    lines = [
        f"{title}. It holds statements of texts, each with whoever says it, its status and its "
        "place in the text. It tells what is said, not what is true.",
        RULES,
        *_FURTHER,
        "The statuses:",
    ]
    lines += [f"- {each.name}: {each.meaning.first('en')}" for each in statuses if each.meaning]
    return "\n".join(lines)


_TEMPLATES = Environment(
    loader=PackageLoader("cecot.mcp"),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 (plain text)
)


def in_words(template: str, told: object, language: str, **values: object) -> str:
    """What a tool ``told``, for a reader of ``language``, by a file of ``templates/``."""
    locale = locale_of(language)
    text = _TEMPLATES.get_template(template).render(
        told=told,
        _=locale.gettext,
        ngettext=locale.ngettext,
        pgettext=locale.pgettext,
        **values,
    )
    return text.removesuffix("\n")

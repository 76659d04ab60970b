"""What the tools tell, in words: the same as in the record, for models that read text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cecot.claims.claim import Status
from cecot.mcp import schemas

_ENGLISH = {
    "fact": "fact of its source",
    "no_fact": "NOT a fact",
    "by": "said by",
    "own_voice": "said by the source itself:",
    "nobody": "no speaker named",
    "line": "line",
    "no_place": "no place given",
    "accused": "Accused",
    "nobody_accused": "nobody is named",
    "acts": "Alleged",
    "quantities": "Figure alleged",
    "policies": "Policy",
    "basis": "Evidence named",
    "no_basis": "none",
    "about": "About",
    "said_in": "Said in",
    "speech_act": "In the words",
    "quotations": "Words of the text",
    "unresolved": "Unresolved",
    "notes": "Note",
    "claim": "Claim",
    "no_statements": "No statement of a text is about this.",
    "counts": "Statements",
    "rest": "Only {} of the statements are shown, some of each status. list_claims has the others.",
    "not_said": "NOT SAID, in no text, in nobody's voice (say so if you are asked for it):",
    "elsewhere": "Said of something else, NOT of this:",
    "references": "Structure and links (ours; no statements of a text):",
    "found_claims": "{} statements match.",
    "found_claim": "1 statement matches.",
    "next": "More follow: call list_claims again with after={}.",
    "none_match": "No statement matches. That is an answer: say that the texts do not say it.",
    "questions": "Questions with a ready query (call questions with question=SLUG for it):",
    "things": "Things (describe tells what is said of them):",
    "statements": "Statements:",
    "partial": "Nothing has all the words; these have some of them.",
    "more": "There is more than is shown: add a word.",
    "nothing": "Nothing has these words. That is an answer: say that the texts do not say it.",
    "lines": "lines",
    "query": "Query (for the tool sparql):",
    "row": "1 row.",
    "rows": "{} rows.",
    "no_rows": "No rows: nothing in the graph matches the query. Do not fill the gap.",
    "triples": "{} triples.",
    "cut": "CUT: only the first {} of {} are shown. Use LIMIT and OFFSET, or select less.",
    "yes": "Yes.",
    "no": "No: nothing in the graph matches.",
    "rows_are_raw": "Rows are as the query selects them. What comes from a claim is a fact only if "
    "its cecot:modality is cecot:Asserted; else name its speaker and its status.",
}
_SPANISH = {
    "fact": "hecho de su fuente",
    "no_fact": "NO es un hecho",
    "by": "lo dice",
    "own_voice": "lo dice la propia fuente:",
    "nobody": "sin hablante nombrado",
    "line": "línea",
    "no_place": "sin lugar indicado",
    "accused": "A quien se acusa",
    "nobody_accused": "no se nombra a nadie",
    "acts": "Se alega",
    "quantities": "Cifra alegada",
    "policies": "Política",
    "basis": "Pruebas mencionadas",
    "no_basis": "ninguna",
    "about": "Trata de",
    "said_in": "Lo dice en",
    "speech_act": "Con las palabras",
    "quotations": "Palabras del texto",
    "unresolved": "Sin resolver",
    "notes": "Nota",
    "claim": "Afirmación",
    "no_statements": "Ningún enunciado de un texto trata de esto.",
    "counts": "Enunciados",
    "rest": "Solo se muestran {} de los enunciados, algunos de cada estado. "
    "list_claims tiene los demás.",
    "not_said": "NO SE DICE, en ningún texto, con la voz de nadie (dígalo así si le preguntan):",
    "elsewhere": "Se dice de otra cosa, NO de esta:",
    "references": "Estructura y enlaces (nuestros; no son enunciados de un texto):",
    "found_claims": "Coinciden {} enunciados.",
    "found_claim": "Coincide 1 enunciado.",
    "next": "Siguen más: llame de nuevo a list_claims con after={}.",
    "none_match": "No coincide ningún enunciado. Eso es una respuesta: diga que los textos no lo "
    "dicen.",
    "questions": "Preguntas con consulta preparada (llame a questions con question=SLUG):",
    "things": "Cosas (describe cuenta lo que se dice de ellas):",
    "statements": "Enunciados:",
    "partial": "Nada tiene todas las palabras; esto tiene algunas.",
    "more": "Hay más de lo que se muestra: añada una palabra.",
    "nothing": "Nada tiene estas palabras. Eso es una respuesta: diga que los textos no lo dicen.",
    "lines": "líneas",
    "query": "Consulta (para la herramienta sparql):",
    "row": "1 fila.",
    "rows": "{} filas.",
    "no_rows": "Ninguna fila: nada en el grafo coincide con la consulta. No rellene el hueco.",
    "triples": "{} tripletas.",
    "cut": "CORTADO: solo se muestran las primeras {} de {}. Use LIMIT y OFFSET, o seleccione "
    "menos.",
    "yes": "Sí.",
    "no": "No: nada en el grafo coincide.",
    "rows_are_raw": "Las filas son las que selecciona la consulta. Lo que procede de una "
    "afirmación solo es un hecho si su cecot:modality es cecot:Asserted; si no, nombre a quien lo "
    "dice y su estado.",
}
WORDS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "es": _SPANISH}
"""What the tools say, by language and name."""


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
    "Begin with search; describe tells all that is said of one thing, and what nobody says of it; "
    "list_claims filters statements; questions have ready queries; sparql answers any other query.",
)


def instructions(titles: Mapping[str, str], statuses: Iterable[Status]) -> str:
    """What a client tells its model of this server; ``titles`` are those of the graph."""
    title = titles.get("en") or next(iter(titles.values()), "A knowledge graph")
    lines = [
        f"{title}. It holds statements of texts, each with whoever says it, its status and its "
        "place in the text. It tells what is said, not what is true.",
        RULES,
        *_FURTHER,
        "The statuses:",
    ]
    lines += [f"- {each.name}: {each.meaning.first('en')}" for each in statuses if each.meaning]
    return "\n".join(lines)


Words = Mapping[str, str]


def description_text(description: schemas.ThingDescription, language: str) -> str:
    """A thing with all that is said of it, and what is not said."""
    words = WORDS[language]
    lines = [f"{description.thing.label} <{description.thing.iri}>"]
    if description.thing.types:
        lines[0] += f" ({', '.join(description.thing.types)})"
    lines += description.descriptions
    lines += [f"{words['notes']}: {each}" for each in description.notes]
    if description.place:
        lines.append(_place(description.place, words))
    if description.counts:
        labels = {each.status: each.status_label for each in description.statements}
        counts = ", ".join(
            f"{labels.get(status, status)} {count}" for status, count in description.counts.items()
        )
        lines += ["", f"{words['counts']}: {counts}."]
    else:
        lines += ["", words["no_statements"]]
    if description.is_cut:
        lines.append(words["rest"].format(len(description.statements)))
    lines += statement_lines(description.statements, words)
    if description.not_said:
        lines += ["", words["not_said"], *_silences(description.not_said, words)]
    if description.references:
        lines += ["", words["references"]]
        lines += [f"- {each.property}: {_named(each.value)}" for each in description.references]
    return "\n".join(lines)


def claims_text(claims: schemas.ClaimList, language: str) -> str:
    """A page of statements."""
    words = WORDS[language]
    if not claims.total:
        return words["none_match"]
    count = words["found_claim" if claims.total == 1 else "found_claims"].format(claims.total)
    lines = [count, *statement_lines(claims.statements, words)]
    if claims.next:
        lines += ["", words["next"].format(claims.next)]
    return "\n".join(lines)


def found_text(found: schemas.SearchHits, language: str) -> str:
    """What a search found."""
    words = WORDS[language]
    lines = [words["partial"]] if found.is_partial else []
    if found.questions:
        lines += [words["questions"]]
        lines += [f"- {each.slug}: {each.title}" for each in found.questions]
    if found.not_said:
        lines += [words["not_said"], *_silences(found.not_said, words)]
    if found.statements:
        lines += [words["statements"], *statement_lines(found.statements, words)]
    if found.things:
        lines += [words["things"]]
        for each in found.things:
            kinds = f" ({', '.join(each.types)})" if each.types else ""
            lines.append(f"- {_named(each)}{kinds}")
    if not lines:
        lines = [words["nothing"]]
    elif found.is_cut:
        lines.append(words["more"])
    return "\n".join(lines)


def questions_text(questions: schemas.QuestionList, language: str, *, whole: bool) -> str:
    """Questions in a line each, or ``whole``: with summary and query."""
    words = WORDS[language]
    lines: list[str] = []
    for each in questions.questions:
        lines.append(f"{each.number}. {each.title} [{each.slug}]")
        if whole:
            where = ", ".join(map(str, each.lines))
            lines += [each.summary] if each.summary else []
            lines += [f"({words['lines']}: {where})"] if where else []
            lines += [words["query"], each.query]
    return "\n".join(lines)


def statement_lines(statements: Iterable[schemas.Statement], words: Words) -> Iterator[str]:
    """Each statement in some lines: status, speaker and place first."""
    for each in statements:
        kind = words["fact" if each.is_fact else "no_fact"]
        places = "; ".join(_place(place, words) for place in each.places) or words["no_place"]
        who = words["own_voice"]
        if {speaker.iri for speaker in each.speakers} != _sources(each):
            speakers = ", ".join(map(_label, each.speakers)) or words["nobody"]
            who = f"{words['by']}: {speakers}."
        yield f"- [{each.status_label}, {kind}] {who} {places}."
        yield f"  {each.says}"
        for name, text in _details(each, words):
            yield f"  {words[name]}: {text}"
        yield f"  {words['claim']}: {each.iri}"


def _details(statement: schemas.Statement, words: Words) -> Iterator[tuple[str, str]]:
    """What else there is to say of it, each with the name of its heading."""
    if statement.is_allegation:
        yield "accused", ", ".join(map(_label, statement.accused)) or words["nobody_accused"]
        yield "basis", ", ".join(map(_label, statement.basis)) or words["no_basis"]
    for name in ("acts", "quantities", "policies", "about", "said_in"):
        things: tuple[schemas.ThingName, ...] = getattr(statement, name)
        if things:
            yield name, ", ".join(map(_label, things))
    if statement.speech_act:
        yield "speech_act", f'"{statement.speech_act}"'
    for name in ("quotations", "unresolved", "notes"):
        for text in getattr(statement, name):
            yield name, f'"{text}"' if name == "quotations" else text


def _silences(silences: Iterable[schemas.NotSaid], words: Words) -> Iterator[str]:
    for each in silences:
        of = f"{_named(each.thing)}: " if each.thing else ""
        yield f"- {of}{each.property.label}" + (f": {each.meaning}" if each.meaning else "")
        if each.of_something_else:
            yield f"  {words['elsewhere']}"
            for line in statement_lines(each.of_something_else, words):
                yield f"  {line}"


def _sources(statement: schemas.Statement) -> set[str]:
    return {place.source.iri for place in statement.places if place.source}


def _place(place: schemas.PlaceName, words: Words) -> str:
    source = place.source.label if place.source else place.passage
    return source if place.line is None else f"{source}, {words['line']} {place.line}"


def _label(thing: schemas.ThingName) -> str:
    return thing.label


def _named(thing: schemas.ThingName) -> str:
    return f"{thing.label} <{thing.iri}>" if thing.iri else thing.label

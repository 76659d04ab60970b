"""Better words for a query that does not parse: what is wrong, where, and the cure.

Oxigraph says what its parser looked for last ("expected OPTIONAL"), often far from the mistake. The
common mistakes of SPARQL 1.1 query text can be told from its tokens; only where none of them is
found do Oxigraph's position and notes remain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cecot.errors import CecotError, QuerySyntaxError
from cecot.messages import say
from cecot.sparql.finding import Suspect
from cecot.sparql.mistakes_in_clauses import CHECKS_OF_CLAUSES
from cecot.sparql.mistakes_in_words import CHECKS_OF_WORDS
from cecot.sparql.syntax import Decoded, tokens

LONGEST_EXPLAINED = 100_000
"""Code points. Of a longer query only Oxigraph's own position is told."""

_POSITION = re.compile(r"^error at (\d+):(\d+): expected (.*)$", re.DOTALL)
_NOTE = re.compile(r"(?:expected|one of|,) ((?:[A-Z][a-z]*|IRI|language) [a-zA-Z][^,\[\]]{8,200})")
_GRAMMAR = "https://www.w3.org/TR/sparql11-query/#sparqlGrammar"


def explain(
    query: Decoded, words: str, prefixes: Mapping[str, str], *, has_base: bool = False
) -> CecotError:
    """Build the error for ``query``, of which Oxigraph said ``words``.

    ``prefixes`` (name to IRI) are those that a hint may offer; ``has_base`` says that relative IRIs
    are no mistake. The error is a QuerySyntaxError with line and column in the client's own text,
    or Refused where the text is a LOAD.
    """
    if len(query.text) <= LONGEST_EXPLAINED:
        suspect = Suspect(list(tokens(query.text)), words, prefixes, has_base)
        for check in (*CHECKS_OF_WORDS, *CHECKS_OF_CLAUSES):
            finding = check(suspect)
            if finding:
                line, column = query.position(finding.offset)
                return finding.error(finding.message, hint=finding.hint, line=line, column=column)
    return _as_oxigraph_says(query, words)


def _as_oxigraph_says(query: Decoded, words: str) -> QuerySyntaxError:
    match = _POSITION.match(words)
    if not match:
        return QuerySyntaxError(say("The query does not parse: {words}", words=words[:300]))
    offset = _offset(query.text, int(match[1]), int(match[2]))
    line, column = query.position(offset)
    note = _NOTE.search(words)
    if note:
        message = say("{note}.", note=note[1].strip().rstrip("."))
    elif offset < len(query.text.rstrip()):
        message = say(
            "The query does not parse at or before {excerpt}.", excerpt=_excerpt(query.text, offset)
        )
    else:
        message = say("The query does not parse; the mistake is somewhere before its end.")
    return QuerySyntaxError(
        message,
        hint=say("The grammar of SPARQL: {address}", address=_GRAMMAR),
        line=line,
        column=column,
    )


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _excerpt(text: str, offset: int) -> str:
    found = next(tokens(text[offset : offset + 200]), None)
    return repr(found.text[:40]) if found else say("the end")

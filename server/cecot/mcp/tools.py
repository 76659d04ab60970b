"""The tools: what each is for, in words for a model, what it takes and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cecot.claims.claim import STATUSES
from cecot.mcp import schemas
from cecot.mcp.asking import MOST_BYTES, ask
from cecot.mcp.describing import describe
from cecot.mcp.finding import find
from cecot.mcp.library import Library
from cecot.mcp.listing import list_claims
from cecot.mcp.parameters import LANGUAGE, Arguments, Parameter
from cecot.mcp.questioning import questions
from cecot.mcp.rules import RULES

MOST_STATEMENTS = 100
MOST_ROWS = 500
LONGEST_QUERY = 100_000
_NAME = "an IRI, a name with a prefix, the last part of an IRI, or a label, as search gives it."


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool; ``work`` gives what ``tells`` describes, and the same in words.

    It raises CecotError for whatever a caller can cause.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    tells: type
    work: Callable[[Library, Arguments], tuple[object, str]]


def _limit(default: int, most: int, what: str) -> Parameter:
    return Parameter("limit", f"How many {what} at most.", default, most=most)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "search",
        "Search names, descriptions and quotations",
        "Find things, statements and ready questions by words, in English or Spanish. Use it first "
        f"to learn what something is called. {RULES}",
        (
            Parameter("text", "Words to look for: a name, an act, a figure."),
            _limit(10, 50, "things, and how many statements,"),
            LANGUAGE,
        ),
        schemas.Found,
        find,
    ),
    Tool(
        "describe",
        "All that is said of a thing",
        "All statements about one thing (a place, a person, a policy, a source, a claim ...), each "
        "with its status, its speaker and its place, and under not_said what no text says of it. "
        f"{RULES}",
        (
            Parameter("thing", f"What to describe: {_NAME}"),
            _limit(60, 200, "statements"),
            LANGUAGE,
        ),
        schemas.Description,
        describe,
    ),
    Tool(
        "list_claims",
        "List statements by who says what, how sure",
        "Statements that match all filters that are given, in the order of the text, each with its "
        f"status, its speaker and its place. {RULES}",
        (
            Parameter("about", f"What it is said of, or what it says: {_NAME}", ""),
            Parameter("by", f"Its speaker: {_NAME}", ""),
            Parameter(
                "status",
                "Its status: asserted is a fact of its source, the others are not facts.",
                "",
                ("", *(each.lower() for each in STATUSES)),
            ),
            Parameter("act", f"The act that is alleged: {_NAME}", ""),
            Parameter("policy", f"The policy that an allegation concerns: {_NAME}", ""),
            Parameter("predicate", f"The property that it states: {_NAME}", ""),
            Parameter("source", f"The source in which it stands: {_NAME}", ""),
            _limit(20, MOST_STATEMENTS, "statements"),
            Parameter("after", "The field next of the answer before, for those that follow.", ""),
            LANGUAGE,
        ),
        schemas.Claims,
        list_claims,
    ),
    Tool(
        "questions",
        "Questions that come with the graph",
        "The questions that the graph is known to answer. With question, one of them with its "
        "summary and its SPARQL query, ready for the tool sparql; the structured output has all "
        "queries at once. Prefer a ready query to one of your own.",
        (
            Parameter("question", "Its number or its slug; without it, all questions.", ""),
            LANGUAGE,
        ),
        schemas.Questions,
        questions,
    ),
    Tool(
        "sparql",
        "Ask the graph in SPARQL",
        "Answer a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE). A direct triple of a thing "
        "is a fact of its source. Claims are nodes typed cecot:Claim with rdf:subject, "
        "rdf:predicate, rdf:object: always select cecot:modality (the status), cecot:statedBy "
        "(the speaker) and cecot:passage/schema:position (the line) with them. Allegations have "
        "cecot:accuser, cecot:accused, cecot:allegedAct instead. Nothing is asserted by a triple "
        f"that you read out of a claim. Time, memory and length are limited (at most {MOST_ROWS} "
        f"rows and {MOST_BYTES // 1024} KiB); SERVICE and updates are refused. Declare each "
        f"prefix. {RULES}",
        (
            Parameter("query", "The query, with its PREFIX lines.", longest=LONGEST_QUERY),
            _limit(50, MOST_ROWS, "rows or triples"),
            LANGUAGE,
        ),
        schemas.Answer,
        ask,
    ),
)

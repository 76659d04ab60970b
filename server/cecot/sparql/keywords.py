"""The words of SPARQL 1.1 and 1.2 (section 19.8), and what people write instead of them."""

from __future__ import annotations

from difflib import get_close_matches

from cecot.messages import say

FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)
BEFORE_BRACES = frozenset(("WHERE", "OPTIONAL", "UNION", "MINUS", "EXISTS"))
"""Words that a pattern in braces follows."""

_STRUCTURE = """
    BASE PREFIX VERSION DISTINCT REDUCED AS FROM NAMED WHERE GROUP BY HAVING ORDER ASC DESC LIMIT
    OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND MINUS UNION FILTER IN NOT EXISTS TRUE
    FALSE LATERAL SEPARATOR A
"""
AGGREGATES = frozenset(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"])
_OTHER_FUNCTIONS = """
    STR LANG LANGMATCHES LANGDIR DATATYPE BOUND IRI URI
    BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS
    STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5
    SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRLANGDIR STRDT SAMETERM ISIRI ISURI ISBLANK
    ISLITERAL ISNUMERIC HASLANG HASLANGDIR REGEX SUBSTR REPLACE ISTRIPLE TRIPLE SUBJECT PREDICATE
    OBJECT ADJUST
"""
FUNCTIONS = AGGREGATES | frozenset(_OTHER_FUNCTIONS.split())
KEYWORDS = FORMS | FUNCTIONS | frozenset(_STRUCTURE.split())

FOREIGN = {
    "AND": "&&",
    "OR": "||",
    "LIKE": say("REGEX or CONTAINS"),
    "TOP": "LIMIT",
    "JOIN": say("a second triple pattern"),
    "NULL": say("UNDEF, or BOUND to test"),
    "IS": "=",
    "LENGTH": "STRLEN",
    "LEN": "STRLEN",
    "UPPER": "UCASE",
    "LOWER": "LCASE",
    "SUBSTRING": "SUBSTR",
    "IFNULL": "COALESCE",
    "SORT": "ORDER BY",
    "STARTSWITH": "STRSTARTS",
    "ENDSWITH": "STRENDS",
    "INT": "xsd:integer",
    "CASE": "IF",
    "MEDIAN": say("ORDER BY with OFFSET and LIMIT"),
    "EXCEPT": "MINUS",
}
"""Words of other languages, and what SPARQL has for them."""


def closest(word: str) -> str:
    """Give the word of SPARQL that ``word`` (in capitals) most likely stands for, or ""."""
    found = get_close_matches(word, KEYWORDS - {"A", "AS", "IN", "BY"}, n=1, cutoff=0.7)
    return found[0] if found else ""

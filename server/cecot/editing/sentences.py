"""Running text as one sentence a line: every character stays, line ends are put between.

The sentences are found by sentencex (Wikimedia: rules for each language, no model), the
abbreviations that it lacks are in ``ontology/words``: docs/decisions/0075.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise

from sentencex import segment

from cecot.editing.lexicon import Lexicon

_OPENING, _CLOSING = "“«(", "”»)"


def one_a_line(text: str, lexicon: Lexicon) -> str:
    """``text`` with a line end after each sentence that does not end its line already.

    A line end of its own kind (``\\r\\n``) stays what it is.
    """
    return "\n".join(
        "\n".join(_sentences(line, lexicon)) if line.strip() else line for line in text.split("\n")
    )


def _sentences(line: str, lexicon: Lexicon) -> Iterator[str]:
    """The sentences of a line, each with the space behind it."""
    # A no-break space before a bracket makes sentencex stop short: it is shown plain spaces.
    plain = "".join(" " if char.isspace() else char for char in line)
    lengths = [len(part) for part in segment(lexicon.language, plain)]
    cuts = [0, *accumulate(lengths)]
    if cuts[-1] != len(line):
        yield line
        return
    found = [line[start:end] for start, end in pairwise(cuts)]
    whole = ""
    for number, part in enumerate(found, 1):
        whole += part
        if whole.strip() and not _goes_on(whole, "".join(found[number:]), lexicon):
            yield whole
            whole = ""
    if whole:
        yield whole


def _goes_on(sentence: str, rest: str, lexicon: Lexicon) -> bool:
    """Whether a sentence cannot end here: at an abbreviation, in brackets, in a quotation.

    What is never closed in the ``rest`` of the line holds nothing together.
    """
    ending = sentence.rstrip().casefold()
    if any(
        ending.endswith(each) and not ending[: -len(each)][-1:].isalnum()
        for each in lexicon.words("abbreviations")
    ):
        return True
    is_open = any(
        sentence.count(one) > sentence.count(other) and other in rest
        for one, other in zip(_OPENING, _CLOSING, strict=True)
    )
    return is_open or (sentence.count('"') % 2 == 1 and '"' in rest)

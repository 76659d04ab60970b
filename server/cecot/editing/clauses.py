"""Verbs that no list has, known by where they stand in a sentence (docs: editing)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from cecot.editing.lexicon import Expression, Lexicon

WORD = re.compile(r"[^\W_][\w'\u2019-]*")
MOST_WORDS = 8
"""So many words has what stands between commas, if it is a verb and its speaker."""


def find_unlisted(text: str, lexicon: Lexicon) -> Expression | None:
    """A verb that no list has; without it a report would be a fact. Its words may be empty.

    Before "that" and a clause ("the keeper avers that the tower leans"), with its speaker between
    commas ("the tower leans, locals swear"; "the tower leans, averred the keeper"), or where no
    plain verb is: whose voice that is, nobody can tell.
    """
    return next(chain(before_that(text, lexicon), _after_comma(text, lexicon)), None) or _untold(
        text, lexicon
    )


def _untold(text: str, lexicon: Lexicon) -> Expression | None:
    """A sentence whose verb is on no list at all: whose voice it is, nobody can tell.

    A plain verb ("it stands", "it was built") is the text's own voice, and so is a reservation.
    """
    main = _main_clause(text, lexicon)
    marks = ("hedge.words", "hedge.future")
    is_told = any(next(lexicon.find(each, text), None) is not None for each in marks)
    if is_told or text.rstrip().endswith("?"):
        return None
    plain = next(_plain(main, lexicon), None)
    likely = list(_likely_verbs(main, lexicon))
    verbs = [verb for verb, is_sure in likely if is_sure]
    if plain is not None:
        # "The keeper swears the lamp is new": what comes before "is" has a thing after it.
        before = [verb for verb in verbs if verb.end <= plain.start]
        return before[0] if before else None
    verbs += [verb for verb, _ in likely]
    return verbs[0] if verbs else Expression(len(text), len(text), "")


def _likely_verbs(text: str, lexicon: Lexicon) -> Iterator[tuple[Expression, bool]]:
    """Words that may be a verb by their ending or their place; surely so before a thing."""
    words = list(WORD.finditer(text))
    for before, word, after in zip(words, words[1:], [*words[2:], None], strict=False):
        said = word.group()
        if (
            not said[0].islower()
            or lexicon.is_function(said)
            or lexicon.is_like(said, "plain.words")
            or lexicon.holds(before.group(), "speaker.determiners", "speaker.prepositions")
        ):
            continue
        is_bare = is_several(before.group(), lexicon)
        has_ending = lexicon.is_like(said, "speaker.verbal", "speaker.present")
        if is_bare or has_ending:
            follows = after is not None and text[word.end() : after.start()].isspace()
            is_sure = follows and begins_thing(after.group(), lexicon)  # type: ignore[union-attr]
            if is_sure or has_ending:
                yield Expression(word.start(), word.end(), said), is_sure


def _main_clause(text: str, lexicon: Lexicon) -> str:
    """``text`` with what brackets or a relative add as spaces, the latter up to the next comma."""
    for inserted in re.finditer(r"\([^)]*\)", text):
        text = text[: inserted.start()] + " " * len(inserted.group()) + text[inserted.end() :]
    for each in lexicon.find("speaker.relative", text):
        end = text.find(",", each.end)
        end = len(text) if end < 0 else end
        text = text[: each.start] + " " * (end - each.start) + text[end:]
    return text


def _plain(text: str, lexicon: Lexicon) -> Iterator[Expression]:
    """The plain verbs of ``text``; "was ranked" and "has vilified" are none."""
    for each in lexicon.find("plain.words", text):
        before = next(iter(WORD.findall(text[: each.start])[-1:]), "")
        is_aux = lexicon.holds(each.words, "speaker.passive")
        if lexicon.holds(before, "speaker.determiners") and each.start and not is_aux:
            continue  # "the painted hall", but not "no one was hurt"
        if lexicon.holds(each.words, "speaker.bare") and not is_several(before, lexicon):
            continue
        is_verb = lexicon.is_like(each.words, "speaker.verbal")
        if lexicon.is_like(each.words, "speaker.participle") and not is_verb:
            continue
        words = (word.group() for word in WORD.finditer(text, each.end))
        follows = next((e for e in words if not lexicon.holds(e, "speaker.fillers")), "")
        is_participle = lexicon.is_like(follows, "speaker.participle")
        if not is_participle or lexicon.is_like(follows, "plain.words"):
            yield each


def is_several(word: str, lexicon: Lexicon) -> bool:
    """Whether ``word`` names several, by its form."""
    small = word.casefold()
    return lexicon.is_like(small, "speaker.plural") or lexicon.holds(small, "speaker.unnamed")


def before_that(text: str, lexicon: Lexicon) -> Iterator[Expression]:
    """The words before "that" and a clause which may be a verb."""
    for each in lexicon.find("speaker.that", text):
        before = list(WORD.finditer(text, 0, each.start))
        if before and lexicon.holds(before[-1].group(), "speaker.prepositions"):
            before.pop()  # "convencido de que"
        follows = WORD.search(text, each.end)
        if len(before) < 2 or follows is None:
            continue
        verb, subject = before[-1], before[-2].group()
        is_noun = lexicon.holds(
            subject, "speaker.determiners", "speaker.prepositions", "speaker.degrees"
        )
        is_clause = (
            begins_thing(follows.group(), lexicon)
            or lexicon.holds(follows.group(), "speaker.fillers")
            or "\0" in text[each.end :]
        )
        if (
            not is_noun
            and not lexicon.is_function(verb.group())
            and verb.group()[0].islower()
            and (is_clause or lexicon.is_like(verb.group(), "speaker.verbal"))
        ):
            yield Expression(verb.start(), verb.end(), verb.group())


def _after_comma(text: str, lexicon: Lexicon) -> Iterator[Expression]:
    commas = [comma for comma in re.finditer(",", text) if not _is_in_figure(text, comma.start())]
    ends = [*(comma.start() for comma in commas[1:]), len(text)]
    for comma, end in zip(commas, ends, strict=False):
        words = list(WORD.finditer(text, comma.end(), end))
        is_after_quotation = text[: comma.start()].rstrip('"”» ').endswith("\0")
        skipped = "speaker.fillers" if is_after_quotation else "speaker.as"
        if words and lexicon.holds(words[0].group(), skipped):
            words.pop(0)
        if not 2 <= len(words) <= MOST_WORDS or "\0" in text[comma.end() : end]:
            continue
        first, last = words[0], words[-1]
        begins = begins_thing(first.group(), lexicon)
        if is_after_quotation or lexicon.is_like(first.group(), "speaker.verbal"):
            if begins_thing(words[1].group(), lexicon):
                yield Expression(first.start(), first.end(), first.group())
        elif (
            begins
            and not lexicon.holds(first.group(), "speaker.relative", "speaker.indefinite")
            and last.group()[0].islower()
            and not any(lexicon.is_function(each.group()) for each in words[1:])
            and not any(lexicon.is_like(each.group(), "speaker.verbal") for each in words[:-1])
            and (
                lexicon.is_like(last.group(), "speaker.verbal", "speaker.present")
                or lexicon.holds(first.group(), "speaker.unnamed")
            )
        ):
            yield Expression(last.start(), last.end(), last.group())


def _is_in_figure(text: str, comma: int) -> bool:
    return text[comma - 1 : comma].isdecimal() and text[comma + 1 : comma + 2].isdecimal()


def begins_thing(word: str, lexicon: Lexicon) -> bool:
    """Whether ``word`` can begin the name of who speaks, or of what is spoken of."""
    lists = ("speaker.determiners", "speaker.pronouns", "speaker.unnamed")
    return word[0].isupper() or word[0].isdecimal() or lexicon.holds(word, *lists)


def intentions(text: str, lexicon: Lexicon) -> Iterator[Expression]:
    """What somebody meant to do need not be done: "refused to pay", "agreed to build"."""
    for each in lexicon.find("speaker.to", text):
        verb = next(iter(list(WORD.finditer(text, 0, each.start))[-1:]), None)
        follows = WORD.match(text, each.end + 1)
        if (
            verb
            and follows
            and lexicon.is_like(verb.group(), "speaker.verbal", "speaker.present")
            and follows.group()[0].islower()
            and not lexicon.is_function(follows.group())
        ):
            yield Expression(verb.start(), each.end, text[verb.start() : each.end])

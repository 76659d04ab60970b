"""Who says it and how sure: read from the words of a sentence by rules (docs: editing).

Nothing here is a model. What the rules find is proposed, never stronger than the words: where two
readings are possible, the one that makes no fact is taken, and an editor confirms or corrects it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from cecot.editing.lexicon import SAYINGS, Expression, Lexicon
from cecot.editing.names import NOBODY, Speaker, speaker_after, speaker_before

_WORD = re.compile(r"[^\W_][\w'\u2019-]*")
_MOST_WORDS = 8
"""So many words has what stands between commas, if it is a verb and its speaker."""
_QUOTED = re.compile(r"“([^”]+)”?|«([^»]+)»?|\"([^\"]+)\"?")
# So many words in quotation marks are speech; fewer may be a title, which begins with a capital.
_SPEECH = 5
_MOST_LEADING = 3
_NEAR = 60
_UNOWNED = ("alleged", "allegation", "accusation", "acusaci", "presunt", "supuest")


@dataclass(frozen=True, slots=True)
class Voice:
    """How a sentence presents what it says.

    ``act`` names the saying (``say``, ``plan`` ...; ``state`` in the text's own voice), ``verb``
    its words. ``speaker`` is None for the text itself. ``quoted`` are words in quotation marks.
    """

    act: str
    status: str
    speaker: Speaker | None = None
    verb: Expression | None = None
    hedge: Expression | None = None
    quoted: tuple[Expression, ...] = ()

    @property
    def is_fragment(self) -> bool:
        """Whether no verb was found: a title, or words that nobody can tell the voice of."""
        return self.verb is not None and not self.verb.words


def status_of(act: str, *, is_own_voice: bool, is_hedged: bool) -> str:
    """The status that an act, a speaker and a hedge make: the local name of a modality."""
    by_act = {"accuse": "Alleged", "plan": "Planned", "praise": "Evaluative", "judge": "Evaluative"}
    if act in by_act:
        return by_act[act]
    if not is_own_voice:
        return "Attributed"
    return "Hedged" if is_hedged or act in ("expect", "question") else "Asserted"


def read_saying(sentence: str, lexicon: Lexicon) -> Voice:
    """What ``sentence`` says in whose voice, and how sure."""
    quoted = tuple(_quotations(sentence))
    open_text = _masked(sentence, quoted)
    found = _governing(open_text, lexicon)
    if found is None and (unlisted := _find_unlisted(open_text, lexicon)) is not None:
        found = "accuse" if _is_wrong(open_text, 0, lexicon) else "say", unlisted
    speaker: Speaker | None = None
    act, verb = "state", None
    if found is not None:
        act, verb = found
        speaker = _speaker(open_text, verb, lexicon)
    elif any(len(each.words.split()) >= _SPEECH or each.words[0].islower() for each in quoted):
        act, speaker = "say", NOBODY
    hedge = next(_hedges(sentence, verb, lexicon, is_own_voice=speaker is None), None)
    if act == "state" and hedge is not None and lexicon.holds(hedge.words, "hedge.future"):
        act = "expect"
    elif act == "state" and sentence.rstrip(" \u00a0”»\"'").endswith("?"):
        act = "question"
    return Voice(
        act=act,
        status=status_of(act, is_own_voice=speaker is None, is_hedged=hedge is not None),
        speaker=speaker,
        verb=verb,
        hedge=hedge,
        quoted=quoted,
    )


def _quotations(sentence: str) -> Iterator[Expression]:
    """The words in quotation marks, without the marks; a quotation need not be closed."""
    for match in _QUOTED.finditer(sentence):
        group = next(number for number in (1, 2, 3) if match.group(number) is not None)
        start, end = match.span(group)
        words = match.group(group)
        end -= len(words) - len(words.rstrip(" ,.;"))
        if start < end:
            yield Expression(start, end, sentence[start:end])


def _masked(sentence: str, quoted: tuple[Expression, ...]) -> str:
    """``sentence`` with what is quoted as spaces, so that every place keeps its number."""
    for each in quoted:
        sentence = sentence[: each.start] + "\0" * (each.end - each.start) + sentence[each.end :]
    return sentence


def _governing(text: str, lexicon: Lexicon) -> tuple[str, Expression] | None:
    """The act and the words that present the sentence: the first verb, or the graver one."""
    according = next(chain(lexicon.find("speaker.according", text), _phrases(text, lexicon)), None)
    verbs = sorted(_verbs(text, lexicon), key=lambda each: (each[1].start, -each[1].end))
    if not verbs:
        return ("say", according) if according else _own_plan(text, lexicon)
    act, verb = verbs[0]
    if according and act not in ("accuse", "plan"):
        return ("accuse" if _is_wrong(text, according.end, lexicon) else "say"), according
    rest = text[verb.end :]
    if act in ("say", "judge") and (
        _is_wrong(text, 0, lexicon) or any(each == "accuse" for each, _ in verbs)
    ):
        return "accuse", verb
    if act == "announce":
        return ("plan" if _is_plan(rest, lexicon) else "say"), verb
    if act == "say" and _is_plan(rest, lexicon, needs_pronoun=True):
        return "plan", verb
    return act, verb


def _own_plan(text: str, lexicon: Lexicon) -> tuple[str, Expression] | None:
    """ "We shall plant a garden": who writes announces what is to come."""
    for future in lexicon.find("hedge.future", text):
        before = list(_WORD.finditer(text, 0, future.start))
        if before and lexicon.holds(before[-1].group(), "speaker.first"):
            start = before[-1].start()
            return "plan", Expression(start, future.end, text[start : future.end])
    return None


def _verbs(text: str, lexicon: Lexicon) -> Iterator[tuple[str, Expression]]:
    """Every reporting verb; one that stands on two lists counts for the first of them."""
    taken: set[int] = set()
    for act in SAYINGS:
        for each in lexicon.find(f"saying.{act}", text):
            if each.start not in taken and _is_verb(text, each, lexicon):
                taken.add(each.start)
                yield act, each


def _is_verb(text: str, found: Expression, lexicon: Lexicon) -> bool:
    """Whether a form that may be a noun has several for its subject: "locals claim"."""
    if not lexicon.holds(found.words, "speaker.bare"):
        return True
    before = _WORD.findall(text[: found.start])
    while before and lexicon.holds(before[-1], "speaker.fillers"):
        before.pop()
    return bool(before) and _is_several(before[-1], lexicon)


def _phrases(text: str, lexicon: Lexicon) -> Iterator[Expression]:
    """ "In Olive Tarn's words": the name stands within, so the words are those before it.

    And "for the neighbours, it is a shame": whose view it is stands first.
    """
    for each in lexicon.find("speaker.fronted", text):
        words = list(_WORD.finditer(text, each.end, max(text.find(",", each.end), 0)))
        if not each.start and words and _begins_thing(words[0].group(), lexicon):
            yield each
    for each in lexicon.find("speaker.possessed", text):
        before = re.search(r"\b[Ii]n\s(?=[^,;]{2,40}['\u2019]s?\s$)", text[: each.start])
        if before:
            yield Expression(before.start(), before.end() - 1, before.group()[:-1])


def _is_wrong(text: str, start: int, lexicon: Lexicon) -> bool:
    return next(lexicon.find("wrong.words", text, start), None) is not None


def _is_plan(rest: str, lexicon: Lexicon, *, needs_pronoun: bool = False) -> bool:
    """Whether what follows a verb is something to come: "that he would build"."""
    future = next(lexicon.find("hedge.future", rest), None)
    if future is None or future.start > _NEAR:
        return False
    if not needs_pronoun:
        return True
    before = re.findall(r"\w+", rest[: future.start].casefold())
    subject = [word for word in before if word not in ("that", "que", "it", "then")]
    return len(subject) <= 1 and all(lexicon.holds(each, "speaker.pronouns") for each in subject)


def _speaker(text: str, verb: Expression, lexicon: Lexicon) -> Speaker:
    """Who says what ``verb`` presents; nobody named where the text names none."""
    found = _speaker_of(text, verb, lexicon)
    words = _WORD.findall(found.words) if found else []
    # "Dicen que de noche", "hay quien sostiene": what stands there is nobody.
    is_nobody = all(lexicon.is_like(each, "plain.words") for each in words) or lexicon.holds(
        words[0], "speaker.that", "speaker.prepositions"
    )
    return NOBODY if found is None or is_nobody else found


def _speaker_of(text: str, verb: Expression, lexicon: Lexicon) -> Speaker | None:
    if not verb.words:
        return NOBODY
    is_fronted = not verb.start and lexicon.holds(verb.words, "speaker.fronted")
    if is_fronted or lexicon.holds(" ".join(verb.words.split()), "speaker.according"):
        return speaker_after(text, _to_name(text, verb.end, lexicon), lexicon)
    possessed = next(lexicon.find("speaker.possessed", text, verb.end), None)
    if possessed and verb.words.casefold() == "in":
        whose = re.sub(r"['\u2019]s?\s*$", "", text[: possessed.start])
        return speaker_after(whose, verb.end, lexicon)
    before = text[: verb.start].rstrip()
    if _has_no_speaker_before(text, verb, before, lexicon):
        by = next(lexicon.find("speaker.by", text, verb.end), None)
        return speaker_after(text, by.end, lexicon) if by else NOBODY
    is_after = not before or before[-1] in '"”»,:\u2014\0' or before.endswith(("”,", "»,", '",'))
    if is_after and ("\0" in before or not before or _is_last(text, verb, lexicon)):
        return speaker_after(text, verb.end, lexicon)
    return speaker_before(text, verb.start, lexicon) or speaker_after(text, verb.end, lexicon)


def _has_no_speaker_before(text: str, verb: Expression, before: str, lexicon: Lexicon) -> bool:
    """Whether the verb is passive, impersonal or a noun: who acts is named after it, if at all."""
    last = re.findall(r"\w+", before[-40:].casefold())
    while last and lexicon.holds(last[-1], "speaker.fillers"):
        if lexicon.holds(last.pop(), "speaker.impersonal"):
            # "Se ha acusado a la empresa", but not "los vecinos se quejan".
            return speaker_before(text, verb.start, lexicon) is None
    if last and lexicon.holds(last[-1], "speaker.passive"):
        # "It is also alleged", but not "is convinced that".
        return verb not in _before_that(text, lexicon) or _is_listed(verb, lexicon)
    return _is_noun(verb.words, before, lexicon)


def _to_name(text: str, start: int, lexicon: Lexicon) -> int:
    """Where who speaks begins: "según ha adelantado el ayuntamiento"."""
    for number, word in enumerate(_WORD.finditer(text, start)):
        if _begins_thing(word.group(), lexicon):
            return word.start() if 0 < number <= _MOST_LEADING else start
    return start


def _is_last(text: str, verb: Expression, lexicon: Lexicon) -> bool:
    """Whether nothing but a speaker follows ``verb``: "the quay is closed, warned the pilots"."""
    end = text.find(",", verb.end)
    words = [each.group() for each in _WORD.finditer(text, verb.end, len(text) if end < 0 else end)]
    if not words or len(words) > _MOST_WORDS or lexicon.holds(words[0], "speaker.that"):
        return False
    before = text[: verb.start]
    is_clause = before.count(",") == 1 or _has_verb(before, lexicon)
    goes_on = any(lexicon.holds(each, "speaker.that") for each in words)
    return is_clause and not goes_on and _begins_thing(words[0], lexicon)


def _has_verb(text: str, lexicon: Lexicon) -> bool:
    lists = ("speaker.passive", "hedge.words", "hedge.future", "speaker.verbal")
    return any(next(lexicon.find(each, text), None) is not None for each in lists)


def _is_listed(verb: Expression, lexicon: Lexicon) -> bool:
    return lexicon.is_like(verb.words, *(f"saying.{each}" for each in SAYINGS))


def _is_noun(words: str, before: str, lexicon: Lexicon) -> bool:
    """Whether the words are no verb with a speaker before it: "alleged abuses", "accusations"."""
    folded = words.casefold()
    is_free = folded.startswith((*_UNOWNED, "is ", "are ", "was ", "were ", "it ", "se "))
    if not is_free or lexicon.holds(folded, "saying.plan"):
        return False
    last = re.findall(r"\w+", before)[-1:]
    apart = ("speaker.determiners", "speaker.prepositions")
    return folded != "alleged" or not last or lexicon.holds(last[0], *apart)


def _hedges(
    sentence: str, verb: Expression | None, lexicon: Lexicon, *, is_own_voice: bool
) -> Iterator[Expression]:
    """The hedging words outside of the verb; what is to come counts in the text's own voice."""
    names = ("hedge.words", "hedge.future") if is_own_voice else ("hedge.words",)
    if is_own_voice:
        yield from _intentions(sentence, lexicon)
    for name in names:
        for each in lexicon.find(name, sentence):
            inside = verb is not None and verb.start <= each.start < verb.end
            # "May 2019" is a month.
            is_month = each.words == "May" and re.match(r"\s+\d", sentence[each.end :])
            # "La librería" ends as "vendería" does.
            before = next(iter(_WORD.findall(sentence[: each.start])[-1:]), "")
            is_ending = each.words.casefold() not in lexicon.words(name)
            apart = ("speaker.determiners", "speaker.prepositions")
            is_noun = is_ending and lexicon.holds(before, *apart)
            if not inside and not is_month and not (is_noun and " " not in each.words):
                yield each


# Verbs that no list has, known by where they stand in a sentence.


def _find_unlisted(text: str, lexicon: Lexicon) -> Expression | None:
    """A verb that no list has; without it a report would be a fact. Its words may be empty.

    Before "that" and a clause ("the keeper avers that the tower leans"), with its speaker between
    commas ("the tower leans, locals swear"; "the tower leans, averred the keeper"), or where no
    plain verb is: whose voice that is, nobody can tell.
    """
    return next(chain(_before_that(text, lexicon), _after_comma(text, lexicon)), None) or _untold(
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
    words = list(_WORD.finditer(text))
    for before, word, after in zip(words, words[1:], [*words[2:], None], strict=False):
        said = word.group()
        if (
            not said[0].islower()
            or lexicon.is_function(said)
            or lexicon.is_like(said, "plain.words")
            or lexicon.holds(before.group(), "speaker.determiners", "speaker.prepositions")
        ):
            continue
        is_bare = _is_several(before.group(), lexicon)
        has_ending = lexicon.is_like(said, "speaker.verbal", "speaker.present")
        if is_bare or has_ending:
            follows = after is not None and text[word.end() : after.start()].isspace()
            is_sure = follows and _begins_thing(after.group(), lexicon)  # type: ignore[union-attr]
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
        before = next(iter(_WORD.findall(text[: each.start])[-1:]), "")
        is_aux = lexicon.holds(each.words, "speaker.passive")
        if lexicon.holds(before, "speaker.determiners") and each.start and not is_aux:
            continue  # "the painted hall", but not "no one was hurt"
        if lexicon.holds(each.words, "speaker.bare") and not _is_several(before, lexicon):
            continue
        is_verb = lexicon.is_like(each.words, "speaker.verbal")
        if lexicon.is_like(each.words, "speaker.participle") and not is_verb:
            continue
        words = (word.group() for word in _WORD.finditer(text, each.end))
        follows = next((e for e in words if not lexicon.holds(e, "speaker.fillers")), "")
        is_participle = lexicon.is_like(follows, "speaker.participle")
        if not is_participle or lexicon.is_like(follows, "plain.words"):
            yield each


def _is_several(word: str, lexicon: Lexicon) -> bool:
    """Whether ``word`` names several, by its form."""
    small = word.casefold()
    return lexicon.is_like(small, "speaker.plural") or lexicon.holds(small, "speaker.unnamed")


def _before_that(text: str, lexicon: Lexicon) -> Iterator[Expression]:
    """The words before "that" and a clause which may be a verb."""
    for each in lexicon.find("speaker.that", text):
        before = list(_WORD.finditer(text, 0, each.start))
        if before and lexicon.holds(before[-1].group(), "speaker.prepositions"):
            before.pop()  # "convencido de que"
        follows = _WORD.search(text, each.end)
        if len(before) < 2 or follows is None:
            continue
        verb, subject = before[-1], before[-2].group()
        is_noun = lexicon.holds(
            subject, "speaker.determiners", "speaker.prepositions", "speaker.degrees"
        )
        is_clause = (
            _begins_thing(follows.group(), lexicon)
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
        words = list(_WORD.finditer(text, comma.end(), end))
        is_after_quotation = text[: comma.start()].rstrip('"”» ').endswith("\0")
        skipped = "speaker.fillers" if is_after_quotation else "speaker.as"
        if words and lexicon.holds(words[0].group(), skipped):
            words.pop(0)
        if not 2 <= len(words) <= _MOST_WORDS or "\0" in text[comma.end() : end]:
            continue
        first, last = words[0], words[-1]
        begins = _begins_thing(first.group(), lexicon)
        if is_after_quotation or lexicon.is_like(first.group(), "speaker.verbal"):
            if _begins_thing(words[1].group(), lexicon):
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


def _begins_thing(word: str, lexicon: Lexicon) -> bool:
    """Whether ``word`` can begin the name of who speaks, or of what is spoken of."""
    lists = ("speaker.determiners", "speaker.pronouns", "speaker.unnamed")
    return word[0].isupper() or word[0].isdecimal() or lexicon.holds(word, *lists)


def _intentions(text: str, lexicon: Lexicon) -> Iterator[Expression]:
    """What somebody meant to do need not be done: "refused to pay", "agreed to build"."""
    for each in lexicon.find("speaker.to", text):
        verb = next(iter(list(_WORD.finditer(text, 0, each.start))[-1:]), None)
        follows = _WORD.match(text, each.end + 1)
        if (
            verb
            and follows
            and lexicon.is_like(verb.group(), "speaker.verbal", "speaker.present")
            and follows.group()[0].islower()
            and not lexicon.is_function(follows.group())
        ):
            yield Expression(verb.start(), each.end, text[verb.start() : each.end])

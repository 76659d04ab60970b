"""What a passage can say: each function adds one sentence and the claims that come of it."""

from __future__ import annotations

from calendar import month_name, monthrange

from bench.generation.names import acts, feature
from bench.generation.source import Passage
from bench.generation.terms import day, decimal, number, plain, term, thing, words


def equipment(passage: Passage, part: int) -> None:
    """A feature of the facility, how many of it there are, and how high it is."""
    random, facility = passage.source.random, passage.source.facility
    english, spanish = feature(random.randrange(10))
    count, height = random.randrange(2, 2000), random.randrange(20, 150)
    written, high = f"{count:,} {english}", f"{_tenths(height)} meters high"
    passage.text.append(f"The center has {written}, {high}, as of stage {part}.")
    item = passage.named(f"feature-{part}", "cecot:Feature", english.capitalize(), spanish)
    counted = passage.node(
        f"count-{part}",
        "schema:QuantitativeValue",
        ("cecot:asWritten", words(f"{count:,}")),
        ("schema:unitCode", plain("C62")),
        ("schema:value", number(count)),
    )
    metres = passage.node(
        f"height-{part}",
        "schema:QuantitativeValue",
        ("cecot:asWritten", words(f"{_tenths(height)} meters")),
        ("schema:unitCode", plain("MTR")),
        ("schema:value", decimal(height)),
    )
    passage.fact(f"has-{part}", facility, "cecot:hasFeature", item)
    passage.fact(f"counts-{part}", item, "cecot:count", counted, ("cecot:exact", words(written)))
    passage.fact(f"measures-{part}", item, "cecot:height", metres, ("cecot:exact", words(high)))


def visit(passage: Passage, part: int) -> None:
    """Who toured the facility, with whom, where and when."""
    source, random = passage.source, passage.source.random
    event = passage.named(f"visit-{part}", "cecot:Event", "Tour", "Visita")
    passage.text.append(f"On {_date(passage, part)}, officials toured it ({part}).")
    passage.fact(f"visit-agent-{part}", event, "cecot:agent", source.any("Person"))
    passage.fact(f"visit-place-{part}", event, "cecot:place", source.any("Place"))
    for guest in range(random.randrange(1, 4)):
        person = thing(f"{source.key}-person-{guest}")
        passage.fact(f"visit-guest-{part}-{guest}", event, "cecot:participant", person)
    when = thing(f"{passage.slug}-date-{part}")
    passage.fact(f"visit-when-{part}", event, "cecot:when", when)


def career(passage: Passage, part: int) -> None:
    """What a person's office is, and for whom the person stands."""
    source = passage.source
    person = source.any("Person")
    office = f"Director of Section {source.random.randrange(1, 400)}"
    passage.text.append(f"The {office} ran for a party and left for another place ({part}).")
    passage.fact(f"title-{part}", person, "cecot:jobTitle", words(office))
    passage.fact(f"party-{part}", person, "cecot:candidateOf", source.any("Organization"))
    passage.fact(f"office-{part}", person, "cecot:officeIn", source.any("Place"))


def policy(passage: Passage, part: int) -> None:
    """What a policy curtails, who started it, and what it sparked."""
    source = passage.source
    passage.text.append(f"The plan curtails some rights and sparked reactions ({part}).")
    rights = passage.concept(f"rights-{part}", "Certain rights", "Ciertos derechos")
    reaction = passage.concept(f"reaction-{part}", "Public attention", "Atención pública")
    passage.fact(f"curtails-{part}", source.policy, "cecot:curtails", rights)
    passage.fact(f"met-{part}", source.policy, "cecot:reaction", reaction)
    passage.fact(f"started-{part}", source.policy, "cecot:startedBy", source.any("Organization"))


def attribution(passage: Passage, part: int) -> None:
    """A figure for which the text names a speaker."""
    source = passage.source
    tenths = source.random.randrange(5, 60)
    written = f"{_tenths(tenths)} square meters"
    passage.text.append(f"According to a report, cells have {written} for each ({part}).")
    space = passage.node(
        f"space-{part}",
        "schema:QuantitativeValue",
        ("cecot:asWritten", words(written)),
        ("cecot:qualifier", words("average, per prisoner")),
        ("schema:unitCode", plain("MTK")),
        ("schema:value", decimal(tenths)),
    )
    passage.report(
        f"says-space-{part}",
        "Attributed",
        source.any("Organization"),
        (source.facility, "cecot:spacePerPrisoner", space),
        (f"A report puts the space at {written}.", f"Un informe cifra el espacio en {written}."),
        ("cecot:speechAct", words("According to")),
        ("cecot:exact", words(f"have {written} for each")),
    )


def announcement(passage: Passage, part: int) -> None:
    """That something was announced is a fact; what was announced is planned."""
    source, speaker = passage.source, passage.source.any("Person")
    capacity = source.random.randrange(1, 60) * 500
    written = f"{capacity:,}"
    passage.text.append(f"A leader announced a prison for {written} people ({part}).")
    event = passage.named(f"speech-{part}", "cecot:Event", "Announcement", "Anuncio")
    plan = passage.named(f"plan-{part}", "cecot:Proposal", "Announced prison", "Anuncio: prisión")
    places = passage.node(
        f"capacity-{part}",
        "schema:QuantitativeValue",
        ("cecot:asWritten", words(f"{written} people")),
        ("schema:unitText", words("person")),
        ("schema:value", number(capacity)),
    )
    passage.fact(f"speech-agent-{part}", event, "cecot:agent", speaker)
    passage.fact(f"speech-announces-{part}", event, "cecot:announces", plan)
    planned = (
        ("kind", "cecot:facilityType", thing("type-prison"), "a prison"),
        ("holds", "cecot:capacity", places, f"{written} people"),
        ("site", "cecot:locatedIn", source.any("Place"), "a place"),
    )
    for local, predicate, value, what in planned:
        passage.report(
            f"{local}-{part}",
            "Planned",
            speaker,
            (plan, predicate, value),
            (f"What was announced: {what}.", f"Lo que se anunció: {what}."),
            ("cecot:speechAct", words("announced")),
            ("cecot:saidIn", event),
        )


def allegation(passage: Passage, part: int) -> None:
    """Who accuses whom of what; now and then the text does not name the accuser."""
    source, random = passage.source, passage.source.random
    count = random.randrange(2, 90) * 100
    exact = f"at least {count:,} cases"
    passage.text.append(f"A group speaks of {exact} of abuse under the plan ({part}).")
    cases = passage.node(
        f"cases-{part}",
        "schema:QuantitativeValue",
        ("cecot:asWritten", words(f"at least {count:,}")),
        ("cecot:qualifier", words("at least")),
        ("schema:minValue", number(count)),
        ("schema:unitText", words("case")),
    )
    claim = passage.node(
        f"accusation-{part}",
        "cecot:Allegation",
        ("cecot:modality", term("cecot:Alleged")),
        ("cecot:passage", thing(passage.slug)),
        ("cecot:allegedQuantity", cases),
        ("cecot:speechAct", words("speaks of")),
        ("dcterms:description", words(f"A group alleges {exact} of abuse.")),
        ("dcterms:description", words(f"Un grupo alega abusos: {exact}.", "es")),
        ("cecot:exact", words(exact)),
    )
    passage.stand(claim, "Alleged", words(exact))
    for act in sorted(random.sample(range(len(acts())), random.randrange(1, 4))):
        passage.add(claim, ("cecot:allegedAct", thing(f"act-{act}")))
    if random.random() < 0.5:
        passage.add(claim, ("cecot:aboutPolicy", source.any_policy()))
    else:
        passage.add(claim, ("cecot:accused", source.any("Organization")))
    if random.random() < 0.7:
        passage.add(claim, ("cecot:accuser", source.any("Organization")))
        return
    agent = passage.named(
        f"report-{part}", "cecot:UnidentifiedAgent", "Unidentified report", "Informe sin nombre"
    )
    passage.add(
        claim,
        ("cecot:accuser", agent),
        ("cecot:unresolved", words("The text does not say which group.")),
        ("cecot:unresolved", words("El texto no dice qué grupo.", "es")),
    )


def reserve(passage: Passage, part: int) -> None:
    """What the text itself says with a reservation."""
    source = passage.source
    event = passage.named(f"arrests-{part}", "cecot:Event", "Arrests", "Detenciones")
    passage.text.append(f"The arrests may not have been possible without it ({part}).")
    passage.fact(f"arrests-agent-{part}", event, "cecot:agent", source.any("Organization"))
    passage.report(
        f"hedge-{part}",
        "Hedged",
        source.iri,
        (event, "cecot:notPossibleWithout", source.policy),
        ("The text says so with a reservation.", "El texto lo dice con reserva."),
        ("cecot:hedge", words("may")),
        ("cecot:exact", words("may not have been possible without it")),
    )


def _tenths(value: int) -> str:
    return str(value // 10) if value % 10 == 0 else f"{value // 10}.{value % 10}"


def _date(passage: Passage, part: int) -> str:
    random = passage.source.random
    year, month = random.randrange(2010, 2025), random.randrange(1, 13)
    last = monthrange(year, month)[1]
    if random.random() < 0.7:
        date = random.randrange(1, last + 1)
        written, edtf = f"{date} {month_name[month]} {year}", f"{year}-{month:02d}-{date:02d}"
        first, final = edtf, edtf
    else:
        written, edtf = f"{month_name[month]} {year}", f"{year}-{month:02d}"
        first, final = f"{edtf}-01", f"{edtf}-{last:02d}"
    passage.node(
        f"date-{part}",
        "cecot:DateValue",
        ("cecot:asWritten", words(written)),
        ("cecot:edtf", plain(edtf)),
        ("schema:startDate", day(first)),
        ("schema:endDate", day(final)),
    )
    return written

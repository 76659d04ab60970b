"""Where it is allowed, a query asks another endpoint from its evaluator."""

from __future__ import annotations

from serving import Service, serving

from cecot.rooms import Rooms


def test_a_query_asks_another_endpoint_where_that_is_allowed(
    service: Service, foreign_rooms: Rooms
) -> None:
    other = f"http://127.0.0.1:{service.port}/sparql"
    asked = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    there = service.ask(asked, Accept="text/csv").body
    with serving(foreign_rooms.root, "--federation") as own:
        text = f"SELECT ?n {{ SERVICE <{other}> {{ {asked} }} }}"
        assert own.ask(text, Accept="text/csv").body == there
        lost = own.ask("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
        assert lost.status == 502
    assert service.ask(f"{text} # and not here").status == 403

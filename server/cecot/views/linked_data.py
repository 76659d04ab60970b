"""Every IRI of the graph, the ontology and the rules leads to a document about it (HTTP 303).

Cool URIs for the Semantic Web, 4; the links between a thing and its documents: RFC 8288, RFC 6892.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from cecot.claims.nodes import Reader
from cecot.claims.reference import read_rules, read_vocabulary
from cecot.claims.subgraph import Subgraph, fetch_graph, is_known
from cecot.claims.thing import fetch_thing, thing_of
from cecot.errors import BadRequest, NotAcceptable, NotFound
from cecot.messages import say
from cecot.protocol.answers import PUBLIC
from cecot.protocol.requests import asked_formats, graph_names, parameters_of
from cecot.render.documents import SUFFIXES, suffix_for, thing_document, write
from cecot.render.urls import SAFE, Urls
from cecot.views.context import Context, kept_as_sent, not_offered, nothing_here, respond
from cecot.views.pages import alternates, page, page_links
from cecot.views.things import ON_A_PAGE, line_asked, thing_page


def blueprint(context: Context) -> Blueprint:
    """``/id/``, ``/ontology``, ``/shapes``, ``/resource?iri=``, and what else is below the base."""
    views = Blueprint("documents", __name__)
    urls, names = context.urls, context.description.names

    @views.get("/id/<path:name>")
    def entity(name: str) -> Response:
        stem, _, suffix = name.rpartition(".")
        for iri in urls.iris_of_slug(stem) if suffix in SUFFIXES else ():
            if document := _thing(context, iri, urls.of(iri), suffix):
                return document
        if iri := _known(context, urls.iris_of_slug(name)):
            return _see_other(context, lambda urls: urls.of(iri))
        raise _unknown(names.namespace + name)

    @views.get("/resource")
    @views.get("/resource.<suffix>")
    def resource(suffix: str = "") -> Response:
        iri = _asked_iri()
        if not suffix and is_known(context.engine, iri):
            return _see_other(context, lambda urls: urls.described(iri))
        if suffix in SUFFIXES:
            document = _thing(context, iri, urls.described(iri), suffix, fragments=True)
            if document:
                return document
        raise _unknown(iri)

    @views.get("/<path:name>")
    def below_the_base(name: str) -> Response:
        # Permanent IRIs are redirected here by their path, whatever stands for them.
        if iri := _known(context, urls.iris_of_path(name)):
            return _moved(urls.of(iri))
        raise nothing_here()

    for path, graph in (("/ontology", names.ontology_iri), ("/shapes", names.shapes_iri)):
        view = _vocabulary(context, graph)
        for rule in (path, f"{path}.<suffix>"):
            views.add_url_rule(rule, path[1:], view)
    return views


def _vocabulary(context: Context, graph: str) -> Callable[..., Response]:
    """The view of a document whose things are fragments: a named graph, whole."""

    def view(suffix: str = "") -> Response:
        address = context.urls.of(graph)
        if suffix and suffix not in SUFFIXES:
            raise not_offered(suffix, SUFFIXES)
        if not suffix:
            return _see_other(context, lambda urls: urls.of(graph))
        found = fetch_graph(context.engine, NamedNode(graph))
        if not found.graph:
            raise _unknown(graph)
        if suffix == "html":
            response = reference_page(context, found, graph, address)
            return _finished(context, response, graph, address, suffix)
        body = write(found.triples(), suffix, context.description.names.prefixes)
        return _sent(context, body, graph, address, suffix)

    return view


def _thing(
    context: Context, iri: str, address: str, suffix: str, *, fragments: bool = False
) -> Response | None:
    """The document of ``iri`` in the format ``suffix``; None if nothing is known of it."""
    node, is_page = NamedNode(iri), suffix == "html"
    found = fetch_thing(
        context.engine,
        node,
        page=is_page,
        fragments=fragments and "#" not in iri,
        after=line_asked() if is_page else -1,
        passages=ON_A_PAGE + 1,
    )
    reader = Reader(found)
    thing = thing_of(reader, node)
    if thing is None:
        return None
    if is_page:
        return _finished(context, thing_page(context, reader, thing, address), iri, address, suffix)
    body = thing_document(found, thing, suffix, context.description.names.prefixes)
    return _sent(context, body, iri, address, suffix)


def _see_other(context: Context, address: Callable[[Urls], str]) -> Response:
    """303 to the document at ``address`` that the client prefers (RFC 9110, 15.4.4)."""
    parameters = parameters_of(request.query_string, "address")
    suffix = suffix_for(request.headers.get("Accept"), asked_formats(parameters))
    if suffix is None:
        raise NotAcceptable(
            say("No format that you accept is offered."),
            hint=say("Offered: {offers}.", offers=", ".join(SUFFIXES.values())),
            where="Accept",
            offered=SUFFIXES.values(),
        )
    links = page_links(context)
    response = _moved(links.document(address(links), suffix))
    response.headers["Link"] = ", ".join(
        [
            _link(response.headers["Location"], "describedby", SUFFIXES[suffix]),
            *_alternates(context, address(context.urls), suffix),
        ]
    )
    return response


def _moved(address: str) -> Response:
    body = f"See {address}\n".encode()
    headers = {"Location": address, "Cache-Control": PUBLIC}
    return respond(body, "text/plain", status=303, headers=headers)


def _sent(context: Context, body: bytes, iri: str, address: str, suffix: str) -> Response:
    return _finished(context, respond(body, SUFFIXES[suffix]), iri, address, suffix)


def _finished(
    context: Context, response: Response, iri: str, address: str, suffix: str
) -> Response:
    """``response`` with its tag and its links: what it describes, its twins, its licence."""
    links = [_link(iri, "describes"), *_alternates(context, address, suffix)]
    if context.description.license:
        links.append(_link(context.description.license, "license"))
    dataset = context.urls.to("/.well-known/void")
    links.append(_link(dataset, "http://rdfs.org/ns/void#inDataset", "text/turtle"))
    response.headers["Link"] = ", ".join(links)
    return kept_as_sent(response, context)


def _alternates(context: Context, address: str, suffix: str) -> Iterable[str]:
    for other, media_type in SUFFIXES.items():
        if other != suffix:
            yield _link(context.urls.document(address, other), "alternate", media_type)


def _link(target: str, relation: str, media_type: str = "") -> str:
    """One value of the Link header; an IRI becomes a URI (RFC 3987, 3.1)."""
    uri = quote(target, safe=SAFE + "?#[]%")
    return f'<{uri}>; rel="{relation}"' + (f'; type="{media_type}"' if media_type else "")


def _known(context: Context, iris: Iterable[str]) -> str:
    return next((iri for iri in iris if is_known(context.engine, iri)), "")


def _asked_iri() -> str:
    iris = graph_names(parameters_of(request.query_string, "address"), "iri")
    if len(iris) != 1:
        raise BadRequest(
            say("The address names {count} things; it must name one.", count=len(iris)),
            hint=say("Use ?iri= with the percent-encoded IRI of a thing."),
            where="iri",
        )
    return iris[0]


def _unknown(iri: str) -> NotFound:
    return NotFound(
        say("The graph says nothing of {thing}.", thing=iri[:300]),
        hint=say("Is it spelled as in the graph? /sitemap.xml lists what has a page."),
        where=request.path,
    )


def reference_page(context: Context, found: Subgraph, graph: str, address: str) -> Response:
    """The page of the named graph ``graph``, which is the ontology's or that of the rules.

    ``found`` is the whole graph, ``address`` that of its documents. Raises what engines raise.
    """
    names, description = context.description.names, context.description
    given = alternates(context, address)
    if graph == names.ontology_iri:
        vocabulary = read_vocabulary(context.engine, found, description)
        return page(
            context, "ontology.html", section="ontology", vocabulary=vocabulary, alternates=given
        )
    groups = read_rules(context.engine, found, names)
    return page(context, "rules.html", section="shapes", groups=groups, alternates=given)

/* Why an answer may be empty or lack something, as the server tells it in X-Query-Hint (docs/query.md). */

import { shorten } from "./names.js";
import { element, say } from "./page.js";

const HINT = /([a-z]+)((?:;[a-z]+="[^"]*")+)/g;
const PART = /;([a-z]+)="([^"]*)"/g;

/* The hints of a header: { kind } with what is told of it, such as `iri` and `like`. */
export function hintsOf(header) {
  return [...(header ?? "").matchAll(HINT)].map(([, kind, parts]) => {
    const values = [...parts.matchAll(PART)].map(([, name, value]) => [name, decodeURIComponent(value)]);
    return { kind, ...Object.fromEntries(values) };
  });
}

/* A notice with one sentence for each hint; nothing without any. */
export function noticeOf(hints) {
  if (!hints.length) return [];
  const sentences = hints.map((hint) => element("p", {}, sentence(hint)));
  return [element("div", { className: "notice hint", role: "note" }, ...sentences)];
}

/* A hint in words: those of its kind (sparql/hints.py), with the names that it has as readers write them. */
function sentence(hint) {
  const { kind, iri, like, by, graph, term, text, languages } = hint;
  const told = { ...hint, right: "${1}a" };
  if (iri) told.name = shorten(iri);
  if (by) told.by = shorten(by);
  if (graph) told.graph = `<${graph}>`;
  if (term) told.term = shorten(term);
  if (languages) {
    told.text = `"${text}"`;
    told.tagged = languages.split(" ").map((each) => `"${text}"@${each}`).join(", ");
  }
  const meant = like ? ` ${say("meant", { names: like.split(" ").map(shorten).join(", ") })}` : "";
  return say(kind, told) + meant;
}

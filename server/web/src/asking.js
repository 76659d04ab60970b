/* From a query to its answer, its permalink, and its addresses as files. */

import { hintsOf } from "./hints.js";
import { data, say } from "./page.js";

const LONGEST_ADDRESS = 8000;
const LONGEST_SHOWN = 16 * 1024 * 1024;
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/problem+json";

/* The address that asks `query` of the endpoint; null if it is too long for an address. */
export function fileOf(query, format) {
  const address = `${data.endpoint}?${new URLSearchParams({ query, format })}`;
  return address.length <= LONGEST_ADDRESS ? address : null;
}

/* The question of the list whose query this is, if it is one. */
export function questionOf(query) {
  return data.questions.find((each) => each.query.trim() === query.trim());
}

/* The address of this page with `query` in it. A question of the list goes by its name; a query
   too long for the server to read goes behind the #, which browsers keep for themselves. */
export function permalink(query) {
  const address = new URL(location.href);
  const { searchParams } = address;
  for (const name of ["query", "question"]) searchParams.delete(name);
  address.hash = "";
  const question = questionOf(query);
  if (question) searchParams.set("question", question.slug);
  else searchParams.set("query", query);
  if (address.href.length > LONGEST_ADDRESS) {
    searchParams.delete("query");
    address.hash = new URLSearchParams({ query }).toString();
  }
  return address.href;
}

/* The query that stands behind the # of the address, empty if none does. */
export function queryOfFragment() {
  return new URLSearchParams(location.hash.slice(1)).get("query") ?? "";
}

/* What came back: { kind, seconds } with `answer` (rows), `text` (triples) or `problem`, and the
   `hints` of the server on an answer that says nothing. */
export async function ask(query, signal) {
  const started = performance.now();
  const short = fileOf(query, "json") !== null;
  const asked = new URLSearchParams({ query });
  // What is wrong with a query is told in the language of the page, whatever the browser prefers.
  const headers = { Accept: ACCEPT, "Accept-Language": document.documentElement.lang };
  const response = short
    ? await fetch(`${data.endpoint}?${asked}`, { headers, signal })
    : await fetch(data.endpoint, { method: "POST", body: asked, headers, signal });
  const text = await wholeText(response);
  const seconds = (performance.now() - started) / 1000;
  if (!response.ok) return { kind: "problem", problem: problemOf(response, text), seconds };
  if (text === null) return { kind: "problem", problem: { words: say("too_long") }, seconds };
  const hints = hintsOf(response.headers.get("X-Query-Hint"));
  if (response.headers.get("Content-Type").startsWith("text/turtle")) {
    return { kind: "graph", text, hints, seconds };
  }
  const answer = JSON.parse(text);
  return { kind: "boolean" in answer ? "boolean" : "rows", answer, hints, seconds };
}

/* The text of `response`; null if it is more than a page can show. */
async function wholeText(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > LONGEST_SHOWN) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function problemOf(response, text) {
  const lang = response.headers.get("Content-Language") ?? "en";
  try {
    return { ...JSON.parse(text), lang };
  } catch {
    const title = `${response.status} ${response.statusText}`;
    return { title, detail: text?.slice(0, 500), lang };
  }
}

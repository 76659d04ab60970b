/* Why an answer may be empty or lack something, as the server tells it in X-Query-Hint (docs/query.md). */

import { shorten } from "./names.js";
import { element, say } from "./page.js";

const HINT = /(unknown|untagged|replaced|pattern|path|replacement|aggregate)((?:;[a-z]+="[^"]*")+)/g;
const PART = /;([a-z]+)="([^"]*)"/g;

/* The hints of a header: { kind } with `iri` and `like`, `text` and `languages`, `iri` and `by`,
   `term`, `text`, or `text` and `cure`. */
export function hintsOf(header) {
  return [...(header ?? "").matchAll(HINT)].map(([, kind, parts]) => {
    const values = [...parts.matchAll(PART)].map(([, name, value]) => [name, decodeURIComponent(value)]);
    return { kind, ...Object.fromEntries(values) };
  });
}

/* A notice with one sentence for each hint; nothing without any. */
export function noticeOf(hints) {
  if (!hints.length) return [];
  const sentences = hints.map((hint) => element("p", {}, SENTENCES[hint.kind](hint)));
  return [element("div", { className: "notice hint", role: "note" }, ...sentences)];
}

function unknown({ iri, like }) {
  const sentence = say("unknown", { name: shorten(iri) });
  if (!like) return sentence;
  const names = like.split(" ").map(shorten).join(", ");
  return `${sentence} ${say("meant", { names })}`;
}

function replaced({ iri, by }) {
  return say("replaced", { name: shorten(iri), by: shorten(by) });
}

function untagged({ text, languages }) {
  const tagged = languages.split(" ").map((each) => `"${text}"@${each}`);
  return say("untagged", { text: `"${text}"`, tagged: tagged.join(", ") });
}

const SENTENCES = {
  unknown,
  untagged,
  replaced,
  path: ({ term }) => say("path", { term: shorten(term) }),
  alternatives: ({ text }) => say("alternatives", { text }),
  pattern: ({ text }) => say("pattern", { text }),
  replacement: ({ text }) => say("replacement", { text, right: "${1}a" }),
  aggregate: ({ text, cure }) => say("aggregate", { text, cure }),
};

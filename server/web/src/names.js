/* IRIs as people read them, what they are called, and where this host tells of them. */

import { data } from "./page.js";

const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/* [prefix, local name] by the longest namespace of `prefixes` that fits; null if none does. */
export function split(iri, prefixes = data.prefixes) {
  let best = null;
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (!iri.startsWith(namespace)) continue;
    const local = iri.slice(namespace.length);
    if (local && !LOCAL.test(local)) continue;
    if (best === null || local.length < best[1].length) best = [prefix, local];
  }
  return best;
}

export function shorten(iri) {
  const parts = split(iri);
  return parts ? parts.join(":") : iri;
}

/* The prefixes of this graph that `text` uses, `declared` and itself declare not, by name. */
export function missingPrefixes(text, declared) {
  const plain = text
    .replace(/<[^<>\s]*>|"""[^]*?"""|\'\'\'[^]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, " ")
    .replace(/#.*/g, "");
  const own = new Set([...plain.matchAll(/\bPREFIX\s+([\w.-]*):/gi)].map(([, name]) => name));
  const used = [...plain.matchAll(/(?<![\w:?$.-])([A-Za-z][\w.-]*):/g)].map(([, name]) => name);
  const missing = used.filter((name) => name in data.prefixes && !(name in declared) && !own.has(name));
  return Object.fromEntries(missing.map((name) => [name, data.prefixes[name]]));
}

/* The page of this host about `iri`; of what is told of elsewhere, the IRI itself. */
export function pageOf(iri) {
  for (const { iri: start, page } of data.places) {
    if (!iri.startsWith(start)) continue;
    const rest = iri.slice(start.length);
    return inLanguage(page.includes("?") ? page + encodeURIComponent(rest) : page + encodeURI(rest));
  }
  return /^https?:/.test(iri) ? iri : null;
}

/* `address` in the language that the reader asked for, if one was asked for. */
function inLanguage(address) {
  if (!data.lang) return address;
  const [page, fragment] = address.split("#", 2);
  const mark = page.includes("?") ? "&" : "?";
  return `${page}${mark}lang=${data.lang}${fragment === undefined ? "" : `#${fragment}`}`;
}

const MOST_LABELS = 1000;

/* What the IRIs among `terms` are called, by IRI; nothing where the server cannot tell. */
export async function labelsOf(terms) {
  const iris = new Set();
  for (const term of terms) if (term?.type === "uri" && pageOf(term.value) !== term.value) iris.add(term.value);
  if (!iris.size) return {};
  const body = new URLSearchParams([...iris].slice(0, MOST_LABELS).map((iri) => ["iri", iri]));
  try {
    const response = await fetch(data.labels, { method: "POST", body });
    return response.ok ? (await response.json()).labels : {};
  } catch {
    return {};
  }
}

/* The status that `term` is, by its IRI, or by its name in a column `variable` of statuses. */
export function statusOf(term, variable) {
  if (term.type === "uri") return data.statuses.find(({ iri }) => iri === term.value);
  if (term.type !== "literal" || !/status|modality/i.test(variable)) return undefined;
  return data.statuses.find(({ label }) => label === term.value);
}

/* The columns of `SELECT *` in the order in which the query names them: the standard gives none. */
export function inOrder(names, query) {
  if (!/\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?\*/i.test(query)) return names;
  const found = [...query.matchAll(/[?$]([\p{L}\p{N}_]+)/gu)].map(([, name]) => name);
  const place = (name) => (found.includes(name) ? found.indexOf(name) : found.length);
  return [...names].sort((a, b) => place(a) - place(b));
}

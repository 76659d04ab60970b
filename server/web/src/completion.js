/* Completion from this graph alone: its classes, properties, things, values and prefixes, by label. */

import { Yasqe } from "@zazuko/yasqe";

import { split } from "./names.js";
import { data, element } from "./page.js";

const MOST = 60;
const CLASS_AFTER = new Set(["a", "rdf:type", "rdfs:domain", "rdfs:range", "rdfs:subClassOf"]);
const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

let asked;
const told = new Map();

/* What stands before the cursor in its line. */
function beforeCursor(editor) {
  const { line, ch } = editor.getCursor();
  return editor.getLine(line).slice(0, ch);
}

/* What stood there when a name was chosen last: after it, nothing is offered again by itself. */
let chosen = null;

/* What the server tells at `address` under `member`; nothing where it tells nothing. */
function fetched(address, member) {
  return fetch(address, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : { [member]: [] }))
    .catch(() => ({ [member]: [] }))
    .then(({ [member]: found }) => {
      for (const each of found) told.set(each.iri, each);
      return found;
    });
}

/* The terms of the graph, asked for once. A page without them still completes prefixes. */
function terms() {
  asked ??= fetched(data.terms, "terms");
  return asked;
}

/* What is typed, apart: the namespace that its prefix stands for (null without one), the rest. */
function parted(typed, prefixes) {
  if (typed.startsWith("<")) return { start: typed.slice(1).replace(/>$/, ""), local: "" };
  if (!typed.includes(":")) return { prefix: null, start: null, local: typed };
  const [prefix, local] = typed.split(/:(.*)/s);
  const namespace = { ...data.prefixes, ...prefixes }[prefix];
  return { prefix, namespace, start: (namespace ?? "") + local, local };
}

/* The IRIs of `kind` that what is typed may be the beginning of, or a part of, likeliest first. */
async function matches(kind, typed, prefixes) {
  const { prefix, namespace, start, local } = parted(typed, prefixes);
  const part = local.toLowerCase();
  const ours = data.places.at(-1).iri;
  const rank = ({ iri, label }) => {
    if (start !== null && iri.startsWith(start)) return 0;
    if (prefix === undefined) return iri.includes(start) ? 2 : 3;
    if (prefix !== null && !(namespace && iri.startsWith(namespace))) return 3;
    const name = iri.slice(Math.max(iri.lastIndexOf("/"), iri.lastIndexOf("#")) + 1).toLowerCase();
    if (name.startsWith(part)) return 1;
    return name.includes(part) || label?.toLowerCase().includes(part) ? 2 : 3;
  };
  const ranked = (await terms())
    .filter((term) => term.kind === kind)
    .map((term) => [rank(term), term])
    .filter(([place]) => place < 3);
  const foreign = ({ iri }) => (iri.startsWith(ours) ? 0 : 1);
  ranked.sort(
    ([a, x], [b, y]) =>
      a - b || foreign(x) - foreign(y) || y.uses - x.uses || (x.iri < y.iri ? -1 : 1),
  );
  return ranked.slice(0, MOST).map(([, term]) => term.iri);
}

/* The IRIs of things whose names begin with what is typed, values of `property` first. */
async function things(typed, prefixes, property) {
  const { namespace, local } = parted(typed, prefixes);
  const address = new URL(data.names, location.href);
  address.searchParams.set("typed", local.replaceAll(/[-_]/g, " "));
  if (property) address.searchParams.set("property", property);
  const found = await fetched(address, "names");
  return found.map(({ iri }) => iri).filter((iri) => !namespace || iri.startsWith(namespace));
}

/* The IRI that `name` stands for in the query; null for what is none (a path, a variable). */
function expanded(name, prefixes) {
  if (name === "a") return RDF_TYPE;
  if (/^<[^<>\s]*>$/.test(name)) return name.slice(1, -1);
  const { namespace, start } = parted(name, prefixes);
  return namespace === undefined ? null : start;
}

/* How `iri` is written in the query: with a prefix if there is one, and whether to declare it. */
function written(yasqe, token, iri) {
  if (token.typed.startsWith("<")) return { text: `<${iri}>` };
  const declared = split(iri, yasqe.getPrefixesFromQuery());
  if (declared) return { text: declared.join(":") };
  const ours = split(iri);
  return ours ? { text: ours.join(":"), prefix: ours[0] } : { text: `<${iri}>` };
}

function hinted(yasqe, token, iri) {
  const { text, prefix } = written(yasqe, token, iri);
  const { label, name, kind } = told.get(iri) ?? {};
  const isThing = name !== undefined;
  return {
    text,
    render(item) {
      // Of a thing the name comes first: that is what was typed.
      if (isThing) {
        item.append(element("span", { className: "hint-name" }, label || text));
        if (name && name !== label) item.append(element("span", { className: "hint-label" }, name));
        if (kind) item.append(element("span", { className: "hint-label" }, kind));
        if (label) item.append(element("span", { className: "hint-iri" }, text));
        return;
      }
      item.append(text);
      if (label) item.append(element("span", { className: "hint-label" }, label));
    },
    hint(editor, shown, picked) {
      const from = { ...(picked.from ?? shown.from) };
      const to = { ...(picked.to ?? shown.to) };
      editor.operation(() => {
        if (prefix) {
          yasqe.addPrefixes({ [prefix]: data.prefixes[prefix] });
          from.line += 1;
          to.line += 1;
        }
        editor.replaceRange(picked.text, from, to, "complete");
        chosen = beforeCursor(editor);
      });
    },
  };
}

/* The word before the cursor, where it begins, and the token that begins there. Yasqe's own tokens
   break at keywords: "alleged" is ALL and what follows. */
function wordOf(yasqe) {
  const { line, ch } = yasqe.getDoc().getCursor();
  const before = beforeCursor(yasqe);
  const [typed] = before.match(/<[^<>\s]*$|[\p{L}\p{N}_:-]*$/u);
  const start = ch - typed.length;
  const token = typed ? yasqe.getTokenAt({ line, ch: start + 1 }) : yasqe.getCompleteToken();
  const isName = !/[?$@"'^]$/.test(before.slice(0, start)) && !/^[?$_"'#]/.test(token.string.trim());
  return { ...token, typed, isName, isChosen: before === chosen, from: { ch: start }, to: { ch } };
}

/* Two completers of one kind: one shows itself while a name is typed, one waits for Ctrl-Space. */
function completers(kind, isItsPlace, get, showsItself = (typed) => typed !== "" && typed !== "a") {
  const place = (yasqe) => {
    const token = wordOf(yasqe);
    const fits = token.isName && isItsPlace(yasqe, token, token.typed);
    return { fits, shows: fits && !token.isChosen && showsItself(token.typed, yasqe, token) };
  };
  let current;
  const shared = {
    bulk: false,
    persistenceId: null,
    get: (yasqe, token) => get(token.typed, yasqe.getPrefixesFromQuery(), yasqe, token),
    preProcessToken(yasqe) {
      current = wordOf(yasqe);
      return current;
    },
    postprocessHints: (yasqe, hints) =>
      hints.map(({ text, from, to }) => ({ ...hinted(yasqe, current, text), from, to })),
  };
  return [
    {
      ...shared,
      name: kind,
      autoShow: true,
      isValidCompletionPosition: (yasqe) => place(yasqe).shows,
    },
    {
      ...shared,
      name: `any-${kind}`,
      autoShow: false,
      isValidCompletionPosition(yasqe) {
        const { fits, shows } = place(yasqe);
        return fits && !shows;
      },
    },
  ];
}

/* The property that stands before the cursor, as it is written; nothing where a subject stands. */
function propertyBefore(yasqe, token) {
  const { line } = yasqe.getDoc().getCursor();
  return yasqe.getPreviousNonWsToken(line, token)?.state.lastProperty;
}

function isClassPlace(yasqe, token) {
  return CLASS_AFTER.has(propertyBefore(yasqe, token));
}

function isPropertyPlace(yasqe, token, typed) {
  return typed !== "a" && (token.state.possibleCurrent?.includes("a") ?? false);
}

function isThingPlace(yasqe, token, typed) {
  const possible = token.state.possibleCurrent ?? [];
  return possible.includes("IRI_REF") && !isPropertyPlace(yasqe, token, typed) && !isClassPlace(yasqe, token);
}

/* Names of things show themselves where only a value can stand, or where a prefix says that one is
   meant: elsewhere a keyword may be on its way, which Enter must not replace. */
function showsThings(typed, yasqe, token) {
  if (typed.startsWith("<")) return false;
  return typed.length > 1 && (/:./.test(typed) || Boolean(propertyBefore(yasqe, token)));
}

/* Take Yasqe's own completers out and put ours in; gives their names. */
export function useOwnCompleters() {
  Yasqe.defaults.autocompleters = [];
  const prefixes = () =>
    Object.entries(data.prefixes)
      .map(([prefix, namespace]) => `${prefix}: <${namespace}>`)
      .sort();
  const own = { name: "prefixes", persistenceId: null, get: prefixes };
  Yasqe.forkAutocompleter("prefixes", own, false);
  const term = (kind) => (typed, declared) => matches(kind, typed, declared);
  const thing = (typed, declared, yasqe, token) => {
    const property = propertyBefore(yasqe, token);
    return things(typed, declared, property ? expanded(property, declared) : null);
  };
  const kinds = [
    completers("class", isClassPlace, term("class")),
    completers("property", isPropertyPlace, term("property")),
    completers("thing", isThingPlace, thing, showsThings),
  ].flat();
  for (const each of kinds) Yasqe.registerAutocompleter(each, false);
  return ["variables", "prefixes", ...kinds.map(({ name }) => name)];
}

export { terms as readTerms };

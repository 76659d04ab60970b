/* Completion from this graph alone: its classes, its properties, its prefixes, with their labels. */

import { Yasqe } from "@zazuko/yasqe";

import { split } from "./names.js";
import { data, element } from "./page.js";

const MOST = 60;
const CLASS_AFTER = new Set(["a", "rdf:type", "rdfs:domain", "rdfs:range", "rdfs:subClassOf"]);

let asked;
const told = new Map();

/* The terms of the graph, asked for once. A page without them still completes prefixes. */
function terms() {
  asked ??= fetch(data.terms, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : { terms: [] }))
    .catch(() => ({ terms: [] }))
    .then(({ terms: found }) => {
      for (const term of found) told.set(term.iri, term);
      return found;
    });
  return asked;
}

/* The IRIs of `kind` that what is typed may be the beginning of, or a part of, likeliest first. */
async function matches(kind, typed, prefixes) {
  const known = { ...data.prefixes, ...prefixes };
  const [prefix, local] = typed.includes(":") ? typed.split(/:(.*)/s) : [null, typed];
  const start = typed.startsWith("<")
    ? typed.slice(1).replace(/>$/, "")
    : prefix === null
      ? null
      : (known[prefix] ?? "") + local;
  const part = local.toLowerCase();
  const ours = data.places.at(-1).iri;
  const rank = ({ iri, label }) => {
    if (start !== null && iri.startsWith(start)) return 0;
    if (typed.startsWith("<")) return iri.includes(start) ? 2 : 3;
    if (prefix !== null && !(prefix in known && iri.startsWith(known[prefix]))) return 3;
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
  const label = told.get(iri)?.label;
  return {
    text,
    render(item) {
      item.append(text);
      if (label) item.append(element("span", { className: "hint-label" }, label));
    },
    hint(editor, shown, chosen) {
      const from = { ...(chosen.from ?? shown.from) };
      const to = { ...(chosen.to ?? shown.to) };
      editor.operation(() => {
        if (prefix) {
          yasqe.addPrefixes({ [prefix]: data.prefixes[prefix] });
          from.line += 1;
          to.line += 1;
        }
        editor.replaceRange(chosen.text, from, to, "complete");
      });
    },
  };
}

/* Two completers of one kind: one shows itself while a name is typed, one waits for Ctrl-Space. */
function completers(kind, isItsPlace) {
  const place = (yasqe) => {
    const token = yasqe.getCompleteToken();
    const typed = token.string.trim();
    return { token, typed, fits: !/^[?$_]/.test(typed) && isItsPlace(yasqe, token, typed) };
  };
  let current;
  const shared = {
    bulk: false,
    persistenceId: null,
    get: (yasqe, { typed }) => matches(kind, typed, yasqe.getPrefixesFromQuery()),
    preProcessToken(yasqe, token) {
      const typed = token.string.trim();
      const at = { ch: yasqe.getDoc().getCursor().ch };
      current = typed ? { ...token, typed } : { ...token, string: "", typed, from: at, to: at };
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
      isValidCompletionPosition(yasqe) {
        const { typed, fits } = place(yasqe);
        return fits && typed !== "" && typed !== "a";
      },
    },
    {
      ...shared,
      name: `any-${kind}`,
      autoShow: false,
      isValidCompletionPosition(yasqe) {
        const { typed, fits } = place(yasqe);
        return fits && (typed === "" || typed === "a");
      },
    },
  ];
}

function isClassPlace(yasqe, token) {
  const { line } = yasqe.getDoc().getCursor();
  return CLASS_AFTER.has(yasqe.getPreviousNonWsToken(line, token)?.state.lastProperty);
}

function isPropertyPlace(yasqe, token, typed) {
  return typed !== "a" && (token.state.possibleCurrent?.includes("a") ?? false);
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
  const kinds = [completers("class", isClassPlace), completers("property", isPropertyPlace)].flat();
  for (const each of kinds) Yasqe.registerAutocompleter(each, false);
  return ["variables", "prefixes", ...kinds.map(({ name }) => name)];
}

export { terms as readTerms };

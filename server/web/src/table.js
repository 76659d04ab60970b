/* Rows of an answer as a table that sorts, filters and grows as it is read. */

import { inOrder, labelsOf, pageOf, shorten, statusOf } from "./names.js";
import { element, number, say, sign } from "./page.js";

const PAGE = 100;
const LONG = 60;
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((n) => XSD + n),
);
const PLAIN = new Set([undefined, `${XSD}string`, `${XSD}date`, `${XSD}boolean`, ...NUMBERS]);

/* `headings` are the names of the columns in words, none where nobody gave them. What things are
   called comes after the rows: an answer does not wait for it. */
export function tableOf({ head, results }, query, caption, headings = []) {
  const names = inOrder(head.vars, query);
  let labels = {};
  const rows = results.bindings;
  const body = element("tbody");
  const count = element("p", { className: "quiet", role: "status" });
  const more = element("button", { type: "button", className: "second" }, say("more_rows"));
  const view = { rows, shown: 0, by: null, down: false, words: "" };
  const heads = names.map((name, place) => headOf(headings[place] ?? name, () => sortBy(name)));

  function draw() {
    const least = Math.min(Math.max(view.shown, 1), view.rows.length);
    view.shown = 0;
    body.replaceChildren();
    do grow();
    while (view.shown < least);
  }

  function grow() {
    const next = view.rows.slice(view.shown, view.shown + PAGE);
    body.append(...next.map((row) => rowOf(names, row, labels)));
    view.shown += next.length;
    more.hidden = view.shown >= view.rows.length;
    const whole = view.shown === rows.length;
    const values = { shown: number(view.shown), rows: number(rows.length) };
    count.textContent = whole ? "" : say("rows_shown", values);
  }

  function choose() {
    const words = view.words.toLowerCase().split(/\s+/).filter(Boolean);
    view.rows = rows.filter((row) => {
      const text = names.map((name) => textOf(row[name], labels)).join("\n").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    if (view.by !== null) {
      view.rows.sort((a, b) => compare(a[view.by], b[view.by], labels) * (view.down ? -1 : 1));
    }
    view.shown = 0;
    draw();
  }

  function sortBy(name) {
    view.down = view.by === name && !view.down;
    view.by = name;
    for (const [place, cell] of heads.entries()) {
      if (names[place] !== name) cell.removeAttribute("aria-sort");
      else cell.setAttribute("aria-sort", view.down ? "descending" : "ascending");
    }
    choose();
  }

  more.addEventListener("click", () => {
    const first = view.shown;
    grow();
    body.rows[first]?.querySelector("a")?.focus();
  });
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads)),
    body,
  );
  const region = { className: "scroll", tabIndex: 0, role: "region", "aria-label": caption };
  const parts = [element("div", region, table), more, count];
  if (rows.length > 10) parts.unshift(filterOf((words) => ((view.words = words), choose())));
  draw();
  labelsOf(rows.flatMap((row) => Object.values(row))).then((found) => {
    labels = found;
    if (Object.keys(labels).length) draw();
  });
  return parts;
}

function headOf(name, sort) {
  const button = element("button", { type: "button", title: say("sort") }, name);
  button.addEventListener("click", sort);
  return element("th", { scope: "col" }, button);
}

function filterOf(filter) {
  const field = element("input", { type: "search", id: "filter", autocomplete: "off" });
  field.addEventListener("input", () => filter(field.value));
  const label = element("label", { htmlFor: "filter" }, say("filter"));
  return element("p", { className: "filter" }, label, field);
}

function rowOf(names, row, labels) {
  return element("tr", {}, ...names.map((name) => cellOf(row[name], name, labels)));
}

function cellOf(term, variable, labels) {
  if (term === undefined) return element("td");
  const status = statusOf(term, variable);
  if (status) {
    const chip = element("span", { className: `status is-${status.name}` }, sign(status.name), status.label);
    return element("td", { className: "named" }, chip, ...(term.type === "uri" ? [nameOf(term.value)] : []));
  }
  if (term.type === "uri") {
    const address = pageOf(term.value);
    const label = labels[term.value];
    const words = label ?? shorten(term.value);
    const shown = address === null ? words : element("a", { href: address, title: term.value }, words);
    const className = words.length > LONG ? "named long" : "named";
    return element("td", { className }, shown, ...(label ? [nameOf(term.value)] : []));
  }
  if (term.type === "bnode") return element("td", { className: "quiet" }, `_:${term.value}`);
  if (term.type === "triple") return element("td", {}, textOf(term));
  const cell = element("td", NUMBERS.has(term.datatype) ? { className: "number" } : {});
  const language = term["xml:lang"];
  cell.append(language ? element("span", { lang: language }, term.value) : term.value);
  const foreign = language && language !== document.documentElement.lang;
  if (foreign) cell.append(element("span", { className: "tag" }, language));
  else if (!language && !PLAIN.has(term.datatype)) {
    cell.append(element("span", { className: "tag" }, shorten(term.datatype)));
  }
  return cell;
}

/* The name of `iri` in a query, beneath what it is called. */
function nameOf(iri) {
  return element("code", { className: "name" }, shorten(iri));
}

function textOf(term, labels = {}) {
  if (term === undefined) return "";
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    return `<<( ${[subject, predicate, object].map((each) => textOf(each)).join(" ")} )>>`;
  }
  return term.type === "uri" ? `${labels[term.value] ?? ""} ${shorten(term.value)}`.trim() : term.value;
}

function compare(a, b, labels) {
  if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
  if (NUMBERS.has(a.datatype) && NUMBERS.has(b.datatype)) return Number(a.value) - Number(b.value);
  return textOf(a, labels).localeCompare(textOf(b, labels), document.documentElement.lang, { numeric: true });
}

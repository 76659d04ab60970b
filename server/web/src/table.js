/* Rows of an answer as a table that sorts, filters and grows as it is read. */

import { pageOf, shorten } from "./names.js";
import { element, number, say } from "./page.js";

const PAGE = 100;
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((n) => XSD + n),
);
const PLAIN = new Set([undefined, `${XSD}string`, `${XSD}date`, `${XSD}boolean`, ...NUMBERS]);

/* `headings` are the names of the columns in words, none where nobody gave them. */
export function tableOf({ head, results }, caption, headings = []) {
  const names = head.vars;
  const rows = results.bindings;
  const body = element("tbody");
  const count = element("p", { className: "quiet", role: "status" });
  const more = element("button", { type: "button", className: "second" }, say("more_rows"));
  const view = { rows, shown: 0, by: null, down: false, words: "" };
  const heads = names.map((name, place) => headOf(headings[place] ?? name, () => sortBy(name)));

  function draw() {
    view.shown = 0;
    body.replaceChildren();
    grow();
  }

  function grow() {
    const next = view.rows.slice(view.shown, view.shown + PAGE);
    body.append(...next.map((row) => rowOf(names, row)));
    view.shown += next.length;
    more.hidden = view.shown >= view.rows.length;
    const whole = view.shown === rows.length;
    const values = { shown: number(view.shown), rows: number(rows.length) };
    count.textContent = whole ? "" : say("rows_shown", values);
  }

  function choose() {
    const words = view.words.toLowerCase().split(/\s+/).filter(Boolean);
    view.rows = rows.filter((row) => {
      const text = names.map((name) => textOf(row[name])).join("\n").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    if (view.by !== null) {
      view.rows.sort((a, b) => compare(a[view.by], b[view.by]) * (view.down ? -1 : 1));
    }
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

function rowOf(names, row) {
  return element("tr", {}, ...names.map((name) => cellOf(row[name])));
}

export function cellOf(term) {
  if (term === undefined) return element("td");
  if (term.type === "uri") {
    const address = pageOf(term.value);
    const name = shorten(term.value);
    if (address === null) return element("td", {}, name);
    return element("td", {}, element("a", { href: address, title: term.value }, name));
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

function textOf(term) {
  if (term === undefined) return "";
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    return `<<( ${[subject, predicate, object].map(textOf).join(" ")} )>>`;
  }
  return term.type === "uri" ? `${shorten(term.value)}` : term.value;
}

function compare(a, b) {
  if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
  if (NUMBERS.has(a.datatype) && NUMBERS.has(b.datatype)) return Number(a.value) - Number(b.value);
  return textOf(a).localeCompare(textOf(b), document.documentElement.lang, { numeric: true });
}

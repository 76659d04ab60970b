/* An answer, or the reason why there is none, in the part of the page below the query. */

import { fileOf, questionOf } from "./asking.js";
import { noticeOf } from "./hints.js";
import { data, element, number, say } from "./page.js";
import { tableOf } from "./table.js";

const LONGEST_TEXT = 200_000;

/* Show what `ask` gave for `query` in `place`; `goTo(line)` leads into the query. */
export function show(place, query, outcome, goTo) {
  const question = questionOf(query);
  const title = question ? element("a", { href: question.page }, question.title) : say("answer");
  const heading = element("h2", {}, title);
  const read = question && element("a", { href: question.page }, say("in_sentences"));
  const way = read ? [element("p", { className: "links" }, read)] : [];
  place.replaceChildren(heading, ...way, ...noticeOf(outcome.hints ?? []), ...partsOf(query, outcome, goTo));
}

export function showNote(place, words) {
  place.replaceChildren(element("p", { className: "quiet" }, words));
}

/* In words how it went, for the line that is read out. */
export function summary({ kind, answer, seconds }) {
  const time = number(Number(seconds.toPrecision(2)));
  if (kind === "problem") return say("failed");
  if (kind === "rows") {
    const rows = answer.results.bindings.length;
    return say(rows === 1 ? "one_row" : "rows", { rows: number(rows), time });
  }
  return say("answered", { time });
}

function partsOf(query, { kind, answer, text, problem }, goTo) {
  if (kind === "problem") return [problemOf(problem, goTo)];
  if (kind === "boolean") {
    return [element("p", { className: "verdict" }, say(answer.boolean ? "yes" : "no"))];
  }
  const files = filesOf(query, kind === "graph" ? data.formats.graph : data.formats.rows);
  if (kind === "graph") {
    const cut = text.length > LONGEST_TEXT;
    const label = say("answer");
    const shown = element("pre", { tabIndex: 0, role: "region", "aria-label": label });
    shown.append(element("code", {}, cut ? text.slice(0, LONGEST_TEXT) : text));
    return cut ? [shown, element("p", {}, say("cut")), files] : [shown, files];
  }
  if (answer.results.bindings.length === 0) {
    return [element("p", { className: "notice" }, say("nothing")), files];
  }
  const headings = questionOf(query)?.headings ?? [];
  const fits = headings.length === answer.head.vars.length;
  return [...tableOf(answer, query, say("answer"), fits ? headings : []), files];
}

/* What the server says of a problem is in the language that it names (English, if none). */
function problemOf({ title, words, detail, hint, line, column, lang }, goTo) {
  const box = element("div", { className: "notice wrong" });
  if (words) box.append(element("p", {}, words));
  if (title) box.append(element("p", { lang }, element("strong", {}, title)));
  if (detail) box.append(element("p", { lang }, detail));
  if (hint) box.append(element("p", { lang }, hint));
  if (line) {
    const button = element("button", { type: "button", className: "second" }, say("go", { line }));
    button.addEventListener("click", () => goTo(line, column ?? 1));
    box.append(element("p", {}, button));
  }
  return box;
}

function filesOf(query, formats) {
  const stem = questionOf(query)?.slug ?? say("file");
  const links = formats.map(({ name, suffix, type }) => {
    const address = fileOf(query, name);
    const download = `${stem}.${suffix}`;
    const link = element("a", { download, href: address ?? "#" }, name);
    if (address === null) link.addEventListener("click", (event) => save(event, query, type));
    return element("li", {}, link);
  });
  const list = element("ul", { className: "inline" }, ...links);
  return element("div", { className: "files" }, element("p", {}, say("download")), list);
}

/* A query too long for an address is sent, and its answer saved as a file. */
async function save(event, query, type) {
  event.preventDefault();
  const { download } = event.target;
  const body = new URLSearchParams({ query });
  const response = await fetch(data.endpoint, { method: "POST", body, headers: { Accept: type } });
  const href = URL.createObjectURL(await response.blob());
  element("a", { href, download }).click();
  URL.revokeObjectURL(href);
}

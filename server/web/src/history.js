/* The queries that somebody has run, kept in this browser alone (Web Storage); gone when they are forgotten. */

import { element, say } from "./page.js";

const KEY = "cecot-queries";
const MOST = 30;

/* What is kept, the latest first; nothing where the browser keeps nothing. */
function kept() {
  try {
    const queries = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(queries) ? queries.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

/* Keep `queries`; a browser that keeps nothing, or whose room is full, is no reason to stop. */
function keep(queries) {
  try {
    if (queries.length) localStorage.setItem(KEY, JSON.stringify(queries));
    else localStorage.removeItem(KEY);
  } catch {
    // What was asked is on the page and in its address all the same.
  }
}

/* Keep `query` as the latest. */
export function remember(query) {
  keep([query, ...kept().filter((each) => each !== query)].slice(0, MOST));
}

/* A query in one line, without what all of them begin with. */
function inOneLine(query) {
  const lines = query.split("\n").filter((line) => !/^\s*(PREFIX\b|BASE\b|#|$)/i.test(line));
  const text = lines.join(" ").replaceAll(/\s+/g, " ").trim();
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/* Show what is kept in `place`; `choose(query)` takes one of them up again. */
export function showHistory(place, choose) {
  const queries = kept();
  place.hidden = !queries.length;
  if (!queries.length) {
    place.replaceChildren();
    return;
  }
  const isOpen = place.querySelector("details")?.open ?? false;
  const items = queries.map((query) => {
    const button = element("button", { type: "button", className: "line" }, inOneLine(query));
    button.addEventListener("click", () => choose(query));
    return element("li", {}, button);
  });
  const forget = element("button", { type: "button", className: "second" }, say("forget"));
  forget.addEventListener("click", () => {
    keep([]);
    showHistory(place, choose);
    document.getElementById("status").textContent = say("forgotten");
  });
  const note = element("p", { className: "quiet" }, `${say("own_kept", { most: MOST })} `, forget);
  const summary = element("summary", {}, `${say("own")} (${queries.length})`);
  place.replaceChildren(
    element("details", { open: isOpen }, summary, element("ol", { className: "own" }, ...items), note),
  );
}

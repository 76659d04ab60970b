/* The query editor: takes the place of the plain form, which stays what is sent without it. */

import "@zazuko/yasqe/build/yasqe.min.css";
import "./editor.css";

import { Yasqe } from "@zazuko/yasqe";

import { ask, permalink, queryOfFragment, questionOf } from "./asking.js";
import { readTerms, useOwnCompleters } from "./completion.js";
import { remember, showHistory } from "./history.js";
import { missingPrefixes } from "./names.js";
import { data, say } from "./page.js";
import { show, showNote, summary } from "./results.js";

const part = (id) => document.getElementById(id);
const form = part("ask");
const field = part("query");
const status = part("status");
const results = part("results");
const names = { own: part("own"), syntax: part("syntax"), link: part("permalink"), stop: part("stop") };

let running = null;

const yasqe = new Yasqe(part("editor"), {
  value: queryOfFragment() || field.value,
  autocompleters: useOwnCompleters(),
  persistenceId: null,
  consumeShareLink: null,
  createShareableLink: null,
  showQueryButton: false,
  resizeable: false,
  editorHeight: "auto",
  // What is edited is then text of the page, which screen readers read line by line.
  inputStyle: "contenteditable",
  viewportMargin: Number.POSITIVE_INFINITY,
  screenReaderLabel: say("label"),
  // Tab leaves the editor, as it leaves every other field of a page.
  extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-S": false, "Ctrl-Enter": run, "Cmd-Enter": run },
});
yasqe.showNotification = () => Yasqe.prototype.showNotification.call(yasqe, "keys", say("keys"));
const input = yasqe.getInputField();
input.setAttribute("role", "textbox");
input.setAttribute("aria-multiline", "true");
yasqe.on("autocompletionShown", (_, { hints }) => {
  hints.setAttribute("aria-label", say("offered"));
  hints.tabIndex = 0;
});
yasqe.hideNotification = () => Yasqe.prototype.hideNotification.call(yasqe, "keys");

function run() {
  const query = yasqe.getValue();
  running?.abort();
  if (!query.trim()) {
    showNote(results, say("empty"));
    status.textContent = say("empty");
    return;
  }
  running = new AbortController();
  const { signal } = running;
  history.replaceState(null, "", permalink(query));
  names.stop.hidden = false;
  status.textContent = say("running");
  ask(query, signal)
    .then((outcome) => {
      show(results, query, outcome, goTo);
      mark(outcome.problem?.line);
      status.textContent = summary(outcome);
      if (outcome.kind === "problem" || questionOf(query)) return;
      remember(query);
      showHistory(names.own, takeUp);
    })
    .catch((error) => {
      if (signal.aborted && running?.signal !== signal) return;
      showNote(results, say(signal.aborted ? "stopped" : "unreachable"));
      status.textContent = say(signal.aborted ? "stopped" : "failed");
      if (!signal.aborted && !(error instanceof TypeError)) throw error;
    })
    .finally(() => {
      if (running?.signal === signal) names.stop.hidden = true;
    });
}

/* Put `query` in the place of what stands there, and run it. */
function takeUp(query) {
  yasqe.setValue(query);
  form.scrollIntoView({ block: "nearest" });
  run();
}

/* Colour the line (from 1) that the server could not read; none without a line. */
function mark(line) {
  yasqe.eachLine((each) => void yasqe.removeLineClass(each, "background", "wrong-line"));
  if (line) yasqe.addLineClass(line - 1, "background", "wrong-line");
}

function goTo(line, column) {
  yasqe.focus();
  yasqe.getDoc().setCursor({ line: line - 1, ch: column - 1 });
}

/* The first line that the editor does not follow, in words below it. */
function tellSyntax() {
  for (let line = 0; line < yasqe.lineCount(); line += 1) {
    const ch = yasqe.getDoc().getLine(line).length;
    const { state } = yasqe.getTokenAt({ line, ch }, true);
    if (state.OK === false) {
      names.syntax.textContent = say("doubt", { line: line + 1 });
      return;
    }
  }
  names.syntax.textContent = "";
}

/* What the form would send, the permalink and the other language follow what is typed. */
function follow() {
  const query = yasqe.getValue();
  field.value = query;
  const address = permalink(query);
  names.link.href = address;
  for (const link of document.querySelectorAll(".tongues a[hreflang]")) {
    const other = new URL(address);
    other.searchParams.set("lang", link.hreflang);
    link.href = other.href;
  }
}

function start() {
  field.hidden = true;
  // The field is hidden now, so what the browser would say of it has no place to stand.
  form.noValidate = true;
  form.querySelector("label[for=query]").hidden = true;
  for (const each of document.querySelectorAll("[data-with-script]")) each.hidden = false;
  for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;
  let waiting;
  yasqe.on("change", () => {
    follow();
    clearTimeout(waiting);
    waiting = setTimeout(tellSyntax, 600);
  });
  yasqe.on("inputRead", (_, { origin, text }) => {
    if (origin !== "paste") return;
    const missing = missingPrefixes(text.join("\n"), yasqe.getPrefixesFromQuery());
    if (Object.keys(missing).length) yasqe.addPrefixes(missing);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  names.stop.addEventListener("click", () => running?.abort());
  part("tidy").addEventListener("click", () => yasqe.autoformat());
  for (const link of document.querySelectorAll("a[data-question]")) {
    link.addEventListener("click", (event) => {
      const question = data.questions.find((each) => each.slug === link.dataset.question);
      if (!question || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      link.closest("details").open = false;
      takeUp(question.query);
    });
  }
  // An address that differs from this one only behind the # does not load the page again.
  window.addEventListener("hashchange", () => {
    const query = queryOfFragment();
    if (query) takeUp(query);
  });
  follow();
  showHistory(names.own, takeUp);
  readTerms();
  const { searchParams } = new URL(location.href);
  if (searchParams.has("query") || searchParams.has("question") || queryOfFragment()) run();
}

start();

// What makes the workbench quicker; everything works without it.
"use strict";

// One key to the next passage without a claim.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const next = document.querySelector("[data-next]");
  if (event.key === "n" && next && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    next.click();
  }
});

// Words that are selected in the passage become the words of the claim. Browsers count UTF-16,
// the graph counts code points.
const sentence = document.getElementById("sentence");
if (sentence) {
  const form = sentence.form;
  const first = Number(sentence.dataset.start);
  const points = (end) => [...sentence.value.slice(0, end)].length;
  const take = () => {
    const { selectionStart: start, selectionEnd: end } = sentence;
    if (start === end) return;
    form.elements.words.value = sentence.value.slice(start, end);
    form.elements.start.value = first + points(start);
    form.elements.end.value = first + points(end);
  };
  // A field that is only read shows no cursor to somebody with a keyboard.
  sentence.readOnly = false;
  sentence.addEventListener("beforeinput", (event) => event.preventDefault());
  for (const name of ["select", "keyup", "mouseup"]) sentence.addEventListener(name, take);
  form.elements.words.addEventListener("input", () => {
    form.elements.start.value = form.elements.end.value = "";
  });
}

// Of the kinds of objects the chosen one is shown, with what belongs to it. What the rules say,
// names that are new, and the fields that a status asks for come while one types, once for a pause.
const PAUSE = 150; // milliseconds: less than it takes to reach the next field
const claim = document.getElementById("claim");
if (claim) {
  const show = () => {
    const kind = claim.elements.object_kind;
    for (const part of claim.querySelectorAll("[data-kind]")) {
      part.hidden = kind && !part.dataset.kind.split(" ").includes(kind.value);
    }
  };
  show();
  // The line of our own follows what is entered until somebody writes another.
  const lines = [claim.elements.description_en, claim.elements.description_es];
  const isDraft = lines[0].closest(".is-guess") !== null;
  for (const line of lines) line.dataset.drafted = isDraft ? line.value : "";
  const areDrafted = () => lines.every((line) => line.value === line.dataset.drafted);

  const replace = (page, id) => {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceWith(fresh);
  };
  // A part is put in the place of the old one only if it has other fields: who types stays there.
  const adopt = (page, id, isSame) => {
    if (!isSame(page.getElementById(id), document.getElementById(id))) replace(page, id);
  };
  const namesOf = (part) => [...part.querySelectorAll("input, select")].map((e) => e.name).join();

  let waiting;
  let asked = 0;
  const check = async () => {
    const mine = ++asked;
    const wasDrafted = areDrafted();
    const body = new URLSearchParams(new FormData(claim));
    body.set("action", "check");
    if (wasDrafted) for (const line of lines) body.delete(line.name);
    const answer = await fetch(claim.getAttribute("action"), { method: "POST", body });
    if (mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    replace(page, "preview");
    replace(page, "status-line");
    adopt(page, "said", (fresh, old) => fresh.dataset.shape === old.dataset.shape);
    adopt(page, "new-names", (fresh, old) => namesOf(fresh) === namesOf(old));
    show();
    if (wasDrafted && areDrafted()) {
      for (const line of lines) line.dataset.drafted = line.value = page.getElementById(line.id).value;
    }
    for (const old of claim.querySelectorAll(".findings[id]")) old.remove();
    for (const fresh of page.querySelectorAll("#claim .findings[id]")) {
      const name = fresh.id.replace(/^say-/, "");
      const field = document.querySelector(["", "_en", "_es"].map((end) => `#${name}${end}`).join());
      if (!field) continue;
      field.closest(".field").append(fresh);
      const folded = field.closest("details");
      if (folded) folded.open = true;
    }
    const actions = page.querySelector("#claim .actions");
    if (actions && actions.children.length !== claim.querySelector(".actions").children.length) {
      claim.querySelector(".actions").replaceWith(actions);
    }
    claim.removeAttribute("aria-busy");
  };
  claim.addEventListener("change", () => {
    show();
    claim.setAttribute("aria-busy", "true");
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE);
  });
}

// What was typed and not sent is not lost by a click that leads elsewhere.
let isTyped = false;
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("input", () => (isTyped = true));
  form.addEventListener("submit", () => (isTyped = false));
}
window.addEventListener("beforeunload", (event) => {
  if (isTyped) event.preventDefault();
});

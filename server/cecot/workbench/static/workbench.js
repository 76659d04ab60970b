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

// Of the kinds of objects the chosen one is shown; what the rules say comes while one types.
const claim = document.getElementById("claim");
if (claim) {
  const kind = claim.elements.object_kind;
  const show = () => {
    for (const part of claim.querySelectorAll("[data-kind]")) {
      part.hidden = kind && part.dataset.kind !== kind.value;
    }
  };
  if (kind) kind.addEventListener("change", show);
  show();
  let asked = 0;
  claim.addEventListener("change", async () => {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(claim));
    body.set("action", "check");
    const answer = await fetch(claim.getAttribute("action"), { method: "POST", body });
    if (mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["preview", "status-line"]) {
      const fresh = page.getElementById(id);
      const old = document.getElementById(id);
      if (fresh && old) old.replaceWith(fresh);
    }
    for (const old of claim.querySelectorAll(".field > .findings")) old.remove();
    for (const fresh of page.querySelectorAll(".field > .findings")) {
      const name = fresh.id.replace(/^say-/, "");
      const field = document.getElementById(name) ?? document.getElementById(`${name}_en`);
      if (field) field.closest(".field").append(fresh);
    }
    const actions = page.querySelector("#claim .actions");
    if (actions && actions.children.length !== claim.querySelector(".actions").children.length) {
      claim.querySelector(".actions").replaceWith(actions);
    }
  });
}

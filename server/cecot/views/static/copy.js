/* A button that copies, beside each text that people take away. Without this script one click selects it. */
(() => {
  const words = document.currentScript.dataset;

  /* Put `text` on the clipboard; a page without a secure context has the older way alone. */
  async function copy(text, element) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    getSelection().selectAllChildren(element);
    if (!document.execCommand("copy")) throw new Error("nothing was copied");
  }

  for (const element of document.querySelectorAll(".copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copying";
    button.textContent = words.copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      try {
        await copy(element.innerText.trim(), element);
        button.textContent = words.copied;
      } catch {
        getSelection().selectAllChildren(element);
        button.textContent = words.selected;
      }
      setTimeout(() => (button.textContent = words.copy), 4000);
    });
    const frame = document.createElement("div");
    frame.className = "copied";
    element.replaceWith(frame);
    frame.append(element, button);
  }
})();

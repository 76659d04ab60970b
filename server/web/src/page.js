/* What the server put into the page for the editor: words, prefixes, questions, addresses. */

export const data = JSON.parse(document.getElementById("editor-data").textContent);

/* The words called `name` in the language of the page, with `values` in the places of {these}. */
export function say(name, values = {}) {
  return data.words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

export function number(value) {
  return value.toLocaleString(document.documentElement.lang);
}

/* An element with properties and children; a role and what has a hyphen are attributes. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

/* The sign of a status, as the page has drawn it. */
export function sign(name) {
  const SVG = "http://www.w3.org/2000/svg";
  const drawn = document.createElementNS(SVG, "svg");
  const used = document.createElementNS(SVG, "use");
  const known = document.getElementById(`sign-${name}`) ? name : "other";
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("viewBox", "0 0 16 16");
  drawn.setAttribute("aria-hidden", "true");
  used.setAttribute("href", `#sign-${known}`);
  drawn.append(used);
  return drawn;
}

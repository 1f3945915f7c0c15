// element makes an HTML element. Texts are set as texts: nothing that a run
// tells is read as HTML.
function element(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

// drawn makes an SVG element.
function drawn(name, attributes = {}, text) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  if (text !== undefined) e.textContent = text;
  return e;
}

// setText changes a text that is a different one, so that a reader of the
// screen is not told the same again.
function setText(e, text) {
  if (e.textContent !== text) e.textContent = text;
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

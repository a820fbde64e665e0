// Elements are built by code, never from markup, so nothing a person wrote can become markup.

const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "tabIndex",
  "textContent",
  "controls",
  "multiple",
]);
const SVG = "http://www.w3.org/2000/svg";

/** Returns a new element with the given attributes, `on…` listeners and children. */
export function h(name, given = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(given)) give(node, key, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Returns a new SVG element with the given attributes and children. */
export function svg(name, given = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(given)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function give(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "class") node.className = value;
  else if (key === "dataset") Object.assign(node.dataset, value);
  else if (PROPERTIES.has(key)) node[key] = value;
  else node.setAttribute(key, value === true ? "" : value);
}

const PATHS = {
  send: "M4 12 20.5 4.5 15 20l-3.6-6.2z M11.4 13.8 20.5 4.5",
  clip: "m20 11.6-8.3 8.2a5 5 0 0 1-7-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.6 8.5a1.7 1.7 0 0 1-2.4-2.4l8-7.9",
  pin: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21z M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  back: "m15 5-7 7 7 7",
  next: "m9 5 7 7-7 7",
  down: "m6 9.5 6 6 6-6",
  reply: "M9 7 4 12l5 5 M4.5 12H13a7 7 0 0 1 7 7",
  edit: "M4.5 19.5h4L19 9l-4-4L4.5 15.5z M12.8 7.200l4 4",
  copy: "M9.5 9H19v11H9.5z M15 8.5V4H5v11h4",
  close: "M6 6l12 12M18 6 6 18",
  play: "M8 5.2 18.5 12 8 18.8z",
  pause: "M9 5.5v13M15 5.5v13",
  stop: "M7 7h10v10H7z",
  file: "M6.5 3H14l4 4v14H6.5z M14 3v4.5h4",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5.3l3.3 2",
  warning: "M12 4 2.8 19.5h18.400z M12 10v4.5M12 17v.3",
  check: "m5 12.5 4.5 4.5L19 7.5",
};

/** Returns a line drawing that assistive technology skips; its button carries the words. */
export function icon(name) {
  const path = svg("path", {
    d: PATHS[name],
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.8",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, path);
}

/** Returns a round button that shows only a drawing and says `label` to everyone who cannot see it. */
export function iconButton(name, label, onclick, extra = "") {
  return h(
    "button",
    { type: "button", class: `round ${extra}`.trim(), "aria-label": label, title: label, onclick },
    icon(name),
  );
}

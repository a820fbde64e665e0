// One message as people see it. Text is only ever text.

import { h, icon, iconButton, svg } from "./dom.js";
import { NUMBER, clock, coordinates, excerpt, hue, initials } from "./words.js";

const SHORT = 17;

/**
 * Returns the element of one message.
 * `seen`: {own, group, first, quoted}; `acts`: tap, reply, edit, copy, jump, enlarge.
 */
export function bubble(message, seen, acts) {
  const side = seen.own ? "out" : "in";
  const marks = [
    side,
    seen.first && "first",
    seen.group && "grouped",
    message.removed && "gone",
    message.tapped && "tapped",
  ];
  const article = h("article", {
    class: ["message", ...marks.filter(Boolean)].join(" "),
    dataset: { id: message.id },
    "aria-label": `${message.name}, ${clock(message.at)}`,
  });
  if (seen.group && !seen.own) article.append(avatar(message.from, message.name, seen.first));
  article.append(h("div", { class: "body" }, card(message, seen, acts), choices(message, acts)));
  return article;
}

/** Returns the round picture of a person: initials on their own colour; the bot carries the drum. */
export function avatar(id, name, shown = true) {
  if (!shown) return h("span", { class: "avatar blank", "aria-hidden": "true" });
  if (id === "bot") return h("span", { class: "avatar drum", "aria-hidden": "true" });
  return h("span", { class: `avatar ${hue(id)}`, "aria-hidden": "true" }, initials(name));
}

function card(message, seen, acts) {
  const box = h("div", { class: "bubble" });
  if (seen.group && seen.first && !seen.own)
    box.append(h("p", { class: `who ${who(message)}` }, message.name));
  if (message.removed) {
    box.append(h("p", { class: "text" }, "Pesan ini dihapus.", meta(message)));
    return box;
  }
  if (message.reply_to !== null) box.append(quote(message, seen.quoted, acts));
  box.append(...attachments(message, acts));
  if (message.text) box.append(h("p", { class: "text" }, ...written(message.text, acts), meta(message)));
  else box.append(h("p", { class: "text bare" }, meta(message)));
  box.append(tools(message, seen, acts));
  return box;
}

function who(message) {
  return message.from === "bot" ? "is-bot" : hue(message.from);
}

function meta(message) {
  return h(
    "span",
    { class: "meta" },
    message.edited && !message.removed ? "diedit " : "",
    h("time", { datetime: message.at }, clock(message.at)),
  );
}

function quote(message, quoted, acts) {
  const whose = quoted ? who(quoted) : "";
  return h(
    "button",
    {
      type: "button",
      class: `quote ${whose}`,
      "aria-label": "Lihat pesan yang dibalas",
      onclick: () => acts.jump(message.reply_to),
    },
    h("b", {}, quoted ? quoted.name : "Pesan"),
    h("span", {}, quoted ? excerpt(quoted) : "Pesan asal tidak tersedia."),
  );
}

/** Returns the text as nodes, each report number a button that copies it. */
export function written(text, acts) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(NUMBER)) {
    nodes.push(text.slice(at, match.index), number(match[0], acts));
    at = match.index + match[0].length;
  }
  return [...nodes, text.slice(at)].filter((node) => node !== "");
}

/** Returns a report number as a button that copies it. */
export function number(value, acts) {
  return h(
    "button",
    {
      type: "button",
      class: "number",
      title: "Salin nomor",
      "aria-label": `Salin nomor ${value}`,
      onclick: () => acts.copy(value, `Nomor ${value} disalin.`),
    },
    value,
  );
}

function tools(message, seen, acts) {
  const mayEdit = seen.own && message.text && !message.tapped && !message.files.length && !message.place;
  return h(
    "div",
    { class: "tools" },
    iconButton("reply", "Balas", () => acts.reply(message)),
    mayEdit && iconButton("edit", "Ubah", () => acts.edit(message)),
    message.text && iconButton("copy", "Salin teks", () => acts.copy(message.text, "Teks disalin.")),
  );
}

function choices(message, acts) {
  if (message.removed || !message.choices.length) return null;
  const alone = unpaired(message.choices);
  return h(
    "div",
    { class: "choices" },
    message.choices.map((choice, at) =>
      h(
        "button",
        {
          type: "button",
          class: alone[at] ? "choice wide" : "choice",
          dataset: { choice: choice.id },
          onclick: (event) => acts.tap(message, choice, event.currentTarget),
        },
        choice.label,
      ),
    ),
  );
}

// Short labels stand two in a row; a long one, and a short one without a partner, have a row of their own.
function unpaired(list) {
  const alone = list.map((choice) => [...choice.label].length > SHORT);
  for (let at = 0; at < list.length; at += 1) {
    if (alone[at]) continue;
    if (alone[at + 1] === false) at += 1;
    else alone[at] = true;
  }
  return alone;
}

function attachments(message, acts) {
  const pictures = message.files.filter((file) => file.kind === "image");
  const rest = message.files.filter((file) => file.kind !== "image");
  return [
    pictures.length ? gallery(pictures, acts) : null,
    ...rest.map((file) => (file.kind === "document" ? row(file) : sound(file))),
    message.place ? map(message.place) : null,
  ].filter(Boolean);
}

function gallery(pictures, acts) {
  const shape = `gallery of-${Math.min(pictures.length, 4)}${pictures.length % 2 ? " odd" : ""}`;
  return h(
    "div",
    { class: shape },
    pictures.map((file, at) => {
      const image = h("img", { src: file.url, alt: file.name, loading: "lazy", decoding: "async" });
      const button = h(
        "button",
        {
          type: "button",
          class: "picture",
          "aria-label": `Perbesar foto ${file.name}`,
          onclick: () => acts.enlarge(pictures, at),
        },
        image,
      );
      image.addEventListener("error", () => button.replaceWith(row(file)));
      return button;
    }),
  );
}

function sound(file) {
  const player = h(file.kind, {
    src: file.url,
    controls: true,
    preload: "metadata",
    class: "media",
    "aria-label": file.name,
  });
  player.addEventListener("error", () => player.replaceWith(row(file)));
  return player;
}

function row(file) {
  return h(
    "a",
    { class: "file", href: file.url, download: file.name },
    h("span", { class: "paper" }, icon("file")),
    h("span", { class: "name" }, h("b", {}, file.name), h("small", {}, "Unduh berkas")),
  );
}

function map(place) {
  const lines = "M-5 74 60 52l48 14 70-40 70 18 M38-5l22 57-14 60 M178 26l14 90 M108 66 96 118 M178 26 168-5";
  const pin = "M130 62s15-14 15-26a15 15 0 0 0-30 0c0 12 15 26 15 26z";
  return h(
    "figure",
    { class: "place" },
    svg(
      "svg",
      { viewBox: "0 0 260 104", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" },
      svg("path", { class: "field", d: "M0 0h60v52L0 74z M178 26l82 14v64h-70z" }),
      svg("path", { class: "road", d: lines, fill: "none", "stroke-width": "7" }),
      svg("ellipse", { class: "shade", cx: "130", cy: "64", rx: "8", ry: "2.6" }),
      svg("path", { class: "pin", d: pin }),
      svg("circle", { class: "eye", cx: "130", cy: "36", r: "5.4" }),
    ),
    h("figcaption", {}, icon("pin"), h("span", {}, h("b", {}, "Lokasi"), h("small", {}, coordinates(place)))),
  );
}

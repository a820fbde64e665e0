// The list of all chats, and the row of phones.

import { avatar } from "./bubble.js";
import { h } from "./dom.js";
import { excerpt, firstName, shortTime } from "./words.js";

const GROUPS = [
  ["reporter", "Warga"],
  ["coordinator", "Koordinator"],
  ["agency", "Grup instansi"],
];

/** The list; `open(id)` is called when a chat is chosen. */
export class Chats {
  #rows = new Map();

  constructor(root, record, open) {
    this.root = root;
    this.record = record;
    this.open = open;
  }

  /** Makes the list anew, because the chats themselves may have changed. */
  draw() {
    this.#rows.clear();
    this.root.replaceChildren(
      h("h2", { class: "hidden" }, "Daftar obrolan"),
      h("p", { class: "hint" }, "Laporkan sesuatu sebagai warga, lalu jawab sebagai petugas di grup instansi."),
    );
    for (const [kind, title] of GROUPS) {
      const chats = [...this.record.chats.values()].filter((chat) => chat.kind === kind);
      if (chats.length)
        this.root.append(
          h("h3", {}, title),
          h(
            "ul",
            {},
            chats.map((chat) => this.#row(chat)),
          ),
        );
    }
    this.refresh();
  }

  #row(chat) {
    const parts = {
      time: h("time", {}),
      last: h("span", { class: "last" }),
      unread: h("span", { class: "unread" }),
    };
    const button = h(
      "button",
      { type: "button", class: "row", dataset: { chat: chat.id }, onclick: () => this.open(chat.id) },
      avatar(chat.people.length === 1 ? chat.people[0].id : chat.id, chat.name),
      h("span", { class: "main-line" }, h("b", {}, chat.name), parts.time),
      h("span", { class: "second-line" }, parts.last, parts.unread),
    );
    const item = h("li", {}, button);
    this.#rows.set(chat.id, { item, button, ...parts });
    return item;
  }

  /** Brings last lines, times and counters up to date. */
  refresh(shown = this.shown ?? []) {
    this.shown = shown;
    for (const [id, row] of this.#rows) {
      const last = this.record.inChat(id).at(-1);
      const unread = this.record.unread(id);
      row.last.textContent = last ? this.#line(last) : this.#unused(id);
      row.time.textContent = last ? shortTime(last.at) : "";
      row.unread.textContent = unread ? String(Math.min(unread, 99)) : "";
      row.unread.hidden = !unread;
      row.button.setAttribute("aria-label", this.#spoken(id, row, unread));
      row.button.setAttribute("aria-current", String(shown.includes(id)));
    }
    this.#sort();
  }

  // The newest chat of a group stands first; who has the focus keeps it.
  #sort() {
    const newest = (id) => this.record.inChat(id).at(-1)?.id ?? 0;
    for (const [kind] of GROUPS) {
      const rows = [...this.#rows].filter(([id]) => this.record.chats.get(id).kind === kind);
      const sorted = rows.map(([id, { item }]) => [newest(id), item]).sort((a, b) => b[0] - a[0]);
      const list = rows[0]?.[1].item.parentElement;
      if (!list || sorted.every(([, item], at) => list.children[at] === item)) continue;
      const held = list.contains(document.activeElement) ? document.activeElement : null;
      list.replaceChildren(...sorted.map(([, item]) => item));
      held?.focus({ preventScroll: true });
    }
  }

  #unused(id) {
    const chat = this.record.chats.get(id);
    return chat.kind === "reporter" ? "Mulai melapor di sini" : chat.about;
  }

  #line(message) {
    return this.record.chats.get(message.chat).kind === "reporter" && message.from !== "bot"
      ? excerpt(message)
      : `${message.name}: ${excerpt(message)}`;
  }

  #spoken(id, row, unread) {
    const name = this.record.chats.get(id).name;
    return `${name}. ${unread ? `${unread} pesan belum dibaca. ` : ""}${row.last.textContent}`;
  }

  /** Returns the sum of unread messages. */
  unread() {
    return [...this.#rows.keys()].reduce((sum, id) => sum + this.record.unread(id), 0);
  }
}

/** Draws the row of phones from which one picks the reporter to be. */
export function drawPhones(root, record, shown, open) {
  const reporters = [...record.chats.values()].filter((chat) => chat.kind === "reporter");
  root.hidden = reporters.length < 2;
  const held = root.contains(document.activeElement);
  root.replaceChildren(
    ...reporters.map((chat) =>
      h(
        "button",
        {
          type: "button",
          class: "phone-tab",
          "aria-pressed": String(chat.id === shown),
          title: `Ponsel ${chat.name}`,
          onclick: () => open(chat.id),
        },
        avatar(chat.people[0].id, chat.name),
        h("span", {}, firstName(chat.name)),
        unreadDot(record.unread(chat.id)),
      ),
    ),
  );
  if (held) root.querySelector("[aria-pressed=true]")?.focus();
}

function unreadDot(unread) {
  return unread
    ? h("span", { class: "unread", "aria-label": `${unread} belum dibaca` }, String(Math.min(unread, 99)))
    : null;
}

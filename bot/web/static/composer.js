// Where one writes: as whom, to which message, with which files.

import { avatar } from "./bubble.js";
import { h, icon, iconButton } from "./dom.js";
import { excerpt } from "./words.js";

const MOST = 10;
const MOST_BYTES = 20_000_000;
const TALLEST = 150;
let count = 0;

/** The composer of one pane; `acts`: text, edit, files, place, as, warn. Each chat keeps its own draft. */
export class Composer {
  #drafts = new Map();
  #chat = null;
  #about = null;
  #files = [];

  constructor(acts) {
    this.acts = acts;
    this.name = `as-${(count += 1)}`;
    this.people = h("fieldset", { class: "people" });
    this.about = h("div", { class: "about" });
    this.tray = h("ul", { class: "tray", "aria-label": "Berkas yang akan dikirim" });
    this.input = this.#field();
    this.picker = h("input", {
      type: "file",
      multiple: true,
      class: "hidden",
      tabindex: "-1",
      "aria-hidden": "true",
      onchange: () => this.#picked(),
    });
    this.button = h(
      "button",
      { type: "submit", class: "round send", "aria-label": "Kirim", title: "Kirim (Enter)" },
      icon("send"),
    );
    this.root = h(
      "form",
      { class: "composer", onsubmit: (event) => this.#submitted(event) },
      this.people,
      this.about,
      this.tray,
      this.picker,
      this.#line(),
    );
  }

  #field() {
    return h("textarea", {
      rows: "1",
      placeholder: "Tulis pesan",
      "aria-label": "Tulis pesan",
      autocomplete: "off",
      enterkeyhint: "send",
      oninput: () => this.#grow(),
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.#paste(event),
    });
  }

  #line() {
    return h(
      "div",
      { class: "line" },
      iconButton("clip", "Lampirkan foto atau berkas", () => this.picker.click()),
      iconButton("pin", "Kirim lokasi", () => this.acts.place()),
      this.input,
      this.button,
    );
  }

  /** Opens the draft of a chat, written by `person`. */
  open(chat, person) {
    if (this.#chat)
      this.#drafts.set(this.#chat, { text: this.input.value, about: this.#about, files: this.#files });
    const draft = this.#drafts.get(chat.id) ?? { text: "", about: null, files: [] };
    this.#chat = chat.id;
    this.#files = draft.files;
    this.fill(draft.text);
    this.#tell(draft.about);
    this.#showTray();
    this.#showPeople(chat, person);
  }

  #showPeople(chat, chosen) {
    this.people.hidden = chat.kind === "reporter";
    this.people.replaceChildren(
      h("legend", {}, "Menulis sebagai"),
      ...chat.people.map((person) =>
        h(
          "label",
          { class: "person" },
          h("input", {
            type: "radio",
            name: this.name,
            value: person.id,
            checked: person.id === chosen,
            onchange: () => this.acts.as(person.id),
          }),
          avatar(person.id, person.name),
          h("span", {}, person.name),
        ),
      ),
    );
  }

  /** Puts text into the field as if it had been typed. */
  fill(text) {
    this.input.value = text;
    this.#grow();
  }

  /** Makes the next text a reply to a message. */
  reply(message) {
    this.#tell({ message, edit: false });
  }

  /** Makes the next text replace an own message. */
  edit(message) {
    this.#tell({ message, edit: true });
    this.fill(message.text);
  }

  /** Adds files to send with the next text as their caption. */
  attach(files) {
    const big = [...files].find((file) => file.size > MOST_BYTES);
    if (big) this.acts.warn(`${big.name} terlalu besar. Paling besar 20 MB.`);
    const all = [...this.#files, ...[...files].filter((file) => file.size <= MOST_BYTES)];
    if (all.length > MOST) this.acts.warn(`Paling banyak ${MOST} berkas dalam satu kiriman.`);
    this.#files = all.slice(0, MOST);
    this.#showTray();
  }

  /** Sends what has been written and clears the field; resolves to the refusal, empty when there was none. */
  submit() {
    const text = this.input.value.trim();
    const about = this.#about;
    const files = this.#files;
    if (!text && !files.length) return Promise.resolve("");
    this.fill("");
    this.#files = [];
    this.#tell(null);
    this.#showTray();
    if (about?.edit) return this.acts.edit(about.message, text);
    const replyTo = about ? about.message.id : null;
    return files.length ? this.acts.files(files, text, replyTo) : this.acts.text(text, replyTo);
  }

  /** Returns the id of the message the next one answers, and forgets it. */
  takeReply() {
    const id = this.#about && !this.#about.edit ? this.#about.message.id : null;
    if (id !== null) this.#tell(null);
    return id;
  }

  #submitted(event) {
    event.preventDefault();
    this.submit();
    this.input.focus();
  }

  #key(event) {
    if (event.key === "Escape" && this.#about) this.#cancel();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  #paste(event) {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    this.attach(event.clipboardData.files);
  }

  #picked() {
    this.attach(this.picker.files);
    this.picker.value = "";
    this.input.focus();
  }

  #grow() {
    this.input.style.height = "auto";
    const wished = this.input.scrollHeight;
    if (wished) this.input.style.height = `${Math.min(wished + 2, TALLEST)}px`;
    this.button.classList.toggle("ready", Boolean(this.input.value.trim() || this.#files.length));
  }

  #tell(about) {
    this.#about = about;
    this.about.hidden = !about;
    if (!about) return;
    const title = about.edit ? "Mengubah pesan" : `Membalas ${about.message.name}`;
    this.about.replaceChildren(
      icon(about.edit ? "edit" : "reply"),
      h("span", {}, h("b", {}, title), h("small", {}, excerpt(about.message))),
      iconButton("close", about.edit ? "Batal mengubah" : "Batal membalas", () => this.#cancel()),
    );
  }

  #cancel() {
    if (this.#about.edit) this.fill("");
    this.#tell(null);
    this.input.focus();
  }

  #showTray() {
    for (const image of this.tray.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.tray.hidden = !this.#files.length;
    this.tray.replaceChildren(
      ...this.#files.map((file, at) =>
        h(
          "li",
          {},
          preview(file),
          iconButton("close", `Buang ${file.name}`, () => this.#discard(at)),
        ),
      ),
    );
    this.#grow();
  }

  #discard(at) {
    this.#files = this.#files.filter((_, other) => other !== at);
    this.#showTray();
    this.input.focus();
  }
}

function preview(file) {
  if (file.type.startsWith("image/")) return h("img", { src: URL.createObjectURL(file), alt: file.name });
  return h("span", { class: "paper" }, icon("file"), h("small", {}, file.name));
}

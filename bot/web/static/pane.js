// One screen of the simulation: the reporter's phone or the officers' group.

import { avatar } from "./bubble.js";
import { Composer } from "./composer.js";
import { h, iconButton } from "./dom.js";
import { send, upload } from "./link.js";
import { Log } from "./log.js";
import { enlarge } from "./lightbox.js";
import { askPlace } from "./place.js";
import { coordinates, excerpt, peopleInWords } from "./words.js";
import { undelivered } from "./undelivered.js";

/** A pane shows one chat at a time; `house`: record, outgoing, back, copy, warn. */
export class Pane {
  chat = null;
  #people = new Map();

  constructor(root, house) {
    this.root = root;
    this.house = house;
    this.log = new Log({
      tap: (message, choice) => this.tap(message, choice),
      copy: house.copy,
      enlarge,
      reply: (message) => this.#about("reply", message),
      edit: (message) => this.#about("edit", message),
      leave: () => this.composer.input.focus(),
    });
    this.composer = new Composer({
      text: (text, replyTo) => this.#text(text, replyTo),
      edit: (message, text) => this.#edit(message, text),
      files: (files, caption, replyTo) => this.#files(files, caption, replyTo),
      place: () => this.#askPlace(),
      as: (person) => this.#chosen(person),
      warn: house.warn,
    });
    this.head = h("header", { class: "head" });
    root.append(this.head, this.log.root, this.composer.root);
    this.#acceptDrops();
    house.outgoing.addEventListener(
      "change",
      ({ detail }) => detail === this.chat?.id && this.#showWaiting(),
    );
  }

  /** The id of the person who writes here now. */
  get person() {
    return this.#people.get(this.chat.id) ?? this.chat.people[0].id;
  }

  /** Shows a chat. */
  show(id) {
    const chat = this.house.record.chats.get(id);
    if (!chat) return;
    this.chat = chat;
    this.#showHead();
    this.composer.open(chat, this.person);
    this.draw();
  }

  /** Draws the conversation anew. */
  draw() {
    const { record } = this.house;
    const all = () => record.inChat(this.chat.id);
    this.log.draw(all(), {
      own: this.person,
      group: this.chat.kind !== "reporter",
      all,
      empty: this.#empty(),
      find: (message) => record.messages.get(message),
    });
    this.#showWaiting();
  }

  /** Lets another officer of the group write. */
  become(person) {
    this.#people.set(this.chat.id, person);
    this.composer.open(this.chat, person);
    this.draw();
  }

  #chosen(person) {
    this.become(person);
    this.composer.people.querySelector("input:checked").focus();
  }

  #about(how, message) {
    this.composer[how](message);
    this.composer.input.focus();
  }

  #showHead() {
    const reporter = this.chat.kind === "reporter";
    const name = reporter ? this.house.record.office : this.chat.name;
    const line = reporter ? `Bot pengaduan, dari ponsel ${this.chat.name}` : peopleInWords(this.chat);
    this.head.replaceChildren(
      iconButton("back", "Kembali ke daftar obrolan", this.house.back, "back"),
      avatar(reporter ? "bot" : this.chat.id, name),
      h("div", { class: "title" }, h("h2", {}, name), h("p", {}, line)),
    );
  }

  #empty() {
    if (this.chat.kind !== "reporter") {
      return h(
        "div",
        { class: "empty" },
        h("span", { class: "avatar drum", "aria-hidden": "true" }),
        h("p", {}, "Ini grup para petugas. Laporan warga tiba di sini sebagai kartu, lalu dijawab di sini juga."),
      );
    }
    return h(
      "div",
      { class: "empty" },
      h("span", { class: "avatar drum", "aria-hidden": "true" }),
      h("p", {}, `Ini ponsel ${this.chat.name}. Sapa bot untuk mulai melapor.`),
      h("button", { type: "button", class: "main", onclick: () => this.#begin() }, "Mulai"),
    );
  }

  // The button goes away with the first message; who pressed it by keyboard goes on where one writes.
  #begin() {
    if (matchMedia("(hover: hover)").matches) this.composer.input.focus();
    return this.#text("/start", null);
  }

  #showWaiting() {
    const { outgoing } = this.house;
    this.log.showWaiting(outgoing.inChat(this.chat.id).map((entry) => undelivered(entry, outgoing)));
  }

  #post(text, body, quiet = false) {
    const whole = { chat: this.chat.id, person: this.person, ...body };
    return this.house.outgoing.post({ chat: whole.chat, person: whole.person, text, quiet }, () =>
      send(whole),
    );
  }

  #text(text, replyTo) {
    return this.#post(text, { kind: "text", text, reply_to: replyTo });
  }

  #edit(message, text) {
    if (text === message.text) return Promise.resolve("");
    return this.#post(`Perubahan: ${text}`, { kind: "edit", text, message: message.id }, true);
  }

  #files(files, caption, replyTo) {
    const fields = { chat: this.chat.id, person: this.person, caption, reply_to: replyTo };
    const names = [...files].map((file) => file.name).join(", ");
    const text = [`Berkas: ${names}`, caption].filter(Boolean).join("\n");
    return this.house.outgoing.post({ chat: fields.chat, person: fields.person, text }, () =>
      upload(fields, files),
    );
  }

  async #askPlace() {
    const place = await askPlace();
    if (place) await this.sendPlace(place);
    this.composer.input.focus();
  }

  /** Sends a location pin; resolves to the refusal, empty when there was none. */
  sendPlace(place) {
    const body = { kind: "place", lat: place.lat, lon: place.lon, reply_to: this.composer.takeReply() };
    return this.#post(`Lokasi ${coordinates(place)}`, body);
  }

  /** Presses a button below a message; resolves to the refusal, empty when there was none. */
  async tap(message, choice) {
    const button = this.log.element(message.id, choice.id);
    button?.classList.add("pressed");
    const body = { kind: "tap", choice: choice.id, message: message.id };
    const refusal = await this.#post(`Tombol “${choice.label}” pada: ${excerpt(message)}`, body, true);
    setTimeout(() => button?.classList.remove("pressed"), 350);
    return refusal;
  }

  #acceptDrops() {
    const over = (event, yes) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.root.classList.toggle("dropping", yes);
    };
    this.root.addEventListener("dragover", (event) => over(event, true));
    this.root.addEventListener(
      "dragleave",
      (event) => this.root.contains(event.relatedTarget) || over(event, false),
    );
    this.root.addEventListener("drop", (event) => {
      over(event, false);
      this.composer.attach(event.dataTransfer.files);
      this.composer.input.focus();
    });
  }
}

// What the page knows: chats, messages by id, and how far each chat has been read.

const KEPT = "kentongan.read";

/** The record; it tells "load" after a new state and "message" after one message came or changed. */
export class Record extends EventTarget {
  office = "";
  chats = new Map();
  messages = new Map();
  revision = 0;
  #read = keptReading();

  /** Takes over the server's whole state; messages that did not change keep their revision. */
  load(state) {
    if (this.#knows(state)) return;
    const before = this.messages;
    this.office = state.office;
    this.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
    this.messages = new Map();
    for (const message of state.messages) this.#keep(message, before.get(message.id));
    this.#forgetUnknownReading();
    this.dispatchEvent(new Event("load"));
  }

  #knows(state) {
    return (
      state.office === this.office &&
      JSON.stringify(state.chats) === JSON.stringify([...this.chats.values()]) &&
      state.messages.length === this.messages.size &&
      state.messages.every(
        (message) => this.messages.has(message.id) && same(this.messages.get(message.id), message),
      )
    );
  }

  /** Adds or replaces one message; the same message twice changes nothing. */
  take(message) {
    const known = this.messages.get(message.id);
    if (known && same(known, message)) return;
    this.#keep(message, known);
    this.dispatchEvent(
      new CustomEvent("message", { detail: { message: this.messages.get(message.id), fresh: !known } }),
    );
  }

  #keep(message, known) {
    const unchanged = known && same(known, message);
    if (!unchanged) this.revision += 1;
    this.messages.set(message.id, { ...message, revision: unchanged ? known.revision : this.revision });
  }

  /** Returns the messages of a chat, oldest first. */
  inChat(chat) {
    return [...this.messages.values()].filter((message) => message.chat === chat).sort((a, b) => a.id - b.id);
  }

  /** Returns how many messages of a chat nobody at this screen has seen. */
  unread(chat) {
    const read = this.#read[chat] ?? 0;
    return this.inChat(chat).filter(
      (message) => message.id > read && message.from === "bot" && !message.removed,
    ).length;
  }

  /** Notes that a chat has been seen to its end. */
  markRead(chat) {
    const last = this.inChat(chat).at(-1);
    if (!last || this.#read[chat] === last.id) return;
    this.#read[chat] = last.id;
    keepReading(this.#read);
  }

  #forgetUnknownReading() {
    const newest = Math.max(0, ...this.messages.keys());
    for (const [chat, read] of Object.entries(this.#read)) if (read > newest) delete this.#read[chat];
  }
}

function same(known, message) {
  const { revision, ...bare } = known;
  return JSON.stringify(bare) === JSON.stringify(message);
}

function keptReading() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keepReading(read) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(read));
  } catch {
    return;
  }
}

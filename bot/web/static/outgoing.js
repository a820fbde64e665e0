// Messages on their way: kept until the server has them, offered again when it refuses.

const LINGER = 2500;

/** The tray of unsent messages; one at a time per chat, so that order holds. It tells "change". */
export class Outgoing extends EventTarget {
  #entries = [];
  #last = new Map();

  /** Queues `run`; `text` is what stands in the chat meanwhile, `quiet` shows it only after a failure. */
  post({ chat, person, text, quiet = false }, run) {
    const entry = { chat, person, text, quiet, run, state: "sending", error: "" };
    this.#entries.push(entry);
    this.#changed(chat);
    return this.#queue(entry);
  }

  /** Tries a refused message once more. */
  again(entry) {
    entry.state = "sending";
    entry.error = "";
    this.#changed(entry.chat);
    return this.#queue(entry);
  }

  /** Gives up a refused message. */
  drop(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#changed(entry.chat);
  }

  /** Takes the message's stand-in away, because the message itself has arrived. */
  arrived(message) {
    const entry = this.inChat(message.chat).find(
      (one) => one.person === message.from && one.state !== "failed",
    );
    if (entry) this.drop(entry);
  }

  /** Returns what a chat should show as not yet sent. */
  inChat(chat) {
    return this.#entries.filter((entry) => entry.chat === chat && (!entry.quiet || entry.state === "failed"));
  }

  #queue(entry) {
    const turn = (this.#last.get(entry.chat) ?? Promise.resolve()).then(() => this.#try(entry));
    this.#last.set(entry.chat, turn);
    return turn;
  }

  async #try(entry) {
    try {
      await entry.run();
      entry.state = "sent";
      setTimeout(() => this.drop(entry), entry.quiet ? 0 : LINGER);
    } catch (error) {
      entry.state = "failed";
      entry.error = error.message;
    }
    this.#changed(entry.chat);
    return entry.error;
  }

  #changed(chat) {
    this.dispatchEvent(new CustomEvent("change", { detail: chat }));
  }
}

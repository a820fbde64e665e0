// Plays the story: waits for the bot, then types, taps and points as a person would.

import { CAST, PATIENCE, STEPS } from "./story.js";
import { samplePhoto } from "./photo.js";
import { NUMBER } from "./words.js";

const BEAT = 100;
const BEFORE_WAITING = 1000;
const KEYSTROKE = 30;
const STROKES = 80;

class Stopped extends Error {}

/** Plays STEPS on a stage {record, open(chat) -> pane, calm} and tells them in captions. */
export class Player {
  #paused = false;
  #stopped = true;

  constructor(stage, captions) {
    this.stage = stage;
    this.captions = captions;
  }

  /** Whether the story is under way. */
  get playing() {
    return !this.#stopped;
  }

  /** Holds or continues; returns whether the story is held now. */
  pause() {
    this.#paused = !this.#paused;
    return this.#paused;
  }

  /** Ends the story where it is. */
  stop() {
    this.#stopped = true;
  }

  /** Plays from the beginning to the end, to a stop, or until a wait is given up. */
  async play() {
    this.#begin();
    try {
      for (let at = 0; at < STEPS.length;) at = (await this.#next(at)) + 1;
      await this.#rest(2500);
      this.captions.end(this.#summary());
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      this.captions.close();
    }
    this.#stopped = true;
  }

  #begin() {
    this.#paused = this.#stopped = false;
    this.start = { revision: this.stage.record.revision, time: Date.now() };
    this.roles = new Map();
    this.marks = new Map();
    this.kept = new Map();
    this.captions.open();
  }

  /** Does the next step whose wait is over and returns its index; when none is, asks whether to wait on. */
  async #next(at) {
    const reach = withinReach(at);
    for (;;) {
      try {
        const cue = await this.#await(reach);
        await this.#perform(STEPS[cue.index], cue);
        return cue.index;
      } catch (error) {
        if (error instanceof Stopped) throw error;
        if (!(await this.captions.ask(`Cerita berhenti di langkah ${at + 1}. ${error.message}`)))
          throw new Stopped();
      }
    }
  }

  async #await(reach) {
    const last = STEPS[reach.at(-1)];
    const patience = Math.max(...reach.map((index) => STEPS[index].patience ?? PATIENCE)) * 1000;
    for (let waited = 0; waited <= patience; waited += BEAT) {
      for (const index of reach) {
        const cue = this.#cue(STEPS[index]);
        if (cue) return { index, ...cue };
      }
      if (waited === BEFORE_WAITING) this.captions.wait(last.meanwhile ?? "Menunggu bot membalas…");
      await this.#rest(BEAT);
    }
    throw new Error(`Dalam ${patience / 1000} detik bot belum menampilkan ${wanted(last)}.`);
  }

  #cue(step) {
    if (!step.labels && !step.expect) return {};
    for (const chat of this.#chats(step.as)) {
      const since = this.marks.get(chat.id) ?? this.start.revision;
      for (const message of this.stage.record.inChat(chat.id).reverse()) {
        if (message.from !== "bot" || message.removed || message.revision <= since) continue;
        const cue = fits(step, message);
        if (cue) return cue;
      }
    }
    return null;
  }

  #chats(role) {
    const bound = this.roles.get(role);
    if (bound) return [bound.chat];
    return [...this.stage.record.chats.values()].filter((chat) => CAST[role].kinds.includes(chat.kind));
  }

  #bind(role, message) {
    if (this.roles.has(role)) return;
    const chat = message ? this.stage.record.chats.get(message.chat) : this.#free(role);
    this.roles.set(role, { chat, person: chat.people[0] });
  }

  // Whoever tries things out in a chat keeps it to themselves, as long as another one is unused.
  #free(role) {
    const chats = this.#chats(role);
    return chats.find((chat) => !this.stage.record.inChat(chat.id).length) ?? chats[0];
  }

  async #perform(step, { index, message, choice }) {
    this.#bind(step.as, message);
    const { chat, person } = this.roles.get(step.as);
    const pane = this.stage.open(chat.id);
    if (pane.person !== person.id) pane.become(person.id);
    this.captions.say(this.#worded(step.says), index + 1, STEPS.length);
    await this.#rest(message ? readingTime(message) : 900);
    if (step.keep) this.kept.set(step.keep, message.id);
    const done = await this.#act(step, pane, message, choice);
    if (done) throw new Error(done);
    await this.#rest(500);
  }

  async #act(step, pane, message, choice) {
    if (step.do === "tap") return this.#tap(pane, message, choice);
    if (step.do === "place") return this.#send(pane, () => pane.sendPlace(step));
    if (step.do === "reply") pane.composer.reply(this.stage.record.messages.get(this.kept.get(step.to)));
    if (step.photo) pane.composer.attach([await samplePhoto(step.photo)]);
    return this.#type(pane, step.text ?? "");
  }

  async #tap(pane, message, choice) {
    pane.log.jump(message.id);
    const button = pane.log.element(message.id, choice.id);
    button?.classList.add("pointed");
    await this.#rest(900);
    button?.classList.remove("pointed");
    return this.#send(pane, () => pane.tap(message, choice));
  }

  async #type(pane, text) {
    const stride = this.stage.calm() ? text.length : Math.ceil(text.length / STROKES);
    for (let end = stride; text && end < text.length + stride; end += stride) {
      pane.composer.fill(text.slice(0, end));
      await this.#rest(KEYSTROKE);
    }
    await this.#rest(text ? 500 : 1200);
    return this.#send(pane, () => pane.composer.submit());
  }

  #send(pane, go) {
    this.marks.set(pane.chat.id, this.stage.record.revision);
    return go();
  }

  async #rest(milliseconds) {
    for (let left = milliseconds; left > 0 || this.#paused;) {
      if (this.#stopped) throw new Stopped();
      const before = performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.min(BEAT, Math.max(left, 10))));
      if (!this.#paused) left -= performance.now() - before;
    }
    if (this.#stopped) throw new Stopped();
  }

  #worded(says) {
    const name = (role) => this.roles.get(role)?.person.name ?? role;
    return says
      .replaceAll("{warga}", name("warga"))
      .replaceAll("{petugas}", name("petugas"))
      .replaceAll("{grup}", this.roles.get("petugas")?.chat.name ?? "grup petugas");
  }

  #summary() {
    const told = [...this.stage.record.messages.values()].filter(
      (message) => message.revision > this.start.revision,
    );
    const numbers = this.stage.record
      .inChat(this.roles.get("warga").chat.id)
      .filter((message) => message.revision > this.start.revision)
      .flatMap((message) => message.text.match(NUMBER) ?? []);
    const { chat, person } = this.roles.get("petugas");
    return {
      number: numbers.at(-1) ?? "",
      group: chat.name,
      officer: person.name,
      reporter: this.roles.get("warga").person.name,
      messages: told.length,
      seconds: Math.round((Date.now() - this.start.time) / 1000),
    };
  }
}

function withinReach(at) {
  const reach = [];
  for (let index = at; index < STEPS.length; index += 1) {
    reach.push(index);
    if (!STEPS[index].optional) break;
  }
  return reach;
}

function fits(step, message) {
  const text = message.text.toLowerCase();
  if (step.expect && !step.expect.some((fragment) => text.includes(fragment.toLowerCase()))) return null;
  if (!step.labels) return { message };
  for (const label of step.labels) {
    const choice = message.choices.find((one) => label === "*" || plain(one.label) === plain(label));
    if (choice) return { message, choice };
  }
  return null;
}

function plain(label) {
  const bare = label.toLowerCase().replace(/[^\p{L}\p{N}★⭐, ]/gu, "");
  return bare.replace(/\s+/g, " ").trim();
}

function wanted(step) {
  if (step.labels) return `tombol “${step.labels.slice(0, 3).join("”, “")}”`;
  return `pesan berisi “${step.expect.slice(0, 3).join("”, “")}”`;
}

function readingTime(message) {
  return Math.min(2200, 800 + message.text.length * 6);
}

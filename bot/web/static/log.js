// The scrolling conversation of one chat.

import { bubble } from "./bubble.js";
import { h, icon, iconButton } from "./dom.js";
import { dayKey, dayName } from "./words.js";

const NEAR = 90;
const HOLD = 450;
const SWIPE = 56;
const FLASH = 1400;

/** The conversation; `acts` are bubble's acts and `leave`, called when Escape asks for the composer. */
export class Log {
  #rows = new Map();
  #last = null;
  #stuck = true;
  #missed = 0;
  #active = null;

  constructor(acts) {
    this.acts = { ...acts, jump: (id) => this.jump(id) };
    this.list = h("div", { class: "messages", role: "log", "aria-live": "off", "aria-label": "Percakapan" });
    this.waiting = h("div", { class: "waiting" });
    this.scroller = h("div", { class: "scroller" }, h("div", { class: "sheet" }, this.list, this.waiting));
    this.down = iconButton("down", "Ke pesan terbaru", () => this.toEnd(true), "down");
    this.root = h("div", { class: "log" }, this.scroller, this.down);
    this.#listen();
  }

  #listen() {
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(this.scroller.firstElementChild);
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(this.scroller);
    this.list.addEventListener("focusin", (event) => this.#activate(event.target.closest(".message")));
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#loosen(event.target.closest(".message")));
    gestures(
      this.list,
      (article) => this.#swipe(article),
      (article) => this.#hold(article),
    );
  }

  /** Shows a chat from its beginning; `view` is {own, group, find}. */
  draw(messages, view) {
    this.view = view;
    this.#rows.clear();
    this.list.replaceChildren();
    this.#last = this.#active = null;
    for (const message of messages) this.#append(message);
    if (!messages.length && view.empty) this.list.append(view.empty);
    this.#activate(this.list.querySelector(".message:last-of-type"));
    this.toEnd();
  }

  /** Adds a message or replaces the one it edits; an older one that came late redraws the chat. */
  put(message) {
    if (this.#rows.has(message.id)) return this.#replace(message);
    if (this.#last && message.id < this.#last.id) return this.draw(this.view.all(), this.view);
    if (!this.#last) this.list.replaceChildren();
    const stay = this.#stuck;
    const article = this.#append(message);
    article.classList.add("new");
    if (!this.list.contains(document.activeElement)) this.#activate(article);
    if (stay || message.from === this.view.own) this.toEnd(true);
    else this.#miss();
  }

  #append(message) {
    if (!this.#last || dayKey(this.#last.at) !== dayKey(message.at)) {
      this.list.append(h("p", { class: "day" }, h("span", {}, dayName(message.at))));
      this.#last = null;
    }
    const first = !this.#last || this.#last.from !== message.from;
    const article = this.#make(message, first);
    this.#rows.set(message.id, { article, first, message });
    this.#last = message;
    this.list.append(article);
    return article;
  }

  #make(message, first) {
    const { own, group, find } = this.view;
    const article = bubble(
      message,
      { own: message.from === own, group, first, quoted: find(message.reply_to) },
      this.acts,
    );
    reachable(article, false);
    return article;
  }

  #replace(message) {
    const known = this.#rows.get(message.id);
    const held = known.article.contains(document.activeElement);
    const article = this.#make(message, known.first);
    known.article.replaceWith(article);
    this.#rows.set(message.id, { ...known, article, message });
    if (this.#last.id === message.id) this.#last = message;
    if (this.#active === known.article) this.#activate(article);
    if (held) article.focus({ preventScroll: true });
  }

  /** Scrolls to a message and lets it light up. */
  jump(id) {
    const known = this.#rows.get(id);
    if (!known) return;
    known.article.scrollIntoView({ block: "center" });
    known.article.classList.add("flash");
    setTimeout(() => known.article.classList.remove("flash"), FLASH);
  }

  /** Returns the element of a message or of one of its buttons. */
  element(id, choice) {
    const article = this.#rows.get(id)?.article;
    if (!article || !choice) return article;
    return [...article.querySelectorAll(".choice")].find((button) => button.dataset.choice === choice);
  }

  /** Scrolls to the newest message and stays there. */
  toEnd(gently = false) {
    this.#stuck = true;
    this.#missed = 0;
    this.down.hidden = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: gently ? "smooth" : "instant" });
  }

  /** Shows what is still on its way or was refused. */
  showWaiting(nodes) {
    this.waiting.replaceChildren(...nodes);
    if (nodes.length) this.toEnd();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const away = scrollHeight - scrollTop - clientHeight;
    if (away < NEAR) {
      this.#stuck = true;
      this.#missed = 0;
    } else if (scrollTop < (this.top ?? 0)) this.#stuck = false;
    this.top = scrollTop;
    this.down.hidden = this.#stuck;
  }

  #miss() {
    this.#missed += 1;
    this.down.hidden = false;
    this.down.replaceChildren(icon("down"), h("span", { class: "count" }, String(this.#missed)));
  }

  #activate(article) {
    if (!article || article === this.#active) return;
    if (this.#active) reachable(this.#active, false);
    reachable(article, true);
    this.#active = article;
  }

  #key(event) {
    if (event.key === "Escape") return this.acts.leave();
    const articles = [...this.list.querySelectorAll(".message")];
    const at = articles.indexOf(event.target.closest(".message"));
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 }[event.key];
    if (to === undefined || event.target.closest("audio, video")) return;
    event.preventDefault();
    articles[Math.max(0, Math.min(to, articles.length - 1))].focus();
  }

  #message(article) {
    return this.#rows.get(Number(article.dataset.id)).message;
  }

  #swipe(article) {
    this.#loosen(null);
    this.acts.reply(this.#message(article));
  }

  #hold(article) {
    this.#loosen(null);
    article.classList.add("held");
  }

  #loosen(but) {
    for (const held of this.list.querySelectorAll(".held")) if (held !== but) held.classList.remove("held");
  }
}

function reachable(article, yes) {
  article.tabIndex = yes ? 0 : -1;
  for (const part of article.querySelectorAll("button, a, audio, video")) part.tabIndex = yes ? 0 : -1;
}

function gestures(list, swiped, held) {
  let touch = null;
  const end = () => {
    if (!touch) return;
    clearTimeout(touch.timer);
    touch.article.style.translate = "";
    touch = null;
  };
  list.addEventListener("pointerdown", (event) => {
    const article = event.target.closest(".message:not(.gone)");
    if (event.pointerType !== "touch" || !article) return;
    touch = { article, x: event.clientX, y: event.clientY, timer: setTimeout(() => held(article), HOLD) };
  });
  list.addEventListener("pointermove", (event) => {
    if (!touch) return;
    const right = event.clientX - touch.x;
    if (Math.hypot(right, event.clientY - touch.y) > 8) clearTimeout(touch.timer);
    if (right > 8) touch.article.style.translate = `${Math.min(right, SWIPE + 14)}px`;
  });
  list.addEventListener("pointerup", (event) => {
    if (touch && event.clientX - touch.x > SWIPE) swiped(touch.article);
    end();
  });
  list.addEventListener("pointercancel", end);
}

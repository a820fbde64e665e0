// The bar that says what one is seeing while the story plays.

import { h, icon, iconButton } from "./dom.js";
import { showSummary } from "./summary.js";

/** The captions; `acts`: pause() -> held, stop(), again(), copy(text, said). */
export class Captions {
  constructor(root, acts) {
    this.root = root;
    this.acts = acts;
    this.text = h("p", { "aria-live": "polite" });
    this.step = h("small", {});
    this.bar = h("progress", { "aria-label": "Kemajuan cerita", max: "1", value: 0 });
    this.hold = h("button", { type: "button", class: "round", onclick: () => this.#held(acts.pause()) });
    this.buttons = h("div", { class: "buttons" });
    root.append(this.bar, h("div", { class: "words" }, this.step, this.text), this.buttons);
  }

  /** Shows the bar. */
  open() {
    this.root.hidden = false;
    this.bar.value = 0;
    this.text.textContent = "";
    this.step.textContent = "Cerita dimulai";
    this.#held(false);
    this.buttons.replaceChildren(this.hold, iconButton("stop", "Hentikan cerita", this.acts.stop));
  }

  /** Hides the bar. */
  close() {
    this.root.hidden = true;
  }

  /** Says what happens now. */
  say(text, at, of) {
    this.text.textContent = text;
    this.step.textContent = `Langkah ${at} dari ${of}`;
    this.bar.value = at / of;
  }

  /** Says that something is awaited. */
  wait(text) {
    this.step.textContent = text;
  }

  /** Asks whether to go on after a wait in vain; resolves to true for once more. */
  ask(text) {
    this.text.textContent = text;
    this.step.textContent = "Cerita tertahan";
    return new Promise((resolve) => {
      const answer = (label, yes) =>
        h(
          "button",
          {
            type: "button",
            class: "plain",
            onclick: () => {
              this.buttons.replaceChildren(this.hold, iconButton("stop", "Hentikan cerita", this.acts.stop));
              resolve(yes);
            },
          },
          label,
        );
      this.buttons.replaceChildren(answer("Coba lagi", true), answer("Tutup", false));
    });
  }

  /** Closes the bar with a summary of what was seen. */
  end(summary) {
    this.close();
    showSummary(summary, this.acts);
  }

  #held(held) {
    this.hold.replaceChildren(icon(held ? "play" : "pause"));
    const label = held ? "Lanjutkan cerita" : "Jeda";
    this.hold.setAttribute("aria-label", label);
    this.hold.title = label;
    this.root.classList.toggle("held", held);
  }
}

// The stand-in for a message that the server does not have yet.

import { h, icon } from "./dom.js";

/** Returns what stands at the end of the chat until the message itself arrives. */
export function undelivered(entry, outgoing) {
  const failed = entry.state === "failed";
  return h(
    "div",
    { class: `message out first ${failed ? "failed" : "on-its-way"}` },
    h(
      "div",
      { class: "body" },
      h(
        "div",
        { class: "bubble" },
        h(
          "p",
          { class: "text" },
          entry.text,
          h("span", { class: "meta" }, icon(failed ? "warning" : "clock")),
        ),
      ),
      failed && refusal(entry, outgoing),
    ),
  );
}

function refusal(entry, outgoing) {
  return h(
    "div",
    { class: "refusal", role: "alert" },
    h("p", {}, `Belum terkirim. ${entry.error}`),
    h("button", { type: "button", class: "choice", onclick: () => outgoing.again(entry) }, "Kirim lagi"),
    h("button", { type: "button", class: "choice", onclick: () => outgoing.drop(entry) }, "Buang"),
  );
}

// The closing words of the story.

import { number } from "./bubble.js";
import { h, iconButton } from "./dom.js";

/** Shows what the story was about; `acts`: again(), copy(text, said). */
export function showSummary(summary, acts) {
  const dialog = h("dialog", { class: "sheet-dialog summary", "aria-labelledby": "summary-title" });
  const close = () => dialog.close();
  const again = () => {
    close();
    acts.again();
  };
  dialog.append(
    h(
      "header",
      {},
      h("h2", { id: "summary-title" }, "Satu laporan, dari awal sampai selesai"),
      iconButton("close", "Tutup", close),
    ),
    h("p", {}, inWords(summary)),
    facts(summary, acts),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "plain", onclick: again }, "Putar lagi"),
      h("button", { type: "button", class: "main", onclick: close }, "Coba sendiri"),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function inWords({ reporter, officer, group }) {
  return (
    `${reporter} melapor dalam satu percakapan. ${officer} menanganinya seluruhnya di dalam grup ${group}. ` +
    "Keduanya tidak membuka situs atau aplikasi lain."
  );
}

function facts(summary, acts) {
  const rows = [
    ["Nomor laporan", summary.number ? number(summary.number, acts) : "-"],
    ["Ditangani oleh", summary.group],
    ["Pesan dalam cerita", String(summary.messages)],
    ["Lama cerita", inMinutes(summary.seconds)],
  ];
  return h("dl", {}, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]).flat());
}

function inMinutes(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} menit ${seconds % 60} detik` : `${seconds} detik`;
}

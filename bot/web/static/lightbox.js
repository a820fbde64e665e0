// A photo over the whole screen.

import { h, iconButton } from "./dom.js";

/** Shows one of several pictures; the arrow keys go on, Escape leaves. */
export function enlarge(pictures, start) {
  let at = start;
  const image = h("img", { alt: "" });
  const title = h("p", { role: "status" });
  const dialog = h("dialog", { class: "lightbox", "aria-label": "Foto" });
  const go = (step) => {
    at = (at + step + pictures.length) % pictures.length;
    image.src = pictures[at].url;
    image.alt = pictures[at].name;
    title.textContent = caption(pictures, at);
  };
  dialog.append(image, bar(dialog, title, pictures.length > 1 && go));
  dialog.addEventListener("keydown", (event) => go({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  go(0);
  document.body.append(dialog);
  dialog.showModal();
}

function bar(dialog, title, go) {
  return h(
    "div",
    { class: "bar" },
    go && iconButton("back", "Foto sebelumnya", () => go(-1)),
    title,
    go && iconButton("next", "Foto berikutnya", () => go(1)),
    iconButton("close", "Tutup", () => dialog.close()),
  );
}

function caption(pictures, at) {
  const { name } = pictures[at];
  return pictures.length > 1 ? `${at + 1} dari ${pictures.length}: ${name}` : name;
}

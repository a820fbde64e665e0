// The dialog in which one picks a point on the map by name or by numbers.

import { h, icon, iconButton } from "./dom.js";

const PLACES = [
  { name: "Alun-alun Lumajang", about: "Kecamatan Lumajang", lat: -8.1335, lon: 113.2248 },
  { name: "Pasar Pasirian", about: "Kecamatan Pasirian", lat: -8.217, lon: 113.115 },
  { name: "Puskesmas Senduro", about: "Kecamatan Senduro", lat: -8.066, lon: 113.083 },
  { name: "Jalan raya Klakah", about: "Kecamatan Klakah", lat: -7.9905, lon: 113.249 },
  { name: "Balai desa Candipuro", about: "Kecamatan Candipuro", lat: -8.193, lon: 113.072 },
  { name: "Surabaya", about: "di luar kabupaten", lat: -7.2575, lon: 112.7521 },
];

/** Resolves to the chosen {lat, lon}, or null when the dialog is left. */
export function askPlace() {
  const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "place-title" });
  const fields = { lat: field("Lintang", "lat", -90, 90), lon: field("Bujur", "lon", -180, 180) };
  const form = h(
    "form",
    { method: "dialog", onsubmit: () => dialog.close("send") },
    h(
      "header",
      {},
      h("h2", { id: "place-title" }, "Kirim lokasi"),
      iconButton("close", "Tutup", () => dialog.close("")),
    ),
    h(
      "fieldset",
      { class: "places" },
      h("legend", {}, "Titik contoh"),
      PLACES.map((place, at) => option(place, at, fields)),
    ),
    h("div", { class: "numbers" }, fields.lat.label, fields.lon.label),
    h("button", { type: "submit", class: "main" }, icon("pin"), "Kirim lokasi ini"),
  );
  dialog.append(form);
  return ask(dialog, fields);
}

function option(place, at, fields) {
  const choose = () => {
    fields.lat.input.value = String(place.lat);
    fields.lon.input.value = String(place.lon);
  };
  if (at === 0) choose();
  return h(
    "label",
    { class: "spot" },
    h("input", { type: "radio", name: "spot", checked: at === 0, autofocus: at === 0, onchange: choose }),
    h("span", { class: "dot" }, icon("pin")),
    h("span", {}, h("b", {}, place.name), h("small", {}, place.about)),
  );
}

function field(title, name, min, max) {
  const input = h("input", {
    type: "number",
    name,
    min,
    max,
    step: "any",
    required: true,
    inputmode: "decimal",
  });
  return { input, label: h("label", {}, h("span", {}, title), input) };
}

function ask(dialog, { lat, lon }) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(
        dialog.returnValue === "send" ? { lat: Number(lat.input.value), lon: Number(lon.input.value) } : null,
      );
    });
  });
}

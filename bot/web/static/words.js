// How people, times and messages are put into Bahasa Indonesia.

const HUES = 8;
const CLOCK = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("id-ID", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const SHORT_DAY = new Intl.DateTimeFormat("id-ID", { day: "numeric", month: "short" });
const KINDS = { image: "Foto", video: "Video", audio: "Suara", document: "Berkas" };
const DAY_LENGTH = 86_400_000;

/** The shape of a report's number in running text. */
export const NUMBER = /LPR-\d{4}-[0-9A-Z]{2,8}(?:-[0-9A-Z])?/g;

/** Returns the word by which one calls a person. */
export function firstName(name) {
  return name.split(" ").find((part) => !part.endsWith(".")) ?? name;
}

/** Returns at most two initials of a name, or the acronym it begins with. */
export function initials(name) {
  const acronym = name.match(/^(?:Dinas )?(\p{Lu}{2,4})\b/u);
  if (acronym) return acronym[1].length < 4 ? acronym[1] : acronym[1].slice(0, 2);
  const parts = name
    .replace(/^(Dinas|Badan) | \(.*/g, "")
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .trim()
    .split(/\s+/);
  return (parts.length > 1 ? parts[0][0] + parts[1][0] : parts[0].slice(0, 1)).toUpperCase();
}

/** Returns the class of the colour that one person always has. */
export function hue(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return `hue-${sum % HUES}`;
}

/** Returns the time of day, as 15.31. */
export function clock(at) {
  return CLOCK.format(new Date(at));
}

/** Returns the local day as a key that sorts and compares. */
export function dayKey(at) {
  return new Date(at).toLocaleDateString("sv-SE");
}

/** Returns the day as people say it: Hari ini, Kemarin, or in full. */
export function dayName(at) {
  const age = daysAgo(at);
  if (age === 0) return "Hari ini";
  return age === 1 ? "Kemarin" : DAY.format(new Date(at));
}

/** Returns the time for a list of chats: the clock today, else the day. */
export function shortTime(at) {
  const age = daysAgo(at);
  if (age === 0) return clock(at);
  return age === 1 ? "Kemarin" : SHORT_DAY.format(new Date(at));
}

function daysAgo(at) {
  return Math.round((Date.parse(dayKey(Date.now())) - Date.parse(dayKey(at))) / DAY_LENGTH);
}

/** Returns one line that stands for a message in a list, a quote or an announcement. */
export function excerpt(message) {
  if (message.removed) return "Pesan dihapus";
  const line = message.text.replace(/\s+/g, " ").trim();
  if (message.files.length) return [filesInWords(message.files), line].filter(Boolean).join(": ");
  return line || (message.place ? `Lokasi ${coordinates(message.place)}` : "");
}

function filesInWords(files) {
  const word = files.every((file) => file.kind === files[0].kind) ? KINDS[files[0].kind] : "Berkas";
  return files.length > 1 ? `${files.length} ${word.toLowerCase()}` : word;
}

/** Returns a point as latitude and longitude with five decimals. */
export function coordinates(place) {
  return `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`;
}

/** Returns the people of a group in one line. */
export function peopleInWords(chat) {
  return `${chat.people.length} petugas: ${chat.people.map((person) => person.name).join(", ")}`;
}

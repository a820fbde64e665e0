// The only file that speaks to the server.

const ROOT = "/simulator";
const AGAIN_AFTER = 3000;

/** Returns the whole state of the simulation. */
export async function fetchState() {
  const answer = await reach(`${ROOT}/state`, {});
  return answer.json();
}

/** Sends one text, tap, place or edit; a refusal is an Error whose message people can read. */
export async function send(body) {
  const headers = { "Content-Type": "application/json" };
  await reach(`${ROOT}/send`, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Sends up to ten files with a caption; a refusal is an Error whose message people can read. */
export async function upload(fields, files) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== null) form.append(name, value);
  for (const file of files) form.append("file", file, file.name);
  await reach(`${ROOT}/files`, { method: "POST", body: form });
}

async function reach(url, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw new Error("Server tidak terjangkau.");
  }
  if (!answer.ok) throw new Error(await reason(answer));
  return answer;
}

async function reason(answer) {
  try {
    return (await answer.json()).error || `Server menolak (${answer.status}).`;
  } catch {
    return `Server menolak (${answer.status}).`;
  }
}

/** Listens for ever: `event` for each event, `open` at each (re)connection, `lost` when it breaks. */
export function listen({ event, open, lost }) {
  const source = new EventSource(`${ROOT}/events`);
  source.onopen = open;
  source.onmessage = (message) => event(JSON.parse(message.data));
  source.onerror = () => {
    lost();
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen({ event, open, lost }), AGAIN_AFTER);
  };
}

// Wires the page: record, link, list, the two panes and the story.

import { Captions } from "./captions.js";
import { Chats, drawPhones } from "./chats.js";
import { h } from "./dom.js";
import { fetchState, listen } from "./link.js";
import { Outgoing } from "./outgoing.js";
import { Pane } from "./pane.js";
import { Player } from "./player.js";
import { Record } from "./record.js";
import { excerpt } from "./words.js";

const TOAST = 2600;
const AGAIN_AFTER = 3000;
const part = (id) => document.getElementById(id);

const record = new Record();
const outgoing = new Outgoing();
const stage = part("stage");
const chats = new Chats(part("chats"), record, (id) => open(id, true));
const house = { record, outgoing, back, copy, warn: toast };
const panes = { reporter: new Pane(part("reporter"), house), office: new Pane(part("office"), house) };
const captions = new Captions(part("story"), {
  pause: () => player.pause(),
  stop: () => player.stop(),
  again: play,
  copy,
});
const player = new Player({ record, open: openLit, calm }, captions);
let waiting = null;
let toastTimer = 0;

function paneOf(id) {
  return record.chats.get(id).kind === "reporter" ? panes.reporter : panes.office;
}

/** Opens a chat; on a narrow screen the browser's way back leads to the list again. */
function open(id, focus = false) {
  if (stage.dataset.view === "list") history.pushState({ chat: id }, "");
  else history.replaceState({ chat: id }, "");
  const pane = show(id);
  if (focus && matchMedia("(hover: hover)").matches) pane.composer.input.focus();
  return pane;
}

function show(id) {
  const pane = paneOf(id);
  if (pane.chat?.id !== id) pane.show(id);
  stage.dataset.view = pane === panes.reporter ? "reporter" : "office";
  seen();
  return pane;
}

function openLit(id) {
  dim();
  const pane = open(id);
  pane.root.classList.add("acting");
  return pane;
}

function dim() {
  for (const pane of Object.values(panes)) pane.root.classList.remove("acting");
}

function back() {
  if (history.state?.chat) return history.back();
  return toList();
}

function toList() {
  const left = panes[stage.dataset.view]?.chat?.id;
  stage.dataset.view = "list";
  seen();
  [...part("chats").querySelectorAll("[aria-current=true]")]
    .find((row) => row.dataset.chat === left)
    ?.focus();
}

/** Counts what stands before someone's eyes as read, and redraws the counters. */
function seen() {
  const shown = Object.values(panes)
    .filter((pane) => pane.chat)
    .map((pane) => pane.chat.id);
  for (const pane of Object.values(panes)) {
    if (pane.chat && !document.hidden && pane.root.checkVisibility()) record.markRead(pane.chat.id);
  }
  chats.refresh(shown);
  drawPhones(part("phones"), record, panes.reporter.chat?.id, (id) => open(id));
  const unread = chats.unread();
  document.title = `${unread ? `(${unread}) ` : ""}Simulator Kentongan`;
}

function loaded() {
  part("office-name").textContent = record.office;
  chats.draw();
  for (const [pane, ...kinds] of [
    [panes.reporter, "reporter"],
    [panes.office, "agency", "coordinator"],
  ]) {
    const chat = record.chats.get(pane.chat?.id) ?? busiest(kinds);
    if (chat) pane.show(chat.id);
  }
  part("play").disabled = player.playing;
  seen();
}

function busiest(kinds) {
  const all = kinds.flatMap((kind) => [...record.chats.values()].filter((chat) => chat.kind === kind));
  const newest = (chat) => record.inChat(chat.id).at(-1)?.id ?? 0;
  return all.reduce((best, chat) => (!best || newest(chat) > newest(best) ? chat : best), null);
}

function came({ detail: { message, fresh } }) {
  if (!record.chats.has(message.chat)) return load();
  if (fresh) outgoing.arrived(message);
  const pane = paneOf(message.chat);
  if (fresh && isIdle(pane)) pane.show(message.chat);
  else if (pane.chat?.id === message.chat) pane.log.put(message);
  if (fresh && pane.chat?.id === message.chat && message.from === "bot") announce(message);
  return seen();
}

// A group in which nothing ever happened gives way to the one in which something happens.
function isIdle(pane) {
  return (
    !pane.chat || (pane === panes.office && !pane.composer.input.value && !record.inChat(pane.chat.id).length)
  );
}

function announce(message) {
  part("said").append(
    h("p", {}, `${record.chats.get(message.chat).name}: ${message.name}: ${excerpt(message)}`),
  );
  while (part("said").children.length > 5) part("said").firstChild.remove();
}

async function load() {
  const mine = [...(waiting ?? [])];
  waiting = mine;
  const state = await fetchState().catch(() => null);
  if (waiting !== mine) return;
  part("lost").hidden = Boolean(state);
  if (!state) {
    setTimeout(load, AGAIN_AFTER);
    return;
  }
  waiting = null;
  record.load(state);
  for (const event of mine) heard(event);
}

// While a new state is under way, events are kept back: the state may be older than they are.
function heard(event) {
  if (waiting) waiting.push(event);
  else if (event.type === "chat") load();
  else record.take(event.message);
}

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    toast("Peramban tidak mengizinkan penyalinan.");
  }
}

function toast(text) {
  clearTimeout(toastTimer);
  part("toast").hidePopover();
  part("toast").textContent = text;
  part("toast").showPopover();
  toastTimer = setTimeout(() => part("toast").hidePopover(), TOAST);
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

async function play() {
  document.body.classList.add("playing");
  part("play").disabled = true;
  try {
    await player.play();
  } finally {
    part("play").disabled = false;
    document.body.classList.remove("playing");
    dim();
  }
}

record.addEventListener("load", loaded);
record.addEventListener("message", came);
part("play").addEventListener("click", play);
document.addEventListener("visibilitychange", seen);
addEventListener("resize", seen);
addEventListener("popstate", ({ state }) =>
  state?.chat && record.chats.has(state.chat) ? show(state.chat) : toList(),
);
load();
listen({
  event: heard,
  open: load,
  lost: () => {
    part("lost").hidden = false;
  },
});

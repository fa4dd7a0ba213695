// The desk begins here: who is there, and everything wired together.

import { Alarm } from "./alarm.js";
import { API, attempt, call, whenOver } from "./api.js";
import { Board } from "./board.js";
import { Card } from "./card.js";
import { now, turn } from "./clock.js";
import { Doing } from "./doing.js";
import { $, make, show, tell } from "./dom.js";
import { Door } from "./door.js";
import { Keys } from "./keys.js";
import { List } from "./list.js";
import { Pages } from "./pages.js";
import { Talk } from "./talk.js";
import { Tools } from "./tools.js";
import { FILTERS, PLACES, ROLES, WORDS, topicOf } from "./words.js";

// While somebody is at it the login is told so, no more often than this.
const HERE_MS = 120000;

class Desk {
  constructor(me, services, staff) {
    this.me = me;
    this.services = services;
    const changed = { clocks: () => turn($("talk")), now, trouble: (text) => this.line(text, "bad"), booked: () => this.card.read() };
    this.talk = new Talk(me, changed);
    this.card = new Card(services, staff);
    this.list = new List(me, (id) => this.open(id));
    this.doing = new Doing(me, (id, ticket, trouble) => this.after(id, trouble));
    this.tools = new Tools(this.talk, services, changed);
    this.pages = new Pages(me);
    this.alarm = new Alarm((id) => { this.go("desk"); this.open(id); });
    this.board = new Board({
      tickets: (changed_, gone, first) => this.changed(changed_, gone, first), line: (conversation, line, isNews) => this.heard(conversation, line, isNews),
      state: (name) => this.state(name), missed: () => this.missed(), over: (why) => leave(why === "elsewhere" ? WORDS.elsewhere : WORDS.over),
    });
    this.timer = setInterval(() => { turn($("list")); turn($("talk")); }, 1000);
  }

  async begin() {
    $("me-name").textContent = `${this.me.name}　${ROLES[this.me.role]}${this.me.door === "demo" ? "（演示）" : ""}`;
    for (const id of ["me", "places"]) show($(id), true);
    $("places").replaceChildren(...this.pages.places.map((name) => make("button", { type: "button", "data-place": name, onclick: () => this.go(name) }, PLACES[name])));
    if (this.me.queues.length) await this.board.open();
    // Who went somewhere meanwhile stays there.
    if (!this.place) this.go(this.me.queues.length ? "desk" : this.pages.places[0]);
  }

  go(name) {
    if (!this.pages.places.includes(name)) return;
    this.place = name;
    for (const button of $("places").children) {
      if (button.dataset.place === name) button.setAttribute("aria-current", "page"); else button.removeAttribute("aria-current");
    }
    show($("desk"), name === "desk");
    show($("search"), name === "desk");
    show($("page"), name !== "desk");
    if (name === "desk") this.pages.close();
    if (name === "desk") $("rows").querySelector("[aria-current], button")?.focus();
    else this.pages.open(name);
    this.alarmed();
  }

  // The ticket before one's eyes needs no bar.
  alarmed() {
    const seen = this.place === "desk" ? this.talk.ticket?.id : null;
    this.alarm.paint([...this.board.rows.values()].filter((row) => row.priority === "urgent" && row.state === "open" && row.id !== seen).sort((a, b) => this.list.dueOf(a) - this.list.dueOf(b)));
  }

  changed(rows, gone, first) {
    this.list.set([...this.board.rows.values()]);
    this.alarmed();
    for (const row of rows) {
      if (row.id === this.talk.ticket?.id) this.refresh(row);
      if (!first && row.state === "open" && row.version === 1) tell(WORDS.new_ticket({ name: row.name, topic: topicOf(row.topic) }), row.priority === "urgent");
    }
    if (gone.includes(this.talk.ticket?.id)) this.gone(this.talk.ticket);
  }

  // No longer among one's own: closed, or handed on to a queue that one does not see.
  async gone(ticket) {
    const { status } = await attempt(() => call("GET", `${API}/tickets/${ticket.id}`), WORDS);
    if (this.talk.ticket?.id !== ticket.id || this.board.get(ticket.id)) return;
    if (status !== 404) { this.refresh({ ...this.talk.ticket, state: "closed", clocks: [] }); return; }
    this.back();
    this.line(WORDS.handed_on, "good");
    tell(WORDS.handed_on);
  }

  refresh(row) {
    const before = this.talk.ticket;
    this.talk.update(row);
    this.doing.paint(row);
    if (before.state !== row.state || before.owner !== row.owner) this.card.read();
  }

  heard(conversation, line, isNews) {
    const fresh = this.talk.hear(conversation, line);
    if (line.who !== "member" || !isNews) return;
    for (const row of this.board.rows.values()) if (row.conversation === conversation && !(fresh && row.id === this.talk.ticket?.id)) this.list.heard(row);
  }

  async open(id) {
    const row = this.board.get(id) || this.list.shown.find((each) => each.id === id);
    if (!row) return;
    document.body.dataset.view = "talk";
    $("card").dataset.open = "false";
    $("card-open").setAttribute("aria-expanded", "false");
    this.list.select(id);
    this.doing.paint(row);
    const card = this.card.open(row);
    const opened = this.talk.open(row);
    this.alarmed();
    try { await opened; await card; } catch { this.line(WORDS.away, "bad"); return; }
    if (this.talk.isMine) $("composer-text").focus();
    else ($("actions").querySelector("button") || $("scroll")).focus();
  }

  back() {
    document.body.dataset.view = "list";
    const id = this.list.current;
    this.talk.close();
    this.card.close();
    this.list.select(null);
    this.alarmed();
    (this.list.items.get(id) || $("rows").querySelector("button"))?.focus();
  }

  // Something was done: the stream tells of it, and where it is slow a look does.
  async after(id, trouble) {
    if (trouble) this.line(trouble, "bad");
    const { data } = await attempt(() => call("GET", "/desk/board"), WORDS);
    const row = data?.tickets.find((each) => each.id === id);
    if (row) { this.board.put(row); this.changed([this.board.get(id)], [], false); } else if (data) { this.board.rows.delete(id); this.changed([], [id], false); }
  }

  missed() {
    if (this.talk.ticket) { this.talk.read().catch(() => {}); this.card.read().catch(() => {}); }
  }

  state(name) {
    if (name === "away") { this.away = true; this.line(WORDS.away, "bad"); } else if (this.away) { this.away = false; this.line(WORDS.back, "good"); }
  }

  line(text, kind) {
    $("line").textContent = text;
    $("line").dataset.kind = kind;
    clearTimeout(this.lineTimer);
    if (!(kind === "bad" && this.away)) this.lineTimer = setTimeout(() => { $("line").textContent = ""; }, 6000);
  }

  async search(words) {
    if (!words) { this.list.search(null); this.list.paint(); return; }
    const { data, trouble } = await attempt(() => call("GET", `/desk/search?q=${encodeURIComponent(words)}`), WORDS);
    if (trouble) { this.line(trouble, "bad"); return; }
    this.list.search(data, words);
    this.list.paint();
    this.list.step(0);
  }

  ticket(key) {
    if (!this.talk.ticket) return false;
    if (key === "r" || key === "n") { this.talk.setMode(key === "r" ? "say" : "note"); $("composer-text").focus(); return true; }
    return this.doing.press(key) || this.tools.press(key);
  }

  close() {
    clearInterval(this.timer);
    this.board.close();
    this.pages.close();
    this.talk.keepDraft();
    this.talk.over.abort();
  }
}

let desk = null;
// What was half written, or has not gone out, when a login ended; and whose it is.
let kept = null;
const door = new Door(enter);

async function enter(me) {
  const [services, staff] = await Promise.all(["/desk/services", "/desk/staff"].map((path) => attempt(() => call("GET", path), WORDS)));
  desk = new Desk(me, new Map((services.data || []).map((one) => [one.code, one])), staff.data || {});
  // It stays, for whoever wrote it.
  if (kept?.owner === me.id) { Object.assign(desk.talk, { drafts: kept.drafts, unsent: kept.unsent }); desk.pages.unfinished = kept.unfinished; }
  await desk.begin();
}

// The login is over, or left: the door again, and nothing of anybody on the screen.
function leave(note) {
  if (desk) {
    desk.close();
    kept = { owner: desk.me.id, drafts: desk.talk.drafts, unsent: desk.talk.unsent, unfinished: desk.pages.unfinished };
    desk.talk.close();
    desk.card.close();
  }
  desk = null;
  document.body.dataset.view = "list";
  for (const id of ["desk", "page", "me", "places", "search", "alarm"]) show($(id), false);
  $("rows").replaceChildren();
  $("page-body").replaceChildren();
  $("line").textContent = "";
  if ($("dialog").open) $("dialog").close();
  document.title = "工作台 · 管家";
  door.open(note);
}

async function start() {
  whenOver(() => { if (desk) leave(WORDS.over); });
  let found;
  try { found = await call("GET", "/desk/session"); } catch { $("line").textContent = WORDS.away; setTimeout(start, 3000); return; }
  $("line").textContent = "";
  if (found.data?.who) await enter(found.data.who); else await door.open("", found.data?.demo || []);
}

new Keys({
  step: (by) => desk?.list.step(by), go: (name) => desk?.go(name), back: () => { if ($("card").dataset.open === "true") openCard(false); else if (desk?.talk.ticket) desk.back(); },
  only: (place) => desk?.list.only(Object.keys(FILTERS)[place]), ticket: (key) => Boolean(desk?.ticket(key)),
});
$("leave").addEventListener("click", async () => { await attempt(() => call("DELETE", "/desk/session"), WORDS); leave(""); kept = null; });
$("search").addEventListener("submit", (event) => { event.preventDefault(); desk?.search($("search-words").value.trim()); });
$("search-words").addEventListener("search", () => { if (!$("search-words").value) desk?.search(""); });
$("talk-back").addEventListener("click", () => desk?.back());
function openCard(open) {
  $("card").dataset.open = String(open);
  $("card-open").setAttribute("aria-expanded", String(open));
  (open ? $("card-close") : $("card-open")).focus();
}
$("card-open").addEventListener("click", () => openCard($("card").dataset.open !== "true"));
$("card-close").addEventListener("click", () => openCard(false));
let hereAt = Date.now();
for (const kind of ["keydown", "pointerdown"]) {
  addEventListener(kind, () => {
    if (!desk || Date.now() - hereAt < HERE_MS) return;
    hereAt = Date.now();
    call("POST", "/desk/session/here").catch(() => {});
  }, { passive: true });
}
start();

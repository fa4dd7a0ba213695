// The line to the butler: what is written waits here until it is known to have arrived, what is said arrives once.

import { Away, call, freshId } from "./api.js";
import { memory } from "./dom.js";
import { bytesOf } from "./files.js";

const EVENTS = "/api/v1/me/conversation/events";
const HISTORY = "/api/v1/me/conversation";
const FILES = "/api/v1/me/attachments";
// A picture may take its time on a slow line.
const FILE_SECONDS = 120;
const PAGE = 30;
// The next message goes out when the one before is answered, or has been under way for so long.
const NEXT_MS = 1500;
// Nothing at all for so long, not even the sign of life that comes every fifteen seconds: the line is dead.
const DEAD_MS = 40000;
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

// `hear(lines)`, `replied(id, replies)`, `refused(id, why)`, `state(name)`, `over(why)` are told what happens.
export class Line {
  constructor(person, told) {
    this.told = told;
    this.name = `queue.${person.id}`;
    this.queue = memory.get(this.name) || [];
    this.flying = new Set();
    this.files = new Map();
    this.last = 0;
    this.tries = 0;
    this.closed = false;
    this.onOnline = () => this.hurry();
    window.addEventListener("online", this.onOnline);
    window.addEventListener("offline", this.onOnline);
  }

  // The newest page, then the stream from there on, then what is still to be sent.
  async open() {
    const answer = await this.history({});
    if (answer === null) return null;
    this.listen();
    this.pump();
    return answer;
  }

  async history(query) {
    const asked = new URLSearchParams({ limit: PAGE, ...query });
    const answer = await call("GET", `${HISTORY}?${asked}`);
    // An answer under way may bring a fresh login with it: then this one is tried again.
    if (answer.status === 401 && !this.flying.size) { this.end("login"); return null; }
    if (!answer.ok) throw new Away(String(answer.status));
    if (!query.before) this.note(answer.data.items);
    return answer.data;
  }

  note(lines) {
    for (const each of lines) {
      this.last = Math.max(this.last, each.id);
      if (each.message_id) this.arrived(each.message_id);
    }
  }

  listen() {
    if (this.closed) return;
    this.stream?.close();
    const stream = new EventSource(`${EVENTS}?after=${this.last}`);
    this.stream = stream;
    stream.onopen = () => {
      this.tries = 0;
      this.alive();
      this.told.state("here");
      this.pump();
    };
    stream.addEventListener("alive", () => this.alive());
    stream.onmessage = (event) => {
      this.alive();
      const line = JSON.parse(event.data);
      this.note([line]);
      this.told.hear([line]);
    };
    stream.addEventListener("over", (event) => this.over(event.data));
    stream.onerror = () => { stream.close(); this.again(); };
  }

  alive() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => { this.stream?.close(); this.again(); }, DEAD_MS);
  }

  // Whoever was shut out may be this very login with a fresh cookie: one look tells.
  over(why) {
    this.stream.close();
    clearTimeout(this.watchdog);
    if (why === "elsewhere") this.told.over("elsewhere");
    else this.again();
  }

  again() {
    if (this.closed) return;
    this.told.state("away");
    clearTimeout(this.timer);
    const pause = PAUSES_MS[Math.min(this.tries++, PAUSES_MS.length - 1)];
    this.timer = setTimeout(() => this.catchUp(), pause);
  }

  async catchUp() {
    try {
      const since = this.last;
      const page = await this.history({});
      if (page === null) return;
      this.told.hear(page.items);
      // More was said meanwhile than one page holds: the stream brings what lies between.
      if (page.items.length && page.items[0].id > since && page.next) this.last = since;
      this.listen();
    } catch {
      this.again();
    }
  }

  hurry() {
    if (this.closed) return;
    if (navigator.onLine === false) { this.told.state("away"); return; }
    // Anew, whatever the old stream says of itself: it may be dead and not know it.
    this.tries = 0;
    clearTimeout(this.timer);
    this.catchUp();
    this.pump();
  }

  send(text, title = text, urgent = false) {
    const message = { id: freshId(), text, title, at: Date.now() };
    this.queue.push(message);
    this.keep();
    if (urgent) this.fly(message);
    this.pump();
    return message;
  }

  // A picture or a voice as a data URL; where this device has no room for it, it lives as long as the page.
  sendFile(kind, data, title) {
    const message = { id: freshId(), kind, text: "", title, at: Date.now() };
    this.files.set(message.id, data);
    memory.set(`file.${message.id}`, data);
    this.queue.push(message);
    this.keep();
    this.pump();
    return message;
  }

  keep() { memory.set(this.name, this.queue.length ? this.queue : null); }

  arrived(id) {
    const gone = this.queue.filter((message) => message.id === id);
    if (!gone.length) return;
    this.queue = this.queue.filter((message) => message.id !== id);
    this.dropFiles(gone);
    this.keep();
  }

  dropFiles(messages) {
    for (const { id, kind } of messages) {
      this.files.delete(id);
      if (kind) memory.set(`file.${id}`, null);
    }
  }

  // In order, one after the other, but nobody waits long behind a slow answer.
  pump() {
    if (this.closed || this.waiting) return;
    const next = this.queue.find((message) => !this.flying.has(message.id));
    if (!next) return;
    this.waiting = true;
    const free = () => { this.waiting = false; this.pump(); };
    let done = false;
    const once = () => { if (!done) { done = true; free(); } };
    this.fly(next).then((sent) => { if (sent) once(); else { done = true; this.waiting = false; } });
    setTimeout(once, NEXT_MS);
  }

  // Returns whether the butler has it.
  async fly(message) {
    this.flying.add(message.id);
    this.told.flying(this.flying.size);
    try {
      const answer = await this.post(message);
      if (answer.status === 401) { this.end("login"); return false; }
      if (answer.status >= 500 || answer.status === 429) throw new Away(String(answer.status));
      this.arrived(message.id);
      if (answer.ok) this.told.replied(message.id, answer.data);
      else this.told.refused(message.id, message.kind ? answer.data?.detail : undefined);
      return true;
    } catch {
      this.told.state("away");
      clearTimeout(this.resend);
      const pause = PAUSES_MS[Math.min(this.tries++, PAUSES_MS.length - 1)];
      this.resend = setTimeout(() => this.pump(), pause);
      return false;
    } finally {
      this.flying.delete(message.id);
      this.told.flying(this.flying.size);
    }
  }

  post({ id, kind, text }) {
    if (!kind) return call("POST", "/webhooks/rest/webhook", { sender: "me", message: text, message_id: id });
    const asked = new URLSearchParams({ kind, message_id: id });
    const data = this.files.get(id) ?? memory.get(`file.${id}`) ?? "";
    return call("POST", `${FILES}?${asked}`, bytesOf(data), FILE_SECONDS);
  }

  end(why) {
    if (this.closed) return;
    this.close();
    this.told.over(why);
  }

  close() {
    this.closed = true;
    this.stream?.close();
    clearTimeout(this.timer);
    clearTimeout(this.resend);
    clearTimeout(this.watchdog);
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("offline", this.onOnline);
  }

  forget() {
    this.dropFiles(this.queue);
    memory.set(this.name, null);
  }
}

// What the desk knows: the tickets of one's queues and the words that come, kept fresh by one stream.

import { call } from "./api.js";
import { setHouseTime } from "./clock.js";

// Nothing at all for so long, not even the sign of life that comes every fifteen seconds: the line is dead.
const DEAD_MS = 40000;
const PAUSES_MS = [300, 1000, 2000, 4000, 8000];

// `told` has `tickets(changed, gone)`, `line(conversation, line)`, `state(name)`, `over(why)`.
export class Board {
  constructor(told) {
    this.told = told;
    this.rows = new Map();
    this.after = 0;
    this.tries = 0;
    this.closed = false;
    this.onOnline = () => this.again(0);
    addEventListener("online", this.onOnline);
  }

  async open() {
    const answer = await call("GET", "/desk/board");
    if (!answer.ok) return false;
    setHouseTime(answer.data.now);
    this.rows = new Map(answer.data.tickets.map((row) => [row.id, row]));
    this.after = this.first = answer.data.after;
    this.told.tickets([...this.rows.values()], [], true);
    this.listen();
    return true;
  }

  get(id) { return this.rows.get(id); }

  // An answer of the server's own may be newer than the stream.
  put(row) {
    const known = this.rows.get(row.id);
    if (known && known.version > row.version) return;
    this.rows.set(row.id, row);
  }

  listen() {
    if (this.closed) return;
    this.stream?.close();
    const stream = new EventSource(`/desk/events?after=${this.after}`);
    this.stream = stream;
    stream.onopen = () => { this.tries = 0; this.alive(); this.told.state("here"); };
    stream.addEventListener("alive", (event) => { this.alive(); setHouseTime(JSON.parse(event.data)); });
    stream.addEventListener("tickets", (event) => {
      this.alive();
      const { now, tickets, gone } = JSON.parse(event.data);
      setHouseTime(now);
      const changed = tickets.filter((row) => JSON.stringify(this.rows.get(row.id)) !== JSON.stringify(row));
      for (const row of tickets) this.rows.set(row.id, row);
      for (const id of gone) this.rows.delete(id);
      // The first look of a stream brings everything that is open: what is not in it is gone.
      if (!stream.seen) {
        stream.seen = true;
        const open = new Set(tickets.map((row) => row.id));
        for (const id of [...this.rows.keys()]) if (!open.has(id)) { this.rows.delete(id); gone.push(id); }
      }
      if (changed.length || gone.length) this.told.tickets(changed, gone, false);
    });
    stream.addEventListener("line", (event) => {
      this.alive();
      const { conversation, line } = JSON.parse(event.data);
      this.after = Math.max(this.after, line.id);
      // A stream begins a little before where it is to: what was there already is no news.
      this.told.line(conversation, line, line.id > this.first);
    });
    stream.addEventListener("over", (event) => {
      this.close();
      this.told.over(event.data);
    });
    stream.onerror = () => { stream.close(); this.again(); };
  }

  alive() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => { this.stream?.close(); this.again(); }, DEAD_MS);
  }

  again(pause = PAUSES_MS[Math.min(this.tries++, PAUSES_MS.length - 1)]) {
    if (this.closed) return;
    this.told.state("away");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), pause);
  }

  // Away, or is the login over? One look tells, and what was missed meanwhile comes with the stream.
  async check() {
    try {
      const answer = await call("GET", "/desk/session");
      if (answer.ok && !answer.data.who) { this.close(); this.told.over("login"); return; }
      if (!answer.ok) throw new Error("trouble");
      this.told.missed?.();
      this.listen();
    } catch {
      this.again();
    }
  }

  close() {
    this.closed = true;
    this.stream?.close();
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    removeEventListener("online", this.onOnline);
  }
}

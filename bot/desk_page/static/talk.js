// The conversation: what was said, who said it, and the box in which one writes: to the member, or to colleagues.

import { API, attempt, call, freshId } from "./api.js";
import { $, make, show, tell } from "./dom.js";
import { Kept, UNREACHABLE, arrange, sent, signs, unfit } from "./sent.js";
import { PRIORITIES, QUEUES, STATES, VOICES, WORDS, dayOf, timeOf, topicOf } from "./words.js";

export class Talk {
  // `changed()` is called after something was done to the ticket.
  constructor(me, changed) {
    this.me = me;
    this.changed = changed;
    this.ticket = null;
    this.lines = new Map();
    this.kept = new Kept();
    this.notes = [];
    this.mode = "say";
    this.choices = [];
    this.drafts = new Map();
    // What could not be sent, by ticket and line, until it is.
    this.unsent = new Map();
    // The page outlives a login: what this one listens to ends with it.
    this.over = new AbortController();
    this.follow();
    this.on("older", "click", () => this.older());
    this.on("composer", "submit", (event) => { event.preventDefault(); this.send(); });
    this.on("composer-text", "keydown", (event) => {
      // An Enter that ends the choice of a character is none that sends.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    });
    this.on("mode-say", "click", () => this.setMode("say"));
    this.on("mode-note", "click", () => this.setMode("note"));
    this.on("picture", "change", () => this.picture());
  }

  on(id, event, does, capture = false) { $(id).addEventListener(event, does, { signal: this.over.signal, capture }); }

  get isMine() { return this.ticket?.owner === this.me.id && ["claimed", "waiting", "resolved"].includes(this.ticket.state); }

  async open(row) {
    this.keepDraft();
    this.ticket = row;
    this.lines = new Map(this.unsent.get(row.id));
    this.kept.clear();
    this.notes = [];
    this.choices = [];
    $("lines").replaceChildren(make("li", { class: "empty" }, WORDS.loading));
    show($("talk-empty"), false);
    show($("talk-open"), true);
    this.head();
    this.setMode(this.isMine || row.state === "open" ? "say" : "note");
    $("composer-text").value = this.drafts.get(row.id) || "";
    await this.read();
    this.toEnd();
  }

  // Everything from the server; also after the line was down.
  async read() {
    const id = this.ticket.id;
    const [lines, notes] = await Promise.all([
      call("GET", `/desk/tickets/${id}/lines`), call("GET", `${API}/tickets/${id}/notes`)]);
    if (this.ticket?.id !== id) return;
    if (lines.ok) for (const line of lines.data) this.lines.set(line.id, line);
    show($("older"), lines.ok && lines.data.length === 50);
    if (notes.ok) this.notes = notes.data.items || notes.data;
    this.paint();
  }

  async older() {
    const first = Math.min(...this.lines.keys());
    const answer = await call("GET", `/desk/tickets/${this.ticket.id}/lines?before=${first}`);
    if (!answer.ok) return;
    for (const line of answer.data) this.lines.set(line.id, line);
    show($("older"), answer.data.length === 50);
    const height = $("scroll").scrollHeight;
    this.paint();
    $("scroll").scrollTop += $("scroll").scrollHeight - height;
  }

  update(row) {
    this.ticket = row;
    this.head();
    this.ready();
  }

  hear(conversation, line) {
    if (this.ticket?.conversation !== conversation || this.lines.has(line.id)) { if (this.ticket?.conversation === conversation) { this.lines.set(line.id, line); this.paint(); } return false; }
    const near = this.follows;
    // One's own words may come by the stream before their answer does.
    const own = [...this.lines.values()].find((each) => each.pending && each.text === line.text && line.author === this.me.name);
    if (own) { this.lines.delete(own.id); this.unsent.get(this.ticket.id)?.delete(own.id); }
    this.lines.set(line.id, line);
    this.paint();
    if (near) this.toEnd();
    else if (line.who === "member") show($("newer"), true);
    if (line.who === "member") tell(WORDS.new_words(this.ticket.name, line.text ?? ""));
    return true;
  }

  get isAtEnd() { const box = $("scroll"); return box.scrollHeight - box.scrollTop - box.clientHeight < 80; }
  toEnd() {
    this.follows = true;
    $("scroll").scrollTop = $("scroll").scrollHeight;
    show($("newer"), false);
  }

  // Who has the last words before her eyes keeps them there, also when a picture comes later than its line; who has gone back is told.
  follow() {
    const box = $("scroll");
    let top = 0;
    this.on("scroll", "scroll", () => {
      if (this.isAtEnd) { this.follows = true; show($("newer"), false); } else if (box.scrollTop < top) this.follows = false;
      top = box.scrollTop;
    });
    this.on("lines", "load", () => { if (this.follows) this.toEnd(); }, true);
    this.on("newer", "click", () => { this.toEnd(); $("composer-text").focus(); });
  }

  head() {
    const row = this.ticket;
    $("talk-title").textContent = row.called === row.name ? row.name : `${row.name}（${row.called}）`;
    $("talk-facts").replaceChildren(...[
      make("span", { class: `priority ${row.priority}` }, PRIORITIES[row.priority]), make("span", {}, topicOf(row.topic)),
      make("span", {}, `${QUEUES[row.queue]}队列`), make("span", {}, `${STATES[row.state]}${row.owner_name ? `：${row.owner === this.me.id ? WORDS.mine : row.owner_name}` : ""}`),
      row.unreachable ? make("span", { class: "priority urgent" }, UNREACHABLE) : null, make("span", { class: "number" }, row.number), ...row.clocks.map((clock) => make("span", { class: "clock", "data-due": clock.due, "data-clock": clock.name }))].filter(Boolean));
    this.changed.clocks();
  }

  paint() {
    const items = [...this.lines.values()].map((line) => ({ at: line.at, id: line.id, node: () => this.kept.node(`line ${line.id}`, line, () => this.line(line)) }));
    items.push(...this.notes.map((note) => ({ at: note.at, id: Number.MAX_SAFE_INTEGER, node: () => this.kept.node(`note ${note.id}`, note, () => this.noteLine(note)) })));
    items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id - b.id);
    let day = null;
    const nodes = [];
    for (const item of items) {
      const its = dayOf(new Date(item.at));
      if (its !== day) nodes.push(this.kept.node(`day ${its}`, its, () => make("li", { class: "day" }, its)));
      day = its;
      nodes.push(item.node());
    }
    arrange($("lines"), nodes);
    this.ready();
  }

  line(line) {
    const own = line.who !== "member";
    const who = line.author && own ? `${VOICES[line.who]} ${line.author}` : VOICES[line.who];
    const states = { queued: own ? WORDS.queued : "", dropped: WORDS.dropped, received: "" };
    return make("li", { class: `line ${line.who}${line.urgent ? " danger" : ""}${line.pending ? " pending" : ""}`, "data-line": line.id },
      make("p", { class: "who" }, make("b", {}, who), " ", make("time", { datetime: line.at }, timeOf(new Date(line.at))),
        line.pending ? make("span", { class: "sign" }, line.failed ? WORDS.unsent : WORDS.sending) : states[line.state] ? make("span", { class: "sign" }, states[line.state]) : null, signs(line)),
      sent(line, this.ticket.id),
      make("p", { class: line.text === null ? "words soft" : "words" }, line.text ?? WORDS.hidden),
      line.buttons.length ? make("ul", { class: "offered", "aria-label": "选项" }, line.buttons.map((title) => make("li", {}, title))) : null,
      line.failed ? make("button", { class: "quiet", type: "button", onclick: () => this.resend(line) }, WORDS.again) : null);
  }

  noteLine(note) {
    return make("li", { class: "line note" },
      make("p", { class: "who" }, make("b", {}, `备注 ${note.author_name || ""}`), " ", make("time", { datetime: note.at }, timeOf(new Date(note.at))),
        note.audience === "doctor" ? make("span", { class: "sign" }, "只给医生管家和主管") : null),
      make("p", { class: "words" }, note.text));
  }

  setMode(mode) {
    this.mode = mode;
    $("composer").dataset.mode = mode;
    $("mode-say").setAttribute("aria-pressed", String(mode === "say"));
    $("mode-note").setAttribute("aria-pressed", String(mode === "note"));
    show($("audience"), mode === "note" && this.me.role === "doctor");
    $("composer-label").textContent = mode === "say" ? WORDS.say : WORDS.note;
    this.ready();
  }

  ready() {
    const may = this.mode === "note" || this.isMine;
    $("composer-text").disabled = !may;
    $("send").disabled = !may;
    $("send").textContent = this.mode === "say" ? "发出" : "记下";
    const hint = this.ticket?.state === "closed" ? WORDS.hint_closed : WORDS.hint_claim;
    $("composer-text").placeholder = this.mode === "say" ? (this.isMine ? `说给${this.ticket?.called || ""}的话` : hint) : WORDS.note;
    $("composer-hint").textContent = this.mode === "note" ? (this.me.role === "doctor" ? WORDS.hint_note_doctor : WORDS.hint_note) : this.isMine ? WORDS.hint_say : hint;
    for (const tool of $("tools").querySelectorAll("button")) tool.disabled = !this.isMine;
    show($("choices"), this.choices.length > 0 && this.mode === "say");
    $("choices").replaceChildren(...this.choices.map((title) => make("li", {}, title)));
  }

  setChoices(choices) { this.choices = choices; this.ready(); }

  // Words into the box, where the cursor is; the first blank is marked, to be filled in.
  insert(text) {
    const box = $("composer-text");
    this.setMode("say");
    const begin = box.selectionStart;
    box.setRangeText(text, begin, box.selectionEnd, "end");
    const blank = box.value.indexOf("＿＿＿", begin);
    box.focus();
    if (blank >= 0) box.setSelectionRange(blank, blank + 3);
  }

  keepDraft() { if (this.ticket) this.drafts.set(this.ticket.id, $("composer-text").value); }

  async send() {
    const text = $("composer-text").value.trim();
    if (!text || $("send").disabled) return;
    $("composer-text").value = "";
    if (this.mode === "note") { await this.note(text); return; }
    const choices = this.choices;
    this.setChoices([]);
    const line = { id: Number.MAX_SAFE_INTEGER - Math.floor(Math.random() * 1e6), key: freshId(), who: this.me.role === "doctor" || this.ticket.queue === "doctor" ? "doctor" : "life", author: this.me.name,
      text, at: new Date(this.changed.now()).toISOString(), state: "", buttons: choices, pending: true };
    this.lines.set(line.id, line);
    this.paint();
    this.toEnd();
    await this.carry(line);
  }

  async carry(line) {
    const ticket = this.ticket;
    const { data, trouble } = await attempt(() => call("POST", `/desk/tickets/${ticket.id}/words`, { text: line.text, message_id: line.key, choices: line.buttons }), WORDS);
    if (trouble) { this.hold(ticket, line, trouble); return; }
    this.unsent.get(ticket.id)?.delete(line.id);
    const pending = this.lines.get(line.id);
    this.lines.delete(line.id);
    if (pending && !this.lines.has(data.id)) this.lines.set(data.id, { ...line, id: data.id, pending: false, failed: false, state: "queued" });
    if (this.ticket?.id === ticket.id) this.paint();
  }

  // Kept until it has gone out, whichever ticket is looked at meanwhile.
  hold(ticket, line, trouble) {
    line.failed = true;
    if (!this.unsent.has(ticket.id)) this.unsent.set(ticket.id, new Map());
    this.unsent.get(ticket.id).set(line.id, line);
    const here = this.ticket?.id === ticket.id;
    if (here) this.lines.set(line.id, line);
    if (here) this.paint();
    tell(trouble, true);
    this.changed.trouble(here ? trouble : WORDS.unsent_elsewhere(ticket.name));
  }

  resend(line) {
    line.failed = false;
    this.paint();
    return this.carry(line);
  }

  async note(text) {
    const audience = this.me.role === "doctor" && !$("audience-all").checked ? "doctor" : "all";
    const body = { text, audience, message_id: freshId() };
    const { data, trouble } = await attempt(() => call("POST", `${API}/tickets/${this.ticket.id}/notes`, body), WORDS);
    if (trouble) { $("composer-text").value = text; this.changed.trouble(trouble); return; }
    this.notes.push(data);
    this.paint();
    this.toEnd();
    tell("备注记下了");
  }

  async picture() {
    const file = $("picture").files[0];
    $("picture").value = "";
    if (!file) return;
    if (unfit(file)) { this.changed.trouble(unfit(file)); return; }
    const line = new URLSearchParams({ message_id: freshId(), text: $("composer-text").value.trim() });
    const { trouble } = await attempt(() => call("POST", `/desk/tickets/${this.ticket.id}/picture?${line}`, undefined, { raw: file, seconds: 60 }), WORDS);
    if (trouble) this.changed.trouble(trouble);
    else $("composer-text").value = "";
  }

  close() {
    this.keepDraft();
    this.ticket = null;
    show($("talk-open"), false);
    show($("talk-empty"), true);
  }
}


// Talking: the words typed, the buttons pressed, what is said back, and what is to be seen of the line.

import { $, ask, make, memory, show } from "./dom.js";
import { call } from "./api.js";
import { Beside } from "./beside.js";
import { Line } from "./line.js";
import { Log } from "./log.js";
import { canSpeak, hush, speak } from "./speech.js";
import { VOICES, WORDS } from "./words.js";

const NEAR = 120;
const THINKING_MS = 500;

export class Talk {
  // `ended(why)` is called when the login is over or was left.
  constructor(person, ended) {
    this.person = person;
    this.ended = ended;
    this.log = new Log({ press: (payload, title) => this.say(payload, title), read: (text) => this.read(text), reading: canSpeak,
      share: (link) => this.share(link) });
    this.line = new Line(person, {
      hear: (lines) => this.hear(lines),
      replied: (id, replies) => this.replied(id, replies),
      refused: (id, why) => this.log.refuse(id, why),
      state: (name) => this.state(name),
      flying: (count) => this.flying(count),
      over: (why) => this.over(why),
    });
    this.beside = new Beside({
      send: (kind, data, title) => this.went(this.line.sendFile(kind, data, title)),
      tell: (sentence) => { $("line").textContent = sentence; },
    });
    this.off = new AbortController();
    this.following = true;
  }

  async open() {
    for (const id of ["talk", "leave", "person", "tell"]) show($(id), true);
    $("whose").textContent = this.person.called;
    $("start-title").textContent = WORDS.hello(this.person.called);
    $("starters").replaceChildren(...WORDS.starters.map(([title, text]) =>
      make("button", { type: "button", onclick: () => this.say(text) }, title)));
    $("words").value = memory.get(`draft.${this.person.id}`) || "";
    this.bind();
    // Not the field: on a tablet its keyboard would cover half of what there is to read. And at once: who has pressed
    // something meanwhile is not taken away from it.
    $("talk").focus({ preventScroll: true });
    try {
      await this.begin();
    } catch {
      this.state("away");
      this.line.again();
    }
    for (const message of this.line.queue) this.log.wait(message);
    this.tidy();
    this.toEnd();
  }

  async begin() {
    $("live").setAttribute("aria-live", "off");
    const page = await this.line.open();
    if (page === null) return;
    this.log.add(page.items);
    show($("older"), page.next !== null);
    requestAnimationFrame(() => $("live").setAttribute("aria-live", "polite"));
  }

  bind() {
    const on = (id, event, work) => $(id).addEventListener(event, work, { signal: this.off.signal });
    on("composer", "submit", (event) => { event.preventDefault(); this.submit(); });
    on("words", "keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    });
    on("words", "input", () => { memory.set(`draft.${this.person.id}`, $("words").value || null); this.grow(); });
    on("person", "click", () => this.say(WORDS.person));
    on("tell", "click", () => { $("help").close(); this.say(WORDS.cry, WORDS.cry, true); });
    on("older", "click", () => this.older());
    on("newer", "click", () => this.toEnd());
    on("leave", "click", () => this.leave());
    on("scroll", "scroll", () => this.scrolled());
    this.beside.bind(on);
    // A picture has its height only when it is there.
    $("log").addEventListener("load", () => { if (this.following) this.toEnd(); }, { capture: true, signal: this.off.signal });
    document.addEventListener("resized", () => { this.grow(); if (this.following) this.toEnd(); }, { signal: this.off.signal });
    this.grow();
  }

  grow() {
    const words = $("words");
    words.style.height = "auto";
    words.style.height = `${words.scrollHeight + 4}px`;
  }

  submit() {
    const text = $("words").value.trim();
    if (!text) { $("words").focus(); return; }
    $("words").value = "";
    memory.set(`draft.${this.person.id}`, null);
    this.grow();
    this.say(text);
  }

  say(text, title = text, urgent = false) {
    hush();
    this.went(this.line.send(text, title, urgent));
  }

  went(message) {
    if (!this.away) $("line").textContent = "";
    this.log.wait(message);
    this.tidy();
    this.toEnd();
  }

  hear(lines) {
    const fresh = this.log.add(lines);
    this.tell(fresh);
  }

  replied(id, replies) {
    const fresh = this.log.answer(id, replies);
    this.tell(fresh);
    // Whoever answers by buttons goes on from the new question, not from the top of the page.
    const lost = document.activeElement === document.body || document.activeElement?.closest("#log, #starters, #person");
    // Who is at its buttons already (the stream may be ahead of the reply) is not taken away from them.
    const offering = this.log.offering;
    if (lost && offering && !offering.contains(document.activeElement)) offering.focus({ preventScroll: true });
  }

  tell(fresh) {
    this.tidy();
    // A picture or a voice of one's own may have been put to its words.
    if (this.following) this.toEnd();
    const said = fresh.filter((line) => line.direction === "out");
    if (!said.length) return;
    if (!this.following) show($("newer"), true);
    for (const line of said) {
      const words = `${VOICES[line.role] || ""}说：${line.text}`;
      if (line.urgent) $("loud").textContent = words;
      if (memory.get("aloud")) this.read(words);
    }
  }

  tidy() {
    const empty = this.log.isEmpty;
    show($("start"), empty || !this.log.offering);
    for (const part of $("start").querySelectorAll("h2, p")) show(part, empty);
    $("start").classList.toggle("slim", !empty);
  }

  flying(count) {
    clearTimeout(this.thinking);
    if (!count) { show($("thinking"), false); return; }
    this.thinking = setTimeout(() => { show($("thinking"), true); if (this.following) this.toEnd(); }, THINKING_MS);
  }

  state(name) {
    const away = name === "away";
    if (this.away === away) return;
    this.away = away;
    if (away) $("line").textContent = WORDS.away;
    else if ($("line").textContent === WORDS.away) $("line").textContent = "";
    this.log.late(away);
    if (away) show($("thinking"), false);
  }

  over(why) {
    if (why === "login") { this.close(); this.ended("login"); return; }
    $("line").replaceChildren(WORDS.elsewhere, make("button", { type: "button", onclick: () => {
      $("line").textContent = "";
      this.away = undefined;
      this.line.catchUp();
    } }, WORDS.elsewhereAgain));
  }

  // To the family by whatever this device sends with; else it is copied.
  async share(link) {
    try {
      if (navigator.share) await navigator.share({ url: link });
      else { await navigator.clipboard.writeText(link); $("line").textContent = WORDS.copied; }
    } catch { /* thought better of it */ }
  }

  read(text) {
    speak(text, () => { $("line").textContent = WORDS.noVoice; });
  }

  scrolled() {
    const box = $("scroll");
    this.following = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (this.following) show($("newer"), false);
    if (box.scrollTop < 20 && !$("older").hidden) this.older();
  }

  toEnd() {
    const box = $("scroll");
    this.following = true;
    show($("newer"), false);
    box.scrollTop = box.scrollHeight;
    if (box.scrollHeight <= box.clientHeight) $("log").lastElementChild?.scrollIntoView({ block: "end" });
  }

  async older() {
    if (this.fetching) return;
    this.fetching = true;
    const box = $("scroll");
    const below = box.scrollHeight - box.scrollTop;
    $("live").setAttribute("aria-live", "off");
    try {
      const page = await this.line.history({ before: this.log.firstId });
      if (page === null) return;
      this.log.add(page.items);
      show($("older"), page.next !== null);
      box.scrollTop = box.scrollHeight - below;
    } catch {
      this.state("away");
    } finally {
      this.fetching = false;
      requestAnimationFrame(() => $("live").setAttribute("aria-live", "polite"));
    }
  }

  async leave() {
    if (!(await ask(WORDS.leave, WORDS.leaveYes, WORDS.leaveNo))) return;
    try {
      await call("DELETE", "/chat/session");
    } catch {
      $("line").textContent = WORDS.away;
      return;
    }
    this.line.forget();
    memory.set(`draft.${this.person.id}`, null);
    this.close();
    this.ended("left");
  }

  close() {
    hush();
    this.beside.close();
    this.line.close();
    this.off.abort();
    clearTimeout(this.thinking);
    for (const id of ["talk", "leave", "person", "tell", "thinking"]) show($(id), false);
    $("whose").textContent = "";
    $("line").textContent = "";
  }
}

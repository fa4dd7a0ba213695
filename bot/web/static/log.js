// The conversation as it is shown: who speaks in words and colour, each line once and in its place.

import { $, make, show } from "./dom.js";
import { VOICES, WORDS, dayOf, timeOf } from "./words.js";

const NUMBERS = /12356|96110|120|119|110/g;

const LINK = /https?:\/\/\S+\/chat\?invite=[\w-]+/;
const CALENDAR = /https?:\/\/(\S+\/calendar\/[\w-]+\.ics)/;

// A face before the words is drawn large; who has the page read aloud hears the words alone.
const faced = (title) => {
  const [face] = /^\p{Extended_Pictographic}\uFE0F?/u.exec(title) ?? [""];
  return face ? [make("span", { class: "face", "aria-hidden": "true" }, face), title.slice(face.length).trim()] : [title];
};

// What came beside the words, once it is there.
function sent(files = [], direction = "out") {
  return files.filter((file) => file.state === "kept").map((file) => {
    const src = `/api/v1/me/attachments/${file.id}`;
    if (file.type?.startsWith("image/")) return make("img", { class: "sent", src, alt: direction === "out" ? WORDS.picture : WORDS.ownPicture });
    if (file.type?.startsWith("audio/")) return make("audio", { class: "sent", src, controls: true, preload: "none", "aria-label": WORDS.voice });
    return make("a", { href: src, download: true }, WORDS.file);
  });
}

// `press(payload, title)` and `read(text)` are called for buttons; `reading` tells whether a line can be read aloud.
export class Log {
  constructor({ press, read, reading, share }) {
    this.list = $("log");
    this.list.replaceChildren();
    this.press = press;
    this.read = read;
    this.share = share;
    this.reading = reading;
    this.lines = new Map();
    this.own = new Map();
    this.chosen = new Set();
  }

  get isEmpty() { return this.list.childElementCount === 0; }

  get firstId() { return Math.min(...this.lines.keys()); }

  // Words of one's own that wait to be sent.
  wait({ id, title, text }) {
    if (this.own.has(id)) return;
    const item = this.item({ role: "member", direction: "in", text: title, at: null, buttons: [] });
    item.append(make("p", { class: "note waiting", hidden: true }, WORDS.waiting));
    this.own.set(id, item);
    if (/^b_[0-9a-z]{16}$/.test(text)) this.chosen.add(text);
    this.list.append(item);
    this.settle();
  }

  // Lines from the server, whichever way and however often they come; returns those that are new.
  add(lines) {
    const fresh = lines.filter((line) => this.place(line));
    // One's own words may get their day here, though they are not new.
    if (lines.length) this.settle();
    return fresh;
  }

  place(line) {
    if (line.pressed) this.chosen.add(line.pressed);
    if (this.lines.has(line.id)) return false;
    let item = line.message_id ? this.own.get(line.message_id) : this.early(line);
    const known = Boolean(item);
    if (known) {
      item.querySelector(".bubble").textContent = line.text;
      item.querySelector(".bubble").before(...sent(line.files, line.direction));
      item.querySelector(".waiting")?.remove();
      this.date(item, new Date(line.at));
    } else {
      item = this.item({ ...line, at: new Date(line.at) });
    }
    item.dataset.id = line.id;
    if (line.message_id) this.own.set(line.message_id, item);
    this.lines.set(line.id, { line, item });
    this.insert(item, line.id);
    return !known;
  }

  // The first words of an emergency may be shown before the database has them: then they get their row here.
  early(line) {
    const item = this.list.querySelector(".early");
    if (!item || line.direction !== "out" || item.querySelector(".bubble").textContent !== line.text) return null;
    item.classList.remove("early");
    this.buttons(item, line);
    return item;
  }

  // What was answered to words of one's own goes behind them, also where their own number is not known yet.
  answer(id, replies) {
    const item = this.own.get(id);
    item?.querySelector(".waiting")?.remove();
    const numbers = replies.map((reply) => reply.custom.id).filter((number) => number !== undefined);
    if (item && item.dataset.id === undefined && numbers.length) item.dataset.id = Math.min(...numbers) - 0.5;
    const at = new Date();
    for (const reply of replies.filter((each) => each.custom.id === undefined)) {
      const shown = this.item({ role: reply.custom.role, direction: "out", text: reply.text, at, buttons: reply.buttons, urgent: true });
      shown.classList.add("early");
      this.list.append(shown);
    }
    const lines = replies.filter((each) => each.custom.id !== undefined).map((reply) => ({
      id: reply.custom.id, direction: "out", role: reply.custom.role, text: reply.text, buttons: reply.buttons,
      at: reply.custom.at || at.toISOString(), urgent: Boolean(reply.custom.urgent),
    }));
    const fresh = this.add(lines);
    this.settle();
    return fresh;
  }

  refuse(id, why = WORDS.refused) {
    const item = this.own.get(id);
    item?.querySelector(".waiting")?.remove();
    item?.append(make("p", { class: "error" }, why));
  }

  late(visible) {
    for (const note of this.list.querySelectorAll(".waiting")) show(note, visible);
  }

  insert(item, id) {
    let before = this.list.lastElementChild;
    while (before && (before === item || before.dataset.id === undefined || Number(before.dataset.id) > id)) {
      before = before.previousElementSibling;
    }
    const next = before ? before.nextElementSibling : this.list.firstElementChild;
    if (next !== item) this.list.insertBefore(item, next);
  }

  item({ role, direction, text, at, buttons, urgent, files, place, seen }) {
    const voice = direction === "in" ? "own" : role;
    const head = make("p", { class: "who" },
      make("span", { class: "badge" }, VOICES[direction === "in" ? "member" : role] || role),
      make("time", {}));
    const item = make("li", { class: `says ${voice}${urgent ? " urgent" : ""}`, tabindex: "-1" }, head);
    item.append(...sent(files, direction), make("p", { class: "bubble" }, text));
    if (place) item.append(make("div", { class: "choices" }, make("a", { class: "go", href: `geo:${place}` }, WORDS.map)));
    if (seen) item.append(make("p", { class: "note" }, WORDS.seen));
    if (at) this.date(item, at);
    if (direction === "out" && this.reading()) {
      head.append(make("button", { class: "read", type: "button", onclick: () => this.read(`${VOICES[role] || ""}说：${text}`) }, WORDS.read));
    }
    if (urgent && direction === "out") {
      const calls = [...new Set(text.match(NUMBERS) || [])];
      if (calls.length) {
        item.append(make("div", { class: "choices calls" },
          ...calls.map((number) => make("a", { class: "call", href: `tel:${number}` }, WORDS.call(number)))));
      }
    }
    const link = direction === "out" ? text.match(LINK)?.[0] : null;
    if (link) item.append(make("div", { class: "choices" }, make("button", { type: "button", onclick: () => this.share(link) }, WORDS.share)));
    // The scheme that opens the telephone's own calendar, which asks whether to subscribe.
    const calendar = direction === "out" ? text.match(CALENDAR)?.[1] : null;
    if (calendar) item.append(make("div", { class: "choices" }, make("a", { class: "go", href: `webcal://${calendar}` }, WORDS.calendar)));
    if (buttons.length) this.buttons(item, { buttons });
    return item;
  }

  // The hour is the butler's, whatever the clock of this device says.
  date(item, at) {
    item.dataset.day = dayOf(at);
    item.querySelector("time").dateTime = at.toISOString();
    item.querySelector("time").textContent = timeOf(at);
  }

  buttons(item, { buttons }) {
    item.querySelector(".answers")?.remove();
    if (!buttons.length) return;
    item.append(make("div", { class: "choices answers" }, ...buttons.map(({ title, payload }) =>
      make("button", { type: "button", "data-payload": payload, "data-title": title,
        onclick: (event) => this.pressed(event.currentTarget) }, ...faced(title)))));
  }

  pressed(button) {
    if (button.getAttribute("aria-disabled") === "true") return;
    this.press(button.dataset.payload, button.dataset.title);
  }

  // Where days begin, and which buttons still stand: those after one's last words, and those that nobody has answered.
  settle() {
    let day = null;
    let lastOwn = null;
    for (const item of this.list.children) {
      if (item.classList.contains("own")) lastOwn = item;
      item.querySelector(".day")?.remove();
      if (item.dataset.day === undefined) continue;
      if (item.dataset.day !== day) item.prepend(make("p", { class: "day" }, item.dataset.day));
      day = item.dataset.day;
    }
    let after = lastOwn === null;
    for (const item of this.list.children) {
      const group = item.querySelector(".answers");
      const asked = this.lines.get(Number(item.dataset.id))?.line;
      if (group) this.stand(group, after || Boolean(asked?.pushed));
      if (item === lastOwn) after = true;
    }
  }

  stand(group, open) {
    const buttons = [...group.children];
    const chosen = buttons.find((button) => this.chosen.has(button.dataset.payload));
    show(group, open || Boolean(chosen));
    for (const button of buttons) {
      show(button, !chosen || button === chosen);
      button.classList.toggle("chosen", button === chosen);
      if (button === chosen) {
        button.setAttribute("aria-disabled", "true");
        button.textContent = `${WORDS.chosen}${button.dataset.title}`;
      }
    }
  }

  // The last line, where it offers something to press.
  get offering() {
    const last = this.list.lastElementChild;
    const group = last?.querySelector(".answers");
    return group && !group.hidden && !group.querySelector(".chosen") ? last : null;
  }
}

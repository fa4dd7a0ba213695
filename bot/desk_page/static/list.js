// The list: forty tickets at a glance, the most pressing first, each with the clock that runs out next.

import { nextOf, paint } from "./clock.js";
import { $, make, put, show } from "./dom.js";
import { FILTERS, PRIORITIES, QUEUES, STATES, VOICES, WORDS, timeOf, topicOf } from "./words.js";

const WEIGHT = { urgent: 0, high: 1, normal: 2, low: 3 };

export class List {
  constructor(me, open) {
    this.me = me;
    this.open = open;
    this.filter = "all";
    this.current = null;
    this.unread = new Map();
    this.items = new Map();
    this.rows = [];
    this.found = null;
    this.filters();
  }

  filters() {
    $("filters").replaceChildren(...Object.entries(FILTERS).map(([name, title], place) =>
      make("button", { type: "button", "data-filter": name, "aria-pressed": String(name === this.filter), title: `${title}（${place + 1}）`, onclick: () => this.only(name) },
        title, make("span", { class: "count" }))));
  }

  only(name) {
    this.filter = name;
    this.search(null);
    for (const button of $("filters").children) button.setAttribute("aria-pressed", String(button.dataset.filter === name));
    this.paint();
  }

  kindOf(row) {
    if (row.state === "open") return "open";
    if (row.state === "claimed") return row.owner === this.me.id ? "mine" : "others";
    return row.owner === this.me.id || row.state === "waiting" || row.state === "resolved" ? "settled" : "others";
  }

  set(rows) {
    this.rows = rows;
    this.paint();
  }

  // Found tickets stand in the list's place until the search is left.
  search(rows, words = "") {
    this.found = rows;
    show($("found"), rows !== null);
    if (rows !== null) {
      $("found").replaceChildren(rows.length ? `「${words}」：${rows.length}张` : WORDS.none_found,
        make("button", { class: "quiet", type: "button", onclick: () => { $("search-words").value = ""; this.search(null); this.paint(); } }, "回到列表"));
    }
  }

  get shown() {
    if (this.found !== null) return this.found;
    const fit = this.rows.filter((row) => this.filter === "all" || this.kindOf(row) === this.filter);
    return fit.sort((a, b) => this.rank(a) - this.rank(b) || this.dueOf(a) - this.dueOf(b) || WEIGHT[a.priority] - WEIGHT[b.priority]);
  }

  // What is urgent and nobody's before all; then where somebody waits for a word; then the rest of mine, and of others.
  rank(row) {
    if (row.priority === "urgent" && row.state === "open") return 0;
    const kind = this.kindOf(row);
    if (kind === "mine") return row.clocks.some((clock) => clock.name !== "resolve") ? 1 : 2;
    return { open: 1, others: 3, settled: 4 }[kind];
  }

  dueOf(row) {
    const clock = nextOf(row);
    return clock ? Date.parse(clock.due) : Number.MAX_SAFE_INTEGER;
  }

  paint() {
    const rows = this.shown;
    this.counts();
    const box = $("rows");
    const focused = box.contains(document.activeElement) ? document.activeElement.closest("[data-ticket]")?.dataset.ticket : null;
    for (const [id, item] of this.items) if (!rows.some((row) => row.id === id)) { item.remove(); this.items.delete(id); }
    rows.forEach((row, place) => {
      const item = this.item(row);
      if (box.children[place] !== item) box.insertBefore(item, box.children[place] || null);
    });
    if (!rows.length) box.replaceChildren(make("p", { class: "empty" }, this.found !== null ? WORDS.none_found : WORDS.nobody));
    else box.querySelector(":scope > .empty")?.remove();
    if (focused && document.activeElement === document.body) this.items.get(focused)?.focus();
  }

  counts() {
    const counts = { all: this.rows.length };
    for (const row of this.rows) counts[this.kindOf(row)] = (counts[this.kindOf(row)] || 0) + 1;
    for (const button of $("filters").children) button.querySelector(".count").textContent = counts[button.dataset.filter] || "0";
    const waiting = this.rows.filter((row) => row.state === "open").length;
    document.title = `${waiting ? `（${waiting}）` : ""}工作台 · 管家`;
  }

  item(row) {
    let item = this.items.get(row.id);
    const fingerprint = JSON.stringify([row, this.current === row.id, this.unread.get(row.id) || 0]);
    if (item?.dataset.print === fingerprint) return item;
    if (!item) {
      item = make("button", { class: "ticket", type: "button", "data-ticket": row.id, onclick: () => this.open(row.id) });
      this.items.set(row.id, item);
    }
    item.dataset.print = fingerprint;
    item.dataset.kind = this.kindOf(row);
    item.classList.toggle("urgent", row.priority === "urgent");
    if (this.current === row.id) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
    const clock = nextOf(row);
    const timer = clock ? make("span", { class: "clock", "data-due": clock.due, "data-clock": clock.name }) : make("span", { class: "clock quiet" }, STATES[row.state]);
    if (clock) paint(timer);
    const unread = this.unread.get(row.id) || 0;
    item.replaceChildren();
    put(item,
      make("span", { class: "first" }, make("b", { class: "name" }, row.name), row.priority !== "normal" && make("span", { class: `priority ${row.priority}` }, PRIORITIES[row.priority]),
        unread ? make("span", { class: "unread" }, `${unread}句新话`) : null, timer),
      make("span", { class: "second" }, make("span", {}, topicOf(row.topic)), make("span", {}, `${QUEUES[row.queue]}·${this.whose(row)}`), make("span", { class: "number" }, row.number)),
      row.last ? make("span", { class: "third" }, `${VOICES[row.last.who]} ${timeOf(new Date(row.last.at))}：${row.last.text ?? WORDS.hidden}`) : null);
    return item;
  }

  whose(row) {
    if (row.state === "open") return row.tier > 1 ? `没人接，已升到${row.tier}级` : WORDS.nobody_yet;
    const who = row.owner === this.me.id ? WORDS.mine : row.owner_name || "";
    return `${who} ${STATES[row.state]}`;
  }

  // Up and down with the keys, over what is shown.
  step(by) {
    const rows = this.shown;
    if (!rows.length) return;
    const focused = document.activeElement?.closest?.("[data-ticket]")?.dataset.ticket || this.current;
    const place = rows.findIndex((row) => row.id === focused);
    const next = rows[Math.min(Math.max(place + by, 0), rows.length - 1)];
    this.items.get(next.id)?.focus();
    this.items.get(next.id)?.scrollIntoView({ block: "nearest" });
  }

  select(id) {
    this.current = id;
    this.unread.delete(id);
    this.paint();
  }

  heard(row) {
    if (row.id === this.current && document.visibilityState === "visible") return;
    this.unread.set(row.id, (this.unread.get(row.id) || 0) + 1);
    this.paint();
  }
}

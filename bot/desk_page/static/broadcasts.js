// Broadcasts at the desk: all of them, one of them as it goes, and a new one. What may be done is what the server says.

import { API, attempt, call } from "./api.js";
import { conditionSaid } from "./audience.js";
import { BSTATES, BSTEPS, EVENTS, REASONS, RSTATES, SURE, TOLD } from "./bwords.js";
import { dialog, make, show, tell } from "./dom.js";
import { head, list, row, scrolled, table } from "./tables.js";
import { WORDS, whenOf } from "./words.js";
import { Writing, previewed, whenLine } from "./writing.js";

const OVER = ["stopped", "done", "taken_back"];
const AGAIN_MS = 3000;
const ORDER = ["sent", "handed", "queued", "skipped", "failed", "taken_back"];

export class Broadcasts {
  constructor(unfinished) {
    this.unfinished = unfinished;
    this.place = make("div", { class: "broadcasts" });
  }

  // The page; what was chosen from is asked once.
  async open() {
    const { data, trouble } = await attempt(() => call("GET", "/desk/broadcast/choices"), WORDS);
    if (trouble) return make("p", { class: "error" }, trouble);
    this.choices = data;
    if (this.unfinished.form) this.write(this.unfinished.form.kept, this.unfinished.form);
    else await this.all(false);
    return this.place;
  }

  close() {
    this.stream?.close();
    this.stream = null;
    this.id = this.print = this.shown = undefined;
    this.only = "";
    this.paged = false;
    clearTimeout(this.timer);
  }

  put(focus, title, ...body) {
    const heading = make("h3", { tabindex: "-1", class: "view" }, title);
    this.place.replaceChildren(heading, ...body.flat(Infinity).filter(Boolean));
    if (focus) heading.focus();
  }

  async all(focus = true) {
    this.close();
    const rows = make("tbody");
    const more = make("button", { class: "quiet", type: "button", onclick: () => load() }, "看更早的");
    let after = null;
    const load = async () => {
      const { data, trouble } = await attempt(() => call("GET", `${API}/broadcasts?limit=50${after ? `&after=${encodeURIComponent(after)}` : ""}`), WORDS);
      if (trouble) return trouble;
      rows.append(...data.items.map((one) => row([make("button", { class: "quiet", type: "button", onclick: () => this.one(one.id) }, one.title), BSTATES[one.state], one.total ? `${one.counts.sent || 0} / ${one.total}` : one.asked ?? "", whenOf(one.created_at)])));
      after = data.next;
      show(more, after !== null);
      return null;
    };
    const trouble = await load();
    const write = make("button", { class: "main", type: "button", onclick: () => this.write(null) }, "写一个");
    const found = rows.children.length ? scrolled(make("table", {}, head(["名目", "怎么样了", "送到 / 一共", "写的时候"]), rows), "所有群发") : make("p", { class: "empty" }, "还没有人写过。");
    this.put(focus, "所有群发", make("p", {}, write), trouble ? make("p", { class: "error" }, trouble) : found, more);
  }

  write(kept, form = new Writing(this.choices, kept)) {
    this.close();
    this.unfinished.form = form;
    form.done = (id) => { this.unfinished.form = null; this.one(id); };
    form.leave = () => { this.unfinished.form = null; if (kept) this.one(kept.id); else this.all(); };
    this.put(false, kept ? "改一改" : "写一个群发", form.element);
    form.title.focus();
  }

  async one(id) {
    this.close();
    this.id = id;
    const found = await this.read();
    if (this.id !== id) return;
    if (found.trouble) { this.put(true, "群发", this.back(), make("p", { class: "error" }, found.trouble)); return; }
    this.live = { head: make("div", { class: "progress" }), does: make("div", { class: "row", role: "group", "aria-label": "这一个群发" }), error: make("p", { class: "error", role: "alert" }), beside: make("div", { class: "beside" }), trail: make("div"), who: make("div", { class: "beside" }) };
    const { broadcast } = found.data;
    const include = conditionSaid(broadcast.audience.include || {}, this.choices) || "所有会员";
    const exclude = broadcast.audience.exclude ? conditionSaid(broadcast.audience.exclude, this.choices) : "";
    this.put(true, broadcast.title, this.back(), this.live.head, this.live.does, this.live.error,
      make("p", { class: "letter" }, broadcast.text), whenLine(found.words), make("p", {}, make("b", {}, "发给："), include), exclude ? make("p", {}, make("b", {}, "除了："), exclude) : null,
      make("p", { class: "soft" }, `${found.words.author}写的，第${broadcast.version}稿${found.words.approved_by ? `，${found.words.approved_by}同意的` : ""}。`), this.live.beside, this.live.who, this.live.trail);
    await this.paint(found);
    this.listen();
  }

  back() { return make("p", {}, make("button", { type: "button", onclick: () => this.all() }, "← 回到所有群发")); }

  async read() {
    const { id } = this;
    const [one, words] = await Promise.all([attempt(() => call("GET", `${API}/broadcasts/${id}`), WORDS), attempt(() => call("GET", `/desk/broadcast/${id}`), WORDS)]);
    return { data: one.data, words: words.data, trouble: one.trouble || words.trouble };
  }

  // Everything that a step changes. How many it is for is asked while nothing has gone out.
  async paint(found) {
    const { broadcast, events, runs } = found.data;
    this.state = broadcast.state;
    this.count(broadcast);
    const focused = this.live.does.contains(document.activeElement);
    this.live.does.replaceChildren(...found.words.can.map((step) => make("button", { type: "button", class: ["start", "approve", "go-on"].includes(step) ? "main" : "", onclick: () => this.does(step, found.data.broadcast) }, BSTEPS[step])));
    if (focused) this.live.does.querySelector("button")?.focus();
    const said = (one) => `${whenOf(one.at)}　${one.who ? found.words.people[one.who] || "" : "到时候自己"}　${EVENTS[one.what] || one.what}`;
    this.live.trail.replaceChildren(make("h3", {}, "做过什么"), list(events.map(said), "还没有。"));
    if (runs.length) { this.live.beside.replaceChildren(...rounds(runs)); await this.recipients(broadcast); return; }
    this.live.who.replaceChildren();
    if (OVER.includes(broadcast.state)) { this.live.beside.replaceChildren(); return; }
    const { data } = await attempt(() => call("GET", `${API}/broadcasts/${broadcast.id}/preview`), WORDS);
    if (data) this.live.beside.replaceChildren(...previewed(data));
  }

  count(broadcast) {
    const { total, counts, reasons, state } = broadcast;
    const settled = total - (counts.queued || 0) - (counts.handed || 0);
    const shown = [make("p", {}, make("b", { class: "state", "data-state": state }, BSTATES[state]), total ? `　${settled} / ${total} 位有了结果` : broadcast.asked ? `　发给 ${broadcast.asked} 位` : "")];
    if (total) {
      const bar = make("progress", { max: String(total), value: String(settled), "aria-label": "有了结果的" });
      shown.push(bar, make("ul", { class: "plain counts" }, ORDER.filter((each) => counts[each]).map((each) => make("li", {}, `${RSTATES[each]} ${counts[each]} 位`))));
      const why = Object.entries(reasons).map(([reason, many]) => `${REASONS[reason] || reason} ${many} 位`);
      if (why.length) shown.push(make("p", { class: "soft" }, `因为：${why.join("，")}`));
    }
    this.live.head.replaceChildren(...shown);
  }

  // How it goes, as it goes; a state that has changed changes what can be done.
  listen() {
    const { id } = this;
    const stream = new EventSource(`${API}/broadcasts/${id}/events`);
    this.stream = stream;
    stream.onmessage = async (event) => {
      const broadcast = JSON.parse(event.data);
      if (this.id !== id) return;
      this.count(broadcast);
      const print = JSON.stringify([broadcast.state, broadcast.runs, broadcast.approved_by]);
      if (this.print !== undefined && print !== this.print) { tell(BSTATES[broadcast.state]); await this.refresh(); } else if (broadcast.total) await this.recipients(broadcast);
      this.print = print;
    };
    stream.onerror = () => {
      stream.close();
      if (this.id === id && !OVER.includes(this.state)) this.timer = setTimeout(() => { if (this.id === id) this.listen(); }, AGAIN_MS);
    };
  }

  async refresh() {
    const { id } = this;
    const found = await this.read();
    if (this.id === id && !found.trouble) await this.paint(found);
  }

  // Who of the last run got it, and who did not, and why. Who has paged on is not thrown back.
  async recipients(broadcast, { state = this.only || "", again = false } = {}) {
    const print = JSON.stringify([broadcast.id, broadcast.runs, broadcast.counts, state]);
    if (!again && (this.shown === print && this.live.who.children.length || this.paged)) return;
    this.shown = print;
    this.only = state;
    const body = make("tbody");
    const more = make("button", { class: "quiet", type: "button", onclick: () => { this.paged = true; load(); } }, "看后面的");
    let after = null;
    const load = async () => {
      const asked = new URLSearchParams({ limit: "50", ...(state ? { state } : {}), ...(after ? { after } : {}) });
      const { data } = await attempt(() => call("GET", `${API}/broadcasts/${broadcast.id}/recipients?${asked}`), WORDS);
      if (!data) return;
      body.append(...data.items.map((one) => row([one.name, RSTATES[one.state] || one.state, one.reason ? REASONS[one.reason] || one.reason : "", whenOf(one.since)])));
      after = data.next;
      show(more, after !== null);
    };
    await load();
    if (this.id !== broadcast.id) return;
    const held = this.live.who.contains(document.activeElement);
    const filter = make("select", {}, [["", "全部"], ...ORDER.map((each) => [each, RSTATES[each]])].map(([value, title]) => make("option", { value, selected: value === state }, title)));
    filter.addEventListener("change", () => { this.paged = false; this.recipients(broadcast, { state: filter.value, again: true }); });
    const found = body.children.length ? scrolled(make("table", {}, head(["名字", "怎么样了", "为什么", "什么时候"]), body), "每一位") : make("p", { class: "soft" }, "没有。");
    this.live.who.replaceChildren(make("h3", {}, "每一位"), make("p", { class: "asked" }, make("label", {}, "只看 ", filter)), found, more);
    if (held) filter.focus();
  }

  async does(step, broadcast) {
    if (step === "revise") { this.write(broadcast); return; }
    if (!SURE[step]) { const trouble = await this.send(step); this.live.error.textContent = trouble || ""; return; }
    const box = dialog({ title: BSTEPS[step], body: make("p", {}, SURE[step]), yes: BSTEPS[step], done: () => this.send(step) });
    const closed = box.onclose;
    // The button that asked may be gone with the step.
    box.onclose = () => { closed(); if (document.activeElement === document.body) this.place.querySelector(".view")?.focus(); };
  }

  async send(step) {
    const { trouble } = await attempt(() => call("POST", `${API}/broadcasts/${this.id}/${step}`), WORDS);
    if (!trouble) { this.live.error.textContent = ""; tell(TOLD[step]); if (step === "test") this.live.error.replaceChildren(make("span", { class: "good" }, TOLD.test)); }
    await this.refresh();
    return trouble;
  }
}

// What each run came to, where a rule has had several.
function rounds(runs) {
  if (runs.length < 2) return [];
  return [make("h3", {}, "每一次"), table(["第几次", "本来的时候", "送到 / 一共"], runs.map((one) => [String(one.number), whenOf(one.planned_at), `${one.counts.sent || 0} / ${one.total}`]), "", "每一次")];
}

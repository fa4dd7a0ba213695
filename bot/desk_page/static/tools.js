// What helps while writing: ready answers, choices to press, a picture, and booking on the elder's behalf.

import { attempt, call, freshId } from "./api.js";
import { $, dialog, field, make, tell } from "./dom.js";
import { now } from "./clock.js";
import { CHANNELS, WORDS, whenOf } from "./words.js";

export class Tools {
  constructor(talk, services, changed) {
    this.talk = talk;
    this.services = services;
    this.changed = changed;
    const tools = [["a", "现成的话", () => this.answers()], ["x", "选项", () => this.choices()], ["p", "图片", () => $("picture").click()], ["o", "替约", () => this.booking()]];
    this.keys = new Map(tools.map(([key, , work]) => [key, work]));
    $("tools").replaceChildren(...tools.map(([key, title, work]) => make("button", { type: "button", "aria-keyshortcuts": key, onclick: work }, title, " ", make("kbd", { "aria-hidden": "true" }, key))));
  }

  press(key) {
    const work = this.keys.get(key);
    if (!work || !this.talk.isMine) return false;
    work();
    return true;
  }

  async answers() {
    const { data, trouble } = await attempt(() => call("GET", `/desk/tickets/${this.talk.ticket.id}/answers`), WORDS);
    if (trouble) { this.changed.trouble(trouble); return; }
    const filter = make("input", { type: "search", autocomplete: "off" });
    const list = make("ul", { class: "answers" });
    const paint = () => {
      const words = filter.value.trim();
      const found = data.filter((one) => !words || one.title.includes(words) || one.text.includes(words));
      list.replaceChildren(...found.map((one) => make("li", {}, make("button", { type: "button", onclick: () => { box.onclose = null; box.close(); this.talk.insert(one.text); } },
        make("b", {}, one.title), make("span", {}, one.text)))));
    };
    filter.addEventListener("input", paint);
    filter.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); list.querySelector("button")?.click(); } });
    const box = dialog({ title: "现成的话", body: [field("搜", filter, "Enter 用第一条；放进框里还能改"), list], wide: true });
    paint();
  }

  choices() {
    const inputs = [0, 1, 2, 3].map((place) => make("input", { maxlength: "20", autocomplete: "off", value: this.talk.choices[place] || "" }));
    $("composer-text").focus(); // where the cursor is again once the question has closed
    dialog({ title: "跟着下一句话发的选项", body: [make("p", {}, "两到四个，老人点一下就是回答。都空着就是不要。"), ...inputs.map((input, place) => field(`选项${place + 1}`, input))], yes: "用这些", done: () => {
      const titles = inputs.map((input) => input.value.trim()).filter(Boolean);
      if (titles.length === 1) return "一个选项不成选项，要两个以上。";
      if (new Set(titles).size !== titles.length) return "有两个是一样的。";
      this.talk.setChoices(titles);
      return null;
    } });
  }

  // Service, day, three times, confirm; or one of the bookings and another time for it.
  async booking() {
    const ticket = this.talk.ticket;
    const standing = await attempt(() => call("GET", `/desk/tickets/${ticket.id}/booked`), WORDS);
    if (standing.trouble) { this.changed.trouble(standing.trouble); return; }
    const task = make("select", {}, make("option", { value: "" }, "新约一个"), standing.data.map((one) => make("option", { value: one.id }, `改：${one.name} ${whenOf(one.start)}`)));
    const service = make("select", {}, [...this.services.values()].map((one) => make("option", { value: one.code }, one.name)));
    const channel = make("select", {});
    const day = make("input", { type: "date", value: dayAfter(1), min: dayAfter(0) });
    const offers = make("div", { class: "offers", "aria-live": "polite" });
    const parts = [field("服务", service), field("方式", channel)];
    const ways = () => channel.replaceChildren(...this.services.get(service.value).channels.map((one) => make("option", { value: one }, CHANNELS[one])));
    const state = { begin: null, pay: false, refusal: null };
    const stale = () => { state.begin = null; offers.replaceChildren(); };
    const wanted = () => (task.value ? { booking: task.value } : { service: service.value, channel: channel.value });
    const find = async () => {
      stale();
      offers.replaceChildren(make("p", { class: "soft" }, WORDS.loading));
      const { data, trouble } = await attempt(() => call("POST", `/desk/tickets/${ticket.id}/times`, { day: day.value, ...wanted() }), WORDS);
      if (trouble) { offers.replaceChildren(make("p", { class: "error" }, trouble)); return; }
      this.offer(offers, data, state, Boolean(task.value));
    };
    task.addEventListener("change", () => { for (const part of parts) part.hidden = Boolean(task.value); stale(); });
    service.addEventListener("change", () => { ways(); stale(); });
    for (const control of [channel, day]) control.addEventListener("change", stale);
    ways();
    dialog({ title: `替${ticket.called}约`, wide: true, yes: "就这么定", body: [field("办什么", task), ...parts, field("哪一天", day), make("p", {}, make("button", { type: "button", onclick: find }, "看看空的时间")), offers], done: async () => {
      if (!state.begin) return "先看看空的时间，再挑一个。";
      if (state.refusal && !state.pay) return "权益用不上，要自己付。跟老人说好了，勾上「自己付」再定。";
      const body = { begin: state.begin, message_id: freshId(), self_pay: state.pay, ...wanted() };
      const { trouble } = await attempt(() => call("POST", `/desk/tickets/${ticket.id}/bookings`, body), WORDS);
      if (trouble) return trouble;
      tell("定好了，也跟老人说了");
      this.changed.booked();
      return null;
    } });
  }

  offer(offers, data, state, moving) {
    state.refusal = moving ? null : data.refusal;
    state.pay = false;
    if (!data.times.length) { offers.replaceChildren(make("p", {}, "这一天没有空的，换一天看看。")); return; }
    const picked = make("fieldset", {}, make("legend", {}, "挑一个"), data.times.map((one) => make("label", { class: "check" },
      make("input", { type: "radio", name: "begin", value: one.begin, onchange: () => { state.begin = one.begin; } }), ` ${whenOf(one.begin)}　${one.who}`)));
    const money = data.own_cents ? `　要自己付${data.own_cents / 100}元` : "";
    const pay = state.refusal ? make("label", { class: "check" }, make("input", { type: "checkbox", onchange: (event) => { state.pay = event.target.checked; } }), ` 跟老人说好了，自己付${money}`) : null;
    offers.replaceChildren(...[state.refusal ? make("p", { class: "warn" }, state.refusal) : money && !moving ? make("p", { class: "soft" }, money.trim()) : null, picked, pay].filter(Boolean));
    picked.querySelector("input").focus();
  }
}

// The house's own day, so many days on.
function dayAfter(days) { return new Date(now() + 8 * 3600000 + days * 86400000).toISOString().slice(0, 10); }

// Ready answers, kept by a supervisor: mended, added, taken away, taken back to how they were; and who changed what.

import { attempt, call } from "./api.js";
import { $, dialog, field, make, tell } from "./dom.js";
import { table } from "./tables.js";
import { QUEUES, WORDS, whenOf } from "./words.js";

const WHO = { ...QUEUES, both: "两边" };
const GAPS = { called: "怎么称呼老人", me: "您的名字", service: "下一次的服务", when: "下一次什么时候", where: "下一次在哪里", number: "下一次的单号", tail: "电话后四位" };

export class Answers {
  constructor() { this.place = make("div", { class: "broadcasts" }); }

  async open() {
    const { data, trouble } = await attempt(() => call("GET", "/desk/answers"), WORDS);
    if (trouble) return make("p", { class: "error" }, trouble);
    this.gaps = data.gaps;
    const button = (title, work, name) => make("button", { type: "button", onclick: work }, title, make("span", { class: "unseen" }, name));
    this.place.replaceChildren(make("p", { class: "soft" }, "同事按 a 时看到的话。改了马上就用；谁改过什么都留着。"), make("p", {}, make("button", { class: "main", type: "button", onclick: () => this.edit(null) }, "加一句")),
      table(["名目", "哪一边", "话", "", ""], data.items.map((one) => [one.title, WHO[one.queue], make("span", { class: "letters" }, one.text), button("改", () => this.edit(one), one.title), button("改过什么", () => this.history(one), one.title)]), "一句都没有。", "所有现成的话"));
    return this.place;
  }

  // The row that was opened is another one now.
  async again() {
    await this.open();
    $("dialog").onclose = () => this.place.querySelector("button.main")?.focus();
  }

  close() {}

  edit(one) {
    const title = make("input", { maxlength: "30", autocomplete: "off", value: one?.title });
    const queue = make("select", {}, Object.entries(WHO).map(([value, name]) => make("option", { value, selected: value === (one?.queue || "both") }, name)));
    const text = make("textarea", { rows: "5", maxlength: "500" });
    text.value = one?.text || "";
    const put = (gap) => { text.setRangeText(`{${gap}}`, text.selectionStart, text.selectionEnd, "end"); text.focus(); };
    const gaps = make("div", { class: "row", role: "group", "aria-label": "会自动填上的" }, this.gaps.map((gap) => make("button", { type: "button", onclick: () => put(gap) }, `{${gap}} ${GAPS[gap] || ""}`)));
    const whole = () => ({ title: title.value, queue: queue.value, text: text.value, version: one?.version || 0 });
    const beside = one ? make("div", { class: "row" },
      one.shipped && one.version ? make("button", { type: "button", onclick: () => { title.value = one.shipped.title; queue.value = one.shipped.queue; text.value = one.shipped.text; text.focus(); } }, "填回最早的样子") : null,
      make("button", { type: "button", onclick: () => this.takeAway(one) }, "不再用这一句")) : null;
    dialog({ title: one ? "改一句现成的话" : "加一句现成的话", wide: true, yes: "存好", body: [field("名目", title), field("哪一边用", queue), field("话", text), gaps, beside].filter(Boolean), done: async () => {
      const { trouble } = await attempt(() => (one ? call("PUT", `/desk/answers/${one.code}`, whole()) : call("POST", "/desk/answers", whole())), WORDS);
      if (!trouble) { tell("存好了"); await this.again(); }
      return trouble;
    } });
  }

  takeAway(one) {
    dialog({ title: "不再用这一句？", body: make("p", {}, `「${one.title}」同事就看不到了。改过什么还留着。`), yes: "不用了", done: async () => {
      const { trouble } = await attempt(() => call("DELETE", `/desk/answers/${one.code}?version=${one.version}`), WORDS);
      if (!trouble) await this.again();
      return trouble;
    } });
  }

  async history(one) {
    const { data, trouble } = await attempt(() => call("GET", `/desk/answers/${one.code}/history`), WORDS);
    dialog({ title: `「${one.title}」改过什么`, wide: true, body: trouble ? make("p", { class: "error" }, trouble)
      : table(["什么时候", "谁", "改成"], data.map((each) => [whenOf(each.at), each.who, each.gone ? "不再用了" : `${each.title}（${WHO[each.queue]}）：${each.text}`]), "没有人改过。", "改过什么") });
  }
}

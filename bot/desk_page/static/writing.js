// A broadcast being written: the words, whom it is for, when; looked at before it is kept.

import { API, attempt, call, freshId } from "./api.js";
import { Condition } from "./audience.js";
import { field, make } from "./dom.js";
import { table } from "./tables.js";
import { WORDS } from "./words.js";

const MOST = 1000;
const USEFUL = [[120, "两小时"], [360, "六小时"], [720, "半天"], [1440, "一天"]];

export class Writing {
  // `kept` is one that is to be mended, or null. Who shows it gives it `done(id)`, which shows what was kept, and `leave()`, which goes back.
  constructor(choices, kept) {
    this.kept = kept;
    this.key = freshId();
    this.text = make("textarea", { rows: "7", maxlength: String(MOST) });
    this.text.value = kept?.text || "";
    this.title = make("input", { maxlength: "40", autocomplete: "off" });
    this.title.value = kept?.title || "";
    this.count = make("span", { class: "hint" });
    const counted = () => { this.count.textContent = `${this.text.value.trim().length}个字，最多${MOST}个。后面会自动带上怎么退订。`; };
    this.text.addEventListener("input", counted);
    counted();
    this.include = new Condition("发给：下面说到的都要符合；什么都不选就是所有会员", choices, kept?.audience.include);
    this.exclude = new Condition("除了：符合下面全部条件的不发；什么都不选就是没有", choices, kept?.audience.exclude);
    this.useful = make("select", {}, this.usefulWays().map(([value, title]) => make("option", { value, selected: value === (kept?.useful_minutes ?? 1440) }, title)));
    this.error = make("p", { class: "error", role: "alert" });
    this.seen = make("div", { class: "seen", "aria-live": "polite" });
    this.element = make("form", { class: "writing", novalidate: true, onsubmit: (event) => { event.preventDefault(); this.keep(); } },
      field("名目（只有同事看得到）", this.title), field("要说的话", this.text), this.count, this.include.element, this.exclude.element, this.times(choices.days), field("晚了多久就不用再发", this.useful),
      this.error, make("div", { class: "row" }, make("button", { type: "button", onclick: () => this.look() }, "看看发给谁"), make("button", { class: "main", type: "submit" }, "存成草稿"), make("button", { class: "quiet", type: "button", onclick: () => this.leave() }, "不写了")), this.seen);
  }

  usefulWays() {
    const own = this.kept?.useful_minutes;
    return own === undefined || USEFUL.some(([value]) => value === own) ? USEFUL : [...USEFUL, [own, `${own}分钟`]];
  }

  // Now, at a moment, or by a rule: a day of the year by name, or in one's own words.
  times(days) {
    const { kept } = this;
    const way = (value, title, checked, ...beside) => {
      const radio = make("input", { type: "radio", name: "when", value });
      radio.checked = checked;
      return [make("label", { class: "check" }, radio, ` ${title}`), ...beside];
    };
    this.at = make("input", { type: "datetime-local" });
    if (kept?.send_at) this.at.value = kept.send_at.slice(0, 16);
    this.day = make("select", {}, days.map((one) => make("option", {}, one)));
    this.hour = make("input", { type: "time", value: "09:00" });
    this.own = make("input", { maxlength: "80", autocomplete: "off", placeholder: "每月农历初一上午9点" });
    this.own.value = kept?.rule || "";
    this.when = make("fieldset", { class: "condition" }, make("legend", {}, "什么时候发"),
      way("now", "马上", !kept?.send_at && !kept?.rule),
      way("at", "到一个时候", Boolean(kept?.send_at), make("div", { class: "pair" }, field("哪天几点（北京时间）", this.at))),
      way("day", "每年到了这一天（节气、节日）", false, make("div", { class: "pair" }, field("哪一天", this.day), field("几点", this.hour))),
      way("own", "自己写", Boolean(kept?.rule), field("比如：每月农历十五上午9点、每个星期一下午3点、12月1日上午10点", this.own)));
    // Filling in a time is choosing it.
    const chooses = { at: [this.at], day: [this.day, this.hour], own: [this.own] };
    for (const [value, controls] of Object.entries(chooses)) for (const control of controls) control.addEventListener("input", () => { this.when.querySelector(`[value=${value}]`).checked = true; });
    return this.when;
  }

  get body() {
    const exclude = this.exclude.value;
    const body = { text: this.text.value, title: this.title.value, audience: { include: this.include.value, exclude: Object.keys(exclude).length ? exclude : null }, useful_minutes: Number(this.useful.value) };
    const way = this.when.querySelector("input:checked").value;
    if (way === "at") body.send_at = this.at.value;
    if (way === "day") { const [hour, minute] = this.hour.value.split(":"); body.when = `每年${this.day.value}${Number(hour)}点${Number(minute) ? `${minute}分` : ""}`; }
    if (way === "own") body.when = this.own.value;
    return body;
  }

  // What is missing is said where it is missing; everything else the server says.
  ready() {
    this.error.textContent = "";
    if (!this.include.settle() || !this.exclude.settle()) { this.error.textContent = "有一个名字单子里没有，改一改再来。"; return false; }
    const way = this.when.querySelector("input:checked").value;
    const empty = way === "at" ? !this.at.value && this.at : way === "day" ? !this.hour.value && this.hour : way === "own" ? !this.own.value.trim() && this.own : null;
    if (empty) { this.error.textContent = "什么时候发还没写。"; empty.focus(); return false; }
    return true;
  }

  async look() {
    if (!this.ready()) return;
    const { body } = this;
    this.seen.replaceChildren(make("p", { class: "soft" }, WORDS.loading));
    const [when, found] = await Promise.all([attempt(() => call("POST", "/desk/broadcast/when", body), WORDS), attempt(() => call("POST", `${API}/broadcasts/preview`, body), WORDS)]);
    const trouble = found.trouble || when.trouble;
    this.error.textContent = trouble || "";
    this.seen.replaceChildren(...(trouble ? [] : [whenLine(when.data), ...previewed(found.data)]));
    if (!trouble) this.seen.scrollIntoView({ block: this.seen.offsetHeight > innerHeight / 2 ? "start" : "nearest" });
  }

  async keep() {
    if (!this.ready()) return;
    const [method, path] = this.kept ? ["PUT", `${API}/broadcasts/${this.kept.id}`] : ["POST", `${API}/broadcasts`];
    const { data, trouble } = await attempt(() => call(method, path, { ...this.body, key: this.key }), WORDS);
    if (trouble) this.error.textContent = trouble;
    else this.done(data.id);
  }
}

export const whenLine = ({ when, first }) => make("p", {}, make("b", {}, "什么时候："), when, first ? `（第一次：${first}）` : "");

// How many, how they are reached, ten of them, and the words as they are read.
export function previewed(found) {
  const { people, chat, page, none, unwanted } = found.reach;
  return [
    make("p", { class: "reach" }, make("b", {}, `一共 ${people} 位`), `：聊天里收得到 ${chat} 位，网页上看得到 ${page} 位，收不到 ${none} 位。说过不要这类消息的 ${unwanted} 位，不会发。`),
    found.needs_approval ? make("p", { class: "warn" }, "人多，要另一位主管或管理员同意了才会发。") : null,
    make("h3", {}, "其中几位"), table(["名字", "城市", "年龄"], found.examples.map((one) => [one.name, one.city, one.age === null ? "" : `${one.age}岁`]), "一个人都没有。", "其中几位"),
    make("h3", {}, "他们看到的"), make("p", { class: "letter" }, found.text),
  ].filter(Boolean);
}

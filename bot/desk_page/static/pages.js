// The other pages of the desk: ratings, reports, who is on shift, the trail, the logins.

import { Answers } from "./answers.js";
import { API, attempt, call } from "./api.js";
import { Broadcasts } from "./broadcasts.js";
import { $, make, show } from "./dom.js";
import { head, list, row, scrolled, table } from "./tables.js";
import { PLACES, QUEUES, ROLES, WORDS, whenOf } from "./words.js";

const DAYS = ["一", "二", "三", "四", "五", "六", "日"];
const BY = { provider: "机构", service: "服务", city: "城市", carer: "服务人员", month: "月", queue: "队列", person: "管家", hour: "钟点" };
const DOORS = { demo: "演示的门", password: "密码" };
const DONE = {
  "login.begun": "登录", "login.refused": "登录没成", "login.ended": "结束登录", "access.given": "给了登录的密码", "access.taken": "收回了登录",
  "GET /tickets/{ticket_id}": "打开工单", "POST /tickets/{ticket_id}/notes": "写备注", "POST /tickets/{ticket_id}/claim": "认领", "POST /tickets/{ticket_id}/transfer": "转交",
  "POST /tickets/{ticket_id}/wait": "先等着", "POST /tickets/{ticket_id}/release": "放回队列", "POST /tickets/{ticket_id}/resolve": "说办好了", "POST /tickets/{ticket_id}/close": "交还AI",
  "POST /tickets/{ticket_id}/reopen": "再打开", "POST /tickets/{ticket_id}/complaint": "投诉往下办", "POST /tickets/{ticket_id}/words": "说话", "POST /tickets/{ticket_id}/picture": "发图片",
  "POST /tickets/{ticket_id}/times": "看空的时间", "POST /tickets/{ticket_id}/bookings": "替老人约", "GET /search": "搜", "POST /broadcasts": "写群发", "POST /broadcasts/preview": "看群发发给谁", "PUT /broadcasts/{broadcast_id}": "改群发", "POST /answers": "加现成的话", "PUT /answers/{code}": "改现成的话", "DELETE /answers/{code}": "去掉现成的话",
  "POST /broadcasts/{broadcast_id}/test": "试发群发", "POST /broadcasts/{broadcast_id}/{step}": "办群发", "GET /broadcasts/{broadcast_id}/recipients": "看群发的每一位", "GET /report/desk": "看工作台报表", "GET /report/fulfilment": "看履约报表", "GET /report/satisfaction": "看满意度报表",
};

export class Pages {
  constructor(me) {
    this.me = me;
    // A broadcast that is half written, however often one looks elsewhere meanwhile.
    this.unfinished = {};
  }

  // Which pages there are for this person.
  get places() {
    const butler = ["life", "doctor", "supervisor"].includes(this.me.role);
    return [butler && "desk", butler && "ratings", this.me.reads_trail && "reports", this.me.broadcasts && "broadcasts", this.me.runs_desk && "answers", butler && "shift", this.me.reads_trail && "trail", "logins"].filter(Boolean);
  }

  async open(name) {
    this.close();
    this.shown = name;
    $("page-title").textContent = PLACES[name];
    $("page-body").replaceChildren(make("p", { class: "empty" }, WORDS.loading));
    const body = await this[name]();
    if (this.shown !== name) return;
    $("page-body").replaceChildren(...[body].flat().filter(Boolean));
    $("page").focus();
  }

  // What goes on by itself ends with its page.
  close() {
    this.shown = null;
    this.running?.close();
    this.running = null;
  }

  broadcasts() {
    this.running = new Broadcasts(this.unfinished);
    return this.running.open();
  }

  answers() {
    this.running = new Answers();
    return this.running.open();
  }

  async get(path, paint) {
    const { data, trouble } = await attempt(() => call("GET", path), WORDS);
    return trouble ? make("p", { class: "error" }, trouble) : paint(data);
  }

  ratings() {
    return this.get("/desk/ratings", (rows) => table(["什么时候", "老人", "服务", "分", "说了什么", "单号"],
      rows.map((one) => [whenOf(one.at), one.member, one.service, one.rating ? `${one.rating}分` : "", one.text || "", one.number]), "还没有人打分。"));
  }

  // A report is a page of its own, shown in a frame that runs nothing.
  reports() {
    const kinds = { desk: ["工作台", ["queue", "person", "hour"]], fulfilment: ["履约", ["provider", "service", "city"]],
      satisfaction: ["满意度", ["service", "provider", "carer", "city", "month"]] };
    const kind = make("select", {}, Object.entries(kinds).map(([name, [title]]) => make("option", { value: name }, title)));
    const by = make("select", {});
    const from = make("input", { type: "date" });
    const to = make("input", { type: "date" });
    const frame = make("iframe", { class: "report", title: "报表", sandbox: "" });
    const ways = () => by.replaceChildren(...kinds[kind.value][1].map((one) => make("option", { value: one }, BY[one])));
    const load = () => {
      const asked = new URLSearchParams({ by: by.value });
      if (from.value) asked.set("from", from.value);
      if (to.value) asked.set("to", to.value);
      frame.src = `/desk/report/${kind.value}?${asked}`;
    };
    kind.addEventListener("change", () => { ways(); load(); });
    for (const control of [by, from, to]) control.addEventListener("change", load);
    ways();
    load();
    const named = (label, control) => make("label", {}, `${label} `, control);
    return [make("div", { class: "row asked" }, named("看", kind), named("按", by), named("从", from), named("到", to)), frame];
  }

  shift() {
    return this.get(`${API}/desk/shifts`, (data) => {
      const rows = data.items || data;
      const on = rows.filter((one) => one.now);
      const hours = (one) => (one.starts === one.ends ? "全天" : `${String(one.starts).slice(0, 5)}–${String(one.ends).slice(0, 5)}`);
      // The same hours on several days are one row.
      const weeks = new Map();
      for (const one of rows) {
        const key = [one.name, QUEUES[one.queue], `${one.tier}级`, hours(one)].join("|");
        weeks.set(key, [...(weeks.get(key) || []), one.weekday]);
      }
      const days = (found) => (found.length === 7 ? "每天" : `星期${found.sort().map((day) => DAYS[day]).join("、")}`);
      return [make("h3", {}, "现在当班"), list(on.map((one) => `${one.name}　${QUEUES[one.queue]}　${one.tier}级　${hours(one)}`), "这会儿排班上没有人。急的事会一级一级往上叫。"),
        make("h3", {}, "一周的班"), table(["谁", "队列", "级", "钟点", "哪天"], [...weeks].map(([key, found]) => [...key.split("|"), days(found)]), "还没有排班。")];
    });
  }

  async trail() {
    const body = make("tbody");
    const more = make("button", { class: "quiet", type: "button" }, "看更早的");
    let before = null;
    const load = async () => {
      const { data, trouble } = await attempt(() => call("GET", `/desk/trail?limit=100${before ? `&before=${before}` : ""}`), WORDS);
      if (trouble) { more.textContent = trouble; return; }
      body.append(...data.items.map((one) => row([whenOf(one.at), one.actor ? `${one.actor}（${ROLES[one.role] || one.role}）` : "没有这个人", DONE[one.what] || one.what, one.ticket || "", one.member || "", Object.values(one.detail).map((value) => DOORS[value] || value).join(" ")])));
      before = data.next;
      show(more, before !== null);
    };
    more.addEventListener("click", load);
    await load();
    return [make("p", { class: "soft" }, "谁登录过、打开过什么、做过什么。只能添，不能改。"), scrolled(make("table", {}, head(["什么时候", "谁", "做了什么", "工单", "关于谁", "别的"]), body)), more];
  }

  logins() {
    return this.get("/desk/session/all", (rows) => {
      const end = (one) => make("button", { type: "button", onclick: async () => { await attempt(() => call("DELETE", `/desk/session/all/${one.id}`), WORDS); this.open("logins"); } }, one.own ? "结束（就是这里）" : "结束它");
      return [make("p", { class: "soft" }, this.me.reads_trail ? "现在登录着的所有人。" : "您自己登录着的地方。不认得的就结束它。"),
        table(["谁", "怎么进来的", "从什么时候", "最近一次", ""], rows.map((one) => [`${one.person}（${ROLES[one.role]}）`, DOORS[one.door] || one.door, whenOf(one.begun_at), whenOf(one.seen_at), end(one)]), "没有。")];
    });
  }
}

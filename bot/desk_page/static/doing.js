// What can be done with a ticket: taken, handed on, put off, given back, called done. One line of why or what came of it.

import { API, attempt, call } from "./api.js";
import { $, dialog, field, make, tell } from "./dom.js";
import { now } from "./clock.js";
import { QUEUES, WORDS, timeOf } from "./words.js";

const MINUTES = [[10, "十分钟"], [30, "半小时"], [60, "一小时"], [180, "三小时"]];

export class Doing {
  constructor(me, done) {
    this.me = me;
    this.done = done;
  }

  // What this person can do now, in the order of how often it is done. `key` is the shortcut.
  offered(row) {
    const mine = row.owner === this.me.id;
    const held = ["claimed", "waiting", "resolved"].includes(row.state);
    const supervisor = this.me.role === "supervisor";
    const to = row.queue === "life" ? "doctor" : "life";
    return [
      row.state === "open" && { name: "claim", key: "c", title: WORDS.claim, main: true },
      held && mine && row.state !== "resolved" && { name: "resolve", key: "e", title: "办好了", main: true },
      held && mine && { name: "close", key: "b", title: "交还AI" },
      held && mine && row.state === "claimed" && { name: "wait", key: "w", title: "等一等" },
      ((held && mine) || (supervisor && row.state !== "closed")) && { name: "transfer", key: "t", title: `转${QUEUES[to]}管家`, to },
      held && mine && { name: "release", key: "u", title: "放回队列" },
      held && !mine && supervisor && { name: "close", key: "b", title: "结掉" },
      row.state === "closed" && { name: "reopen", key: "u", title: "再打开" },
    ].filter(Boolean);
  }

  paint(row) {
    this.row = row;
    const actions = this.offered(row);
    const fingerprint = JSON.stringify([row.id, actions]);
    if ($("actions").dataset.print === fingerprint) return;
    const focused = $("actions").contains(document.activeElement);
    $("actions").dataset.print = fingerprint;
    $("actions").replaceChildren(...actions.map((action) => make("button", { type: "button", class: action.main ? "main" : "", "aria-keyshortcuts": action.key, onclick: () => this.act(action.name, action) },
      action.title, " ", make("kbd", { "aria-hidden": "true" }, action.key))));
    if (focused) $("actions").querySelector("button")?.focus();
  }

  press(key) {
    const action = this.row && this.offered(this.row).find((each) => each.key === key);
    if (action) this.act(action.name, action);
    return Boolean(action);
  }

  act(name, action) {
    const row = this.row;
    if (name === "claim") return this.claim(row);
    if (name === "wait") return this.wait(row);
    if (name === "release") return this.send(row, "release", {}, "放回队列了");
    const asks = {
      resolve: ["办好了？", "一句话说说结果，老人会看到，也会问他是不是办好了", "outcome", "说办好了", "跟老人说了"],
      close: ["交还给AI管家", "一句话说说结果，老人会看到；没办完的事AI接着办", "outcome", "交还", "交还了"],
      transfer: [`转给${QUEUES[action.to]}管家`, "为什么转，同事看得到", "reason", "转过去", "转过去了"],
      reopen: ["再打开", "为什么再打开", "reason", "打开", "打开了"],
    };
    const [title, label, key, yes, told] = asks[name];
    const text = make("input", { maxlength: "300", autocomplete: "off" });
    dialog({ title, body: field(label, text), yes, done: () => {
      const said = text.value.trim();
      if (!said) return "写一句话就行，不能空着。";
      return this.send(row, name, { [key]: said, ...(name === "transfer" ? { queue: action.to } : {}) }, told, true);
    } });
    return null;
  }

  async claim(row) {
    const { data, trouble, status } = await attempt(() => call("POST", `${API}/tickets/${row.id}/claim`, {}), WORDS);
    if (trouble) { this.done(row.id, null, status === 409 ? WORDS.claimed_first : trouble); return; }
    tell("认领了");
    await this.done(row.id, data, null);
    $("composer-text").focus();
  }

  wait(row) {
    const reason = make("input", { maxlength: "200", autocomplete: "off" });
    const until = make("input", { type: "time" });
    const picked = make("div", { class: "row" });
    let minutes = 30;
    const choose = (value) => {
      minutes = value;
      until.value = "";
      for (const button of picked.children) button.setAttribute("aria-pressed", String(Number(button.dataset.minutes) === value));
    };
    picked.append(...MINUTES.map(([value, title]) => make("button", { type: "button", "data-minutes": value, onclick: () => choose(value) }, title)));
    choose(30);
    until.addEventListener("input", () => { for (const button of picked.children) button.setAttribute("aria-pressed", "false"); });
    dialog({ title: "等一等", body: [make("p", {}, "等到什么时候？老人一说话就马上回来。"), picked, field("或者等到今天几点", until), field("等什么", reason)], yes: "先等着", done: () => {
      const why = reason.value.trim();
      if (!why) { reason.focus(); return "写一写在等什么。"; }
      const at = until.value ? todayAt(until.value) : new Date(now() + minutes * 60000);
      if (at.getTime() <= now()) return "这个时间已经过了。";
      return this.send(row, "wait", { until: at.toISOString(), reason: why }, `等到${timeOf(at)}`, true);
    } });
  }

  // Returns what went wrong where a dialog waits for it.
  async send(row, verb, body, told, inDialog = false) {
    const { data, trouble } = await attempt(() => call("POST", `${API}/tickets/${row.id}/${verb}`, body), WORDS);
    if (trouble && inDialog) return trouble;
    if (!trouble) tell(told);
    this.done(row.id, data, trouble);
    return null;
  }
}

// An hour of the house's own day, which has Shanghai's offset all year round.
function todayAt(clock) {
  const day = new Date(now() + 8 * 3600000).toISOString().slice(0, 10);
  return new Date(`${day}T${clock}:00+08:00`);
}

// The whole desk by keyboard. Single keys can be turned off (WCAG 2.1.4), for who speaks to the machine.

import { $, dialog, make, memory } from "./dom.js";

const KEYS = [
  ["列表", [["j  ↓", "下一张"], ["k  ↑", "上一张"], ["Enter", "打开"], ["1–5", "只看：全部、没人接、我的、别人的、等着的"], ["/", "搜"]]],
  ["工单", [["c", "认领"], ["r", "说话"], ["n", "写备注"], ["e", "办好了"], ["b", "交还AI"], ["w", "等一等"], ["t", "转给另一位管家"], ["u", "放回队列"]]],
  ["写的时候", [["Enter", "发出"], ["Shift+Enter", "换行"], ["a", "现成的话"], ["x", "选项"], ["p", "图片"], ["o", "替老人约"], ["Esc", "离开输入框"]]],
  ["去别处", [["g 再按 d", "工单"], ["g 再按 v", "评价"], ["g 再按 r", "报表"], ["g 再按 b", "群发"], ["g 再按 a", "现成的话（主管）"], ["g 再按 s", "当班"], ["g 再按 l", "记录"], ["g 再按 o", "登录"], ["?", "这一张"]]],
];
const GOES = { d: "desk", v: "ratings", r: "reports", b: "broadcasts", a: "answers", s: "shift", l: "trail", o: "logins" };

export class Keys {
  // `does` has what the keys do; each returns whether it was anything.
  constructor(does) {
    this.does = does;
    this.on = memory.get("keys") !== false;
    this.going = false;
    document.addEventListener("keydown", (event) => this.hear(event));
    $("keys-open").addEventListener("click", () => this.help());
  }

  hear(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || $("dialog").open || $("desk").hidden && $("page").hidden) return;
    const typing = event.target.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (event.key === "Escape") { this.leave(event.target, typing); return; }
    if (typing) return;
    const inList = event.target.closest?.("#rows");
    if (inList && (event.key === "ArrowDown" || event.key === "ArrowUp")) { this.does.step(event.key === "ArrowDown" ? 1 : -1); event.preventDefault(); return; }
    if (!this.on) { if (event.key === "?") { event.preventDefault(); this.help(); } return; }
    if (this.press(event.key)) event.preventDefault();
  }

  press(key) {
    if (this.going) {
      this.going = false;
      if (GOES[key]) { this.does.go(GOES[key]); return true; }
    }
    if (key === "g") { this.going = true; setTimeout(() => { this.going = false; }, 1500); return true; }
    if (key === "?") { this.help(); return true; }
    if ($("desk").hidden) return false;
    if (key === "j" || key === "k") { this.does.step(key === "j" ? 1 : -1); return true; }
    if (key === "/") { $("search-words").focus(); return true; }
    if (key >= "1" && key <= "5") { this.does.only(Number(key) - 1); return true; }
    return this.does.ticket(key);
  }

  // Out of the box one writes in, then out of the ticket.
  leave(target, typing) {
    if (typing) { target.blur(); $("rows").querySelector("[aria-current]")?.focus(); } else this.does.back();
  }

  help() {
    const box = make("input", { type: "checkbox" });
    box.checked = this.on;
    box.addEventListener("change", () => { this.on = box.checked; memory.set("keys", this.on); });
    dialog({ title: "快捷键", wide: true, body: [
      make("div", { class: "keys" }, KEYS.map(([title, rows]) => make("section", {}, make("h3", {}, title), make("dl", {}, rows.map(([key, what]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, what))))))),
      make("label", { class: "check" }, box, " 用单个键的快捷键（用语音输入的人可以关掉；? 一直能用）")] });
  }
}

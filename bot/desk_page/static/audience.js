// Whom a broadcast is for: one condition that everybody fits, and one that nobody may.

import { field, make } from "./dom.js";
import { GAPS } from "./bwords.js";

// Several of many by name: typed or chosen, each with a way to take it out again.
export class Picker {
  constructor(label, names, picked = []) {
    this.names = names;
    this.picked = new Set(picked);
    const id = `p_${Math.random().toString(36).slice(2)}`;
    this.input = make("input", { list: id, autocomplete: "off", maxlength: "60" });
    this.trouble = make("span", { class: "error", role: "alert" });
    this.chips = make("ul", { class: "picked", "aria-label": `${label}：选好的` });
    const add = make("button", { type: "button", onclick: () => this.add() }, "加上", make("span", { class: "unseen" }, label));
    this.input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); this.add(); } });
    this.element = make("div", { class: "picker" }, field(label, this.input), add, make("datalist", { id }, [...new Set(Object.values(names))].map((name) => make("option", { value: name }))), this.chips, this.trouble);
    this.paint();
  }

  // Two benefits of one name are both meant.
  add() {
    const typed = this.input.value.trim();
    if (!typed) return true;
    const found = Object.keys(this.names).filter((code) => this.names[code] === typed || code === typed);
    this.trouble.textContent = found.length ? "" : `没有「${typed}」，从单子里挑一个`;
    if (!found.length) return false;
    for (const code of found) this.picked.add(code);
    this.input.value = "";
    this.paint();
    return true;
  }

  paint() {
    this.chips.replaceChildren(...[...this.picked].map((code) => make("li", {}, this.names[code] || code, " ",
      make("button", { type: "button", class: "quiet", onclick: () => { this.picked.delete(code); this.paint(); this.input.focus(); } }, "×", make("span", { class: "unseen" }, `拿掉${this.names[code] || code}`)))));
    this.chips.hidden = !this.picked.size;
  }

  get value() { return [...this.picked]; }
}

const number = (value) => make("input", { type: "number", min: "0", max: "130", inputmode: "numeric", value });
const day = (value) => make("input", { type: "date", value });

export class Condition {
  constructor(legend, choices, kept = {}) {
    this.kept = kept;
    this.pickers = { cities: new Picker(GAPS.cities, choices.cities, kept.cities), plans: new Picker(GAPS.plans, choices.plans, kept.plans), unused: new Picker(GAPS.unused, choices.benefits, kept.unused) };
    this.low = number(kept.min_age);
    this.high = number(kept.max_age);
    this.before = day(kept.visited_before);
    this.since = day(kept.visited_since);
    this.never = make("input", { type: "checkbox" });
    this.never.checked = Boolean(kept.never_visited);
    this.element = make("fieldset", { class: "condition" }, make("legend", {}, legend), Object.values(this.pickers).map((one) => one.element),
      make("div", { class: "pair" }, field("从几岁", this.low), field("到几岁", this.high)),
      make("div", { class: "pair" }, field("从这一天起没有再上门", this.before), field("这一天以后上过门", this.since)),
      make("label", { class: "check" }, this.never, " 从没上过门"));
  }

  // What was typed and not yet added counts; false where it is none of the names.
  settle() { return Object.values(this.pickers).every((one) => one.add()); }

  get value() {
    const said = { people: this.kept.people };
    for (const [name, picker] of Object.entries(this.pickers)) if (picker.value.length) said[name] = picker.value;
    if (this.low.value !== "") said.min_age = Number(this.low.value);
    if (this.high.value !== "") said.max_age = Number(this.high.value);
    if (this.before.value) said.visited_before = this.before.value;
    if (this.since.value) said.visited_since = this.since.value;
    if (this.never.checked) said.never_visited = true;
    if (!said.people) delete said.people;
    return said;
  }
}

// A kept condition in words.
export function conditionSaid(kept, choices) {
  const said = [];
  for (const [name, names] of [["cities", choices.cities], ["plans", choices.plans], ["unused", choices.benefits]]) {
    if (kept[name]?.length) said.push(`${GAPS[name]}：${[...new Set(kept[name].map((code) => names[code] || code))].join("、")}`);
  }
  if (kept.min_age !== undefined || kept.max_age !== undefined) said.push(`年龄：${kept.max_age === undefined ? `${kept.min_age}岁以上` : `${kept.min_age ?? 0}岁到${kept.max_age}岁`}`);
  if (kept.visited_before) said.push(`${kept.visited_before} 起没有再上门`);
  if (kept.visited_since) said.push(`${kept.visited_since} 以后上过门`);
  if (kept.never_visited) said.push("从没上过门");
  if (kept.people?.length) said.push(`点名的 ${kept.people.length} 位`);
  return said.join("；");
}

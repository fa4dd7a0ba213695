// The way in: name, password and the second factor's code, all judged together; one click in the demo.

import { Away, call } from "./api.js";
import { $, make, show } from "./dom.js";
import { ROLES, WORDS } from "./words.js";

export class Door {
  constructor(entered) {
    this.entered = entered;
    $("door-form").addEventListener("submit", (event) => { event.preventDefault(); this.enter(); });
  }

  // The demo's door is open to whom the server names.
  async open(note = "", people = null) {
    show($("door"), true);
    show($("door-note"), Boolean(note));
    $("door-note").textContent = note;
    $("door-error").textContent = "";
    const demo = people ?? (await this.people());
    show($("door-demo"), demo.length > 0);
    $("door-people").replaceChildren(...demo.map((each) => make("li", {},
      make("button", { type: "button", onclick: () => this.demoAs(each.name) }, `${each.called}（${ROLES[each.role]}）`))));
    (demo.length ? $("door-people").querySelector("button") : $("door-name")).focus();
  }

  close() {
    show($("door"), false);
    $("door-form").reset();
  }

  async people() {
    try { return (await call("GET", "/desk/session")).data?.demo || []; } catch { return []; }
  }

  async enter() {
    const values = { name: $("door-name").value.trim(), password: $("door-password").value, code: $("door-code").value.trim() };
    const empty = ["name", "password", "code"].find((name) => !values[name]);
    if (empty) { $("door-error").textContent = "三样都要填。"; $(`door-${empty}`).focus(); return; }
    await this.try("/desk/session", values);
  }

  demoAs(name) { return this.try("/desk/session/demo", { name }); }

  async try(path, body) {
    let answer;
    try { answer = await call("POST", path, body); } catch (error) {
      if (!(error instanceof Away)) throw error;
      $("door-error").textContent = WORDS.away;
      return;
    }
    if (answer.ok) { this.close(); this.entered(answer.data); return; }
    $("door-error").textContent = answer.data?.detail || WORDS.failed;
    $("door-code").value = "";
    $("door-code").focus();
  }
}

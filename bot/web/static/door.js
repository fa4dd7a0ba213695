// The way in: a telephone and its code, an invitation, or one click in the demo.

import { Away, call } from "./api.js";
import { $, ask, make, show } from "./dom.js";
import { WORDS } from "./words.js";

export class Door {
  // `entered()` is called when somebody is signed in; `forStaff` where those who come to homes sign in.
  constructor(entered, forStaff = false) {
    this.entered = entered;
    this.forStaff = forStaff;
    this.invite = null;
    $("phone-form").addEventListener("submit", (event) => { event.preventDefault(); this.askCode(); });
    $("code-form").addEventListener("submit", (event) => { event.preventDefault(); this.useCode(); });
    $("code-again").addEventListener("click", () => this.step("phone"));
  }

  async open(note = "") {
    show($("door"), true);
    this.step("phone", false);
    this.note(note);
    await Promise.all([this.invitation(), this.demo()]);
  }

  close() {
    show($("door"), false);
    $("phone").value = "";
    $("code").value = "";
    $("name").value = "";
    this.error("");
  }

  // A link from somebody of the family: who it is and what it allows, before anything is asked.
  async invitation() {
    if (!this.invite) return;
    $("door-title").textContent = WORDS.invited;
    for (const part of document.querySelectorAll(".for-invited")) show(part, true);
    const answer = await this.request("POST", "/chat/session/invite", { token: this.invite });
    if (answer?.ok) {
      this.note(answer.data.sentence);
      const there = answer.data.telegram;
      if (there) { $("in-telegram").href = there; show($("in-telegram"), true); }
    }
    else if (answer) this.withdraw();
  }

  withdraw() {
    this.invite = null;
    $("door-title").textContent = WORDS.signIn;
    show($("in-telegram"), false);
    for (const part of document.querySelectorAll(".for-invited")) show(part, false);
  }

  // Somebody is signed in already and opens a link: one question. Returns whether this page is to go on as they.
  async acceptAs(person) {
    const look = await this.request("POST", "/chat/session/invite", { token: this.invite });
    if (!look?.ok) { this.withdraw(); return look ? look.data?.detail || "" : ""; }
    const yes = await ask(`${person.called}，${look.data.sentence}`, WORDS.accept, WORDS.decline);
    if (yes) {
      const done = await this.request("POST", "/chat/session/invite", { token: this.invite, accept: true });
      if (done && !done.ok) { this.withdraw(); return done.data?.detail || ""; }
    }
    this.withdraw();
    return "";
  }

  async demo() {
    let answer;
    try { answer = await call("GET", "/chat/session/demo"); } catch { return; }
    const kinds = this.forStaff ? ["carer"] : ["elder", "relative"];
    const people = answer.ok ? answer.data.filter((each) => kinds.includes(each.kind)) : [];
    people.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
    // Who is there to show one refusal stands behind those one talks as.
    const shown = people.filter((each) => each.name.startsWith("show-"));
    show($("demo"), people.length > 0 && !this.invite);
    show($("demo-more"), shown.length > 0);
    $("demo-people").replaceChildren(...people.filter((each) => !shown.includes(each)).map((each) => this.demoChoice(each)));
    $("demo-shown").replaceChildren(...shown.map((each) => this.demoChoice(each)));
  }

  demoChoice(each) {
    return make("li", {}, make("button", { type: "button", onclick: () => this.demoAs(each.name) }, `${each.called}（${WORDS.kinds[each.kind]}）`));
  }

  async demoAs(name) {
    const answer = await this.request("POST", "/chat/session/demo", { name });
    if (answer?.ok) this.entered();
  }

  async askCode() {
    const phone = $("phone").value.trim();
    if (!phone) { this.error(WORDS.needPhone, "phone"); return; }
    if (this.invite && !$("name").value.trim()) { this.error(WORDS.needName, "name"); return; }
    const answer = await this.request("POST", "/chat/session/code", { phone, ...(this.invite ? { invite: this.invite } : {}) }, "phone");
    if (!answer?.ok) return;
    $("code-note").textContent = answer.data.sentence;
    this.step("code");
  }

  async useCode() {
    const code = $("code").value.trim();
    if (!code) { this.error(WORDS.needCode, "code"); return; }
    const who = { phone: $("phone").value.trim(), code };
    const answer = this.invite
      ? await this.request("POST", "/chat/session/invite", { ...who, token: this.invite, name: $("name").value.trim(), accept: true }, "code")
      : await this.request("POST", "/chat/session", who, "code");
    if (!answer?.ok) return;
    this.withdraw();
    this.entered();
  }

  async request(method, path, body, field) {
    this.error("");
    try {
      const answer = await call(method, path, body);
      if (!answer.ok) this.error(typeof answer.data?.detail === "string" ? answer.data.detail : WORDS.trouble, field);
      return answer;
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      this.error(WORDS.away);
      return null;
    }
  }

  step(name, focus = true) {
    show($("phone-form"), name === "phone");
    show($("code-form"), name === "code");
    this.error("");
    if (name === "phone") $("code").value = "";
    if (focus) $(name).focus();
  }

  note(text) {
    $("door-note").textContent = text;
    show($("door-note"), Boolean(text));
  }

  error(text, field) {
    $("door-error").textContent = text;
    for (const id of ["phone", "code", "name"]) {
      if (id === field && text) $(id).setAttribute("aria-invalid", "true");
      else $(id).removeAttribute("aria-invalid");
    }
    if (text && field) $(field).focus();
  }
}

// Putting elements together. Text goes in as text, never as markup: there is no other way here.

export const $ = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  put(element, children);
  return element;
}

// Puts children in, whatever is nested in lists, and leaves out what is none.
export function put(element, ...children) {
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function show(element, visible) { element.hidden = !visible; }

// Said to who does not see the screen; the same words twice are said twice.
export function tell(text, loud = false) {
  const place = $(loud ? "loud" : "said");
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 30);
}

// What this device remembers: never anything of the members.
export const memory = {
  get(name) { try { return JSON.parse(localStorage.getItem(`guanjia.desk.${name}`)); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`guanjia.desk.${name}`, JSON.stringify(value)); } catch { /* full or forbidden */ } },
};

// A question with fields. `done(values)` returns a sentence where it did not work, else the dialog closes.
export function dialog({ title, body = [], yes, done, wide = false }) {
  const box = $("dialog");
  box.classList.toggle("wide", wide);
  $("dialog-title").textContent = title;
  $("dialog-body").replaceChildren(...[body].flat());
  $("dialog-error").textContent = "";
  const accept = yes ? make("button", { class: "main", type: "submit" }, yes) : null;
  const leave = make("button", { class: "quiet", type: "button", onclick: () => box.close() }, yes ? "不办了" : "关上");
  $("dialog-row").replaceChildren(...[accept, leave].filter(Boolean));
  $("dialog-form").onsubmit = async (event) => {
    event.preventDefault();
    if (!yes || accept.disabled) return;
    accept.disabled = true;
    const trouble = await done();
    accept.disabled = false;
    if (trouble) $("dialog-error").textContent = trouble;
    else box.close();
  };
  const before = document.activeElement;
  box.onclose = () => { if (before?.isConnected) before.focus(); };
  if (!box.open) box.showModal();
  const first = $("dialog-body").querySelector("input:not([type=hidden]), textarea, select, button");
  (first || accept || leave).focus();
  return box;
}

export function field(label, control, note) {
  const id = control.id || `f_${Math.random().toString(36).slice(2)}`;
  control.id = id;
  return make("p", { class: "field" }, make("label", { for: id }, label), control, note ? make("span", { class: "hint" }, note) : null);
}

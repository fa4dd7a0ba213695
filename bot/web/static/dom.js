// Putting elements together. Text goes in as text, never as markup: there is no other way here.

export const $ = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function show(element, visible) {
  element.hidden = !visible;
}

// One question with two answers; true for the first.
export function ask(question, yes, no) {
  const dialog = $("ask");
  $("ask-title").textContent = question;
  $("ask-yes").textContent = yes;
  $("ask-no").textContent = no;
  return new Promise((answered) => {
    const end = (answer) => () => { answered(answer); if (dialog.open) dialog.close(); };
    $("ask-yes").onclick = end(true);
    $("ask-no").onclick = end(false);
    dialog.onclose = end(false);
    dialog.showModal();
  });
}

// What this device remembers; a browser that forbids it just forgets.
export const memory = {
  get(name) {
    try { return JSON.parse(localStorage.getItem(`guanjia.${name}`)); } catch { return null; }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`guanjia.${name}`);
      else localStorage.setItem(`guanjia.${name}`, JSON.stringify(value));
    } catch { /* full or forbidden */ }
  },
};

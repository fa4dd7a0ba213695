// The page begins here: who is there, and which of its two faces it shows.

import { call } from "./api.js";
import { $, memory, show } from "./dom.js";
import { Door } from "./door.js";
import { lookAfterSize } from "./look.js";
import { canSpeak, hush } from "./speech.js";
import { Talk } from "./talk.js";
import { WORDS } from "./words.js";

const AGAIN_MS = 3000;
// Those who come sign in here and go on to their own page; no other place is ever gone on to.
const forStaff = new URL(location.href).searchParams.get("next") === "/staff";
const door = new Door(begin, forStaff);

function lookAfterReading() {
  const apply = (on) => {
    $("aloud").setAttribute("aria-pressed", String(on));
    $("aloud-now").textContent = on ? WORDS.on : WORDS.off;
  };
  apply(canSpeak() && Boolean(memory.get("aloud")));
  $("aloud").addEventListener("click", () => {
    if (!canSpeak()) { $("line").textContent = WORDS.noVoice; $("said").textContent = WORDS.noVoice; return; }
    const on = !memory.get("aloud");
    memory.set("aloud", on || null);
    if (!on) hush();
    apply(on);
  });
}

function lookAfterHelp() {
  $("emergency").addEventListener("click", () => $("help").showModal());
  $("help-close").addEventListener("click", () => $("help").close());
}

// The secret of a link leaves the address at once: it must stay in no history and on no screen.
function takeInvitation() {
  const here = new URL(location.href);
  const token = here.searchParams.get("invite");
  if (!token) return;
  door.invite = token;
  here.searchParams.delete("invite");
  history.replaceState(null, "", here);
}

async function begin() {
  let me;
  try {
    me = await call("GET", "/chat/session");
    if (!me.ok) throw new Error("trouble");
  } catch {
    $("door-error").textContent = WORDS.away;
    show($("door"), true);
    setTimeout(begin, AGAIN_MS);
    return;
  }
  const person = me.data;
  if (!person) { await door.open(); return; }
  if (forStaff) { location.replace("/staff"); return; }
  const note = door.invite ? await door.acceptAs(person) : "";
  door.close();
  const talk = new Talk(person, (why) => door.open(why === "login" ? WORDS.loginOver : ""));
  await talk.open();
  if (note) $("line").textContent = note;
}

lookAfterSize();
lookAfterReading();
lookAfterHelp();
takeInvitation();
begin();

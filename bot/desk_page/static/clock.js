// Clocks that turn: the house's time, which in the demo is not this machine's. State is said in words, a sign and a colour.

import { CLOCKS, spanOf } from "./words.js";

let ahead = 0;
const SOON_SECONDS = 120;

export function setHouseTime(iso) { ahead = Date.parse(iso) - Date.now(); }
export const now = () => Date.now() + ahead;

// The clock of a ticket that runs out first.
export function nextOf(row) {
  return row.clocks.reduce((first, each) => (!first || Date.parse(each.due) < Date.parse(first.due) ? each : first), null);
}

export function stateOf(clock) {
  const left = (Date.parse(clock.due) - now()) / 1000;
  const state = left <= 0 ? "late" : left <= SOON_SECONDS ? "soon" : "calm";
  const words = state === "late" ? `晚了${spanOf(left)}` : state === "soon" ? `快到了 ${spanOf(left)}` : `还有${spanOf(left)}`;
  return { state, left, text: `${CLOCKS[clock.name] || clock.name} ${words}` };
}

// Every element with a moment turns once a second; nothing else is touched.
export function turn(root) {
  for (const element of root.querySelectorAll("[data-due]")) paint(element);
}

export function paint(element) {
  const { state, text } = stateOf({ name: element.dataset.clock, due: element.dataset.due });
  if (element.textContent !== text) element.textContent = text;
  element.dataset.state = state;
}

// The size of the letters: three steps, remembered on this device.

import { $, memory } from "./dom.js";
import { WORDS } from "./words.js";

function apply(step) {
  document.documentElement.dataset.size = String(step);
  $("size-now").textContent = WORDS.sizes[step - 1];
  $("said").textContent = "";
}

export function lookAfterSize() {
  let step = memory.get("size") || 1;
  apply(step);
  $("size").addEventListener("click", () => {
    step = (step % WORDS.sizes.length) + 1;
    memory.set("size", step);
    apply(step);
    $("said").textContent = `字号：${WORDS.sizes[step - 1]}`;
    document.dispatchEvent(new Event("resized"));
  });
}

// What is urgent and nobody's, seen wherever one is: in another conversation, on another page, below the list's filter.

import { $, show } from "./dom.js";
import { WORDS, topicOf } from "./words.js";

// `rows` in the order in which they are to be looked at; `open(id)` goes there.
export class Alarm {
  constructor(open) {
    this.open = open;
    $("alarm-open").onclick = () => this.open(this.first);
  }

  paint(rows) {
    this.first = rows[0]?.id;
    if (rows.length) $("alarm-words").textContent = WORDS.alarm(rows.slice(0, 2).map((row) => `${row.name}（${topicOf(row.topic)}）`).join("、"), rows.length);
    show($("alarm"), rows.length > 0);
  }
}

// Tables and lists of the pages beside the tickets.

import { make } from "./dom.js";

export const head = (titles) => make("thead", {}, make("tr", {}, titles.map((title) => (title ? make("th", { scope: "col" }, title) : make("td", {})))));
export const row = (cells) => make("tr", {}, cells.map((cell) => make("td", {}, cell)));
export const scrolled = (inner, label = "表") => make("div", { class: "table", tabindex: "0", role: "region", "aria-label": label }, inner);
export function table(titles, rows, none, label) {
  return rows.length ? scrolled(make("table", {}, head(titles), make("tbody", {}, rows.map(row))), label) : make("p", { class: "empty" }, none);
}
export function list(rows, none) { return rows.length ? make("ul", { class: "plain" }, rows.map((one) => make("li", {}, one))) : make("p", { class: "soft" }, none); }

// What came beside the words: a picture, a voice, a file, a place; and a list that is changed only where it has changed.

import { API } from "./api.js";
import { make } from "./dom.js";

const LARGEST = 8 * 2 ** 20;
const KINDS = ["image/jpeg", "image/png"];
const WORDS = {
  bad: "图片要 JPEG 或者 PNG，最大八兆。", picture: "照片，点开看大图", voice: "语音", save: (size) => `存下来看${size ? `（${Math.max(1, Math.round(size / 1024))} KB）` : ""}`,
  waiting: "正在收，请稍等…", lost: "这个没收下来，请老人再发一次", map: "在地图里打开", seen: "老人看到了", looked: "看过了", edited: "改过的话",
};

export const UNREACHABLE = "老人停用了机器人，请打电话";
export const HAPPENED = { blocked: "停用了机器人", back: "又能收到消息了", seen: "看到了回话", looked: "看过了老人的话" };

// A sentence where a picture will not do, before it is sent.
export const unfit = (file) => (KINDS.includes(file.type) && file.size > 0 && file.size <= LARGEST ? null : WORDS.bad);

export function sent(line, ticket) {
  return [...(line.files || []).map((file) => shown(file, `${API}/tickets/${ticket}/attachments/${file.id}`)), line.place ? place(line.place) : null];
}

export function signs(line) {
  return [line.edited ? WORDS.edited : null, line.seen ? (line.who === "member" ? WORDS.looked : WORDS.seen) : null]
    .filter(Boolean).map((words) => make("span", { class: "sign" }, words));
}

function shown(file, address) {
  if (file.state !== "kept") return make("p", { class: "soft" }, file.state === "lost" ? WORDS.lost : WORDS.waiting);
  if (KINDS.includes(file.type)) return make("a", { href: address, target: "_blank", rel: "noopener" }, make("img", { class: "sent", src: address, alt: WORDS.picture }));
  if (file.type?.startsWith("audio/")) return make("audio", { class: "sent", src: address, controls: true, preload: "none", "aria-label": WORDS.voice });
  return make("p", {}, make("a", { href: address, download: true }, WORDS.save(file.size)));
}

function place({ lat, lon, home_km }) {
  const far = home_km === null ? "" : home_km < 0.1 ? "，就在登记的家" : `，离登记的家约${home_km}公里`;
  return make("p", { class: "soft" }, `位置：${lat}，${lon}${far}`, " ", make("a", { href: `geo:${lat},${lon}` }, WORDS.map));
}

// Nodes that stay are not touched: a voice that is being listened to goes on.
export function arrange(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => { if (list.children[at] !== node) list.insertBefore(node, list.children[at] || null); });
}

// Elements by what they were made from: the same again is the same element.
export class Kept {
  constructor() { this.known = new Map(); }
  clear() { this.known.clear(); }
  node(name, from, made) {
    const sign = JSON.stringify(from);
    const found = this.known.get(name);
    if (found?.sign === sign) return found.node;
    const node = made();
    this.known.set(name, { sign, node });
    return node;
  }
}

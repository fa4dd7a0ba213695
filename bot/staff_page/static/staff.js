// Today's visits. A report that finds no network waits in this browser, with the time at which it happened.
const STATES = { assigned: "没出发", on_the_way: "在路上", arrived: "到了", in_service: "正在做", done: "做完了",
  verified: "核对好了", not_possible: "没做成", called_off: "不去了" };
const REASONS = { nobody_home: "没人应门", unwell: "老人身体不方便", carer_ill: "我病了", weather: "天气不好",
  unsafe: "不安全", not_ready: "东西没备齐" };
const QUEUE = "guanjia.staff.queue";
const $ = (id) => document.getElementById(id);
// A token in the fragment signs in where the page's own login is not used; it never goes to the server's log.
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) { sessionStorage.setItem("guanjia.token", given); history.replaceState(null, "", location.pathname); }

function make(tag, text, more = {}) {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  return Object.assign(node, more);
}

function tell(text) { $("told").textContent = text; }

async function send(path, method, body, kind) {
  const token = sessionStorage.getItem("guanjia.token");
  const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(kind ? { "Content-Type": kind } : {}) };
  const answer = await fetch(`/api/v1${path}`, { method, headers, body });
  if (answer.status === 401) { location.assign("/chat?next=/staff"); }
  return answer;
}

const call = (path, body) => (body ? send(path, "POST", JSON.stringify(body), "application/json") : send(path, "GET"));

// What waits in this browser would go out as somebody else: it goes first.
async function leave() {
  await drain();
  if (waiting().length) { tell("还有没发出去的，有网再退出"); return; }
  sessionStorage.removeItem("guanjia.token");
  try { await fetch("/chat/session", { method: "DELETE" }); } catch { tell("没有网络，退不出去"); return; }
  location.assign("/chat?next=/staff");
}

const waiting = () => JSON.parse(localStorage.getItem(QUEUE) || "[]");
const keep = (items) => localStorage.setItem(QUEUE, JSON.stringify(items));

// One report: it is kept until the server has answered it, so that a dead spot or a closed page loses nothing.
async function report(visit, step, facts = {}) {
  const body = { message_id: crypto.randomUUID(), ...facts };
  keep([...waiting(), { path: `/visits/${visit}/${step}`, body, since: Date.now() }]);
  await drain();
  await show();
}

let draining = false;
async function drain() {
  if (draining) return;
  draining = true;
  try {
    for (let items = waiting(); items.length; items = waiting()) {
      const seconds = Math.min(86400, Math.max(0, Math.round((Date.now() - items[0].since) / 1000)));
      const late = seconds > 30 ? { seconds_ago: seconds } : {};
      const answer = await call(items[0].path, { ...items[0].body, ...late });
      if (answer.status >= 500) throw new Error("later");
      keep(waiting().slice(1));
      tell(answer.ok ? "记下了" : (await answer.json()).detail || "这一步不能点");
    }
  } catch {
    tell(`没有网络，${waiting().length}条先记在手机里，有网就发`);
  } finally { draining = false; }
}

function ask(question, choices, body) {
  const box = $("ask");
  $("question").textContent = question;
  $("answers").replaceChildren(...(body ? [body] : []));
  const row = make("div", "", { className: "row" });
  for (const [title, act, second] of [...choices, ["返回", () => {}, true]]) {
    row.append(make("button", title, { type: "button", className: second ? "second" : "", onclick: () => { box.close(); act(); } }));
  }
  $("answers").append(row);
  box.showModal();
}

function place() {
  return new Promise((done) => {
    if (!navigator.geolocation) { done(null); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }),
      () => done(null), { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });
}

function arrive(visit) {
  const code = make("input", "", { className: "code", inputMode: "numeric", maxLength: 4, autocomplete: "off" });
  code.setAttribute("aria-label", "老人告诉您的四位数");
  const sent = (facts) => report(visit.id, "arrived", facts);
  ask("到了。请打老人告诉您的四位数，或者发位置。", [
    ["用四位数", () => (/^\d{4}$/.test(code.value) ? sent({ code: code.value }) : tell("要四个数字"))],
    ["发位置", async () => { const spot = await place(); if (spot) sent(spot); else tell("拿不到位置，请打四位数"); }, true],
    ["都没有", () => sent({}), true],
  ], code);
}

function begin(visit) {
  const missing = visit.card.to_be_seen;
  if (!missing.length) { report(visit.id, "begin"); return; }
  ask("开始前有要当面看清的（见卡片），都看到了吗？", [
    ["都看到了，开始", () => report(visit.id, "begin", { seen: missing })],
    ["没看到，先开始", () => report(visit.id, "begin"), true],
  ]);
}

function finish(visit) {
  const list = make("div", "", { className: "steps" });
  for (const step of visit.card.steps) {
    const label = make("label"), box = make("input", "", { type: "checkbox", value: step.number });
    label.append(box, make("span", step.text, { className: step.must ? "must" : "" }));
    list.append(label);
  }
  ask("做过的打勾", [["做完了", () => report(visit.id, "done", {
    steps: [...list.querySelectorAll("input:checked")].map((one) => Number(one.value)) })]], list);
}

function cannot(visit) {
  ask("为什么做不了？", Object.entries(REASONS).map(([reason, title]) =>
    [title, () => report(visit.id, "not_possible", { reason }), true]));
}

// Notes and photographs only with the elder's leave, which is asked for once a visit and kind.
async function withLeave(visit, kind) {
  if (visit.leave[kind]) return true;
  if (visit.leave[kind] === false) { tell("老人不同意，就不记了"); return false; }
  try {
    const answer = await call(`/visits/${visit.id}/leave/${kind}`, {});
    const told = await answer.json();
    if (answer.ok && told.leave) return true;
    tell(answer.ok ? "已经问了老人，老人同意了再点一次" : told.detail || "现在还不能问");
  } catch { tell("没有网络，一会儿再问"); }
  return false;
}

async function note(visit) {
  if (!(await withLeave(visit, "note"))) return;
  const words = make("textarea", "", { maxLength: 500 });
  words.setAttribute("aria-label", "要记的话");
  ask("记几句话", [["记下", () => (words.value.trim() ? report(visit.id, "note", { text: words.value.trim() }) : tell("还没写"))]], words);
}

async function picture(visit, input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  try {
    const answer = await send(`/visits/${visit.id}/photos`, "POST", file, file.type);
    tell(answer.ok ? "照片存好了" : (await answer.json()).detail || "这张照片不行");
  } catch { tell("没有网络，照片没有传上去"); }
  await show();
}

// Asking comes before the camera opens.
function camera(visit) {
  const label = make("label", "拍照", { className: "second" });
  const input = make("input", "", { type: "file", accept: "image/jpeg,image/png" });
  input.setAttribute("capture", "environment");
  input.onclick = (event) => {
    if (visit.leave.photo) return;
    event.preventDefault();
    withLeave(visit, "photo").then(show);
  };
  input.onchange = () => picture(visit, input);
  label.append(input);
  return label;
}

const NEXT = { assigned: ["出发了", (v) => report(v.id, "on_the_way")], on_the_way: ["到了", arrive],
  arrived: ["开始", begin], in_service: ["做完了", finish] };

function card(visit) {
  const box = make("article");
  box.dataset.visit = visit.id;
  const clock = new Date(visit.start).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  box.append(make("span", STATES[visit.state], { className: "state" }), make("h2", `${clock} ${visit.card.name} · ${visit.card.service_name}`), make("div", visit.address || ""));
  if (visit.card.phone) box.append(make("a", `打电话 ${visit.card.phone}`, { href: `tel:${visit.card.phone}` }));
  const facts = make("dl");
  for (const fact of visit.card.facts) facts.append(make("dt", fact.label), make("dd", fact.value));
  box.append(facts);
  const never = make("details");
  never.append(make("summary", "照什么做、不做什么"), make("div", visit.card.steps.map((s) => `${s.number}. ${s.text}`).join("；")),
    make("div", `不做：${visit.card.never.join("；")}`));
  box.append(never);
  const step = NEXT[visit.state];
  if (step) {
    const row = make("div", "", { className: "row" });
    row.append(make("button", step[0], { type: "button", onclick: () => step[1](visit) }),
      make("button", "做不了", { type: "button", className: "second", onclick: () => cannot(visit) }));
    box.append(row);
  }
  if (["arrived", "in_service", "done"].includes(visit.state)) {
    const row = make("div", "", { className: "row more" });
    row.append(make("button", "记几句话", { type: "button", className: "second", onclick: () => note(visit) }), camera(visit));
    box.append(row);
    if (visit.note) box.append(make("p", `记了：${visit.note}`));
    if (visit.photos.length) box.append(make("p", `照片${visit.photos.length}张`));
  }
  return box;
}

async function show() {
  try {
    const answer = await call("/me/visits");
    if (!answer.ok) return;
    const items = (await answer.json()).items.filter((one) => one.card);
    // Whoever works with the keyboard goes on in the visit where they were.
    const at = document.activeElement?.closest("article")?.dataset.visit;
    $("visits").replaceChildren(...(items.length ? items.map(card) : [make("p", "您今天没有要去的活。")]));
    if (at) document.querySelector(`article[data-visit="${at}"] button`)?.focus();
  } catch { tell("没有网络，看到的是刚才的"); }
}

$("out").onclick = leave;
$("again").onclick = () => drain().then(show);
addEventListener("online", () => drain().then(show));
setInterval(() => { if (!$("ask").open) drain().then(show); }, 60000);
drain().then(show);

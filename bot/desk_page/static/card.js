// The card beside the conversation: who it is, why they came, what they have, what is booked, who belongs to them.

import { API, call } from "./api.js";
import { $, make } from "./dom.js";
import { HAPPENED as SIGNS } from "./sent.js";
import { CHANNELS, CLOCKS, KIN, SCOPES, UNITS, WORDS, topicOf, whenOf } from "./words.js";

const MOODS = { angry: "听着在生气", anxious: "听着着急", sad: "听着难过" };
const HAPPENED = {
  said: "说了", told: "在通知", override: "没同意过，照规矩也通知", delivered: "通知到了", failed: "没联系上", acknowledged: "看到了", answered: "回答了", refused: "不要救护车",
  claimed: "接了", false_alarm: "说是按错了", followed_up: "第二天问过", outcome: "结果",
};
const KINDS = {
  opened: "来了", claimed: "接了", released: "放回队列", lost: "没出声，让出来了", transferred: "转了", first_reply: "说了第一句", reply: "说了话", word: "老人说话了",
  note: "记了备注", waiting: "先等着", woke: "到点了", resolved: "说办好了", closed: "结了", reopened: "又开了", overdue: "过点了", escalated: "升级了",
  called: "叫了人", acknowledged: "有人看到了", alert_failed: "没通知到", rated: "打了分", complaint: "投诉办到", raised: "变急了", more: "又说了急事", answered: "回答了", refused: "不要救护车",
};

Object.assign(KINDS, SIGNS);

export class Card {
  constructor(services, staff) { this.services = services; this.staff = staff; this.id = null; }

  async open(row) {
    this.id = row.id;
    $("card-body").replaceChildren(make("p", { class: "empty" }, WORDS.loading));
    await this.read();
  }

  async read() {
    const id = this.id;
    const [ticket, history, booked, incident] = await Promise.all([
      call("GET", `${API}/tickets/${id}`), call("GET", `${API}/tickets/${id}/history`), call("GET", `/desk/tickets/${id}/booked`), call("GET", `${API}/tickets/${id}/incident`)]);
    if (this.id !== id || !ticket.ok) return;
    this.booked = booked.ok ? booked.data : [];
    this.incident = incident.ok ? incident.data.items : [];
    this.paint(ticket.data, history.ok ? history.data.items || history.data : []);
  }

  paint(ticket, history) {
    const card = ticket.card;
    const who = card.who || {};
    $("card-body").replaceChildren(
      section("为什么来", [
        make("p", {}, make("b", {}, topicOf(card.why || ticket.topic)), card.mood && MOODS[card.mood.mood] ? make("span", { class: "mood" }, `${MOODS[card.mood.mood]}（猜的）`) : null),
        card.asked_by ? make("p", {}, `是${card.asked_by.name}替${who.name}问的`) : null,
        card.false_alarm ? make("p", { class: "good" }, `老人说没事，是按错了，${whenOf(card.false_alarm)}`) : null,
        task(card.task_told), ticket.complaint ? complaint(ticket.complaint) : null,
        ticket.missed?.length ? make("p", { class: "late" }, `晚过：${ticket.missed.map((name) => CLOCKS[name] || name).join("、")}`) : null,
        ticket.outcome ? make("p", {}, `结果：${ticket.outcome}`) : null]),
      ...danger(this.incident, card.answers || []),
      section("是谁", facts([
        ["名字", who.name], ["称呼", who.called !== who.name ? who.called : null],
        ["电话", who.phone ? make("a", { href: `tel:${who.phone}` }, who.phone) : null],
        ["是谁的", (card.elder_of || []).map((one) => `${one.name}（${KIN[one.is] || one.is}）`).join("、")], ["住", who.address], ["说", who.dialect], ...(card.notes_told || []).map((one) => [one.name, one.value])])),
      section("家里人", list((card.family || []).map((one) => [
        make("b", {}, `${one.name}`), `（老人是${KIN[one.is] || one.is}）`, one.phone ? make("a", { href: `tel:${one.phone}` }, one.phone) : "没留电话",
        make("span", { class: "soft" }, one.may.length ? `可以${one.may.map((scope) => SCOPES[scope]).join("、")}` : "老人没同意什么")]), "没有登记家里人")),
      section("权益", [make("p", { class: "soft" }, (card.plans || []).join("、") || "没有在用的计划"),
        list((card.left || []).map((one) => [make("span", {}, one.name), make("b", {}, `还剩${one.left}${UNITS[one.unit] || ""}`)]), "")]),
      section("约好的", list((this.booked || []).map((one) => [make("b", {}, one.name), `${whenOf(one.start)} ${CHANNELS[one.channel]}`, make("span", { class: "soft" }, one.number)]), "没有约着的")),
      section("上几次", list((card.visits || []).map((one) => [`${this.services.get(one.service)?.name || one.service} ${whenOf(one.at)}`]), "没有", (card.ratings || []).length ? `打过的分：${card.ratings.join("、")}` : null)),
      section("这张工单", list(history.slice(-30).reverse().map((one) => [make("time", { datetime: one.at }, whenOf(one.at)), `${this.staff[one.actor] || (one.actor ? "老人家" : "系统")}${KINDS[one.kind] || one.kind}`]), "")));
  }

  close() { this.id = null; $("card-body").replaceChildren(); }
}

function section(title, body) {
  return make("section", { class: "part" }, make("h3", {}, title), body);
}

// The record of a danger: what was answered and what happened, in its order. Nothing where there was none.
function danger(incident, answers) {
  if (!incident.length) return [];
  const lines = [
    ...answers.map((one) => ({ at: one.at, words: one.asked, name: one.answer })),
    ...incident.filter((one) => one.happened !== "answered").map((one) => ({
      at: one.at, words: HAPPENED[one.happened] || one.happened, name: one.who_name, more: one.detail.text || one.detail.policy || one.detail.outcome })),
  ].sort((one, other) => new Date(one.at) - new Date(other.at) || (other.words === HAPPENED.said) - (one.words === HAPPENED.said));
  return [section("急事记录", list(lines.map((one) => [
    make("time", { datetime: one.at }, whenOf(one.at)), one.words, one.name ? make("b", {}, one.name) : null, one.more ? make("span", { class: "soft" }, one.more) : null]), ""))];
}

function facts(pairs) {
  const known = pairs.filter(([, value]) => value);
  return make("dl", {}, known.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

function list(items, none, after) {
  const parts = items.length ? make("ul", {}, items.map((parts_) => make("li", {}, parts_.flatMap((part, place) => (place ? [" ", part] : [part]))))) : none ? make("p", { class: "soft" }, none) : null;
  return [parts, after ? make("p", { class: "soft" }, after) : null];
}

function task(told) {
  if (!told?.length) return null;
  return [make("p", { class: "soft" }, "正办到："), facts(told.map((row) => [row.name, row.value]))];
}

function complaint(one) {
  return facts([["投诉", "按投诉办"], ["要先打电话", one.called_at ? `打过了，${whenOf(one.called_at)}` : whenOf(one.call_due)], ["给办法", one.propose_by], ["办结", one.close_by], ["法定期限", one.decide_by]]);
}

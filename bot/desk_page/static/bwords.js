// What the pages of broadcasts say.

export const BSTATES = { draft: "草稿", waiting: "等另一位点头", scheduled: "排好了", sending: "正在发", paused: "停着", stopped: "叫停了", done: "发完了", taken_back: "收回了" };
export const BSTEPS = { start: "就这样发", approve: "同意发", pause: "先停一下", "go-on": "接着发", stop: "不发了", "take-back": "收回", revise: "改一改", test: "试发给自己" };
// What is asked before what cannot be undone.
export const SURE = {
  start: "照这样发出去？没到时候的会等到时候，人多的会先请另一位点头。", stop: "还没发的就不发了，以后的也不发了。", "take-back": "还没送到的都收回来，网页上还没看的也收回。送到了的收不回来。",
};
export const TOLD = { start: "交出去了", approve: "同意了", pause: "停下了", "go-on": "接着发了", stop: "叫停了", "take-back": "收回了", test: "试发给您自己了，在您自己的聊天里看" };
export const RSTATES = { queued: "还没轮到", handed: "正在送", sent: "送到了", skipped: "没有发", taken_back: "收回了", failed: "没送成" };
export const REASONS = {
  died: "人已经过世", no_consent: "没有同意", cancelled: "取消了", moved: "改了时间", done: "已经办了", stopped: "叫停了", taken_back: "收回了", answered: "已经回了", unwanted: "说过不要这类消息", blocked: "拉黑了我们",
  no_chat: "没有能收的地方", nobody: "没有人可发", not_done: "没有做成", complaint: "正在投诉", bad_news: "刚有不好的消息", enough: "已经发得够多", busy: "正忙着", too_old: "过了有用的时候", quiet: "在休息，等到休息完", human: "在跟真人说话，或者在等真人", paused: "停着", failed: "送了几次没送成",
};
export const EVENTS = {
  written: "写好", revised: "改成了新的一份", started: "交出去", approved: "同意发", paused: "停下", went_on: "接着发", stopped: "叫停", taken_back: "收回", begun: "开始发", ended: "发完", asked: "请另一位点头",
};
export const GAPS = { cities: "城市", plans: "计划", unused: "还没用完的权益" };

// What the page itself says. What is said to members comes from people and from the server.

export const VOICES = { ai: "AI管家", life: "生活管家", doctor: "医生管家", member: "老人家" };
export const QUEUES = { life: "生活", doctor: "医生" };
export const ROLES = { life: "生活管家", doctor: "医生管家", supervisor: "主管", admin: "管理员" };
export const PRIORITIES = { urgent: "紧急", high: "要快", normal: "平常", low: "不急" };
export const STATES = { open: "等人接", claimed: "在办", waiting: "等着", resolved: "说办好了", closed: "结了" };
export const CLOCKS = { first_reply: "第一句", next_reply: "回话", resolve: "办完", silent: "没出声" };
export const TOPICS = {
  request: "要找人", not_understood: "机器没听懂", health: "问身体", complaint: "投诉", low_rating: "打分低", crisis: "想不开", emergency: "紧急求助",
  fraud: "像是诈骗", no_time: "约不上时间", no_times: "约不上时间", benefit: "权益有争议", dispute: "权益有争议", visit_late: "来晚了", late: "来晚了", not_answered: "提醒没回应", after_danger: "急事后还不好",
  cannot_join: "连不上线上服务", after_visit: "上门以后有事", visit_objected: "说没做好", privacy_erase: "要删资料", privacy_copy: "要一份资料", elder_no_show: "上门没人在", provider_no_show: "该来的没来",
  weather: "天气来不了", carer_ill: "上门的人病了", not_possible: "上门没做成", provider_suspended: "机构停了", replan: "要重新排人", survey_low: "打分低", visit: "上门有事", phone: "改不了电话",
};
export const SCOPES = { see_plan: "看权益", see_visits: "看预约", book: "代约", cancel: "代取消", alerts: "收急事" };
export const KIN = { mother: "母亲", father: "父亲", spouse: "老伴", grandmother: "奶奶", grandfather: "爷爷", mother_in_law: "婆婆", father_in_law: "公公", child: "孩子", other: "家人" };
export const UNITS = { visit: "次", hour: "小时", day: "天", cny: "元" };
export const CHANNELS = { home: "到家", store: "到店", online: "到线" };
export const PLACES = { desk: "工单", ratings: "评价", reports: "报表", broadcasts: "群发", answers: "现成的话", shift: "当班", trail: "记录", logins: "登录" };
export const FILTERS = { all: "全部", open: "没人接", mine: "我的", others: "别人的", settled: "等着的" };

export const WORDS = {
  failed: "没办成，请再试一次。", away: "网断了，正在重连。写的话都留着。", back: "连上了。", over: "这次登录结束了，请重新登录。写了一半的话还在。",
  elsewhere: "您在别处也开着工作台，这里先停了。刷新就回来。", nobody: "这里现在没有工单。", none_found: "没有找到。只能搜到自己队列里的。",
  mine: "我", nobody_yet: "没人接", claim: "认领", claimed_first: "别人先接了。",
  say: "说给老人的话", note: "内部备注，老人看不到", hint_say: "Enter 发出，Shift+Enter 换行", hint_claim: "认领了才能说话。备注现在就能写。",
  hint_note: "只有同事看得到。", hint_note_doctor: "默认只有医生管家和主管看得到。", picture: "图片", sending: "正在发", unsent: "没发出去", again: "再发一次", unsent_elsewhere: (name) => `说给${name}的一句没发出去，打开那张工单再发。`, dropped: "没有发（真人接手了）",
  queued: "还没送到", new_ticket: (row) => `新的工单：${row.name}，${row.topic}`, new_words: (name, text) => `${name}说：${text}`,
  alarm: (names, many) => `紧急，没人接：${names}${many > 2 ? `，一共${many}位` : ""}`, handed_on: "这张工单转到别的队列了。", hint_closed: "这张工单结了。再打开、认领了才能说话。",
  hidden: "（跟医生管家说的，这里看不到）", loading: "正在拿…",
};

// A topic may carry a kind or a number behind a colon; what has no words here is shown as it is.
export const topicOf = (topic) => TOPICS[topic] || TOPICS[topic.split(":")[0]] || TOPICS[topic.split("_")[0]] || topic;

const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", weekday: "short" });
export const timeOf = (at) => CLOCK.format(at);
export const dayOf = (at) => DAY.format(at);
export const whenOf = (iso) => { const at = new Date(iso); return `${dayOf(at)} ${timeOf(at)}`; };

// How long until, or how long ago, in two units at most.
export function spanOf(seconds) {
  const s = Math.abs(Math.round(seconds));
  if (s < 60) return `${s}秒`;
  if (s < 600) return `${Math.floor(s / 60)}分${s % 60 ? `${s % 60}秒` : ""}`;
  if (s < 3600) return `${Math.floor(s / 60)}分`;
  if (s < 86400) return `${Math.floor(s / 3600)}小时${Math.floor((s % 3600) / 60) ? `${Math.floor((s % 3600) / 60)}分` : ""}`;
  return `${Math.floor(s / 86400)}天${Math.floor((s % 86400) / 3600) ? `${Math.floor((s % 86400) / 3600)}小时` : ""}`;
}

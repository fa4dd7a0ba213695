// What the page itself says. What the butler says comes from the server, word for word.

export const VOICES = { ai: "AI管家", life: "生活管家", doctor: "医生管家", member: "您" };

export const WORDS = {
  sizes: ["大", "更大", "最大"],
  on: "开", off: "关", picture: "管家发来的图片", ownPicture: "您发的照片", voice: "一段语音，点一下听", file: "存下这个文件", map: "在地图上看", seen: "管家看到了",
  read: "读给我听",
  noVoice: "这台设备不会朗读。点「字号」可以把字放大。",
  starters: [["我的权益", "我有哪些权益"], ["约服务", "我想约服务"], ["我的预约", "我的预约"], ["能办什么", "你能帮我办什么"]],
  hello: (called) => `${called}，您好`,
  person: "我要找真人管家", personTitle: "我要找真人管家",
  cry: "救命，我要紧急求助",
  away: "网断了。您写的话都留着，网一通马上发出去。要是急，请直接打120。",
  slow: "正在发出去…",
  elsewhere: "您在别处也开着这一页，这里先歇着。",
  elsewhereAgain: "在这里接着用",
  refused: "这句没能发出去，请换个说法再试。",
  loginOver: "登录结束了，请再登录一次。没发出去的话都还在。",
  trouble: "我们这边出了点小毛病，请过一会儿再试。",
  leave: "要在这台设备上退出吗？", leaveYes: "退出", leaveNo: "不退出",
  calendar: "加进手机日历", share: "发给家人", copied: "链接拷好了，到微信里粘贴给家人就行。",
  waiting: "还没发出去",
  sendsPhoto: "（发来一张照片）", sendsVoice: "（发来一段语音）",
  tooBig: "这个文件太大了，我们收不了。您打字告诉我里面说的什么，或者我请真人管家来。",
  noMicrophone: "这台设备没让我们用话筒。您打字，或者发照片都行。",
  tooShort: "刚才没听清。请点一下「按一下说话」，说完再点「说完了，发出去」。",
  listening: "正在听您说", full: "录满两分钟了，可以发了",
  chosen: "选了：",
  call: (number) => `打${number}`,
  signIn: "您好，请先登录",
  invited: "您好，有人邀请您",
  accept: "接受", notMe: "不是我，换个人登录", decline: "先不了",
  kinds: { elder: "老人", relative: "家人", life: "生活管家", doctor: "医生管家", supervisor: "主管", carer: "上门的人", admin: "管理员" },
  needPhone: "请先写上手机号。", needCode: "请写上验证码。", needName: "请写上您的名字。",
};

const SHANGHAI = "Asia/Shanghai";
const dayFormat = new Intl.DateTimeFormat("zh-CN", { timeZone: SHANGHAI, month: "long", day: "numeric", weekday: "long" });
const timeFormat = new Intl.DateTimeFormat("zh-CN", { timeZone: SHANGHAI, hour: "numeric", minute: "2-digit", hourCycle: "h23" });

export const dayOf = (moment) => dayFormat.format(moment);

export function timeOf(moment) {
  const [hour, minute] = timeFormat.format(moment).split(":").map(Number);
  const part = hour < 6 ? "凌晨" : hour < 9 ? "早上" : hour < 12 ? "上午" : hour < 14 ? "中午" : hour < 18 ? "下午" : "晚上";
  return `${part}${hour > 12 ? hour - 12 : hour}点${minute ? `${minute}分` : ""}`;
}

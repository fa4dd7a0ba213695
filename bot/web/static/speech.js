// Reading aloud with the voices of the device, slowly; where there are none, we say so.

const synth = window.speechSynthesis;

export const canSpeak = () => Boolean(synth && window.SpeechSynthesisUtterance);

export function hush() {
  if (canSpeak()) synth.cancel();
}

// `failed` is called where the device turns out to have no voice.
export function speak(text, failed) {
  if (!canSpeak()) { failed(); return; }
  const words = new SpeechSynthesisUtterance(text);
  words.lang = "zh-CN";
  words.rate = 0.85;
  const voices = synth.getVoices();
  words.voice = voices.find((voice) => /^zh([-_](CN|Hans))?/i.test(voice.lang)) || null;
  words.onerror = (event) => { if (!["interrupted", "canceled"].includes(event.error)) failed(); };
  synth.speak(words);
}

// What goes beside the words: a photograph, and a voice that is spoken here: one press, then another to send or drop it.

import { $, show } from "./dom.js";
import { LARGEST, dataOf, photoOf } from "./files.js";
import { hush } from "./speech.js";
import { WORDS } from "./words.js";

const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const BITS = 32000;
const LEAST_MS = 700;
const MOST_MS = 120000;

const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

const release = (stream) => { for (const track of stream?.getTracks() ?? []) track.stop(); };

// `send(kind, data, title)` takes what is to go, `tell(sentence)` says what went wrong.
export class Beside {
  constructor({ send, tell }) {
    this.send = send;
    this.tell = tell;
  }

  bind(on) {
    show($("speak"), canRecord());
    on("add-photo", "click", () => $("photo").click());
    on("photo", "change", () => this.photo());
    on("speak", "click", () => this.speak());
    on("voice-send", "click", () => this.end(true));
    on("voice-drop", "click", () => this.end(false));
  }

  async photo() {
    const [file] = $("photo").files;
    if (!file) return;
    const small = await photoOf(file);
    // The same picture may be chosen once more.
    $("photo").value = "";
    if (small.size > LARGEST) this.tell(WORDS.tooBig);
    else this.send("photo", await dataOf(small), WORDS.sendsPhoto);
  }

  async speak() {
    if (this.asking || this.spoken) return;
    this.asking = true;
    hush();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (this.closed) release(stream);
      else this.listen(stream);
    } catch {
      release(stream);
      this.tell(WORDS.noMicrophone);
    } finally {
      this.asking = false;
    }
  }

  listen(stream) {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS });
    const pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.start();
    this.spoken = { stream, recorder, pieces, since: performance.now() };
    this.timer = setInterval(() => this.tick(), 250);
    this.tick();
    this.face(true);
    $("said").textContent = WORDS.listening;
    $("voice-send").focus();
  }

  get spokenMs() { return Math.min(performance.now() - this.spoken.since, MOST_MS); }

  tick() {
    const seconds = Math.floor(this.spokenMs / 1000);
    $("voice-time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const full = this.spokenMs >= MOST_MS;
    $("voice-state").textContent = full ? WORDS.full : WORDS.listening;
    if (full && this.spoken.recorder.state === "recording") this.spoken.recorder.pause();
  }

  face(listening) {
    show($("recording"), listening);
    show($("composer"), !listening);
    $("said").textContent = "";
  }

  end(send) {
    if (!this.spoken) return;
    const { stream, recorder, pieces } = this.spoken;
    const long = this.spokenMs >= LEAST_MS;
    clearInterval(this.timer);
    this.spoken = null;
    this.face(false);
    $("speak").focus();
    const stopped = async () => {
      release(stream);
      if (send && long) this.send("voice", await dataOf(new Blob(pieces, { type: recorder.mimeType })), WORDS.sendsVoice);
      else if (send) this.tell(WORDS.tooShort);
    };
    // A microphone that was pulled out has stopped by itself.
    if (recorder.state === "inactive") { stopped(); return; }
    recorder.onstop = stopped;
    recorder.stop();
  }

  close() {
    this.closed = true;
    this.end(false);
  }
}

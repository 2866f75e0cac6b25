// What a person does at the foot of a chat: writes, replies, sends pictures, a place, a sticker, a voice message.

import { inShort } from "./bubble.js";
import { act, Refused, sendFiles } from "./post.js";
import { choosePlace } from "./place.js";
import { NoMicrophone, record } from "./voice.js";
import { word } from "./words.js";

export class Composer {
  /** `panel`: the chat's part of the page, `chat`: what is known of it. */
  constructor(panel, chat) {
    this.chat = chat;
    this.panel = panel;
    this.form = panel.querySelector(".composer");
    this.words = panel.querySelector(".words");
    this.tray = panel.querySelector(".tray");
    this.quote = panel.querySelector(".quote");
    this.replyTo = 0;
    this.recorder = null;
    this.listen();
  }

  listen() {
    const on = (selector, doing, event = "click") => this.panel.querySelector(selector).addEventListener(event, doing);
    on(".composer", (event) => (event.preventDefault(), this.sendWords()), "submit");
    on(".composer", (event) => this.key(event), "keydown");
    on(".words", () => this.grow(), "input");
    on(".words", (event) => this.pasted(event), "paste");
    on(".more", () => this.showTray(this.tray.hidden));
    on(".stop-reply", () => (this.reply(null), this.words.focus()));
    on(".tool-picture", () => this.open("album"));
    on(".tool-place", () => this.open("location"));
    on(".tool-sticker", () => this.send(() => act(this.doing({ do: "sticker" }))));
    on(".skip", () => (this.form.hidden ? this.panel.querySelector(".start") : this.words).focus());
    on(".start", () => this.send(() => act(this.doing({ do: "join" }))));
    on(".record", () => this.startRecording());
    on(".record-cancel", () => this.endRecording());
    on(".record-send", () => this.sendRecording());
    on(".pictures", (event) => this.picked(event.target), "change");
    on(".sounds", (event) => this.picked(event.target), "change");
  }

  key(event) {
    if (event.isComposing) return; // Enter ends a composed letter and does not send
    if (event.key === "Enter" && !event.shiftKey && event.target === this.words) {
      event.preventDefault();
      this.sendWords();
    }
    if (event.key === "Escape") {
      this.reply(null);
      this.showTray(false);
    }
  }

  /** Tap a button of the bot, or open what it asks the phone for. */
  tap(choice, button) {
    if (choice.asks) return this.open(choice.asks);
    if (button.getAttribute("aria-busy") === "true") return undefined; // a double click is one tap
    button.setAttribute("aria-busy", "true");
    const { value, label } = choice;
    const sent = this.send(() => act(this.doing({ do: "tap", value, label })));
    return sent.finally(() => button.removeAttribute("aria-busy"));
  }

  async open(what) {
    if (what === "location") {
      const place = await choosePlace(this.chat.centre);
      if (place) await this.send(() => act(this.doing({ do: "location", latitude: place.lat, longitude: place.lon })));
      return;
    }
    const pictures = this.panel.querySelector(".pictures");
    // On a phone this opens the camera at once; elsewhere it changes nothing.
    pictures.toggleAttribute("capture", what === "camera");
    pictures.click();
  }

  /** Hang what comes next under a message; null: under none. */
  reply(message) {
    const focus = Boolean(message);
    this.replyTo = message?.number ?? 0;
    this.quote.hidden = !message;
    if (message) {
      const quoted = this.quote.querySelector(".quoted");
      quoted.textContent = inShort(message);
      quoted.lang = message.language;
    }
    if (focus) this.words.focus();
  }

  async sendWords() {
    const text = this.words.value;
    if (!text.trim()) return;
    const doing = this.doing({ do: "text", text });
    if (this.replyTo) doing.reply_to = this.replyTo;
    const sent = await this.send(() => act(doing));
    if (sent) this.emptied(text, doing.reply_to);
  }

  /** The words are out; what was typed or taken up for a reply meanwhile stays. */
  emptied(sent, repliedTo = 0) {
    if (this.words.value === sent) this.words.value = "";
    this.grow();
    if (this.replyTo === repliedTo) this.reply(null);
  }

  picked(input) {
    const files = [...input.files];
    input.value = ""; // so that the same file can be chosen again
    return this.sendPictures(files);
  }

  pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.sendPictures(files);
  }

  async sendPictures(files) {
    if (!files.length) return;
    // Telegram sends typed words with the picture; LINE has no captions.
    const caption = this.chat.look === "telegram" ? this.words.value.trim() : "";
    const typed = this.words.value;
    const sent = await this.send(() => sendFiles(this.chat.id, files, { as: this.chat.actor, caption }));
    if (sent && caption) this.emptied(typed);
  }

  async startRecording() {
    const [bar, seconds] = [this.panel.querySelector(".recording"), this.panel.querySelector(".seconds")];
    try {
      this.recorder = await record((passed) => {
        const clock = `${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, "0")}`;
        seconds.textContent = word("recording", { seconds: clock });
      });
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      this.say("refusal", word("no_microphone"));
      this.panel.querySelector(".sounds").click();
      return;
    }
    this.say("refusal", "");
    this.form.hidden = true;
    bar.hidden = false;
    bar.querySelector(".record-send").focus();
  }

  endRecording() {
    const recorder = this.recorder;
    this.recorder = null;
    recorder?.cancel();
    this.panel.querySelector(".recording").hidden = true;
    this.form.hidden = false;
    this.panel.querySelector(".record").focus();
  }

  async sendRecording() {
    const file = await this.recorder?.finish();
    if (!file) return;
    const sent = await this.send(() => sendFiles(this.chat.id, [file], { as: this.chat.actor }));
    if (sent) this.endRecording();
  }

  /** Do something that may be refused; whether it went through. A refusal is shown and changes nothing else. */
  async send(posting) {
    const chosenFrom = !this.tray.hidden; // one that is opened while this is on its way is for the next thing
    this.say("refusal", "");
    const slow = setTimeout(() => this.say("progress", word("sending")), 400);
    try {
      await posting();
      if (chosenFrom) this.showTray(false);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say("refusal", error.message);
      return false;
    } finally {
      clearTimeout(slow);
      this.say("progress", "");
    }
  }

  doing(what) {
    return { chat: this.chat.id, ...what, ...(this.chat.actor && { as: this.chat.actor }) };
  }

  say(where, line) {
    this.panel.querySelector(`.foot > .${where}`).textContent = line;
  }

  showTray(open) {
    const inside = this.tray.contains(document.activeElement);
    this.tray.hidden = !open;
    this.panel.querySelector(".more").setAttribute("aria-expanded", String(open));
    if (!open && inside) this.panel.querySelector(".more").focus();
  }

  /** As many lines as the words need; the style sheet says how many at most. */
  grow() {
    this.words.style.height = "auto";
    this.words.style.height = `${this.words.scrollHeight + 2}px`;
  }
}

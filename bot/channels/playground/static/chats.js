// What is known of each chat; knows nothing of the page.

/** Officers whose part one may play in a group. */
export const OFFICERS = ["Anan", "Busaba"];

/** What a message has unless it says otherwise. */
const PLAIN = {
  text: "", language: "", choices: [], inline: false, links: [], card: null, files: [], location: null, sticker: false,
  reply_to: 0, purpose: "", reply_box: false, drill: "",
};

const APPS = { line: "LINE", telegram: "Telegram" };

export class Chat {
  constructor({ chat, role, look, number, centre, place }) {
    Object.assign(this, { id: chat, role, look, number, centre, place });
    this.messages = new Map(); // by number, in order
    this.left = false;
    this.unread = 0;
    this.actor = role === "group" ? OFFICERS[0] : "";
  }

  get app() {
    return APPS[this.look] ?? this.look;
  }

  /** Who does what is done on this phone, as messages name it. */
  get owner() {
    return this.actor || "me";
  }

  /**
   * Choices that stand at the end of the chat and not with a message: those of what the bot said since somebody last
   * did something. LINE shows all there; Telegram only what the phone itself must do. A remark after the question
   * leaves the question's choices where they are.
   */
  get keys() {
    for (const message of [...this.messages.values()].reverse()) {
      if (message.from !== "bot") return [];
      const keys = this.atEnd(message);
      if (keys.length) return keys;
    }
    return [];
  }

  atEnd(message) {
    const stay = this.look === "telegram" || message.inline;
    return stay ? message.choices.filter((choice) => choice.asks) : message.choices;
  }

  /** Choices that are drawn as buttons of their message. */
  atMessage(message) {
    if (this.look !== "telegram" && !message.inline) return [];
    return message.choices.filter((choice) => !choice.asks);
  }

  /** Remember a message, or the new form of an earlier one; gives it with everything filled in. */
  take(entry) {
    const at = this.messages.get(entry.number)?.at; // a message that is edited keeps its time
    const message = { ...PLAIN, at, ...entry };
    this.messages.set(message.number, message);
    return message;
  }
}

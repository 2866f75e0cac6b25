// A chat on the page: its head, its messages, and the choices at their end.

import { bubble, choiceButton } from "./bubble.js";
import { OFFICERS } from "./chats.js";
import { Composer } from "./composer.js";
import { properName, translate, word } from "./words.js";

const NEAR_END = 60; // pixels from the end within which one still counts as reading the newest

export class ChatView {
  constructor(chat) {
    this.chat = chat;
    this.panel = document.getElementById("chat-template").content.firstElementChild.cloneNode(true);
    this.panel.id = `panel-${chat.id}`;
    this.panel.dataset.chat = chat.id;
    this.panel.dataset.look = chat.look;
    this.panel.dataset.role = chat.role;
    this.panel.setAttribute("aria-labelledby", `tab-${chat.id}`);
    this.panel.querySelector(".face use").setAttribute("href", chat.role === "group" ? "#icon-group" : "#icon-person");
    this.log = this.panel.querySelector(".log");
    this.list = this.panel.querySelector(".messages");
    this.toEnd = this.panel.querySelector(".to-end");
    this.composer = new Composer(this.panel, chat);
    this.atEnd = true;
    this.awaiting = false; // choices were pressed, and the next ones have not come yet
    this.listen();
    this.fillActors();
    this.rename();
    this.refresh();
  }

  listen() {
    let before = 0;
    this.log.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.log;
      if (scrollHeight - scrollTop - clientHeight < NEAR_END) {
        this.atEnd = true;
        this.toEnd.hidden = true;
      } else if (scrollTop < before) this.atEnd = false; // only going up leaves the end; a chat that grows does not
      before = scrollTop;
    });
    // A key held down must not answer the next question as well.
    this.panel.querySelector(".keys").addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    this.toEnd.addEventListener("click", () => (this.scrollToEnd(), this.log.focus()));
    // Pictures that load, chips that come and a phone that is turned must not move the newest message out of sight.
    const sizes = new ResizeObserver(() => this.atEnd && this.scrollToEnd());
    sizes.observe(this.list);
    sizes.observe(this.log);
  }

  fillActors() {
    const actor = this.panel.querySelector(".actor");
    this.panel.querySelector(".acting").hidden = this.chat.role !== "group";
    actor.replaceChildren(...OFFICERS.map((name) => new Option(name, name)));
    actor.value = this.chat.actor;
    actor.addEventListener("change", () => {
      this.chat.actor = actor.value;
      for (const item of this.list.children) this.showSide(item);
    });
  }

  /** Names and words in the language of the page. */
  rename() {
    const name = this.panel.querySelector(".chat-name");
    name.textContent = chatName(this.chat);
    this.panel.querySelector(".chat-app").textContent = this.chat.app;
    this.panel.querySelector(".empty").textContent = word(this.chat.role === "group" ? "empty_group" : "empty_phone");
    translate(this.panel);
  }

  /** Show a message that the chat has just taken, or its new form. */
  show(message, { live }) {
    const item = bubble(message, this.chat, {
      tap: (choice, button) => this.composer.tap(choice, button),
      reply: (quoted) => this.composer.reply(quoted),
      find: (number) => this.chat.messages.get(number),
    });
    this.showSide(item);
    const before = document.getElementById(item.id);
    if (before) this.replace(before, item);
    else this.append(item, message, live);
    if (live) this.refresh(); // what had happened before is finished once, by `settle`
  }

  replace(before, item) {
    // Somebody may stand on one of its buttons: the same one gets the focus again, else Reply.
    const focused = before.contains(document.activeElement) ? document.activeElement : null;
    before.replaceWith(item);
    if (!focused) return;
    const same = [...item.querySelectorAll("button")].find((button) => button.textContent === focused.textContent);
    (same ?? item.querySelector(".reply")).focus();
  }

  append(item, message, live) {
    this.list.append(item);
    if (!live) return;
    if (this.atEnd || message.from === this.chat.owner) this.scrollToEnd();
    else this.toEnd.hidden = false;
    const expects = message.reply_box && !message.choices.length && this.chat.look === "telegram";
    // Telegram then opens the reply by itself; where somebody is typing, that would tear the keyboard away.
    if (expects && !this.composer.words.value) this.composer.reply(message);
  }

  /** Everything that had happened before has been shown. */
  settle() {
    this.refresh();
    this.scrollToEnd();
  }

  /** Own things stand at the right: those of the officer whose part one plays. */
  showSide(item) {
    item.classList.toggle("mine", item.dataset.from === this.chat.owner);
  }

  /** What hangs on the chat as a whole. */
  refresh() {
    const { chat, panel } = this;
    const empty = chat.messages.size === 0;
    const unopened = empty && chat.role !== "group";
    panel.querySelector(".empty").hidden = !empty;
    const start = panel.querySelector(".start");
    if (!unopened && start === document.activeElement) {
      this.log.focus({ preventScroll: true });
      this.awaiting = true; // the bot's first question comes next
    }
    start.hidden = !unopened;
    if (!this.composer.recorder) this.composer.form.hidden = unopened || chat.left;
    this.showKeys(chat.left ? [] : chat.keys);
  }

  showKeys(choices) {
    const keys = this.panel.querySelector(".keys");
    const { activeElement } = document;
    const held = keys.contains(activeElement) || (this.awaiting && activeElement === this.log);
    const language = [...this.chat.messages.values()].at(-1)?.language ?? "";
    keys.replaceChildren(...choices.map((choice) => choiceButton(choice, language, (c, b) => this.composer.tap(c, b))));
    keys.hidden = choices.length === 0;
    // The button that was pressed is gone: one goes on with the next ones, and waits for them in the messages. Not in
    // the text field, where a phone would put its keyboard over the question.
    if (held) (keys.firstElementChild ?? this.log).focus({ preventScroll: true });
    this.awaiting = held && choices.length === 0;
  }

  showLeft() {
    const line = document.createElement("li");
    line.className = "event";
    line.dataset.word = "left";
    this.list.append(line);
    translate(this.list);
    this.refresh();
  }

  scrollToEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.atEnd = true;
    this.toEnd.hidden = true;
  }
}

/** The whole name of a chat. */
export function chatName({ role, number, place }) {
  const { text } = properName(place);
  if (role === "villager") return word("villager_number", { number });
  if (role === "headman") {
    const name = text ? word("headman_of", { place: text }) : word("headman");
    return number > 1 ? `${name} (${number})` : name;
  }
  return text ? word("group_of", { place: text }) : word("group");
}

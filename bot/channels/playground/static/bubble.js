// One message as it stands in the chat. Whatever people or the bot said becomes text nodes only, never markup.

import { drawSketch } from "./map.js";
import { scriptOf, translate, word } from "./words.js";

/** Bangkok time: the one of all three countries and of the times in the bot's own words. */
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" });

const BOT_NAME = "NTS-Mekong Watch";
const QUOTED = 90; // characters of a message that a reply shows of it

/** What of our addresses may be opened: nothing that could run in this page. */
const OPENABLE = /^(https?:|tel:)/i;

/**
 * The list item of a message.
 *   tap(choice, button)  a button of the message
 *   reply(message)       the person wants to reply to it
 *   find(number)         another message of the chat, or undefined
 */
export function bubble(message, chat, { tap, reply, find }) {
  const bot = message.from === "bot";
  const item = make("li", `message ${bot ? "bot" : "person"}`);
  item.id = `${chat.id}-${message.number}`;
  item.dataset.message = message.number;
  item.dataset.from = message.from;
  if (message.purpose) item.dataset.purpose = message.purpose;

  const body = make("div", "bubble");
  body.append(speaker(message));
  const quoted = message.reply_to && find(message.reply_to);
  if (quoted) body.append(stub(quoted, chat));
  if (message.card) body.append(card(message));
  else if (message.text) body.append(text(message));
  if (message.files.length) body.append(attachments(message.files));
  if (message.location) body.append(...position(message.location));
  if (message.sticker) body.append(sticker());
  const shut = message.links.filter((link) => !OPENABLE.test(link.url));
  body.append(...shut.map((link) => says("p", "text", `${link.label} ${link.url}`)));
  const meta = make("div", "meta");
  if (bot && message.drill) meta.append(says("span", "drill", message.drill, message.language));
  meta.append(time(message.at));
  body.append(meta);

  const frame = make("div", "frame");
  frame.append(body);
  const buttons = under(message, chat, tap);
  if (buttons) frame.append(buttons);
  item.append(frame, replyButton(message, reply));
  if (message.card) {
    // A convenience of the mouse; keyboard and screen reader have the Reply button.
    body.addEventListener("click", (event) => {
      if (!event.target.closest("a, button, audio, video") && getSelection().isCollapsed) reply(message);
    });
  }
  translate(item);
  return item;
}

/** A message in one short line, for quotes. */
export function inShort(message) {
  const words = message.card?.title || message.text || kindsOf(message);
  return words.length > QUOTED ? `${words.slice(0, QUOTED)}…` : words;
}

function kindsOf(message) {
  if (message.location) return word("place");
  if (message.sticker) return word("sticker");
  return message.files.map((file) => word(file.kind)).join(", ");
}

function speaker(message) {
  const bot = message.from === "bot";
  const name = make("p", "speaker");
  name.textContent = bot ? BOT_NAME : message.from;
  if (message.from === "me") {
    name.dataset.word = "you";
    name.classList.add("unseen");
  }
  return name;
}

function stub(quoted, chat) {
  const button = make("button", "stub");
  button.type = "button";
  button.append(says("span", "", inShort(quoted), quoted.language));
  button.addEventListener("click", () => {
    const original = document.getElementById(`${chat.id}-${quoted.number}`);
    original?.scrollIntoView({ block: "center" });
    original?.querySelector(".reply")?.focus({ preventScroll: true });
  });
  return button;
}

function card({ card: { title, urgent, rows, footer }, language }) {
  const box = make("div", urgent ? "card urgent" : "card");
  box.append(says("h4", "card-title", title, language));
  const facts = make("div", "card-rows");
  for (const [label, value] of rows) {
    const row = make("p", "card-row");
    if (label) row.append(says("span", "card-label", `${label}:`, language), " ");
    row.append(says("span", "card-value", value, scriptOf(value) || language));
    facts.append(row);
  }
  box.append(facts, ...footer.map((line) => says("p", "card-foot", line, language)));
  return box;
}

/**
 * The words of a message: the bot's paragraphs apart, and lines in another script (as in the question for the language)
 * marked as what they are.
 */
function text({ text: words, language, from }) {
  const whole = says("p", "text", "", language || scriptOf(words));
  const paragraphs = from === "bot" ? words.split(/\n{2,}/) : [words];
  const mixed = language && words.split("\n").some((line) => ![language, ""].includes(scriptOf(line)));
  for (const paragraph of paragraphs) {
    const block = whole.appendChild(make("span", "paragraph"));
    if (mixed) block.append(...markedLines(paragraph));
    else block.textContent = paragraph;
  }
  return whole;
}

function markedLines(paragraph) {
  return paragraph.split("\n").flatMap((line, index) => {
    // A line without a Thai, Lao or Khmer letter among others with them is English, if it has letters at all.
    const language = scriptOf(line) || (/[a-z]/i.test(line) ? "en" : "");
    return [index ? "\n" : "", says("span", "", line, language)];
  });
}

/** Several pictures stand side by side, as an album does. */
function attachments(files) {
  const shown = files.filter((file) => file.url && file.kind === "photo").length;
  const box = make("div", shown > 1 ? "files album" : "files");
  box.append(...files.map(attachment));
  return box;
}

function attachment({ kind, url }) {
  if (!url) {
    const kept = make("p", "kept");
    kept.append(marked("span", kind), " – ", marked("span", "no_preview"));
    return kept;
  }
  if (kind === "photo") {
    const link = outward("photo", url);
    const picture = make("img", "");
    picture.src = url;
    picture.alt = word("photo");
    picture.loading = "lazy";
    link.append(picture);
    return link;
  }
  if (kind === "video" || kind === "voice") {
    const player = make(kind === "video" ? "video" : "audio", kind);
    player.src = url;
    player.controls = true;
    player.preload = "metadata";
    player.dataset.wordLabel = kind;
    return player;
  }
  const link = outward("file", url);
  link.append(marked("span", "file"));
  return link;
}

function position([latitude, longitude]) {
  const sketch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  sketch.classList.add("sketch");
  sketch.setAttribute("aria-hidden", "true");
  drawSketch(sketch, latitude, longitude);
  const words = make("p", "text place");
  words.append(marked("span", "place"), ` ${latitude.toFixed(5)}, ${longitude.toFixed(5)}`);
  return [sketch, words];
}

function sticker() {
  const box = make("p", "sticker");
  box.append(icon("sticker"), marked("span", "sticker", "unseen"));
  return box;
}

/** Buttons and links of a message; null if there are none. */
function under(message, chat, tap) {
  const choices = chat.atMessage(message);
  const links = message.links.filter((link) => OPENABLE.test(link.url));
  if (!choices.length && !links.length) return null;
  const box = make("div", "buttons-under");
  box.append(...choices.map((choice) => choiceButton(choice, message.language, tap)));
  for (const { label, url } of links) {
    const link = outward("key outward wide", url);
    link.append(says("span", "", label, message.language));
    box.append(link);
  }
  return box;
}

/** A button of the bot, in a message or at the end of the chat. */
export function choiceButton(choice, language, tap) {
  const button = make("button", "key");
  button.type = "button";
  button.dataset.value = choice.value;
  if (choice.asks) button.dataset.asks = choice.asks;
  // Two short labels fit beside each other on a narrow phone; so Telegram lays them out too.
  if (choice.wide || [...choice.label].length > 16) button.classList.add("wide");
  button.append(says("span", "", choice.label, scriptOf(choice.label) || language));
  button.addEventListener("click", () => tap(choice, button));
  return button;
}

function replyButton(message, reply) {
  const button = make("button", "reply round");
  button.type = "button";
  button.dataset.wordLabel = "reply";
  button.append(icon("reply"));
  button.addEventListener("click", () => reply(message));
  return button;
}

function time(at) {
  const stamp = make("time", "");
  stamp.dateTime = at;
  stamp.textContent = CLOCK.format(new Date(at));
  return stamp;
}

/** A link that opens apart and tells the other side nothing of this page. */
function outward(look, url) {
  const link = make("a", look);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

/** An element with somebody's words, in their language as far as it is known. */
export function says(tag, look, text, language = "") {
  const element = make(tag, look);
  element.textContent = text;
  const known = language || scriptOf(text);
  if (known) element.lang = known;
  element.dir = "auto";
  return element;
}

function marked(tag, key, look = "") {
  const element = make(tag, look);
  element.dataset.word = key;
  return element;
}

export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.classList.add("icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  drawing.append(use);
  return drawing;
}

function make(tag, look) {
  const element = document.createElement(tag);
  if (look) element.className = look;
  return element;
}

// Where the chats stand: phones and groups side by side, or all in one where the page is narrow.

import { properName, word } from "./words.js";

const WIDE = matchMedia("(min-width: 900px)");

/** Two rows of tabs with their chats, or one. */
export class Panes {
  constructor() {
    this.left = new Pane(document.getElementById("pane-phones"));
    this.right = new Pane(document.getElementById("pane-groups"));
    this.views = new Map();
    this.arrange();
    WIDE.addEventListener("change", () => this.arrange());
  }

  add(view) {
    this.views.set(view.chat.id, view);
    view.tab = makeTab(view.chat);
    view.tab.addEventListener("click", () => this.select(view));
    this.arrange();
  }

  /** Show a chat, and give its tab the focus if wanted. */
  select(view, { focus = false } = {}) {
    this.paneOf(view).select(view);
    if (focus) view.tab.focus();
  }

  clear() {
    for (const view of this.views.values()) view.composer.recorder?.cancel(); // the microphone must not run on unseen
    this.views.clear();
    this.left.selected = this.right.selected = null;
    this.arrange();
  }

  paneOf(view) {
    return WIDE.matches && view.chat.role === "group" ? this.right : this.left;
  }

  /** Phones before groups, each in the order in which they came. */
  arrange() {
    const views = [...this.views.values()];
    const groups = views.filter((view) => view.chat.role === "group");
    const phones = views.filter((view) => view.chat.role !== "group");
    document.body.classList.toggle("one-pane", !WIDE.matches);
    this.left.fill(WIDE.matches ? phones : [...phones, ...groups]);
    this.right.fill(WIDE.matches ? groups : []);
    this.left.list.dataset.wordLabel = WIDE.matches ? "phones" : "chats";
    this.left.list.setAttribute("aria-label", word(this.left.list.dataset.wordLabel));
  }

  rename() {
    for (const view of this.views.values()) nameTab(view.tab, view.chat);
  }

  /** Something has come into a chat: mark it if nobody sees it. */
  news(view) {
    if (this.paneOf(view).selected === view) return;
    view.chat.unread += 1;
    nameTab(view.tab, view.chat);
  }
}

class Pane {
  constructor(section) {
    this.list = section.querySelector("[role=tablist]");
    this.panels = section.querySelector(".panels");
    this.views = [];
    this.selected = null;
    this.list.addEventListener("keydown", (event) => this.key(event));
  }

  fill(views) {
    this.views = views;
    keepChildren(this.list, views.map((view) => view.tab));
    keepChildren(this.panels, views.map((view) => view.panel));
    if (views.length) this.select(views.includes(this.selected) ? this.selected : views[0]);
    else this.selected = null;
  }

  select(view) {
    this.selected = view;
    for (const other of this.views) {
      const chosen = other === view;
      other.tab.setAttribute("aria-selected", String(chosen));
      other.tab.tabIndex = chosen ? 0 : -1;
      other.panel.hidden = !chosen;
    }
    view.chat.unread = 0;
    nameTab(view.tab, view.chat);
    view.tab.scrollIntoView({ block: "nearest" });
    if (view.atEnd) view.scrollToEnd(); // nothing can be scrolled while it is hidden
  }

  /** Arrow keys go from tab to tab and show it; Home and End go to the first and last. */
  key(event) {
    const now = this.views.indexOf(this.selected);
    const count = this.views.length;
    const [after, before] = [now + 1, now - 1];
    const keys = { ArrowRight: after, ArrowDown: after, ArrowLeft: before, ArrowUp: before, Home: 0, End: count - 1 };
    const next = keys[event.key];
    if (next === undefined || !count) return;
    event.preventDefault();
    this.select(this.views[(next + count) % count]);
    this.selected.tab.focus();
  }
}

/** Children in this order; what already stands right is not moved, for moving takes focus and playing sound away. */
function keepChildren(parent, wanted) {
  for (const child of [...parent.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

function makeTab(chat) {
  const tab = document.createElement("button");
  tab.type = "button";
  tab.id = `tab-${chat.id}`;
  tab.className = "tab";
  tab.dataset.chat = chat.id;
  tab.dataset.look = chat.look;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", `panel-${chat.id}`);
  for (const part of ["tab-name", "tab-more", "badge"]) {
    const span = document.createElement("span");
    span.className = part;
    tab.append(span, " ");
  }
  nameTab(tab, chat);
  return tab;
}

function nameTab(tab, chat) {
  const place = properName(chat.place);
  const [name, more, badge] = tab.children;
  name.textContent = chat.role === "villager" ? word("villager_number", { number: chat.number }) : word(chat.role);
  if (chat.role === "headman" && chat.number > 1) name.textContent += ` ${chat.number}`;
  more.textContent = place.text || chat.app;
  more.lang = place.script || "en";
  badge.hidden = !chat.unread;
  badge.textContent = chat.unread ? String(chat.unread) : "";
  const whole = [name.textContent, place.text, chat.app, chat.unread ? word("unread", { count: chat.unread }) : ""];
  tab.setAttribute("aria-label", whole.filter(Boolean).join(", "));
  tab.title = whole.slice(0, 3).filter(Boolean).join(", ");
}

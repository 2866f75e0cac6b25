// Joins the parts: what comes over the stream goes into the chats and from there onto the page.

import { ChatView } from "./chatview.js";
import { Chat } from "./chats.js";
import { askPhone, askStartOver } from "./dialogs.js";
import { loadMap } from "./map.js";
import { Panes } from "./panes.js";
import { follow } from "./stream.js";
import { preferredLanguage, remember, remembered, speak, word } from "./words.js";

const HINT_SEEN = "playground-hint-seen";

const panes = new Panes();
const connection = document.getElementById("connection");
let wanted = ""; // a chat that somebody has just added and wants to see

const takers = {
  chat(entry) {
    const view = new ChatView(new Chat(entry));
    panes.add(view);
    if (entry.chat === wanted) showWanted();
  },
  message: (entry, live) => take(entry, live),
  edit: (entry, live) => take(entry, live),
  left({ chat }) {
    const view = panes.views.get(chat);
    if (!view) return;
    view.chat.left = true;
    view.showLeft();
  },
};

function take(entry, live) {
  const view = panes.views.get(entry.chat);
  if (!view) return;
  const news = entry.is === "message" && entry.from === "bot";
  view.show(view.chat.take(entry), { live });
  if (live && news) panes.news(view);
  if (live && !news) document.body.classList.add("begun");
}

/** Show the page once all that had happened before is on it; after a lost connection it is there already. */
function settle() {
  if (document.body.classList.contains("ready")) return;
  for (const view of panes.views.values()) view.settle();
  document.body.classList.add("ready");
  for (const view of panes.views.values()) view.scrollToEnd();
}

function showWanted() {
  const view = panes.views.get(wanted);
  if (!view) return;
  wanted = "";
  panes.select(view, { focus: true });
}

async function changeLanguage(select) {
  try {
    await speak(select.value, { remember: true });
  } catch {
    select.value = document.documentElement.lang; // the connection line says why nothing happens
    return;
  }
  rename();
}

function rename() {
  panes.rename();
  for (const view of panes.views.values()) view.rename();
}

function showHint() {
  const hint = document.getElementById("hint");
  hint.hidden = remembered(HINT_SEEN) === "yes";
  hint.querySelector("button").addEventListener("click", () => {
    hint.hidden = true;
    remember(HINT_SEEN, "yes");
    document.querySelector("[role=tab][aria-selected=true]")?.focus();
  });
}

/** Without words there is no page: try until the server answers. */
async function firstWords() {
  try {
    await speak(preferredLanguage());
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await firstWords();
  }
}

async function start() {
  const select = document.getElementById("page-language");
  await firstWords();
  select.value = document.documentElement.lang;
  select.addEventListener("change", () => changeLanguage(select));
  document.getElementById("start-over").addEventListener("click", askStartOver);
  document.getElementById("add-phone").addEventListener("click", async () => {
    wanted = await askPhone();
    showWanted();
  });
  showHint();
  const slow = setTimeout(() => (connection.textContent = word("connecting")), 1000);
  loadMap().catch(() => console.info("the map comes later")); // asked for again when it is needed
  follow({
    entry: (entry, live) => takers[entry.is]?.(entry, live),
    wiped() {
      panes.clear();
      document.getElementById("dialog-place").close(""); // nothing of before goes into the new practice
      document.body.classList.remove("begun");
    },
    caughtUp: settle,
    connected(yes) {
      clearTimeout(slow);
      connection.textContent = yes ? "" : word("lost");
      connection.classList.toggle("lost", !yes);
    },
  });
}

start();

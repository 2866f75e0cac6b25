// What the page's user does, posted to the server. What comes of it returns over the stream.

import { word } from "./words.js";

/** Bytes of one file that the server takes, as the bot does on LINE and Telegram. */
const LARGEST = 20 * 1024 * 1024;

/** The server did not take it; the message is a line for the person. */
export class Refused extends Error {}

/** A text, tap, location, sticker or start in a chat. */
export function act(doing) {
  return post("/api/act", JSON.stringify(doing), "application/json");
}

/** Photos, videos, sound or other files; several pictures go as one album. */
export async function sendFiles(chat, files, { as = "", caption = "" } = {}) {
  const album = files.length > 1 ? `${Date.now()}-${Math.random().toString(36).slice(2)}` : "";
  for (const [index, file] of files.entries()) {
    const about = new URLSearchParams({ chat, kind: kindOf(file) });
    if (album) about.set("album", album);
    if (album) about.set("of", String(files.length));
    if (as) about.set("as", as);
    if (caption && index === 0) about.set("caption", caption);
    // The platforms do not hand out what is too big either; what the bot says to that is its own affair.
    const tooBig = file.size > LARGEST;
    if (tooBig) about.set("too_big", "1");
    await post(`/api/media?${about}`, tooBig ? "" : file, file.type || "application/octet-stream");
  }
}

/** A new phone; gives its chat. */
export async function addPhone(phone) {
  const answer = await post("/api/chats", JSON.stringify(phone), "application/json");
  return (await answer.json()).chat;
}

export function startOver() {
  return post("/api/start-over", "", "application/json");
}

function kindOf(file) {
  const family = file.type.split("/")[0];
  return { image: "photo", video: "video", audio: "voice" }[family] ?? "file";
}

async function post(address, body, type) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, headers: { "Content-Type": type, "X-Playground": "1" } });
  } catch {
    throw new Refused(word("offline"));
  }
  if (answer.ok) return answer;
  if (answer.status === 413) throw new Refused(word("too_large"));
  throw new Refused(word("refused", { reason: await reasonOf(answer) }));
}

async function reasonOf(answer) {
  try {
    const told = await answer.json();
    return told.word ? word(told.word) : String(told.reason || answer.status);
  } catch {
    return String(answer.status); // an error page of something between us and the server
  }
}

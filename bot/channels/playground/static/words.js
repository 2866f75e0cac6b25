// The page's own words in the chosen language. Elements say which word they show by attributes, so that a change of
// language only has to walk over the page:
//   data-word        the element's text
//   data-word-label  its accessible name and tooltip
//   data-word-hint   its placeholder

export const LANGUAGES = ["th", "lo", "km", "en"];

/** Scripts in which a name may be known, by the reader's language: as the bot's own messages choose them. */
const NAME_ORDER = { th: ["th", "en"], lo: ["lo", "th", "en"], km: ["km", "en", "th"], en: ["en", "th"] };

const KEPT = "playground-language";

let words = {};
let language = "en";

/** The word of a key with its {places} filled. */
export function word(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, place) => String(values[place] ?? whole));
}

export function pageLanguage() {
  return language;
}

/** A proper name in the script that the reader knows best; `script` tells which one that is. */
export function properName(names) {
  if (!names) return { text: "", script: "" };
  const script = [...NAME_ORDER[language], "lo", "km"].find((known) => names[known]) ?? "";
  return { text: names[script] ?? "", script };
}

/** The language of words that nobody has labelled, told by their script; "" when letters do not tell. */
export function scriptOf(text) {
  const letter = /[\u0e00-\u0eff\u1780-\u17ff]/.exec(text)?.[0];
  if (!letter) return "";
  return letter >= "\u1780" ? "km" : letter >= "\u0e80" ? "lo" : "th";
}

/** What was chosen last time, else the first language of the browser that there is. */
export function preferredLanguage() {
  const wanted = [remembered(KEPT), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
  return wanted.find((tag) => LANGUAGES.includes(tag)) ?? "en";
}

/** Fetch the words of a language and show them; rejects, and changes nothing, when the server does not answer. */
export async function speak(wanted, { remember: keep = false } = {}) {
  const answer = await fetch(`/api/words?lang=${wanted}`);
  if (!answer.ok) throw new Error(`words: ${answer.status}`);
  ({ words } = await answer.json());
  language = wanted;
  if (keep) remember(KEPT, language);
  document.documentElement.lang = language;
  document.title = word("title");
  translate(document);
}

/** Put the words of the current language on all marked elements under `root`. */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of root.querySelectorAll("[data-word-label]")) {
    element.setAttribute("aria-label", word(element.dataset.wordLabel));
    if (element.matches("button")) element.title = word(element.dataset.wordLabel);
  }
  for (const element of root.querySelectorAll("[data-word-hint]")) element.placeholder = word(element.dataset.wordHint);
}

/** Something kept in this browser; "" when there is nothing, or when the browser keeps nothing for us. */
export function remembered(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Keep something in this browser. A browser that refuses only forgets it at the next visit. */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    console.info("this browser keeps no settings");
  }
}

// The dialog in which one chooses a place: by a click, the arrow keys, a list of names, or by typing numbers.

import { ask } from "./dialogs.js";
import { described, drawDistrict, drawMark, loadMap } from "./map.js";
import { properName, word } from "./words.js";

const STEP = 8; // pixels that an arrow key moves the mark; five times as much with Shift
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** Ask for a place, beginning in a district (code, or "" for the first); null if the person gave up. */
export async function choosePlace(centre) {
  const chooser = new Chooser(document.getElementById("dialog-place"));
  return (await chooser.ask(centre)) ? chooser.chosen : null;
}

class Chooser {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.svg = dialog.querySelector("#map");
    this.status = dialog.querySelector("#place-chosen");
    this.fields = this.form.elements;
    this.chosen = null;
    this.ended = new AbortController(); // takes all our listeners off the dialog
  }

  async ask(centre) {
    this.districts = await loadMap().catch(() => []);
    this.fill(centre);
    this.listen();
    try {
      return await ask(this.dialog, {
        shown: () => this.draw(),
        check: () => this.fault(),
      });
    } finally {
      this.ended.abort();
    }
  }

  fill(centre) {
    const { district, position } = this.fields;
    district.replaceChildren(...this.districts.map(({ code, name }) => option(code, name)));
    if (this.districts.some(({ code }) => code === centre)) district.value = centre;
    position.value = "";
    this.status.textContent = "";
    this.fillNames();
  }

  fillNames() {
    const points = this.district?.points ?? [];
    const names = points.map((point, index) => option(String(index), point.name));
    names.sort((a, b) => a.textContent.localeCompare(b.textContent));
    this.fields.named.replaceChildren(new Option(word("choose"), ""), ...names);
  }

  get district() {
    return this.districts.find(({ code }) => code === this.fields.district.value);
  }

  listen() {
    const options = { signal: this.ended.signal };
    const { district, named, position } = this.fields;
    district.addEventListener("change", () => (this.fillNames(), this.draw()), options);
    named.addEventListener("change", () => named.value && this.choose(this.district.points[named.value]), options);
    position.addEventListener("input", () => this.typed(), options);
    this.svg.addEventListener("click", (event) => this.clicked(event), options);
    this.svg.addEventListener("keydown", (event) => this.moved(event), options);
    addEventListener("resize", () => this.draw(), options);
  }

  draw() {
    if (!this.district) return;
    this.projection = drawDistrict(this.svg, this.district);
    drawMark(this.svg, this.projection, this.chosen);
  }

  choose({ lat, lon }, { typed = false } = {}) {
    this.chosen = { lat: Number(lat.toFixed(5)), lon: Number(lon.toFixed(5)) };
    if (this.projection) drawMark(this.svg, this.projection, this.chosen);
    if (!typed) this.fields.position.value = `${this.chosen.lat}, ${this.chosen.lon}`;
    this.status.textContent = described(this.chosen);
    this.form.querySelector(".refusal").textContent = "";
  }

  typed() {
    const position = parsePosition(this.fields.position.value);
    if (position) this.choose(position, { typed: true });
    else this.forget();
  }

  forget() {
    this.chosen = null;
    this.status.textContent = "";
    if (this.projection) drawMark(this.svg, this.projection, null);
  }

  clicked(event) {
    const { left, top } = this.svg.getBoundingClientRect();
    if (this.projection) this.choose(this.projection.toPosition(event.clientX - left, event.clientY - top));
  }

  moved(event) {
    const direction = ARROWS[event.key];
    if (!direction || !this.projection) return;
    event.preventDefault();
    const { middle } = this.projection;
    const from = this.projection.toPixels(this.chosen ?? middle);
    const far = this.chosen ? STEP * (event.shiftKey ? 5 : 1) : 0; // the first press only puts the mark down
    this.choose(this.projection.toPosition(from.x + direction[0] * far, from.y + direction[1] * far));
  }

  fault() {
    if (this.chosen) return "";
    return word(this.fields.position.value.trim() ? "bad_position" : "no_place");
  }
}

/** "15.31, 105.50", also with degree signs or without the comma; null if that is no position. */
export function parsePosition(typed) {
  const numbers = typed.replace(/[°]/g, " ").trim().split(/\s*[,;\s]\s*/).map(Number);
  if (numbers.length !== 2 || numbers.some((number) => !Number.isFinite(number))) return null;
  const [lat, lon] = numbers;
  return typed.trim() && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

function option(value, names) {
  const { text, script } = properName(names);
  const made = new Option(text, value);
  if (script) made.lang = script;
  return made;
}

// A small map without outside tiles: district shapes where they are imported, else the known points and their names.

import { properName, word } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const KM_PER_DEGREE = 111.2; // of latitude, and of longitude at the equator
const NEAR_KM = 25; // farther away, no name says anything about a position

let districts = [];
let fetched = null;

/** The districts with their points; asked for once. Rejects when the server does not answer, and then asks anew. */
export function loadMap() {
  fetched ??= fetch("/api/map")
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`map: ${answer.status}`))))
    .then((found) => (districts = found))
    .catch((error) => {
      fetched = null;
      throw error;
    });
  return fetched;
}

/** Distance in kilometres, flat: right enough within a district. */
export function kilometres(a, b) {
  const east = (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(a.lat - b.lat, east) * KM_PER_DEGREE;
}

/** The name of the known point nearest to a position; "" when none is near. */
export function nearestName(position) {
  let best = null;
  let least = NEAR_KM;
  for (const point of districts.flatMap((district) => district.points)) {
    const away = kilometres(position, point);
    if (away < least) [best, least] = [point, away];
  }
  return best ? properName(best.name).text : "";
}

/** A flat map of a box [south, west, north, east] that fills `width` × `height` pixels without distortion. */
export class Projection {
  constructor([south, west, north, east], width, height) {
    this.narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
    this.scale = Math.min(width / ((east - west) * this.narrowing), height / (north - south)); // pixels per degree
    this.middle = { lat: (south + north) / 2, lon: (west + east) / 2 };
    Object.assign(this, { width, height });
  }

  toPixels({ lat, lon }) {
    return {
      x: this.width / 2 + (lon - this.middle.lon) * this.narrowing * this.scale,
      y: this.height / 2 - (lat - this.middle.lat) * this.scale,
    };
  }

  toPosition(x, y) {
    return {
      lat: this.middle.lat - (y - this.height / 2) / this.scale,
      lon: this.middle.lon + (x - this.width / 2) / (this.narrowing * this.scale),
    };
  }

  holds({ x, y }) {
    return x >= 0 && y >= 0 && x <= this.width && y <= this.height;
  }
}

/** Draw a district with its surroundings; gives the projection, for clicks and the mark. */
export function drawDistrict(svg, district) {
  const { width, height } = svg.getBoundingClientRect();
  const [south, west, north, east] = district.box;
  const rim = Math.max(north - south, east - west) * 0.02;
  const projection = new Projection([south - rim, west - rim, north + rim, east + rim], width, height);
  begin(svg, width, height);
  drawShapes(svg, projection);
  drawAcross(svg, projection, district);
  drawPoints(svg, projection, district.code);
  drawScale(svg, projection);
  return projection;
}

/** A position with what is around it, as a small picture in a message. Drawn once the map is there. */
export function drawSketch(svg, lat, lon) {
  const [width, height, reach] = [220, 110, 0.06];
  begin(svg, width, height);
  loadMap().then(() => {
    const projection = new Projection([lat - reach, lon - reach, lat + reach, lon + reach], width, height);
    drawShapes(svg, projection);
    drawPoints(svg, projection, "");
    drawMark(svg, projection, { lat, lon });
  }, () => drawMark(svg, new Projection([lat - 1, lon - 1, lat + 1, lon + 1], width, height), { lat, lon }));
}

/** Put the mark on a position, or take it away. */
export function drawMark(svg, projection, position) {
  svg.querySelector(".mark")?.remove();
  if (!position) return;
  const { x, y } = projection.toPixels(position);
  const mark = add(svg, "g", { class: "mark", transform: `translate(${round(x)} ${round(y)})` });
  add(mark, "path", { d: "M0 0c-6-8-10-12-10-18a10 10 0 0 1 20 0c0 6-4 10-10 18z" });
  add(mark, "circle", { cy: -18, r: 3.5 });
}

function begin(svg, width, height) {
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${round(width)} ${round(height)}`);
}

function drawShapes(svg, projection) {
  for (const { shape } of districts) {
    const corner = ([lat, lon]) => pair(projection.toPixels({ lat, lon }));
    const path = shape.map((ring) => `M${ring.map(corner).join("L")}Z`);
    if (path.length) add(svg, "path", { class: "shape", d: path.join(""), "fill-rule": "evenodd" });
  }
}

function drawPoints(svg, projection, code) {
  const here = districts.find((district) => district.code === code);
  // The district's own names come first, so that they find room.
  const points = [...(here?.points ?? uniquePoints())].sort((a, b) => rank(a) - rank(b));
  const placed = points.map((point) => ({ point, at: projection.toPixels(point) }));
  const drawn = placed.filter(({ at }) => projection.holds(at));
  const taken = drawn.map(({ at: { x, y } }) => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  const { width, height } = projection;
  taken.push({ left: 0, right: width / 3 + 16, top: height - 30, bottom: height }); // the scale
  for (const { point, at } of drawn) {
    const look = `${point.kind}${point.own ? " own" : ""}`;
    const r = point.kind === "district" ? 5 : 3.5;
    add(svg, "circle", { class: `point ${look}`, cx: round(at.x), cy: round(at.y), r });
    label(svg, projection, at, point, look, taken);
  }
}

function uniquePoints() {
  const known = new Map(districts.flatMap((d) => d.points).map((point) => [`${point.lat},${point.lon}`, point]));
  return [...known.values()];
}

function rank(point) {
  return (point.own ? 0 : 2) + (point.kind === "district" ? 0 : 1);
}

/** A name beside its point where it hides no other name; without room, the point stays alone. */
function label(svg, projection, at, point, look, taken) {
  const { text, script } = properName(point.name);
  const name = add(svg, "text", { class: `name ${look}`, lang: script });
  name.textContent = text;
  const size = { width: name.getComputedTextLength() || text.length * 7, height: 15 };
  const places = [
    { x: at.x + 7, y: at.y + 4 },
    { x: at.x - 7 - size.width, y: at.y + 4 },
    { x: at.x - size.width / 2, y: at.y - 9 },
    { x: at.x - size.width / 2, y: at.y + 19 },
  ];
  for (const { x, y } of places) {
    const box = { left: x - 1, right: x + size.width + 1, top: y - size.height, bottom: y + 4 };
    const inside = box.left >= 0 && box.right <= projection.width && box.top >= 0 && box.bottom <= projection.height;
    if (!inside || taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    name.setAttribute("x", round(x));
    name.setAttribute("y", round(y));
    return;
  }
  name.remove();
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Which country lies beyond: both demo districts have it in the east. */
function drawAcross(svg, projection, { across }) {
  if (!across) return;
  const name = add(svg, "text", { class: "across", x: projection.width - 12, y: projection.height / 2 });
  name.textContent = `${word(`country_${across}`)} →`;
}

function drawScale(svg, projection) {
  const perKm = projection.scale / KM_PER_DEGREE;
  const km = [50, 20, 10, 5, 2, 1].find((length) => length * perKm <= projection.width / 3) ?? 1;
  const y = projection.height - 10;
  add(svg, "path", { class: "scale", d: `M10 ${y - 5}v5h${round(km * perKm)}v-5` });
  add(svg, "text", { class: "name", x: 14, y: y - 6 }).textContent = `${km} km`;
}

function add(parent, tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);
  return element;
}

function pair({ x, y }) {
  return `${round(x)} ${round(y)}`;
}

function round(number) {
  return Math.round(number * 10) / 10;
}

/** A position for people: "15.31850, 105.50080, near Khong Chiam". */
export function described(position) {
  const name = nearestName(position);
  const numbers = `${position.lat.toFixed(5)}, ${position.lon.toFixed(5)}`;
  return name ? `${numbers}, ${word("near", { place: name })}` : numbers;
}

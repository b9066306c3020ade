// What of the earth is shown: the view, the insets, and labels that do not overlap.

// ---- View, insets, labels ---------------------------------------------------------------------------------

// A page that is still hidden (a closed tab, an iframe not shown yet) has no size; Leaflet's view would be lost.
const hidden = () => Math.min(map.getSize().x, map.getSize().y) < 60;

function fit() {
  if (!hidden()) map.fitBounds(data.view, { padding: [10, 10], animate: false });
}

// Which shape lies at a point of the frame: "r…", "c…" or null for the sea. Remembered by cells of 6 pixels.
const areas = [...shapes].filter(([id]) => id !== "lines");
let seen = new Map();
function shapeAt(x, y) {
  const key = `${Math.round(x / 6)},${Math.round(y / 6)}`;
  if (!seen.has(key)) {
    const { x: layerX, y: layerY } = map.containerPointToLayerPoint([x, y]);
    const spot = leaders.createSVGPoint();
    [spot.x, spot.y] = [layerX, layerY];
    const place = map.containerPointToLatLng([x, y]);
    // The box of a shape is asked first: asking its outline takes much longer.
    const holds = ([id, shape]) => shape.getBounds().contains(place) && pathOf(id).isPointInFill(spot);
    seen.set(key, areas.find(holds)?.[0] ?? null);
  }
  return seen.get(key);
}

function samples({ x, y, width, height }) {
  const across = [0.03, 0.27, 0.5, 0.73, 0.97];
  return [0.1, 0.5, 0.9].flatMap((down) => across.map((part) => shapeAt(x + part * width, y + down * height)));
}

// An inset is drawn in pixels of its own, so that hatching is as dense as on the map.
function buildInsets() {
  for (const { county, box } of data.insets) {
    const picture = draw("svg", { role: "img", focusable: "false", viewBox: "0 0 90 54" });
    element("insets").append(make("figure", { "data-county": county }, picture, make("figcaption")));
    const [[south, west], [north, east]] = box;
    const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
    const scale = Math.min(82 / ((east - west) * squeeze), 46 / (north - south));
    const [left, top] = [45 - ((east - west) * squeeze * scale) / 2, 27 - ((north - south) * scale) / 2];
    const project = ([lon, lat]) =>
      `${(left + (lon - west) * squeeze * scale).toFixed(1)} ${(top + (north - lat) * scale).toFixed(1)}`;
    for (const [id, shape] of shapes) {
      if (id === "lines" || !shape.getBounds().intersects(box)) continue;
      const d = shape.feature.geometry.coordinates.flat().map((ring) => `M${ring.map(project).join("L")}Z`).join("");
      picture.append(draw("path", { d, "data-shape": id, class: "inset-shape" }));
    }
  }
}

function showInsets() {
  for (const figure of element("insets").children) {
    const county = Number(figure.dataset.county);
    const region = data.members.findIndex((members) => members.includes(county));
    const title = named(data.counties[county]);
    const sentence = region < 0 ? outsideSentence(county) : `${isolated(title)} · ${regionSentence(region)}`;
    figure.querySelector("figcaption").replaceChildren(name(title));
    figure.querySelector("svg").setAttribute("aria-label", sentence);
    for (const path of figure.querySelectorAll("path"))
      path.setAttribute("fill", pathOf(path.dataset.shape).getAttribute("fill"));
  }
}

// Insets stand in the corner where they hide the least land.
function placeInsets() {
  const box = element("insets");
  const frame = map.getSize();
  const corner = (right, bottom) => {
    const [width, height] = [box.offsetWidth, box.offsetHeight];
    const at = { x: right ? frame.x - width - 8 : 8, y: bottom ? frame.y - height - 8 : 8, width, height };
    return { ...at, land: samples(at).filter(Boolean).length };
  };
  const best = [corner(0, 0), corner(0, 1), corner(1, 1)].reduce((a, b) => (b.land < a.land ? b : a));
  box.style.left = `${best.x}px`;
  box.style.top = `${best.y}px`;
}

const leaders = draw("svg", { class: "leaders", "aria-hidden": "true", focusable: "false" });
const labels = regions.map((region) => make("div", { class: "label", "aria-hidden": "true", "data-label": region }));
map.getPane("labels").append(leaders, ...labels);

function labelled(value) {
  const percent = metricOf(state.metric).units[state.language].name === "%" && value !== null;
  return percent ? `${bare(state.metric, value)}%` : bare(state.metric, value);
}

function showLabels() {
  for (const region of regions) {
    labels[region].replaceChildren(name(named(data.regions[region])), make("span", {}, widest(region)));
    shrink(labels[region]);
  }
  showValues();
}

function widest(region) {
  return labelled(valueOf(region));
}

// Only the numbers: a label keeps its place and its width.
function showValues() {
  for (const region of regions) labels[region].lastChild.textContent = labelled(valueOf(region));
}

// A box whose text was wrapped stays as wide as it may be; here it is made as wide as its longest line.
function shrink(label) {
  label.style.width = "";
  const { paddingLeft, paddingRight } = getComputedStyle(label);
  const longest = Math.max(0, ...[...label.children].flatMap(textWidths));
  label.style.width = `${Math.ceil(longest + parseFloat(paddingLeft) + parseFloat(paddingRight)) + 1}px`;
}

function textWidths(part) {
  const range = document.createRange();
  range.selectNodeContents(part.firstChild);
  return [...range.getClientRects()].map((line) => line.width);
}

const meets = (a, b, gap) =>
  a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;

function boxIn(frame, part) {
  const box = part.getBoundingClientRect();
  return { x: box.x - frame.x, y: box.y - frame.y, width: box.width, height: box.height };
}

// Places to try for a label: on its point, then on rings around it. Many regions would tie their leader lines in
// knots, so there a label stays near or is left out.
const RINGS = regions.length > 12 ? [0, 10] : [0, 20, 36, 54, 74, 96, 120, 150];
const STEPS = RINGS.flatMap((distance) =>
  [...Array(distance ? 16 : 1)].map((_, turn) => ({ distance, angle: (turn * Math.PI) / 8 })),
);

function bestPlace(region, taken) {
  const anchor = map.latLngToContainerPoint(data.labels[region]);
  const size = map.getSize();
  const [width, height] = [labels[region].offsetWidth, labels[region].offsetHeight];
  let best = null;
  for (const { distance, angle } of STEPS) {
    const x = anchor.x + Math.cos(angle) * (distance && distance + width / 3) - width / 2;
    const y = anchor.y + Math.sin(angle) * (distance && distance + height / 3) - height / 2;
    const box = { x, y, width, height };
    const out = x < 2 || y < 2 || x + width > size.x - 2 || y + height > size.y - 2;
    if (out || taken.some((other) => meets(box, other, 3))) continue;
    const under = samples(box);
    const own = under.filter((id) => id === `r${region}`).length;
    const sea = under.filter((id) => id === null).length;
    const line = along(anchor, { x: x + width / 2, y: y + height / 2 });
    const crossed = line.filter((id) => id && id !== `r${region}`).length;
    // Best lies fully inside its region; else in the sea; covering or crossing other regions is worst.
    const foreign = under.length - own - sea + crossed;
    if (regions.length > 12 && foreign > 4) continue;
    const cost = own === under.length ? 0 : 1 + own * 0.6 + foreign * 1.6 + distance * 0.045;
    if (best === null || cost < best.cost) best = { ...box, cost, anchor };
  }
  return best;
}

const along = (from, to) =>
  [0.25, 0.5, 0.75].map((part) => shapeAt(from.x + part * (to.x - from.x), from.y + part * (to.y - from.y)));

function placeLabels() {
  if (hidden()) return;
  seen = new Map();
  placeInsets();
  const frame = map.getContainer().getBoundingClientRect();
  const taken = [element("insets"), element("zoom")].map((part) => boxIn(frame, part));
  leaders.replaceChildren();
  for (const region of regions) {
    const place = bestPlace(region, taken);
    labels[region].classList.toggle("hidden", place === null); // the table still has it
    if (place === null) continue;
    taken.push(place);
    const corner = map.containerPointToLayerPoint([place.x, place.y]);
    labels[region].style.transform = `translate(${Math.round(corner.x)}px, ${Math.round(corner.y)}px)`;
    drawLeader(place);
  }
}

function drawLeader({ x, y, width, height, anchor }) {
  const edge = { x: Math.min(Math.max(anchor.x, x), x + width), y: Math.min(Math.max(anchor.y, y), y + height) };
  if (Math.hypot(edge.x - anchor.x, edge.y - anchor.y) < 6) return;
  const [from, to] = [map.containerPointToLayerPoint(anchor), map.containerPointToLayerPoint(edge)];
  leaders.append(
    draw("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y }),
    draw("circle", { cx: from.x, cy: from.y, r: 2.5 }),
  );
}

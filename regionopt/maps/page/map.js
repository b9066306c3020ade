// The shapes: their colours, focus, tooltips, highlight and legend.

// ---- Map --------------------------------------------------------------------------------------------------

const shapes = new Map();
geo_json_shapes.eachLayer((shape) => shapes.set(shape.feature.properties.id, shape));
const outside = [...shapes.keys()].filter((id) => /^c\d+$/.test(id)).map((id) => Number(id.slice(1)));
const pathOf = (id) => shapes.get(id).getElement();
const regions = data.regions.map((_, region) => region);
const current = () => state.hover ?? state.focus ?? state.selected;

// Borders are dark with a light core, so that they are seen on the palest class and on the darkest.
const EDGES = {
  r: [{ color: "#1b2a38", weight: 2.6, opacity: 1 }, { color: "#ffffff", weight: 0.9, opacity: 1 }],
  l: [{ color: "#1b2a38", weight: 1.3, opacity: 0.45 }, { color: "#ffffff", weight: 0.6, opacity: 0.6 }],
  c: [{ color: "#5b6772", weight: 0.8, opacity: 1 }],
};
map.createPane("cores").style.zIndex = 440;
L.geoJSON([...shapes.values()].map((shape) => shape.feature), {
  pane: "cores",
  interactive: false,
  filter: (feature) => feature.properties.id[0] !== "c",
  style: (feature) => ({ ...EDGES[feature.properties.id[0]][1], fill: false }),
  smoothFactor: 0,
  noClip: true,
}).addTo(map);
map.createPane("highlight").style.zIndex = 450;
map.createPane("labels").style.zIndex = 460;
const highlight = L.geoJSON(null, {
  pane: "highlight",
  interactive: false,
  smoothFactor: 0,
  noClip: true,
  style: { color: "#c2410c", weight: 4, fill: false },
}).addTo(map);

function buildMap() {
  for (const [id, shape] of shapes) {
    shape.setStyle({ ...EDGES[id[0]][0], fillOpacity: 1 });
    shape.getElement().classList.add(id === "lines" ? "line" : "area");
  }
  for (const county of outside) {
    pathOf(`c${county}`).setAttribute("role", "img");
    // A wide frame reaches to the true place of a county that has an inset, and would show it twice.
    if (data.insets.some((inset) => inset.county === county)) pathOf(`c${county}`).classList.add("elsewhere");
  }
  for (const region of regions) buildRegion(region, shapes.get(`r${region}`), pathOf(`r${region}`));
  for (const county of outside) hovers(pathOf(`c${county}`), () => outsideSentence(county));
  if (window.matchMedia("(pointer: coarse)").matches) map.dragging.disable(); // one finger scrolls, two zoom
  map.getContainer().setAttribute("role", "group");
}

const outsideSentence = (county) => `${isolated(named(data.counties[county]))} · ${text("outside")}`;

function buildRegion(region, shape, path) {
  path.setAttribute("tabindex", "0");
  path.setAttribute("role", "button");
  path.setAttribute("data-region", region);
  path.addEventListener("focus", () => point({ focus: region }));
  path.addEventListener("blur", () => point({ focus: null }));
  path.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    select(region);
  });
  shape.on("click", () => select(region)); // Leaflet's click, which a drag does not raise
  hovers(path, () => regionSentence(region), region);
}

function hovers(path, sentence, region = null) {
  path.addEventListener("pointermove", (event) => event.pointerType === "mouse" && showTooltip(event, sentence()));
  path.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && point({ hover: region }));
  path.addEventListener("pointerleave", () => {
    element("tooltip").hidden = true;
    point({ hover: null });
  });
}

function showTooltip(event, sentence) {
  const tip = element("tooltip");
  const frame = element("map-frame").getBoundingClientRect();
  tip.textContent = sentence;
  tip.hidden = false;
  const left = Math.min(event.clientX - frame.left + 14, frame.width - tip.offsetWidth - 4);
  const top = event.clientY - frame.top + 18;
  tip.style.left = `${Math.max(4, left)}px`;
  tip.style.top = `${top + tip.offsetHeight > frame.height ? top - tip.offsetHeight - 28 : top}px`;
}

function showMap() {
  const metric = text(`metric_${state.metric}`);
  const unit = metricOf(state.metric).units[state.language].name;
  element("map-heading").replaceChildren(metric, " (", name(unit), ")");
  map.getContainer().setAttribute("aria-label", filled("map_label", { metric }));
  for (const region of regions) {
    pathOf(`r${region}`).setAttribute("fill", fillOf(region));
    pathOf(`r${region}`).setAttribute("aria-label", regionSentence(region));
  }
  for (const county of outside) {
    pathOf(`c${county}`).setAttribute("fill", "url(#hatch-outside)");
    pathOf(`c${county}`).setAttribute("aria-label", outsideSentence(county));
  }
}

// The highlight is a shape of its own: bringing the region to the front would move the focus.
function showHighlight() {
  highlight.clearLayers();
  if (current() !== null) highlight.addData(shapes.get(`r${current()}`).feature);
  for (const region of regions) {
    pathOf(`r${region}`).setAttribute("aria-pressed", String(region === state.selected));
    const row = element("table-body").rows[region];
    row.classList.toggle("current", region === current());
    row.querySelector("button").setAttribute("aria-pressed", String(region === state.selected));
  }
}

function showLegend() {
  const { limits, units } = metricOf(state.metric);
  const { scale } = units[state.language];
  const limit = (value) => formatted(value * scale, { maximumFractionDigits: 6 });
  const entries = COLOURS.map((colour, place) => [colour, `${limit(limits[place])}–${limit(limits[place + 1])}`]);
  if (regions.some((region) => valueOf(region) === null)) entries.push(["url(#hatch-missing)", text("no_data")]);
  if (outside.length) entries.push(["url(#hatch-outside)", text("outside")]);
  element("legend").setAttribute("aria-label", text("legend"));
  element("legend").replaceChildren(...entries.map(([fill, label]) => make("li", {}, swatch(fill), label)));
}

function showFootnote() {
  const lines = [data.insets.length ? "footnote_insets" : "footnote"];
  if (state.metric === "share") lines.unshift("note_share");
  if (state.metric.endsWith("_shortfall")) lines.unshift("note_shortfall");
  if (state.metric === "next") lines.unshift("note_next");
  element("footnote").replaceChildren(...lines.map((key) => make("span", {}, text(key))));
}

function swatch(fill) {
  const box = draw("svg", { width: 26, height: 16, "aria-hidden": "true", focusable: "false" });
  box.append(draw("rect", { x: 0.5, y: 0.5, width: 25, height: 15, fill, stroke: "#5b6772" }));
  return box;
}

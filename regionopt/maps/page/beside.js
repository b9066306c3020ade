// Plans side by side: a card for each, whose maps move, zoom, recolour and mark together, under one scale of colours.
// Only such a page has this file. It takes the place of map.js and labels.js, which here draw into one slot each.

// ---- Slots: one map each, holding the plan whose turn it is -----------------------------------------------

const places = data.plans.map((_, place) => place);
const numbered = places.filter((place) => data.plans[place].regions);
const regions = data.regions.map((_, region) => region);
state.shown = places;
state.plan = numbered[0];
const drawn = () => state.shown.filter((place) => numbered.includes(place));

// What is told of a plan is told of `state.plan` and `data.facts`; this tells it of another.
function within(place, act) {
  const before = state.plan;
  [state.plan, data.facts] = [place, data.plans[place].facts];
  try {
    return act();
  } finally {
    state.plan = before;
  }
}

// The parameters stand before what map.js and labels.js otherwise find around them.
function drawSlot(element, map, geo_json_shapes, valueOf, fillOf, regionSentence) {
@@map.js@@
@@labels.js@@
  return {
    map, buildMap, buildInsets, showMap, showInsets, showLegend, showFootnote, showLabels, showHighlight, placeLabels,
    fit: () => fit(map.invalidateSize({ pan: false, animate: false })),
  };
}

function frameOf(slot) {
  if (slot === 0) return element("map-frame");
  const tooltip = make("div", { class: "tooltip", "aria-hidden": "true", hidden: "" });
  const frame = make("div", { class: "map-frame" }, make("div"), make("div", { class: "insets" }), tooltip);
  element("map-frame").after(frame); // Leaflet looks at the style that its element has in the page
  return frame;
}

function layersOf(slot, frame) {
  if (slot === 0) return [map, geo_json_shapes];
  const own = L.map(frame.firstChild, { ...map.options, center: map.getCenter(), zoom: map.getZoom() });
  const features = geo_json_shapes.getLayers().map((shape) => shape.feature);
  return [own, L.geoJSON(features, geo_json_shapes.options).addTo(own)];
}

const slots = numbered.map((_, slot) => {
  const frame = frameOf(slot);
  const part = (id) => (id === "map-frame" ? frame : frame.querySelector(`.${id}`) ?? element(id));
  const told = [valueOf, fillOf, regionSentence].map(
    (tell) => (...given) => within(drawn()[slot], () => tell(...given)),
  );
  return { frame, ...drawSlot(part, ...layersOf(slot, frame), ...told) };
});

const filledSlots = () => slots.slice(0, drawn().length);
const inFilled = (act) => () => filledSlots().forEach((slot) => slot[act]());
const [buildMap, buildInsets] = ["buildMap", "buildInsets"].map((act) => () => slots.forEach((slot) => slot[act]()));
const [showInsets, showLabels, showHighlight, placeLabels] =
  ["showInsets", "showLabels", "showHighlight", "placeLabels"].map(inFilled);

function showMap() {
  filledSlots().forEach((slot, turn) => {
    slot.showMap();
    const container = slot.map.getContainer();
    const label = `${isolated(data.plans[drawn()[turn]].name)} · ${container.getAttribute("aria-label")}`;
    container.setAttribute("aria-label", label);
  });
}

// The legend of the plan that has most to say: one with a number missing has an entry more.
function showLegend() {
  const gap = drawn().findIndex((place) => regions.some((region) => within(place, () => valueOf(region)) === null));
  slots[Math.max(0, gap)].showLegend();
}

function showFootnote() {
  slots[0].showFootnote();
  element("footnote").prepend(make("span", {}, text("beside_note")));
}

// ---- Moving together --------------------------------------------------------------------------------------

let leading = false;
function together(act) {
  if (leading) return;
  leading = true;
  act();
  leading = false;
}

const fit = () => together(inFilled("fit"));

// The first slot comes last: its zoom places the labels of all.
function follow(leader) {
  for (const slot of filledSlots().reverse())
    if (slot !== leader) slot.map.setView(leader.map.getCenter(), leader.map.getZoom(), { animate: false });
}

const resized = new ResizeObserver(() => refit()); // one for all, which is told once of all that changed
for (const slot of slots) {
  slot.map.options.inertia = false; // maps that glide on after a drag are hard to compare
  slot.map.on("move", () => together(() => follow(slot)));
  if (slot !== slots[0]) resized.observe(slot.frame);
}

// ---- Cards ------------------------------------------------------------------------------------------------

const cards = data.plans.map(({ name: words }) => make("div", { class: "card" }, make("h3", {}, name(words)), make("p")));
element("map-frame").before(make("div", { id: "cards", class: "cards" }, ...cards));

// Many maps move and mark together, so that one of them is enough of a stop for Tab; the table has every number.
function showCards() {
  const few = state.shown.length <= 2;
  element("cards").className = `cards ${few ? "few" : "many"}`;
  for (const place of places) {
    cards[place].hidden = !state.shown.includes(place);
    const none = data.plans[place].none;
    cards[place].classList.toggle("none", Boolean(none));
    cards[place].children[1].textContent = none ? named(none) : within(place, shortfallSentence);
  }
  slots.forEach(({ frame, map: own }, turn) => {
    const card = cards[drawn()[turn]];
    if (!card) frame.remove();
    else if (frame.parentElement !== card) card.append(frame);
    for (const part of [own.getContainer(), ...frame.querySelectorAll("path[role=button]")])
      part.setAttribute("tabindex", few || turn === 0 ? "0" : "-1");
  });
}

const choice = make("fieldset", { id: "scenarios", class: "metrics" }, make("legend"));
if (data.plans.length > 2) element("finding").before(choice);
for (const place of places) {
  const input = make("input", { type: "checkbox", value: String(place) });
  input.checked = true;
  input.addEventListener("change", () => choose(place, input));
  choice.append(make("label", {}, input, make("span", {}, name(data.plans[place].name))));
}

// At least one plan with numbers stays.
function choose(place, input) {
  const before = state.shown;
  state.shown = places.filter((one) => (one === place ? input.checked : before.includes(one)));
  if (!drawn().length) [state.shown, input.checked] = [before, true];
  state.plan = drawn()[0];
  change({});
  refit();
}

// ---- Words and numbers ------------------------------------------------------------------------------------

showHead = () => {
  document.documentElement.lang = state.language;
  document.title = `${isolated(named(data.title))} · ${isolated(data.scenario)} · regionopt`;
  element("title").replaceChildren(name(named(data.title)));
  element("scenario").textContent = isolated(data.scenario);
  element("finding").textContent = text("beside_hint");
  choice.querySelector("legend").textContent = text("beside_choose");
  showCards();
};

const ownFacts = factSentences;
factSentences = () =>
  drawn().map((place) =>
    within(place, () => `${isolated(plan().name)}${text("colon")}${ownFacts(data.facts).join(" · ")}`),
  );

const pair = () => (state.shown.length === 2 && drawn().length === 2 ? drawn() : null);
const numbersOf = (place, region) => {
  const { regions: all, total } = data.plans[place];
  return !all ? null : region === null ? total[state.metric] ?? null : all[region][state.metric];
};

function differenceOf(region) {
  const [before, after] = pair().map((place) => numbersOf(place, region));
  if (before === null || after === null) return "–";
  const { scale, decimals } = metricOf(state.metric).units[state.language];
  return signed((after - before) * scale, decimals);
}

showTable = () => {
  const { name: unit } = metricOf(state.metric).units[state.language];
  const column = (words, under) => make("th", { scope: "col" }, name(words), make("small", {}, name(under)));
  const heads = state.shown.map((place) => column(data.plans[place].name, unit));
  if (pair()) heads.push(column(text("beside_difference"), unit === "%" ? text("beside_points") : unit));
  const cells = (region) => {
    const shown = state.shown.map((place) => make("td", {}, bare(state.metric, numbersOf(place, region))));
    return pair() ? [...shown, make("td", {}, differenceOf(region))] : shown;
  };
  element("table-caption").textContent = filled("beside_table", { metric: text(`metric_${state.metric}`) });
  element("table-head").replaceChildren(make("tr", {}, make("th", { scope: "col" }, text("region")), ...heads));
  for (const region of regions) {
    const row = element("table-body").rows[region];
    row.cells[0].firstChild.replaceChildren(name(named(data.regions[region])));
    row.replaceChildren(row.cells[0], ...cells(region));
  }
  const summed = state.metric in data.plans[numbered[0]].total;
  const sums = make("tr", {}, make("th", { scope: "row" }, text("all_regions")), ...cells(null));
  element("table-foot").replaceChildren(...(summed ? [sums] : []));
};

showDetail = () => {
  const region = state.selected;
  const title = region === null ? text("all_regions") : named(data.regions[region]);
  const parts = drawn().map((place) =>
    within(place, () => {
      const numbers = region === null ? plan().total : plan().regions[region];
      const spent = () => [spentSentence(), unspentSentence()].filter(Boolean).join(" ");
      const budget = region === null ? spent() : budgetSentence(numbers);
      const words = [make("h4", {}, name(plan().name)), make("p", {}, budget)];
      return make("div", {}, ...words, progress("output", numbers), progress("jobs", numbers));
    }),
  );
  const last = region === null ? make("p", { class: "hint" }, text("beside_detail")) : memberList(region);
  element("detail").replaceChildren(make("h3", {}, name(title)), make("div", { class: "details" }, ...parts), last);
};

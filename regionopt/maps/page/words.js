// The page of one plan: what it knows, and how it is said. Everything shown comes from the JSON element and is
// written as text, never as markup. The files of this folder are joined in one function, this one first.
// folium made two globals: map_plan (the Leaflet map) and geo_json_shapes (the layer of its shapes, still empty).

const data = JSON.parse(document.getElementById("plan-data").textContent);
const map = map_plan;
const COLOURS = ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"]; // YlGnBu
const LANGUAGES = { "zh-TW": "中文", en: "English" };
const SVG = "http://www.w3.org/2000/svg";
const state = { language: data.language, metric: "budget", plan: 0, view: "map", hover: null, focus: null, selected: null };

// ---- Shapes -----------------------------------------------------------------------------------------------

// A line comes as its first point and the steps from there, in whole numbers.
function unpacked(line) {
  let [x, y] = [0, 0];
  const points = [];
  for (let k = 0; k < line.length; k += 2) points.push([(x += line[k]) / data.scale, (y += line[k + 1]) / data.scale]);
  return points;
}

for (const [id, packed] of Object.entries(data.shapes)) {
  const parts = packed.map((lines) => lines.map(unpacked));
  const geometry = id === "lines" ? { type: "MultiLineString", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts };
  geo_json_shapes.addData({ type: "Feature", properties: { id }, geometry });
}

// ---- Texts and numbers ------------------------------------------------------------------------------------

const element = (id) => document.getElementById(id);
const text = (key) => data.texts[state.language][key];
const named = (names) => names[state.language];
function plan() {
  return data.plans[state.plan];
}

const metricOf = (key) => data.metrics.find((metric) => metric.key === key);

// Words of others stand apart, so that right-to-left characters in them turn around nothing else.
const isolated = (words) => `\u2068${words}\u2069`;

// Making a formatter takes longer than using it, so each is made once.
const formatters = new Map();
function formatted(value, options) {
  const key = state.language + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.NumberFormat(state.language, options));
  return formatters.get(key).format(value);
}

const number = (value, decimals) =>
  formatted(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

const signed = (value, decimals) =>
  formatted(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay: "exceptZero" })
    .replace("-", "−");

function bare(key, value) {
  const unit = metricOf(key).units[state.language];
  return value === null ? "–" : number(value * unit.scale, unit.decimals);
}

function amount(key, value) {
  const { name, pattern } = metricOf(key).units[state.language];
  return value === null ? text("no_data") : placed(pattern, { value: bare(key, value), unit: isolated(name) });
}

const scientific = (value) => (value === 0 ? "0" : value.toExponential(1).replace(".0e", "e"));

// A template's {places} filled in one pass, so that braces in a name stay what they are.
const placed = (template, facts) => template.replace(/\{(\w+)\}/g, (place, name) => facts[name] ?? place);
const filled = (key, facts) => placed(text(key), facts);

function listed(names, most = 4) {
  const shown = names.slice(0, most).map(isolated).join(text("list_separator"));
  return names.length > most ? filled("list_more", { list: shown, count: names.length - most }) : shown;
}

// ---- Small builders ---------------------------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function draw(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const name = (words) => make("bdi", {}, words);

// ---- Values and classes -----------------------------------------------------------------------------------

const valueOf = (region, key = state.metric) => plan().regions[region][key];

function fillOf(region) {
  const value = valueOf(region);
  if (value === null) return "url(#hatch-missing)";
  const limits = metricOf(state.metric).limits;
  const above = limits.slice(1, -1).filter((limit) => value >= limit - 1e-12 * limits[limits.length - 1]);
  return COLOURS[above.length];
}

// The worst relative shortfall and every region that shares it, as far as the printed digits tell.
function worst() {
  const known = ["output", "jobs"].flatMap((metric) =>
    plan().regions.map((numbers, region) => ({ metric, region, value: numbers[`${metric}_shortfall`] })),
  ).filter((one) => one.value !== null);
  if (!known.length) return null;
  const top = known.reduce((a, b) => (b.value > a.value ? b : a));
  const same = known.filter((one) => one.metric === top.metric && top.value - one.value < 5e-7);
  return { ...top, regions: same.map((one) => one.region) };
}

// ---- Sentences --------------------------------------------------------------------------------------------

function shortfallSentence() {
  const found = worst();
  if (found === null) return text("worst_untargeted");
  if (found.value <= 1e-9) return text("worst_none");
  const least = 0.001;
  const key = `${found.metric}_shortfall`;
  const value = found.value < least / 2 ? filled("under", { value: amount(key, least) }) : amount(key, found.value);
  const all = found.regions.length === data.regions.length && data.regions.length > 1;
  return filled(all ? "worst_all" : "worst", {
    value,
    metric: text(`word_${found.metric}`),
    regions: listed(found.regions.map((region) => named(data.regions[region]))),
    count: data.regions.length,
  });
}

const spentSentence = () =>
  filled("spent", { spent: amount("budget", plan().spent), total: amount("budget", plan().at) });

function unspentSentence({ unspent, unspent_reason: reason } = plan()) {
  return reason === null ? null : filled("unspent", { value: amount("budget", unspent), reason: named(reason) });
}

function certificateSentence({ certificate } = data.facts) {
  if (!certificate) return text("certificate_none");
  return filled(certificate.passed ? "certificate_passed" : "certificate_failed", {
    value: scientific(certificate.violation),
    tolerance: scientific(certificate.tolerance),
  });
}

function factSentences({ standing, leverage, smallest } = data.facts) {
  return [
    filled("standing", { standing: text(`standing_${standing}`) }),
    leverage === null ? null : filled("leverage", { value: number(leverage, 1) }),
    smallest === null ? text("smallest_none") : filled("smallest", { value: amount("budget", smallest) }),
    certificateSentence(),
  ].filter(Boolean);
}

const regionSentence = (region) =>
  filled("region_label", {
    region: isolated(named(data.regions[region])),
    metric: text(`metric_${state.metric}`),
    value: amount(state.metric, valueOf(region)),
  });

// The budget slider: the plan at every budget, read off the exact curve. From one breakpoint to the next every number
// is a straight line, so that two neighbours are mixed and nothing is solved here. Only a page with a curve has this.

const curve = data.curve;
const MEASURES = ["budget", "output", "jobs"];
const [first, last] = [curve.at[0], curve.at[curve.at.length - 1]];
// Two budgets nearer than this are one: breakpoints are written as decimal numbers.
const SAME = 1e-9 * last;

// Every number at every breakpoint; the file has what changes from one to the next.
const states = [];
for (const step of curve.steps) {
  const now = [...(states[states.length - 1] ?? [])];
  for (let k = 0; k < step.length; k += 2) now[step[k]] = step[k + 1];
  states.push(now);
}

// ---- Reading the curve --------------------------------------------------------------------------------------

const tidy = (value, decimals) => Math.round(value * 10 ** decimals) / 10 ** decimals + 0;
const breakpoint = (at) => curve.at.findIndex((one) => Math.abs(one - at) <= SAME);

// The piece that begins at or before a budget; its number is that of the breakpoint at its beginning.
function piece(at) {
  let place = curve.at.length - 2;
  while (place > 0 && curve.at[place] > at) place -= 1;
  return Math.max(0, place);
}

function numbersAt(at) {
  const place = piece(at);
  const long = curve.at[place + 1] - curve.at[place];
  const part = long > 0 ? (at - curve.at[place]) / long : 0;
  return states[place].map((value, column) => value + part * ((states[place + 1] ?? states[place])[column] - value));
}

// How every number changes with one unit of budget on the pieces beside a budget: [to the left, to the right].
function slopes(at) {
  const across = (place) => {
    const long = curve.at[place + 1] - curve.at[place];
    return long > SAME ? states[place].map((value, column) => (states[place + 1][column] - value) / long) : null;
  };
  const left = curve.at.findLastIndex((one) => one < at - SAME);
  const right = curve.at.findLastIndex((one) => one <= at + SAME);
  return [left >= 0 && left < curve.at.length - 1 ? across(left) : null, right < curve.at.length - 1 ? across(right) : null];
}

function regionAt(region, numbers, at, next) {
  const [budget, output, jobs] = MEASURES.map((_, measure) => numbers[measure * regions.length + region]);
  const { output_target, jobs_target } = data.plans[0].regions[region];
  const short = (value, target) => (target === null ? null : tidy(Math.max(0, 1 - value / target), 9));
  const head = (value, factor, decimals) => (factor === null ? null : tidy(value * factor, decimals));
  const { money, thousand } = curve.heads[region];
  return {
    budget: tidy(budget, 6), share: tidy(budget / at, 9), budget_per_head: head(budget, money, 2),
    output: tidy(output, 6), output_target, output_shortfall: short(output, output_target),
    output_per_head: head(tidy(output, 6), money, 6),
    jobs: tidy(jobs, 3), jobs_target, jobs_shortfall: short(jobs, jobs_target),
    jobs_per_thousand: head(tidy(jobs, 3), thousand, 6),
    next: next && tidy(next[region], 9),
  };
}

function planAt(at) {
  const numbers = numbersAt(at);
  const [left, right] = slopes(at);
  const found = regions.map((region) => regionAt(region, numbers, at, right ?? left));
  const spent = tidy(regions.reduce((sum, region) => sum + numbers[region], 0), 6);
  const sum = (key) => found.reduce((all, one) => (all === null || one[key] === null ? null : all + one[key]), 0);
  const unspent = tidy(at - spent, 6);
  return {
    at, spent, unspent,
    unspent_reason: unspent > 0 ? unspentReason(at) : null,
    regions: found,
    total: Object.fromEntries(Object.keys(data.plans[0].total).map((key) => [key, sum(key)])),
    ...(data.asides && asidesAt(numbers.slice(MEASURES.length * regions.length), at)),
  };
}

function unspentReason(at) {
  const place = breakpoint(at);
  const code = place >= 0 ? curve.unspent_at[place] : curve.unspent_after[piece(at)];
  return code === null ? null : curve.unspent[code];
}

// The longest that a label will be while the slider moves, so that labels need not move with it.
widest = (region) =>
  curve.at.map((at) => labelled(planAt(at).regions[region][state.metric])).reduce((a, b) => (b.length > a.length ? b : a));

const [ownLeft, ownRight] = slopes(data.plans[0].at);
const own = {
  ...data.plans[0],
  regions: data.plans[0].regions.map((numbers, region) => ({ ...numbers, next: tidy((ownRight ?? ownLeft)[region], 9) })),
};
state.at = own.at;
let read = own;
plan = () => {
  if (read.at !== state.at) read = state.at === own.at ? own : planAt(state.at);
  return read;
};

// ---- Words --------------------------------------------------------------------------------------------------

const ownFacts = factSentences;
factSentences = () => {
  const at = plan().at;
  if (at === own.at) return ownFacts();
  const leverage = curve.wanted === null ? null : tidy(curve.wanted / at, 9);
  const said = ownFacts({ ...data.facts, leverage });
  const budget = { own: amount("budget", own.at) };
  said[said.indexOf(certificateSentence())] = filled("slider_proof", { own: amount("budget", own.at) });
  return said;
};

// What happens at a breakpoint, as the budget rises.
const happens = (place) =>
  curve.happens[place].map(([event, name]) =>
    placed(curve.turns[event][state.language], { name: name === null ? "" : isolated(named(curve.names[name])) }),
  );

function turnSentence(at) {
  const here = breakpoint(at);
  const said = here >= 0 ? happens(here) : [];
  if (said.length) return filled("slider_here", { what: said.join(text("slider_then")) });
  const next = curve.at.findIndex((one, place) => one > at + SAME && curve.happens[place].length);
  if (next < 0) return text("slider_no_more");
  return filled("slider_next", { value: exactly(curve.at[next]), what: happens(next).join(text("slider_then")) });
}

// A budget with one decimal more than the map shows: breakpoints lie close together.
const exactly = (at) => {
  const { scale, decimals, name, pattern } = metricOf("budget").units[state.language];
  return placed(pattern, { value: formatted(at * scale, { maximumFractionDigits: decimals + 2 }), unit: isolated(name) });
};

// What one more unit of budget brings on one side: how the worst shortfall moves, and national output and jobs.
// To the right the steepest of those that share the worst decides, to the left the flattest.
function priceOf(slope, side) {
  const sum = (measure) => regions.reduce((all, region) => all + slope[measure * regions.length + region], 0);
  const top = worst();
  const moves = top === null || top.value <= 1e-9 ? [0] : [1, 2].flatMap((measure) => {
    const metric = MEASURES[measure];
    const sharing = regions.filter((region) => {
      const short = plan().regions[region][`${metric}_shortfall`];
      return short !== null && top.value - short < 1e-8;
    });
    return sharing.map(
      (region) => -slope[measure * regions.length + region] / plan().regions[region][`${metric}_target`],
    );
  });
  return { worst: 100 * Math[side](...moves), output: sum(1), jobs: sum(2) };
}

function priceSentences(at) {
  const [left, right] = slopes(at);
  const [before, after] = [left && priceOf(left, "min"), right && priceOf(right, "max")];
  const near = (a, b) => Math.abs(a - b) <= 1e-6 * Math.abs(a) + 1e-9;
  if (before && after && Object.keys(before).some((key) => !near(before[key], after[key])))
    return [priceSentence("slider_price_left", before), priceSentence("slider_price_right", after)];
  return [priceSentence("slider_price", after ?? before)];
}

const signedly = (value, decimals) =>
  formatted(value, { maximumSignificantDigits: decimals, signDisplay: "exceptZero" }).replace("-", "−");

function priceSentence(key, { worst, output, jobs }) {
  const [money, made, work] = ["budget", "output", "jobs"].map((metric) => metricOf(metric).units[state.language]);
  const each = (value, unit, digits = 3) => signedly((value * unit.scale) / money.scale, digits);
  return filled(key, {
    unit: placed(money.pattern, { value: "1", unit: isolated(money.name) }),
    worst: each(worst, { scale: 1 }),
    output: each(output, made),
    output_unit: isolated(made.name),
    jobs: each(jobs, work),
  });
}

// ---- The panel ----------------------------------------------------------------------------------------------

const panel = element("slider");
const kinks = curve.at.filter((_, place) => curve.happens[place].length);
// The ends lie on whole steps, so that the slider stops at round budgets.
const low = curve.step * Math.floor(first / curve.step + 1e-9);
const high = curve.step * Math.ceil(last / curve.step - 1e-9);
const range = make("input", { type: "range", id: "budget", min: low, max: high, step: curve.step });
const field = make("input", { type: "text", inputmode: "decimal", id: "amount", autocomplete: "off", maxlength: 24 });
const [fieldLabel, fieldUnit] = [make("label", { for: "amount" }), make("span")];
const [before, after] = [make("button", { type: "button" }, "‹"), make("button", { type: "button" }, "›")];
const picture = draw("svg", { class: "curve", viewBox: "0 0 1000 40", preserveAspectRatio: "none", "aria-hidden": "true" });
const presets = make("div", { class: "presets", role: "group" });
const [turn, note] = [make("p", { class: "turn" }), make("p", { class: "hint" })];
const prices = make("ul", { class: "prices" });

buildSlider = () => {
  const across = (at) => ((1000 * (at - low)) / (high - low)).toFixed(1);
  const line = states.map((numbers, place) => `${across(curve.at[place])} ${(38 - 36 * worstOf(numbers)).toFixed(1)}`);
  picture.append(
    draw("path", { class: "marks", d: kinks.map((at) => `M${across(at)} 0V40`).join("") }),
    draw("path", { class: "worst", d: `M${line.join("L")}` }),
  );
  for (const { at } of curve.presets) {
    const button = make("button", { type: "button", "data-at": at });
    button.addEventListener("click", () => slide(at));
    presets.append(button);
  }
  range.addEventListener("input", () => slide(Number(range.value)));
  field.addEventListener("change", typed);
  before.addEventListener("click", () => slide(kinks.findLast((at) => at < plan().at - SAME)));
  after.addEventListener("click", () => slide(kinks.find((at) => at > plan().at + SAME)));
  const entry = make("div", { class: "entry" }, fieldLabel, field, fieldUnit, make("span", {}, before, " ", after));
  panel.append(entry, make("div", { class: "track" }, picture, range), presets, turn, prices, note);
  panel.hidden = false;
};

function worstOf(numbers) {
  const short = [1, 2].flatMap((measure) =>
    regions.map((region) => {
      const target = data.plans[0].regions[region][`${MEASURES[measure]}_target`];
      return target === null ? 0 : 1 - numbers[measure * regions.length + region] / target;
    }),
  );
  return Math.max(0, ...short);
}

// A number as it is typed in either language, in the unit that the language shows; nothing else moves the slider.
function typed() {
  const given = Number(field.value.normalize("NFKC").replace(/[,\s]/g, ""));
  if (field.value.trim() && Number.isFinite(given)) slide(given / metricOf("budget").units[state.language].scale);
  delete panel.dataset.at; // what was typed and refused makes way for what is shown
  showPlace();
}

// As many decimals as a page of this plan alone would show: none from 1,000 on, then one, then two digits.
function setDecimals() {
  for (const { key, fixed, units } of data.metrics) {
    if (fixed) continue;
    const most = Math.max(0, ...regions.map((region) => valueOf(region, key) ?? 0));
    for (const unit of Object.values(units)) {
      const largest = most * unit.scale;
      unit.decimals = largest >= 1000 || largest <= 0 ? 0 : largest >= 1 ? 1 : Math.min(6, 1 - Math.floor(Math.log10(largest)));
    }
  }
}

function slide(at) {
  if (at === undefined) return;
  state.at = Math.min(last, Math.max(first, at));
  setDecimals();
  element("detail").setAttribute("aria-live", "off"); // the slider itself says what it shows
  for (const show of [showHead, showMap, showInsets, showNumbers, showDetail, showFacts, showValues, showPlace]) show();
  if (state.view === "bars") showBars();
}

// What the language alone decides.
showSlider = () => {
  panel.setAttribute("aria-label", text("slider"));
  range.setAttribute("aria-label", text("slider"));
  fieldLabel.textContent = text("slider");
  fieldUnit.replaceChildren(name(metricOf("budget").units[state.language].name));
  for (const [button, key] of [[before, "slider_back"], [after, "slider_on"]]) {
    button.setAttribute("aria-label", text(key));
    button.title = text(key);
  }
  presets.setAttribute("aria-label", text("slider_presets"));
  curve.presets.forEach(({ at, name: words }, place) =>
    presets.children[place].replaceChildren(name(words ?? text("slider_own")), ` ${amount("budget", at)}`),
  );
  const elsewhere = curve.elsewhere.length ? [filled("slider_elsewhere", { names: listed(curve.elsewhere, 12) })] : [];
  const lines = [text("slider_line"), ...named(curve.notes), ...elsewhere];
  note.replaceChildren(...lines.map((line) => make("span", {}, line)));
  delete panel.dataset.at;
  showPlace();
};

// Where the slider stands, and what that means.
function showPlace() {
  const { at } = plan();
  range.value = at;
  range.setAttribute("aria-valuetext", `${exactly(at)}. ${shortfallSentence()}`);
  if (document.activeElement !== field || panel.dataset.at !== String(at))
    field.value = String(tidy(at * metricOf("budget").units[state.language].scale, 6));
  panel.dataset.at = at;
  before.setAttribute("aria-disabled", String(!kinks.some((one) => one < at - SAME)));
  after.setAttribute("aria-disabled", String(!kinks.some((one) => one > at + SAME)));
  curve.presets.forEach(({ at: own }, place) =>
    presets.children[place].setAttribute("aria-pressed", String(Math.abs(own - at) <= SAME)),
  );
  turn.textContent = turnSentence(at);
  prices.replaceChildren(...priceSentences(at).map((sentence) => make("li", {}, sentence)));
}

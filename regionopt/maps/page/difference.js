// A page of differences: a switch between what is compared, signed numbers, classes on both sides of zero, and a
// region before and after. Only such a page has this file; it takes the place of what it names again.

bare = (key, value) => {
  const { scale, decimals } = metricOf(key).units[state.language];
  return value === null ? "–" : signed(value * scale, decimals);
};

amount = (key, value) => {
  if (value === null) return text("no_data");
  const { scale, decimals, name, pattern } = metricOf(key).units[state.language];
  const size = number(Math.abs(value * scale), decimals);
  const sign = signed(value * scale, decimals).replace(size, "");
  return sign + placed(pattern, { value: size, unit: isolated(name) });
};

function plain(key, value) {
  if (value === null) return text("no_data");
  const { scale, decimals, name, pattern } = metricOf(key).amounts[state.language];
  return placed(pattern, { value: number(value * scale, decimals), unit: isolated(name) });
}

// ---- Classes: symmetric about zero, with one of their own for no change -----------------------------------

fillOf = (region) => {
  const value = valueOf(region);
  if (value === null) return "url(#hatch-missing)";
  const { limits, zero } = metricOf(state.metric);
  const middle = (data.colours.length - 1) / 2;
  if (Math.abs(value) < zero) return data.colours[middle];
  const size = Math.abs(value) * (1 + 1e-12);
  const passed = limits.slice(middle + 1, -1).filter((limit) => size >= limit).length;
  return data.colours[middle + Math.sign(value) * (1 + passed)];
};

showLegend = () => {
  const { limits, zero, units } = metricOf(state.metric);
  const { scale } = units[state.language];
  const middle = (data.colours.length - 1) / 2;
  const limit = (value) => formatted(value * scale, { maximumFractionDigits: 6, signDisplay: "exceptZero" }).replace("-", "−");
  const entries = data.colours.map((colour, place) => {
    const value = formatted(zero * scale, { maximumSignificantDigits: 2 });
    if (place === middle) return [colour, filled("difference_no_change", { value })];
    const first = place < middle ? place : place - 1;
    return [colour, filled("difference_range", { from: limit(limits[first]), to: limit(limits[first + 1]) })];
  });
  if (regions.some((region) => valueOf(region) === null)) entries.push(["url(#hatch-missing)", text("no_data")]);
  if (outside.length) entries.push(["url(#hatch-outside)", text("outside")]);
  element("legend").setAttribute("aria-label", text("legend"));
  element("legend").replaceChildren(...entries.map(([fill, label]) => make("li", {}, swatch(fill), label)));
};

// ---- Words ------------------------------------------------------------------------------------------------

showHead = () => {
  document.documentElement.lang = state.language;
  document.title = `${isolated(named(data.title))} · ${isolated(data.scenario)} · regionopt`;
  element("title").replaceChildren(name(named(data.title)));
  element("scenario").replaceChildren(name(named(plan().against)));
  element("finding").replaceChildren(make("strong", {}, named(plan().finding)));
  element("scenarios").querySelector("legend").textContent = text("difference_choose");
};

factSentences = () => named(plan().sentences);

showDetail = () => {
  const region = state.selected;
  const chosen = region === null ? data.metrics.filter(({ key }) => key in data.before.total) : data.metrics;
  const [before, moved] = [data.before, plan()].map((one) => (region === null ? one.total : one.regions[region]));
  const after = (key) => (before[key] === null || moved[key] === null ? null : before[key] + moved[key]);
  const lines = chosen.map(({ key }) => {
    const facts = { metric: text(`metric_${key}`), before: plain(key, before[key]), after: plain(key, after(key)) };
    return make("p", {}, filled(after(key) === null ? "difference_only_before" : "difference_before", facts));
  });
  const last = region === null ? make("p", { class: "hint" }, text("table_hint")) : memberList(region);
  const title = region === null ? text("all_regions") : named(data.regions[region]);
  element("detail").replaceChildren(make("h3", {}, name(title)), ...lines, last);
};

// ---- The switch -------------------------------------------------------------------------------------------

const scenarios = make("fieldset", { id: "scenarios", class: "metrics" }, make("legend"));
data.plans.forEach(({ name: words }, place) => {
  const input = make("input", { type: "radio", name: "scenario", value: String(place) });
  input.checked = place === data.first;
  input.addEventListener("change", () => change({ plan: place }));
  scenarios.append(make("label", {}, input, make("span", {}, name(words))));
});
element("finding").before(scenarios);
state.plan = data.first;

const otherNotes = showFootnote;
showFootnote = () => {
  otherNotes();
  element("footnote").prepend(make("span", {}, text("difference_note")));
};

// A second view: what each region reaches of each target, as bars on one scale for the whole range of budgets.

const REACHED = ["output", "jobs"];
const views = make("div", { id: "views", class: "views", role: "group" });
const bars = make("div", { id: "bars", class: "bars", hidden: "" });

buildViews = () => {
  for (const view of ["map", "bars"]) {
    const button = make("button", { type: "button", value: view });
    button.addEventListener("click", () => change({ view }));
    views.append(button);
  }
  element("map-frame").after(bars);
  element("footnote").after(views); // after the map in the Tab order, above it on the page
};

showViews = () => {
  const barred = state.view === "bars";
  for (const id of ["map-frame", "legend", "footnote"]) element(id).hidden = barred;
  bars.hidden = !barred;
  views.setAttribute("aria-label", text("views"));
  for (const button of views.children) {
    button.textContent = text(`view_${button.value}`);
    button.setAttribute("aria-pressed", String(button.value === state.view));
  }
  if (barred) showBars();
};

function showBars() {
  element("map-heading").textContent = text("bars");
  const rows = regions.map((region) =>
    make("tr", {}, make("th", { scope: "row" }, name(named(data.regions[region]))), ...REACHED.map((metric) => barOf(region, metric))),
  );
  const heads = REACHED.map((metric) =>
    make("th", { scope: "col" }, text(`metric_${metric}`), make("small", {}, name(metricOf(metric).units[state.language].name))),
  );
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, text("region")), ...heads));
  bars.replaceChildren(make("table", {}, head, make("tbody", {}, ...rows)), make("p", { class: "hint" }, text("bars_note")));
}

function barOf(region, metric) {
  const numbers = plan().regions[region];
  const [value, target] = [numbers[metric], numbers[`${metric}_target`]];
  if (value === null || target === null) return make("td", {}, bare(metric, value));
  const part = target > 0 ? value / target : 1;
  const scale = 100 / data.fullest;
  const bar = make("div", { class: "bar", "aria-hidden": "true" }, make("span"), make("i"));
  bar.firstChild.style.width = `${Math.min(100, part * scale)}%`;
  bar.lastChild.style.left = `${scale}%`;
  const facts = { value: bare(metric, value), target: bare(metric, target), part: formatted(part, { style: "percent", maximumFractionDigits: 1, minimumFractionDigits: 1 }) };
  return make("td", {}, make("p", {}, filled("bars_reached", facts)), bar);
}

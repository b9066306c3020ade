// The numbers as a table, and one region in detail.

// ---- Table and detail -------------------------------------------------------------------------------------

function buildTable() {
  for (const region of regions) {
    const button = make("button", { type: "button" });
    button.addEventListener("click", () => select(region));
    button.addEventListener("focus", () => point({ focus: region }));
    button.addEventListener("blur", () => point({ focus: null }));
    const row = make("tr", {}, make("th", { scope: "row" }, button));
    row.addEventListener("pointerenter", () => point({ hover: region }));
    row.addEventListener("pointerleave", () => point({ hover: null }));
    element("table-body").append(row);
  }
}

// The table always shows the numbers of the result, and what the map shows.
const columns = () => data.metrics.filter(({ key, tabled }) => tabled !== false || key === state.metric);

function showTable() {
  element("table-caption").textContent = text("table");
  const heads = columns().map(({ key, units }) =>
    make("th", { scope: "col" }, text(`metric_${key}`), make("small", {}, name(units[state.language].name))),
  );
  element("table-head").replaceChildren(make("tr", {}, make("th", { scope: "col" }, text("region")), ...heads));
  for (const region of regions) {
    const [head] = element("table-body").rows[region].cells;
    head.firstChild.replaceChildren(name(named(data.regions[region])));
    head.parentElement.replaceChildren(head, ...columns().map(() => make("td")));
  }
  const sums = columns().map(() => make("td"));
  element("table-foot").replaceChildren(make("tr", {}, make("th", { scope: "row" }, text("all_regions")), ...sums));
  const chosen = columns().findIndex(({ key }) => key === state.metric) + 1;
  for (const row of element("table-frame").querySelectorAll("tr"))
    [...row.cells].forEach((cell, place) => cell.classList.toggle("chosen", place === chosen));
  showNumbers();
}

function showNumbers() {
  const total = plan().total;
  columns().forEach(({ key }, place) => {
    for (const region of regions)
      element("table-body").rows[region].cells[place + 1].textContent = bare(key, valueOf(region, key));
    element("table-foot").rows[0].cells[place + 1].textContent = key in total ? bare(key, total[key]) : "";
  });
}

function progress(metric, numbers) {
  const [value, target] = [numbers[metric], numbers[`${metric}_target`]];
  const title = text(`metric_${metric}`);
  if (value === null || target === null) {
    const sentence = filled("reached_untargeted", { metric: title, value: amount(metric, value) });
    return make("div", { class: "progress" }, make("p", {}, sentence));
  }
  const bar = make("div", { class: "bar", "aria-hidden": "true" }, make("span"));
  bar.firstChild.style.width = `${Math.min(100, target > 0 ? (100 * value) / target : 100)}%`;
  const sentence = filled("reached", { metric: title, value: amount(metric, value), target: amount(metric, target) });
  return make("div", { class: "progress" }, make("p", {}, sentence), bar);
}

function budgetSentence(numbers) {
  const head = numbers.budget_per_head;
  return filled(head === null ? "allocated" : "allocated_head", {
    value: amount("budget", numbers.budget),
    share: amount("share", numbers.share),
    head: head === null ? "" : amount("budget_per_head", head),
  });
}

function showDetail() {
  const region = state.selected;
  const numbers = region === null ? plan().total : plan().regions[region];
  const title = region === null ? text("all_regions") : named(data.regions[region]);
  const budget = region === null
    ? filled("allocated_all", { value: amount("budget", plan().spent), total: amount("budget", plan().at) })
    : budgetSentence(numbers);
  const last = region === null ? make("p", { class: "hint" }, text("table_hint")) : memberList(region);
  element("detail").replaceChildren(
    make("h3", {}, name(title)), make("p", {}, budget), progress("output", numbers), progress("jobs", numbers), last,
  );
}

function memberList(region) {
  const members = data.members[region].map((county) => isolated(named(data.counties[county])));
  return make("p", {}, filled("counties", { counties: members.join(text("list_separator")) }));
}

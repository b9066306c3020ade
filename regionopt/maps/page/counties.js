// The counties of a chosen region with what statistics say of them, and who said it.

const STATED = Object.keys(data.county_facts);

memberList = (region) => {
  const head = make("tr", {}, make("th", { scope: "col" }, text("county")));
  for (const indicator of STATED) {
    const unit = make("small", {}, text(`fact_${indicator}_unit`));
    head.append(make("th", { scope: "col" }, text(`fact_${indicator}`), unit));
  }
  const rows = data.members[region].map((county) => {
    const cells = STATED.map((indicator) => {
      const fact = data.county_facts[indicator][county];
      return make("td", {}, fact ? formatted(fact[0], { maximumFractionDigits: 0 }) : "–");
    });
    return make("tr", {}, make("th", { scope: "row" }, name(named(data.counties[county]))), ...cells);
  });
  const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
  return make("div", { class: "counties" }, table, ...STATED.map((indicator) => sourceOf(indicator, region)));
};

// Standing, year and source, said once for all counties of the region that share them.
function sourceOf(indicator, region) {
  const stated = data.members[region].map((county) => data.county_facts[indicator][county]).filter(Boolean);
  const lines = [...new Set(stated.map(([, ...origin]) => JSON.stringify(origin)))].map(JSON.parse);
  const said = lines.map(([date, status, source]) =>
    filled("fact_source", {
      fact: date ? `${text(`fact_${indicator}`)} ${date}` : text(`fact_${indicator}`),
      standing: text(`standing_${status}`),
      source: isolated(data.sources[source]),
    }),
  );
  return make("p", { class: "hint" }, said.join(" "));
}

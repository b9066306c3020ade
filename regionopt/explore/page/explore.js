// What an explored map needs beside Leaflet: words of regions as text, legends, and what folium's popups ask of jQuery.

function regionoptWords(layer, told) {
  const cell = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const words = (row, { columns, labels }) => {
    const table = document.createElement("table");
    for (const [column, alias] of columns)
      table.insertRow().append(...(labels ? [cell("th", alias)] : []), cell("td", told.rows[row][column]));
    return table;
  };
  layer.eachLayer((shape) => {
    const row = Number(shape.feature.id);
    if (told.tooltip) shape.bindTooltip(words(row, told.tooltip), { sticky: told.tooltip.sticky });
    if (told.popup) shape.bindPopup(words(row, told.popup), { maxWidth: 400 });
    const path = shape.getElement();
    path?.setAttribute("tabindex", "0");
    path?.setAttribute("role", told.popup ? "button" : "img");
    path?.setAttribute("aria-label", told.labels[row]);
    path?.addEventListener("keydown", (event) => event.key === "Enter" && shape.openPopup());
  });
}

function regionoptLegend(map, told) {
  const add = (parent, tag, name, text) => {
    const made = L.DomUtil.create(tag, `regionopt-${name}`, parent);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = add(undefined, "div", "legend");
    if (told.caption) add(box, "p", "caption", told.caption);
    if (told.bar) {
      add(box, "div", "bar").style.background = `linear-gradient(to right, ${told.bar.stops.join(", ")})`;
      const ticks = add(box, "div", "ticks");
      for (const [part, text] of told.bar.ticks) add(ticks, "span", "tick", text).style.left = `${100 * part}%`;
    }
    for (const [colour, text] of told.entries ?? []) {
      const line = add(box, "div", "entry");
      add(line, "span", "swatch").style.background = colour;
      add(line, "span", "text", text);
    }
    return box;
  };
  control.addTo(map);
}

window.$ ??= (given) => {
  if (typeof given !== "string") return { ready: (act) => setTimeout(act) };
  const page = document.createElement("template");
  page.innerHTML = given.trim();
  return [page.content.firstChild];
};

function regionoptMap(map, told) {
  map.attributionControl?.setPrefix("Leaflet");
  map.getContainer().setAttribute("role", "main");
  map.getContainer().setAttribute("aria-label", told.title);
  L.DomUtil.create("h1", "regionopt-title", map.getContainer()).textContent = told.title;
}

// What happens when something changes, and the start.

// ---- Changes ----------------------------------------------------------------------------------------------

function change(changes) {
  Object.assign(state, changes);
  showHead();
  showControls();
  showMap();
  showInsets();
  showLegend();
  showFootnote();
  showViews();
  showSlider();
  showTable();
  showDetail();
  showFacts();
  showLabels();
  showHighlight();
  placeLabels();
}

function point(changes) {
  Object.assign(state, changes);
  showHighlight();
}

function select(region) {
  state.selected = state.selected === region ? null : region;
  showHighlight();
  showDetail();
}

function refit() {
  map.invalidateSize({ pan: false, animate: false });
  fit();
  placeLabels();
}

buildControls();
buildMap();
buildInsets();
buildTable();
buildViews();
buildSlider();
map.invalidateSize({ animate: false });
fit();
change({});
map.on("zoomend", placeLabels);
new ResizeObserver(refit).observe(element("map-frame"));

// What the margins of an A4 sheet leave, in pixels. Where more is told, the map gives way, down to its smallest, and
// then the letters do.
const [SHEET, SMALLEST] = [1036, 240];

function fitSheet() {
  const frame = element("map-frame");
  const over = () => document.querySelector(".page").offsetHeight - SHEET;
  for (const dense of [false, true]) {
    document.documentElement.classList.toggle("dense", dense);
    frame.style.height = "";
    if (over() > 0) frame.style.height = `${Math.max(SMALLEST, frame.offsetHeight - over())}px`;
    if (over() <= 0) return;
  }
}

window.addEventListener("beforeprint", () => {
  document.documentElement.classList.add("printing");
  fitSheet();
  showLabels(); // in the size of print, which a telephone's is not
  refit();
});
window.addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing", "dense");
  element("map-frame").style.height = "";
  showLabels();
  refit();
});

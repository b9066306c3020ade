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
window.addEventListener("beforeprint", () => {
  document.documentElement.classList.add("printing");
  showLabels(); // in the size of print, which a telephone's is not
  refit();
});
window.addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  showLabels();
  refit();
});

// Title, finding, facts and sources; the controls for metric, language and zoom.

// ---- Head, facts, foot ------------------------------------------------------------------------------------

function showHead() {
  document.documentElement.lang = state.language;
  document.title = `${isolated(named(data.title))} · ${isolated(data.scenario)} · regionopt`;
  element("title").replaceChildren(name(named(data.title)));
  element("scenario").textContent = filled("scenario", { scenario: isolated(data.scenario) });
  const rest = [spentSentence(), unspentSentence()].filter(Boolean);
  element("finding").replaceChildren(make("strong", {}, shortfallSentence()), ` ${rest.join(" ")}`);
}

function showFacts() {
  element("facts-heading").textContent = text("facts");
  element("facts").replaceChildren(...factSentences().map((sentence) => make("li", {}, sentence)));
  const builtIn = data.geometry === "built-in";
  const file = isolated(data.geometry);
  element("source").textContent = builtIn ? text("source_built_in") : filled("source_file", { file });
  element("made").textContent = text("made_with");
}

// A page with a curve has a slider, one with bars a second view; they take the place of these.
function buildSlider() {
  element("slider").hidden = !data.no_curve;
}

function showSlider() {
  if (data.no_curve) element("slider").textContent = named(data.no_curve);
}

function buildViews() {}

function showViews() {}

// ---- Controls ---------------------------------------------------------------------------------------------

function buildControls() {
  element("metrics").append(make("legend"));
  for (const { key } of data.metrics) {
    const input = make("input", { type: "radio", name: "metric", value: key });
    input.checked = key === state.metric;
    input.addEventListener("change", () => change({ metric: key }));
    element("metrics").append(make("label", {}, input, make("span", { "data-metric": key })));
  }
  for (const [language, label] of Object.entries(LANGUAGES)) {
    const button = make("button", { type: "button", lang: language, "data-language": language }, label);
    button.addEventListener("click", () => change({ language }));
    element("languages").append(button);
  }
  const zoom = [
    ["zoom_in", "+", () => map.zoomIn(0.5)],
    ["zoom_out", "−", () => map.zoomOut(0.5)],
    ["zoom_fit", "⤢", fit],
  ];
  for (const [key, sign, act] of zoom) {
    // Not in the Tab order: with the keyboard, plus and minus zoom while the map has the focus.
    const button = make("button", { type: "button", tabindex: "-1", "data-zoom": key }, sign);
    button.addEventListener("click", act);
    element("zoom").append(button);
  }
}

function showControls() {
  element("metrics").querySelector("legend").textContent = text("metric");
  for (const span of element("metrics").querySelectorAll("span"))
    span.textContent = text(`metric_${span.dataset.metric}`);
  element("languages").setAttribute("aria-label", text("language"));
  for (const button of element("languages").children)
    button.setAttribute("aria-pressed", String(button.dataset.language === state.language));
  for (const button of element("zoom").children) {
    button.setAttribute("aria-label", text(button.dataset.zoom));
    button.title = text(button.dataset.zoom);
  }
}

"""The budget slider in a real Chromium: medians of 200 redraws, and the bytes of the page. Asserts nothing.

python -m tests.benchmarks.slider
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from regionopt.case.case import load
from regionopt.maps.counties import built_in
from regionopt.maps.maps import page
from regionopt.result.outputs import document
from regionopt.result.result import solve_case
from regionopt.run.companion import companion

REDRAWS = """() => {
    const [slider, times] = [document.getElementById("budget"), []];
    for (let k = 0; k < 200; k += 1) {
        slider.value = 100 + 10 * k;
        const begun = performance.now();
        slider.dispatchEvent(new Event("input"));
        document.body.offsetHeight; // layout is part of it
        times.push(performance.now() - begun);
    }
    return times.sort((a, b) => a - b)[100];
}"""


def main() -> None:
    """Print the size of the page and a line a view."""
    case = load()
    html = page(document(solve_case(case)), built_in(), "en", companion(case))
    print(f"{len(html.encode()) / 1000:6.1f} kB   map.html (limit 300)")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "map.html"
        file.write_text(html, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1280, "height": 900})
        shown.goto(file.as_uri())
        for view in ("map", "bars"):
            shown.locator(f"button[value={view}]").click()
            print(f"{shown.evaluate(REDRAWS):6.1f} ms   redraw, view {view} (target 16)")  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main()

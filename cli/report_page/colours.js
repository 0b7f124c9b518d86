"use strict";
// The charts' colours follow the reader's, light or dark: charts do not read a page's style, so they
// are told. On paper they are always light.
window.sealaneColours = (() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = (isDark) => {
    const text = isDark ? "#c6cddb" : "#333a46";
    const grid = isDark ? "#2c323d" : "#e4e8ee";
    for (const document_ of window.Bokeh?.documents ?? [])
      for (const name of document.body.dataset.charts.split(" ")) {
        const chart = document_.get_model_by_name(`sealane-${name}`);
        if (!chart) continue;
        for (const axis of [...chart.below, ...chart.left])
          axis.setv({
            axis_label_text_color: text, major_label_text_color: text, axis_line_color: grid,
            major_tick_line_color: grid, minor_tick_line_color: null,
          });
        for (const lines of chart.center)
          if (lines.type === "Grid") lines.setv({ grid_line_color: grid });
        for (const legend of chart.right) legend.setv({ label_text_color: text });
      }
  };
  dark.addEventListener("change", (event) => paint(event.matches));
  addEventListener("beforeprint", () => paint(false));
  addEventListener("afterprint", () => paint(dark.matches));
  return { follow: () => paint(dark.matches) };
})();

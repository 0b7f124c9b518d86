"use strict";
// Once every chart is drawn, they get their colours, and the page says that it is ready.
(() => {
  const names = document.body.dataset.charts.split(" ").filter(Boolean);
  const connect = () => {
    const drawn = window.Bokeh?.documents ?? [];
    const there = (name) => drawn.some((each) => each.get_model_by_name(`sealane-${name}`));
    if (!names.every(there)) return setTimeout(connect, 20);
    window.sealaneColours.follow();
    document.body.dataset.ready = "yes";
  };
  connect();
})();

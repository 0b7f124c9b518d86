"use strict";
// What the page does: search, a panel of what is picked, texts under the pointer, other numbers of
// workers, the keyboard. Texts of the block are only ever set as text, so that none can act as HTML.
(() => {
  const block = JSON.parse(document.getElementById("block").textContent);
  const count = block.ids.length;
  const byId = (id) => document.getElementById(id);
  const number = (value) => Number(value).toLocaleString("en-US");
  const LISTED_MAX = 200;
  const FOUND_MAX = 40;
  const KINDS = ["reads", "writes", "adds to"];

  // Who waits directly for whom, both ways: lists of positions, by position. Transactions share the
  // lists of joins, for their edges may be too many.
  const listsBefore = Array.from({ length: count }, () => [[]]);
  const listsAfter = Array.from({ length: count }, () => [[]]);
  for (let row = 0; row < block.edges.length; row += 2) {
    listsBefore[block.edges[row + 1]][0].push(block.edges[row]);
    listsAfter[block.edges[row]][0].push(block.edges[row + 1]);
  }
  for (const [earlier, later] of block.joins) {
    for (const position of later) listsBefore[position].push(earlier);
    for (const position of earlier) listsAfter[position].push(later);
  }
  const united = ([direct, ...joined]) =>
    joined.length ? [...new Set([direct, ...joined].flat())].sort((a, b) => a - b) : direct;
  const before = (position) => united(listsBefore[position]);
  const after = (position) => united(listsAfter[position]);
  const locksOf = (position) => {
    const rows = [];
    for (let row = block.offsets[position]; row < block.offsets[position + 1]; row++)
      rows.push([block.locks[row], block.kinds[row]]);
    return rows;
  };
  // An account, and of paths all that are above it, the nearest first.
  const upwards = (account) => {
    const found = [account];
    if (block.parents)
      for (let above = block.parents[account]; above >= 0; above = block.parents[above])
        found.push(above);
    return found;
  };
  // By account: [position, kind, account that it locks], of those that lock it or what is below.
  const lockers = new Map();
  for (let position = 0; position < count; position++)
    for (const [account, kind] of locksOf(position))
      for (const upper of upwards(account)) {
        if (!lockers.has(upper)) lockers.set(upper, []);
        lockers.get(upper).push([position, kind, account]);
      }
  const queueOf = (account) => {
    const above = upwards(account).slice(1).flatMap((upper) =>
      (lockers.get(upper) ?? []).filter(([, , locked]) => locked === upper));
    return [...(lockers.get(account) ?? []), ...above].sort((one, other) => one[0] - other[0]);
  };
  // [account, the same or the one above it that the other transaction locks].
  const conflicts = (earlier, later) => {
    const order = (kind, other) => kind !== other || kind === 1;
    const [before, then] = [new Map(locksOf(earlier)), new Map(locksOf(later))];
    const among = (locks, others, from) => [...locks].flatMap(([account, kind]) =>
      upwards(account).slice(from)
        .filter((upper) => others.has(upper) && order(kind, others.get(upper)))
        .map((upper) => [account, upper]));
    return [...among(then, before, 0), ...among(before, then, 1)];
  };
  const short = (name) => (name.length > 28 ? `${name.slice(0, 12)}…${name.slice(-6)}` : name);
  const called = (account) => block.labels[account] ?? short(block.accounts[account]);
  const because = (earlier, later) => {
    const accounts = conflicts(earlier, later);
    const more = accounts.length > 1 ? ` and ${accounts.length - 1} more` : "";
    if (!accounts.length) return "";
    const [[account, upper]] = accounts;
    const below = upper === account ? "" : ` below ${called(upper)}`;
    return ` on ${called(account)}${below}${more}`;
  };

  let workers = document.body.dataset.workers;
  const timeline = () => block.timelines[workers];

  // Under the pointer.
  const some = (positions, text) => {
    if (!positions.length) return "nothing";
    const shown = positions.slice(0, 3).map(text).join(", ");
    return positions.length > 3 ? `${shown} and ${number(positions.length - 3)} more` : shown;
  };
  window.sealane = {
    hovered(position, line) {
      const { starts, ends, workers: lanes } = timeline();
      if (line === "id") return short(block.ids[position]);
      if (line === "waits")
        return some(before(position), (p) => short(block.ids[p]) + because(p, position));
      if (line === "releases") return some(after(position), (p) => short(block.ids[p]));
      return `${number(starts[position])} to ${number(ends[position])} on worker ` +
        `${lanes[position] + 1}, wave ${number(block.waves[position])}`;
    },
  };

  // What is picked.
  const make = (tag, text, options = {}) =>
    Object.assign(document.createElement(tag), { textContent: text }, options);
  const button = (text, act) => {
    const made = make("button", text, { type: "button", className: "link" });
    made.addEventListener("click", act);
    return made;
  };
  const panel = byId("picked");
  const fill = (title, rows) => {
    panel.replaceChildren(make("h3", title));
    const list = document.createElement("dl");
    for (const [term, parts] of rows) {
      const cell = document.createElement("dd");
      for (const part of parts)
        cell.append(typeof part === "string" ? make("div", part) : part);
      list.append(make("dt", term), cell);
    }
    panel.append(list);
    panel.hidden = false;
  };
  const listed = (items, make_one) => {
    const shown = items.slice(0, LISTED_MAX).map(make_one);
    if (items.length > shown.length)
      shown.push(`… and ${number(items.length - shown.length)} more`);
    return shown.length ? shown : ["nothing"];
  };
  const line = (...parts) => {
    const made = document.createElement("div");
    made.append(...parts);
    return made;
  };
  let picked = -1;
  const pick = (position, { zoom = false } = {}) => {
    picked = position;
    const { starts, ends, workers: lanes } = timeline();
    const away = (p, text) => line(button(block.ids[p], () => pick(p, { zoom: true })), text);
    fill(block.ids[position], [
      ["runs", [window.sealane.hovered(position, "figures") + `, cost ${number(block.costs[position])}`]],
      ...(block.programs[position] ? [["calls", [block.programs[position]]]] : []),
      ["waits for", listed(before(position), (p) => away(p, because(p, position)))],
      ["releases", listed(after(position), (p) => away(p, because(position, p)))],
      ["locks", listed(locksOf(position), ([account, kind]) =>
        line(`${KINDS[kind]} `, button(block.accounts[account], () => pickAccount(account)),
          block.labels[account] ? ` ${block.labels[account]}` : ""))],
    ]);
    select([position, ...before(position), ...after(position)]);
    if (zoom) {
      const width = Math.max(ends[position] - starts[position], bars.width() / 60);
      bars.show(starts[position] - 2 * width, ends[position] + 2 * width);
    }
    announce(`${block.ids[position]} on worker ${lanes[position] + 1}`);
  };
  const pickAccount = (account) => {
    picked = -1;
    const rows = queueOf(account);
    const locking = [...new Set(rows.map(([position]) => position))];
    const cost = locking.reduce((sum, position) => sum + block.costs[position], 0);
    const label = block.labels[account];
    fill(`${label ? `${label}, ` : ""}${block.accounts[account]}`, [
      ["locked by", [`${number(locking.length)} transactions, cost ${number(cost)} together`]],
      ["queue", listed(rows, ([position, kind, locked]) =>
        line(button(block.ids[position], () => pick(position, { zoom: true })),
          ` ${KINDS[kind]} ${locked === account ? "it" : called(locked)}, ` +
          `in wave ${number(block.waves[position])}`))],
    ]);
    select(locking);
    announce(`${locking.length} transactions lock it`);
  };
  const clear = () => {
    picked = -1;
    panel.hidden = true;
    select([]);
  };
  const announce = (text) => { byId("status").textContent = text; };

  // The lanes, once Bokeh has drawn them.
  let plot = null;
  let source = null;
  let idle = null;
  const bars = {
    width: () => Math.max(...timeline().ends, 1),
    show(start, end) {
      if (!plot) return;
      const widest = bars.width();
      plot.x_range.setv({ start: Math.max(0, start), end: Math.min(widest, Math.max(end, start + 1)) });
    },
    zoom(factor) {
      if (!plot) return;
      const { start, end } = plot.x_range;
      const middle = (start + end) / 2;
      const half = ((end - start) / 2) * factor;
      bars.show(middle - half, middle + half);
    },
    pan(part) {
      if (!plot) return;
      const { start, end } = plot.x_range;
      const step = (end - start) * part;
      if (start + step >= 0 && end + step <= bars.width()) bars.show(start + step, end + step);
    },
  };
  let selecting = false;
  const select = (positions) => {
    if (!source) return;
    selecting = true;
    source.selected.indices = positions;
    selecting = false;
  };
  const useWorkers = (chosen) => {
    workers = chosen;
    const { starts, ends, workers: lanes } = timeline();
    const lane = Array.from(lanes, (worker) => worker + 1);
    source.data = {
      ...source.data,
      left: Float64Array.from(starts),
      right: Float64Array.from(ends),
      bottom: Float64Array.from(lane, (row) => row - 0.42),
      top: Float64Array.from(lane, (row) => row + 0.42),
    };
    idle.data = { lane: Array.from({ length: Number(chosen) }, (_, row) => row + 1) };
    plot.renderers[0].glyph.right = { value: bars.width() };
    plot.y_range.setv({ start: Number(chosen) + 0.5, end: 0.5 });
    plot.left[0].ticker.ticks = Array.from({ length: Number(chosen) }, (_, row) => row + 1);
    plot.height = 90 + 26 * Number(chosen);
    bars.show(0, bars.width());
    if (picked >= 0) pick(picked);
  };

  // Search: ids, names and labels; whoever has that very name first, then by the first letters.
  const names = [
    ...block.ids.map((text, at) => ({ text, at, what: "transaction" })),
    ...block.accounts.map((text, at) => ({ text, at, what: "account", label: block.labels[at] })),
  ].map((each) => ({ ...each, low: `${each.text} ${each.label ?? ""}`.toLowerCase() }));
  const found = (wanted) => {
    const low = wanted.trim().toLowerCase();
    if (!low) return [];
    const exact = [];
    const begins = [];
    const holds = [];
    for (const each of names) {
      const place = each.low.indexOf(low);
      if (each.text.toLowerCase() === low) exact.push(each);
      else if (place === 0 && begins.length < FOUND_MAX) begins.push(each);
      else if (place > 0 && holds.length < FOUND_MAX) holds.push(each);
    }
    return [...exact, ...begins, ...holds].slice(0, FOUND_MAX);
  };
  const input = byId("search");
  const results = byId("results");
  const go = (each) => {
    if (each.what === "account") pickAccount(each.at);
    else pick(each.at, { zoom: true });
    results.replaceChildren();
    byId("lanes").scrollIntoView({ block: "start" });
  };
  const list = () => {
    const hits = found(input.value);
    results.replaceChildren(...hits.map((each) => {
      const item = document.createElement("li");
      item.append(button(each.text, () => go(each)),
        ` ${each.what}${each.label ? `, ${each.label}` : ""}`);
      return item;
    }));
    if (input.value.trim() && !hits.length)
      results.append(make("li", "nothing in this block is called so"));
  };
  input.addEventListener("input", list);
  input.addEventListener("keydown", (event) => {
    const first = found(input.value)[0];
    if (event.key === "Enter" && first) go(first);
    if (event.key === "ArrowDown") { results.querySelector("button")?.focus(); event.preventDefault(); }
  });
  results.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = [...results.querySelectorAll("button")];
    const next = all.indexOf(document.activeElement) + step;
    (all[next] ?? input).focus();
    event.preventDefault();
  });
  for (const each of document.querySelectorAll("[data-account]"))
    each.addEventListener("click", () => {
      pickAccount(Number(each.dataset.account));
      byId("lanes").scrollIntoView({ block: "start" });
    });
  for (const each of document.querySelectorAll("[data-position]"))
    each.addEventListener("click", () => {
      pick(Number(each.dataset.position), { zoom: true });
      byId("lanes").scrollIntoView({ block: "start" });
    });

  // The keyboard.
  const neighbour = (step) => {
    const { starts, workers: lanes } = timeline();
    if (!count) return;
    if (picked < 0) return pick(step > 0 ? 0 : count - 1, { zoom: false });
    const lane = [...lanes.keys()].filter((p) => lanes[p] === lanes[picked])
      .sort((a, b) => starts[a] - starts[b] || a - b);
    const next = lane[lane.indexOf(picked) + step];
    if (next !== undefined) pick(next);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { clear(); results.replaceChildren(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea")) return;
    const acts = {
      "/": () => input.focus(),
      "+": () => bars.zoom(0.5),
      "=": () => bars.zoom(0.5),
      "-": () => bars.zoom(2),
      "0": () => bars.show(0, bars.width()),
      ",": () => bars.pan(-0.25),
      ".": () => bars.pan(0.25),
      n: () => neighbour(1),
      p: () => neighbour(-1),
    };
    if (acts[event.key]) { acts[event.key](); event.preventDefault(); }
  });
  byId("workers").addEventListener("change", (event) => useWorkers(event.target.value));

  const connect = () => {
    const drawn = window.Bokeh?.documents ?? [];
    const model = drawn.map((each) => each.get_model_by_name("sealane-lanes")).find(Boolean);
    if (!model) return setTimeout(connect, 20);
    plot = model;
    const named = (name) => drawn.map((each) => each.get_model_by_name(name)).find(Boolean);
    source = named("bars");
    idle = named("idle");
    source.selected.properties.indices.change.connect(() => {
      const [only] = source.selected.indices;
      if (!selecting && source.selected.indices.length === 1) pick(only);
    });
    window.sealaneColours.follow();
    document.body.dataset.ready = "yes";
  };
  connect();
})();

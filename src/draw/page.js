/*
 * The page's program. page_data.js unpacks the words for it.
 *
 * No canvas draws a hundred thousand shapes in a frame. So points are set into an image by hand, each
 * by a small mask of opacities; text, lines and marks are then drawn over it. The label of a word has
 * a level: the least zoom, in steps of a square root of two, at which it hits no label of a word that
 * comes before. A label that was seen stays while one zooms in, and nothing flickers.
 *
 * Words reach the page through textContent and the canvas alone, never as HTML.
 */
"use strict";
(function () {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const { words, n, k, X, Y, group, near, cosine, order } = unpackWords(data);
  const nGroups = data.groups.length;
  const shown = new Uint8Array(nGroups + 1).fill(1);
  const groupOf = (i) => Math.min(group[i], nGroups);

  /* Points sorted by the cells of a grid. By them the point under the pointer is found. */
  const CELLS = 256, cellBegin = new Uint32Array(CELLS * CELLS + 1), cellPoints = new Uint32Array(n);
  const cellOf = (x, y) =>
    Math.min(CELLS - 1, Math.max(0, Math.floor(y * CELLS))) * CELLS +
    Math.min(CELLS - 1, Math.max(0, Math.floor(x * CELLS)));
  {
    for (let i = 0; i < n; i++) cellBegin[cellOf(X[i], Y[i]) + 1]++;
    for (let c = 0; c < CELLS * CELLS; c++) cellBegin[c + 1] += cellBegin[c];
    const at = cellBegin.slice();
    for (let i = 0; i < n; i++) cellPoints[at[cellOf(X[i], Y[i])]++] = i;
  }

  /* ---- The view ---- */

  const canvas = $("map"), ctx = canvas.getContext("2d", { alpha: false });
  const MOST_ZOOM = 80, FONT = "12px system-ui, 'Helvetica Neue', Arial, sans-serif";
  let width = 0, height = 0, ratio = 1, image = null, pixels = null;
  let fitScale = 1, scale = 1, midX = 0.5, midY = 0.5; /* the middle of the canvas, on the map */
  let chosen = -1, hovered = -1, theme = {}, moved = false;

  const toX = (i) => (X[i] - midX) * scale + width / 2;
  const toY = (i) => (Y[i] - midY) * scale + height / 2;

  function resize() {
    const dpr = Math.min(window.devicePixelRatio || 1, 2);
    width = Math.max(1, window.innerWidth);
    height = Math.max(1, window.innerHeight);
    ratio = dpr;
    canvas.width = Math.round(width * dpr);
    canvas.height = Math.round(height * dpr);
    image = ctx.createImageData(canvas.width, canvas.height);
    pixels = new Uint32Array(image.data.buffer);
    const before = fitScale, narrow = width <= 640;
    /* On a wide screen the panel stands left of the map, on a narrow one above it. */
    const side = narrow ? 0 : 290, top = narrow ? 60 : 0;
    fitScale = Math.max(100, Math.min((width - side) * 0.94, (height - top) * 0.94));
    if (!moved) fit(); else { scale *= fitScale / before; startLabels(); }
    schedule();
  }

  function fit() {
    const narrow = width <= 640;
    scale = fitScale;
    midX = 0.5 - (narrow ? 0 : 290) / 2 / scale;
    midY = 0.5 - (narrow ? 60 : 0) / 2 / scale;
    moved = false;
    startLabels();
    schedule();
  }

  function zoomAt(x, y, factor) {
    const next = Math.min(fitScale * MOST_ZOOM, Math.max(fitScale * 0.5, scale * factor));
    midX += (x - width / 2) * (1 / scale - 1 / next);
    midY += (y - height / 2) * (1 / scale - 1 / next);
    scale = next;
    moved = true;
    keepInside();
    wantLevel();
    schedule();
  }

  function pan(dx, dy) {
    midX -= dx / scale;
    midY -= dy / scale;
    moved = true;
    keepInside();
    schedule();
  }

  function keepInside() {
    midX = Math.min(1.5, Math.max(-0.5, midX));
    midY = Math.min(1.5, Math.max(-0.5, midY));
  }

  /* ---- Colours ---- */

  const parse = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const pack = (c) => (255 << 24 | c[2] << 16 | c[1] << 8 | c[0]) >>> 0;
  const mix = (a, b, share) => a.map((v, i) => Math.round(v + (b[i] - v) * share));

  function readTheme() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const back = parse(colour("--back"));
    const dark = back[0] < 128, palette = dark ? data.dark : data.light;
    const colours = data.groups.map((g, i) => palette[i % palette.length]);
    colours.push(colour("--none"));
    theme = { back: colour("--back"), ink: colour("--ink"), mark: colour("--mark"),
      faint: colour("--faint"), colours, back32: pack(back),
      full: colours.map((c) => pack(parse(c))), dim: colours.map((c) => pack(mix(parse(c), back, 0.7))) };
    document.querySelectorAll("#switches i").forEach((sign, i) => { sign.style.color = colours[i]; });
    schedule();
  }

  /* ---- Points ---- */

  /*
   * The opacities of a shape whose middle is at one of 4 by 4 places within a pixel. They are found by
   * 4 by 4 samples a pixel.
   */
  const masks = new Map();
  const inside = [
    (x, y, r) => x * x + y * y <= r * r,
    (x, y, r) => Math.abs(x) <= 0.9 * r && Math.abs(y) <= 0.9 * r,
    (x, y, r) => y <= 0.8 * r && y >= -1.35 * r && Math.abs(x) <= (y + 1.35 * r) * 0.56,
    (x, y, r) => Math.abs(x) + Math.abs(y) <= 1.35 * r];

  function maskOf(shape, r) {
    const key = shape + "/" + r.toFixed(2);
    if (masks.has(key)) return masks.get(key);
    const reach = Math.ceil(1.4 * r) + 1, side = 2 * reach, all = [];
    for (let phase = 0; phase < 16; phase++) {
      const cx = reach + (phase % 4) / 4, cy = reach + (phase >> 2) / 4, at = [], opacity = [];
      for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++) {
          let hits = 0;
          for (let s = 0; s < 16; s++)
            hits += inside[shape](x + (s % 4 + 0.5) / 4 - cx, y + ((s >> 2) + 0.5) / 4 - cy, r) ? 1 : 0;
          if (hits > 0) { at.push(x - reach, y - reach); opacity.push(Math.round(hits * 255 / 16)); }
        }
      all.push({ at: Int16Array.from(at), opacity: Uint8Array.from(opacity), offsets: null, stride: 0 });
    }
    masks.set(key, { reach, all });
    return masks.get(key);
  }

  function radius() {
    const base = n <= 300 ? 4 : n <= 3000 ? 3 : n <= 20000 ? 2 : 1.3;
    return Math.min(6, base * Math.pow(Math.max(1, scale / fitScale), 0.22));
  }

  function drawPoints() {
    const w = canvas.width, h = canvas.height, r = Math.round(radius() * ratio * 4) / 4;
    const shapes = [0, 1, 2, 3].map((s) => maskOf(s, r)), reach = shapes[0].reach + 1;
    const kx = scale * ratio, ox = width / 2 * ratio - midX * kx, oy = height / 2 * ratio - midY * kx;
    const colours = chosen >= 0 ? theme.dim : theme.full;
    pixels.fill(theme.back32);
    for (const set of shapes)
      for (const mask of set.all)
        if (mask.stride !== w) {
          mask.offsets = Int32Array.from(mask.opacity, (_, j) => mask.at[2 * j + 1] * w + mask.at[2 * j]);
          mask.stride = w;
        }
    for (let at = n - 1; at >= 0; at--) { /* the first are drawn last, on top */
      const i = order[at], x = X[i] * kx + ox, y = Y[i] * kx + oy, g = groupOf(i);
      if (x < reach || y < reach || x >= w - reach || y >= h - reach || !shown[g]) continue;
      const px = Math.floor(x), py = Math.floor(y);
      const set = shapes[g === nGroups ? 0 : (g >> 3) & 3];
      const mask = set.all[Math.floor((y - py) * 4) * 4 + Math.floor((x - px) * 4)];
      const colour = colours[g], offsets = mask.offsets, opacity = mask.opacity, base = py * w + px;
      for (let j = 0; j < offsets.length; j++) {
        const to = base + offsets[j], a = opacity[j];
        if (a === 255) { pixels[to] = colour; continue; }
        const old = pixels[to], b = 255 - a; /* two channels at a time */
        const rb = ((colour & 0xff00ff) * a + (old & 0xff00ff) * b) / 256 & 0xff00ff;
        const green = ((colour & 0xff00) * a + (old & 0xff00) * b) / 256 & 0xff00;
        pixels[to] = (0xff000000 | rb | green) >>> 0;
      }
    }
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.putImageData(image, 0, 0);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  function drawMark(i, r, colour, line) {
    ctx.beginPath();
    ctx.arc(toX(i), toY(i), r, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.fill();
    if (line) { ctx.lineWidth = 2; ctx.strokeStyle = line; ctx.stroke(); }
  }

  function drawArrows() {
    ctx.strokeStyle = ctx.fillStyle = theme.ink;
    ctx.lineWidth = 1.2;
    for (let a = 0; a + 1 < data.arrows.length; a += 2) {
      const from = data.arrows[a], to = data.arrows[a + 1];
      const x = toX(from), y = toY(from), dx = toX(to) - x, dy = toY(to) - y;
      const length = Math.hypot(dx, dy), off = radius() + 2;
      if (length < 2 * off + 2) continue;
      const ux = dx / length, uy = dy / length, tx = x + dx - off * ux, ty = y + dy - off * uy;
      ctx.beginPath();
      ctx.moveTo(x + off * ux, y + off * uy);
      ctx.lineTo(tx, ty);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(tx, ty);
      ctx.lineTo(tx - 9 * ux - 3.5 * uy, ty - 9 * uy + 3.5 * ux);
      ctx.lineTo(tx - 9 * ux + 3.5 * uy, ty - 9 * uy - 3.5 * ux);
      ctx.fill();
    }
  }

  /* ---- Labels ---- */

  const LABEL_HEIGHT = 15, MOST_LABELS = 700;
  const widths = new Float32Array(n);
  let shownAt = 0;
  let accepted = [], level = new Uint8Array(n), built = -1, job = null;

  const widthOf = (i) => widths[i] || (ctx.font = FONT, widths[i] = ctx.measureText(words[i]).width + 1);
  const levelOf = (s) => Math.max(0, Math.floor(2 * Math.log2(s / fitScale) + 1e-6));

  function startLabels() {
    accepted = [];
    level.fill(255);
    built = -1;
    job = null;
    wantLevel();
  }

  /* A job places the labels of one level, some milliseconds at a time. */
  function* place(l) {
    const s = fitScale * Math.pow(2, l / 2), cells = new Map(), gap = radius() + 3;
    const box = (i) => [X[i] * s + gap, Y[i] * s - LABEL_HEIGHT / 2, widthOf(i) + 4];
    const columns = 65536;
    function free(b) {
      const x0 = Math.floor(b[0] / 48), x1 = Math.floor((b[0] + b[2]) / 48), row = Math.floor(b[1] / LABEL_HEIGHT);
      for (let y = row - 1; y <= row + 1; y++)
        for (let x = x0; x <= x1; x++) {
          const list = cells.get(y * columns + x);
          if (list)
            for (const o of list)
              if (o[0] < b[0] + b[2] && b[0] < o[0] + o[2] && Math.abs(o[1] - b[1]) < LABEL_HEIGHT) return false;
        }
      return true;
    }
    function take(b) {
      const x1 = Math.floor((b[0] + b[2]) / 48), row = Math.floor(b[1] / LABEL_HEIGHT);
      for (let x = Math.floor(b[0] / 48); x <= x1; x++) {
        const key = row * columns + x, list = cells.get(key);
        if (list) list.push(b); else cells.set(key, [b]);
      }
    }
    let count = 0;
    for (const i of accepted) { take(box(i)); if (++count % 256 === 0) yield; }
    const most = Math.min(n, data.labels);
    for (let at = 0; at < most; at++) {
      if (at % 256 === 255) yield;
      const i = order[at];
      if (level[i] !== 255 || !shown[groupOf(i)]) continue;
      /* A narrow box is tried first: most labels find no room, and it takes time to measure a text. */
      if (!free([X[i] * s + gap, Y[i] * s - LABEL_HEIGHT / 2, 12])) continue;
      const b = box(i);
      if (!free(b)) continue;
      take(b);
      level[i] = l;
      accepted.push(i);
    }
    built = l;
  }

  function wantLevel() {
    if (job === null && built < levelOf(scale)) {
      job = place(built + 1);
      setTimeout(work, 0);
    }
  }

  function work() {
    if (job === null) return;
    const end = performance.now() + 8;
    let done = false;
    while (!done && performance.now() < end) done = job.next().done;
    if (!done) {
      if (end - shownAt > 200) { shownAt = end; schedule(); } /* shows the labels placed so far */
      setTimeout(work, 0);
      return;
    }
    job = null;
    wantLevel();
    schedule();
  }

  function text(word, x, y, colour) {
    ctx.lineWidth = 3;
    ctx.strokeStyle = theme.back;
    ctx.strokeText(word, x, y);
    ctx.fillStyle = colour;
    ctx.fillText(word, x, y);
  }

  const hits = (boxes, x, y, w) =>
    boxes.some((b) => b[0] < x + w && x < b[0] + b[2] && Math.abs(b[1] - y) < LABEL_HEIGHT);

  /*
   * Labels of marked words come first. They stand beside, above or below their points, and other
   * labels keep clear of them. A label that the right edge would cut stands left of its point, or is
   * left out until there is room.
   */
  function drawLabels(marked) {
    const now = levelOf(scale), gap = radius() + 3, boxes = [], isMarked = new Set(marked);
    ctx.font = FONT;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.lineJoin = "round";
    const places = [];
    for (const i of marked) {
      const x = toX(i), y = toY(i), w = widthOf(i) * 1.1, off = gap + 3;
      const around = [[x + off, y], [x - off - w, y], [x - w / 2, y - off - 8], [x - w / 2, y + off + 8]];
      const whole = ([left]) => left + w <= width && (left >= 0 || x < 0);
      const free = around.filter((at) => !hits(boxes, at[0], at[1], w));
      if (free.length === 0 && i !== chosen && i !== hovered) continue;
      const at = free.find(whole) || free[0] || around.find(whole) || around[0];
      boxes.push([at[0], at[1], w]);
      places.push([i, at]);
    }
    const colour = chosen >= 0 ? theme.faint : theme.ink, drawn = [], cut = [];
    for (const i of accepted) {
      if (level[i] > now || isMarked.has(i)) continue;
      const x = toX(i) + gap, y = toY(i), w = widthOf(i);
      if (x < -200 || y < -10 || x > width || y > height + 10) continue;
      if (x + w > width) { cut.push(i); continue; }
      if (hits(boxes, x, y, w)) continue;
      text(words[i], x, y, colour);
      if (drawn.push([x, y, w]) >= MOST_LABELS) break;
    }
    for (const i of cut) {
      const w = widthOf(i), x = toX(i) - gap - w, y = toY(i);
      if (hits(boxes, x, y, w) || hits(drawn, x, y, w)) continue;
      text(words[i], x, y, colour);
      drawn.push([x, y, w]);
    }
    for (const [i, at] of places) {
      ctx.font = (i === chosen || i === hovered ? "bold " : "") + FONT;
      text(words[i], at[0], at[1], i === chosen ? theme.mark : theme.ink);
    }
  }

  /* ---- A frame ---- */

  function draw() {
    drawPoints();
    drawArrows();
    const marked = [];
    if (hovered >= 0) marked.push(hovered);
    if (chosen >= 0) {
      if (chosen !== hovered) marked.unshift(chosen);
      const others = [];
      for (let j = 0; j < k; j++) {
        const other = near[chosen * k + j];
        if (shown[groupOf(other)]) others.push(other);
      }
      ctx.lineWidth = 1;
      ctx.strokeStyle = theme.mark;
      ctx.globalAlpha = 0.5;
      ctx.beginPath();
      for (const other of others) {
        ctx.moveTo(toX(chosen), toY(chosen));
        ctx.lineTo(toX(other), toY(other));
      }
      ctx.stroke();
      ctx.globalAlpha = 1;
      for (const other of others) {
        drawMark(other, radius() + 1, theme.colours[groupOf(other)], theme.mark);
        if (other !== hovered) marked.push(other);
      }
      drawMark(chosen, radius() + 2.5, theme.mark, theme.ink);
    }
    if (hovered >= 0) drawMark(hovered, radius() + 1.5, theme.colours[groupOf(hovered)], theme.ink);
    drawLabels(marked);
  }

  let waiting = false;
  function schedule() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  }

  /* ---- Words ---- */

  function pointAt(x, y) {
    const mx = (x - width / 2) / scale + midX, my = (y - height / 2) / scale + midY;
    const reach = 14 / scale, limit = CELLS - 1, at = (v) => Math.min(limit, Math.max(0, Math.floor(v * CELLS)));
    let best = -1, least = reach * reach;
    for (let cy = at(my - reach); cy <= at(my + reach); cy++)
      for (let cx = at(mx - reach); cx <= at(mx + reach); cx++)
        for (let p = cellBegin[cy * CELLS + cx]; p < cellBegin[cy * CELLS + cx + 1]; p++) {
          const i = cellPoints[p], d = (X[i] - mx) ** 2 + (Y[i] - my) ** 2;
          if (d < least && shown[groupOf(i)]) { least = d; best = i; }
        }
    return best;
  }

  function item(list, i, note, pick) {
    const li = document.createElement("li"), button = document.createElement("button");
    const name = document.createElement("bdi");
    button.type = "button";
    name.textContent = words[i];
    button.append(name);
    if (note) {
      const span = document.createElement("span");
      span.textContent = note;
      button.append(span);
    }
    button.addEventListener("click", () => pick(i));
    button.addEventListener("mouseenter", () => { hovered = i; schedule(); });
    button.addEventListener("mouseleave", () => { hovered = -1; schedule(); });
    li.append(button);
    list.append(li);
  }

  /* Moves the map as little as brings the word well inside what is seen of it. */
  function bringIn(i) {
    const narrow = width <= 640, left = narrow ? 40 : 340, top = narrow ? height * 0.5 : 60;
    const x = toX(i), y = toY(i), right = width - 110, bottom = height - 60;
    const dx = x < left ? left - x : x > right ? right - x : 0;
    const dy = y < top ? top - y : y > bottom ? bottom - y : 0;
    if (dx !== 0 || dy !== 0) pan(dx, dy);
  }

  function choose(i) {
    chosen = i;
    hovered = -1;
    $("word").hidden = i < 0;
    $("nearest").replaceChildren();
    if (i >= 0) {
      $("chosen").textContent = words[i];
      for (let j = 0; j < k; j++)
        item($("nearest"), near[i * k + j], (cosine[i * k + j] / 127.5 - 1).toFixed(2), (other) => { clearFound(); choose(other); });
      bringIn(i);
    }
    try { history.replaceState(null, "", i < 0 ? "#" : "#" + encodeURIComponent(words[i])); } catch (e) { /* not everywhere */ }
    schedule();
  }

  function clearFound() { $("found").replaceChildren(); }

  let lower = null;
  const MOST_FOUND = 8;

  function find(typed) {
    const wanted = typed.trim().toLowerCase(), ranks = [[], [], []];
    if (wanted === "") return [];
    if (lower === null) lower = words.map((word) => word.toLowerCase());
    for (let i = 0; i < n; i++) {
      const at = lower[i].indexOf(wanted);
      if (at < 0) continue;
      const rank = at > 0 ? 2 : lower[i].length === wanted.length ? 0 : 1;
      if (ranks[rank].length < MOST_FOUND) ranks[rank].push(i);
    }
    return ranks.flat().slice(0, MOST_FOUND);
  }

  $("find").addEventListener("input", () => {
    const found = find($("find").value);
    clearFound();
    if (found.length > 1)
      for (const i of found) item($("found"), i, "", (other) => { $("find").value = words[other]; clearFound(); choose(other); });
    choose(found.length > 0 ? found[0] : -1);
  });
  $("find").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { clearFound(); canvas.focus(); }
    if (event.key === "Escape") { $("find").value = ""; clearFound(); choose(-1); canvas.focus(); }
    if (event.key === "ArrowDown") { const first = document.querySelector("#found button, #nearest button"); if (first) { event.preventDefault(); first.focus(); } }
  });
  $("panel").addEventListener("keydown", (event) => {
    if (event.target.tagName !== "BUTTON" || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const all = [...document.querySelectorAll("#found button, #nearest button")], at = all.indexOf(event.target);
    if (at < 0) return;
    event.preventDefault();
    const next = all[at + (event.key === "ArrowDown" ? 1 : -1)];
    (next || $("find")).focus();
  });
  $("clear").addEventListener("click", () => { $("find").value = ""; clearFound(); choose(-1); });

  /* ---- Groups ---- */

  const SIGNS = ["\u25cf", "\u25a0", "\u25b2", "\u25c6"];
  function addSwitch(g, name) {
    const li = document.createElement("li"), label = document.createElement("label");
    const box = document.createElement("input"), sign = document.createElement("i"), text = document.createElement("bdi");
    box.type = "checkbox";
    box.checked = true;
    box.addEventListener("change", () => { shown[g] = box.checked ? 1 : 0; startLabels(); schedule(); });
    sign.textContent = SIGNS[g === nGroups ? 0 : (g >> 3) & 3];
    text.textContent = name;
    label.append(box, sign, text);
    li.append(label);
    $("switches").append(li);
  }
  if (nGroups > 0) {
    data.groups.forEach((name, g) => addSwitch(g, name));
    addSwitch(nGroups, "no group");
    if (!group.some((g) => g >= nGroups)) $("switches").lastChild.hidden = true;
    $("groups").hidden = false;
    $("groups").open = window.innerWidth > 640;
    for (const [id, on] of [["show", 1], ["hide", 0]])
      $(id).addEventListener("click", () => {
        shown.fill(on);
        document.querySelectorAll("#switches input").forEach((box) => { box.checked = on === 1; });
        startLabels();
        schedule();
      });
  }

  /* ---- Pointers and keys ---- */

  const pointers = new Map();
  let travelled = 0;
  canvas.addEventListener("pointerdown", (event) => {
    try { canvas.setPointerCapture(event.pointerId); } catch (e) { /* made by a script */ }
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    travelled = pointers.size > 1 ? 100 : 0;
    canvas.classList.add("drag");
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId), now = [event.clientX, event.clientY];
    if (before === undefined) {
      const over = pointAt(now[0], now[1]);
      canvas.classList.toggle("point", over >= 0);
      if (over !== hovered) { hovered = over; schedule(); }
      return;
    }
    if (pointers.size === 2) {
      const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
      const is = Math.hypot(now[0] - other[0], now[1] - other[1]);
      pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      if (was > 0) zoomAt((now[0] + other[0]) / 2, (now[1] + other[1]) / 2, is / was);
    } else {
      pan(now[0] - before[0], now[1] - before[1]);
    }
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    pointers.set(event.pointerId, now);
  });
  function lift(event) {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size === 0) canvas.classList.remove("drag");
    if (event.type === "pointerup" && travelled < 5) {
      const i = pointAt(event.clientX, event.clientY);
      clearFound();
      choose(i);
    }
  }
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => { if (hovered >= 0) { hovered = -1; schedule(); } });
  canvas.addEventListener("dblclick", (event) => zoomAt(event.clientX, event.clientY, 2));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const step = event.deltaMode === 1 ? 30 : event.deltaMode === 2 ? 300 : 1;
    zoomAt(event.clientX, event.clientY, Math.pow(1.0015, -Math.max(-600, Math.min(600, event.deltaY * step))));
  }, { passive: false });
  document.addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 80, moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const move = moves[event.key];
    if (move && event.target === canvas || move && event.target === document.body) { event.preventDefault(); pan(...move); }
    else if (event.key === "+" || event.key === "=") zoomAt(width / 2, height / 2, 1.4);
    else if (event.key === "-") zoomAt(width / 2, height / 2, 1 / 1.4);
    else if (event.key === "0") fit();
    else if (event.key === "/") { event.preventDefault(); $("find").focus(); }
    else if (event.key === "Escape") { clearFound(); choose(-1); }
  });
  $("in").addEventListener("click", () => zoomAt(width / 2, height / 2, 1.6));
  $("out").addEventListener("click", () => zoomAt(width / 2, height / 2, 1 / 1.6));
  $("fit").addEventListener("click", fit);

  /* ---- Light and dark ---- */

  $("theme").addEventListener("click", () => {
    const root = document.documentElement, dark = parse(theme.back)[0] < 128;
    root.dataset.theme = dark ? "light" : "dark";
    readTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readTheme);

  window.addEventListener("resize", resize);
  readTheme();
  resize();
  let asked = "";
  try { asked = decodeURIComponent(location.hash.slice(1)); } catch (e) { /* no word then */ }
  const at = asked === "" ? -1 : words.indexOf(asked);
  if (at >= 0) choose(at);
})();

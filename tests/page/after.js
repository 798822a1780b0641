/*
 * Runs behind the page's program, as a reader would use the page: types, reads, drags, zooms,
 * switches. Leaves "ok NAME" and "not ok NAME" lines in an element of its own, #verdict.
 */
(function () {
  "use strict";
  const lines = [], $ = (id) => document.getElementById(id), canvas = $("map");
  const check = (name, good, said) => lines.push((good ? "ok page: " : "not ok page: ") + name + (good ? "" : " (" + said + ")"));
  const flush = () => { for (let i = 0; i < 100000 && waitingFrames.length > 0; i++) waitingFrames.shift()(performance.now()); };
  const pixels = () => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const inked = () => { const p = pixels(); let n = 0; for (let i = 0; i < p.length; i += 4) n += p[i] !== p[0] || p[i + 1] !== p[1] || p[i + 2] !== p[2]; return n; };
  const digest = () => { const p = pixels(); let h = 7; for (let i = 0; i < p.length; i += 4) h = (h * 31 + p[i] * 65536 + p[i + 1] * 256 + p[i + 2]) >>> 0; return h; };
  const pointer = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 9, clientX: x, clientY: y, bubbles: true }));
  const key = (name, target) => (target || canvas).dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  const changed = (name, act) => { const was = digest(); act(); flush(); check(name, digest() !== was, "nothing changed"); };
  const type = (text) => { $("find").value = text; $("find").dispatchEvent(new Event("input", { bubbles: true })); flush(); };
  const wanted = JSON.parse($("wanted").textContent);

  try {
    flush();
    check("drawn, not blank", inked() > 500, inked() + " pixels");
    changed("a search shows on the map", () => type(wanted.word));
    check("the word is shown", $("chosen").textContent === wanted.word && !$("word").hidden, $("chosen").textContent);
    const near = [...document.querySelectorAll("#nearest bdi")].map((e) => e.textContent);
    if (wanted.near.length > 0) check("its neighbours are those of w2v neighbors", JSON.stringify(near) === JSON.stringify(wanted.near), near.join(" "));
    check("with cosines", [...document.querySelectorAll("#nearest span")].every((e) => /^-?[01]\.[0-9][0-9]$/.test(e.textContent)), "no numbers");
    document.querySelector("#nearest button").click();
    flush();
    check("a neighbour leads on", $("chosen").textContent === near[0], $("chosen").textContent);
    type("no such word anywhere");
    check("what is not there is not found", $("word").hidden && $("found").children.length === 0, $("chosen").textContent);
    changed("keys move", () => key("ArrowLeft"));
    changed("keys zoom", () => key("+"));
    changed("buttons zoom", () => $("out").click());
    changed("the wheel zooms", () => canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: -400, clientX: 500, clientY: 300, bubbles: true, cancelable: true })));
    changed("a drag moves", () => { pointer("pointerdown", 500, 300); pointer("pointermove", 540, 330); pointer("pointerup", 540, 330); });
    changed("all is shown again", () => key("0"));
    const last = canvas.width - 1, edge = canvas.getContext("2d").getImageData(last, 0, 1, canvas.height).data;
    check("the edge cuts no label", edge.every((part, at) => part === edge[at % 4]), "ink in the last column");
    changed("light and dark", () => $("theme").click());
    if (wanted.groups > 0) {
      check("groups", document.querySelectorAll("#switches li:not([hidden])").length === wanted.groups, "another number");
      changed("a group goes", () => document.querySelector("#switches input").click());
      const some = inked();
      changed("all groups go", () => $("hide").click());
      check("and nothing is drawn", inked() === 0 && some > 0, inked() + " pixels");
      changed("all groups come", () => $("show").click());
    }
    key("/", document.body);
    check("a key leads to the search", document.activeElement === $("find"), document.activeElement.id);
    const times = [];
    key("0");
    flush();
    pointer("pointerdown", 500, 300);
    for (let i = 0; i < 25; i++) {
      const began = performance.now();
      pointer("pointermove", 500 + 5 * (i % 7), 300 + 4 * (i % 5));
      for (let n = waitingFrames.length; n > 0; n--) waitingFrames.shift()(began);
      canvas.getContext("2d").getImageData(3, 3, 1, 1);
      times.push(performance.now() - began);
    }
    pointer("pointerup", 500, 300);
    times.sort((a, b) => a - b);
    const middle = times[times.length >> 1];
    lines.push("# a frame while panning: " + middle.toFixed(1) + " ms");
    if (wanted.milliseconds > 0) check("frames are short", middle < wanted.milliseconds, middle + " ms");
    check("words are text", document.querySelectorAll("body b, body svg, body img, body script").length === wanted.scripts, "elements of another kind");
  } catch (e) {
    check("runs to its end", false, e.message);
  }
  check("no errors", faults.length === 0, faults.join("; "));
  const verdict = document.createElement("pre");
  verdict.id = "verdict";
  verdict.textContent = "\n" + lines.join("\n") + "\n";
  document.body.append(verdict);
})();

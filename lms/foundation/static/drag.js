// Dragging, beside the form: what is dropped is written into the same fields a keyboard uses, which say "input", so that
// quiz.js saves them. Each [data-drags] has words or images to drag and the fields that hold them.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const field = (box, name) => all("[name]", box).find(e => e.name === name);
  const pair = (box, name) => [field(box, `${name}.x`), field(box, `${name}.y`)];
  const chip = (box, id) => id ? all("[data-drag]", box).find(e => e.dataset.drag === id) : null;
  const set = (input, value) => {
    if (!input || input.matches(":disabled, :read-only:not(select)") || input.value === String(value)) return;
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // The drawing says what the fields say

  const place = (mark, x, y) => {
    const svg = mark.ownerSVGElement, tag = mark.querySelector("[data-tag]"), gap = svg.viewBox.baseVal.y;
    mark.classList.remove("off");
    mark.setAttribute("transform", `translate(${x} ${svg.dataset.height - y})`);
    tag.setAttribute("transform", `translate(${x > svg.dataset.width / 2 ? gap - tag.dataset.tag : -gap} ${gap * 0.8})`);
  };
  const paint = box => {
    const selects = all("select[data-group]", box), held = selects.map(e => e.value);
    const spent = all("[data-drag]:not([data-many])", box).map(e => e.dataset.drag).filter(id => held.includes(id));
    for (const e of all("[data-drag]", box)) e.classList.toggle("used", spent.includes(e.dataset.drag));
    // What lies elsewhere can not be chosen: arrow keys walk over it, and take nothing from another place
    for (const e of selects) for (const o of e.options) o.disabled = spent.includes(o.value) && o.value !== e.value;
    for (const zone of all("[data-zone]", box)) {
      const lies = chip(box, field(box, zone.dataset.zone).value), image = lies?.querySelector("img");
      zone.classList.toggle("full", Boolean(lies));
      zone.querySelector(".lain").textContent = lies && !image ? lies.textContent.trim() : "";
      if (image) zone.querySelector("image").setAttribute("href", image.getAttribute("src"));
      else zone.querySelector("image").removeAttribute("href");
    }
    for (const mark of all("[data-mark]", box)) {
      const [x, y] = pair(box, mark.dataset.mark).map(e => e.value);
      if (x && y) place(mark, x, y);
      else mark.classList.add("off");
    }
    const empty = new Set();            // of the copies of one marker, one empty row is enough
    for (const row of all("[data-row]", box)) {
      const blank = pair(box, row.dataset.row).every(e => !e.value);
      row.hidden = blank && empty.has(row.dataset.of) && !row.contains(document.activeElement);
      if (blank) empty.add(row.dataset.of);
    }
  };
  const paintAll = () => {
    for (const box of all("[data-drags]")) {
      box.classList.add("live");
      paint(box);
    }
    all("[data-dragging]").forEach(e => { e.hidden = false; });
  };

  document.addEventListener("input", ({ target }) => {
    const box = target.closest("[data-drags]");
    if (box) paint(box);
  }, true);
  document.addEventListener("filled", paintAll, true);
  document.addEventListener("keydown", event => {
    const way = { ArrowUp: 10, ArrowDown: -10 }[event.key], input = event.target;
    if (!way || !event.shiftKey || !input.closest("[data-row]")) return;
    event.preventDefault();
    set(input, Math.min(Math.max(Number(input.value) + way, 0), input.max));
  });

  // A pointer takes something and lets it go

  let held = null;
  const onPicture = (svg, event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const { width, height } = svg.dataset;
    return x >= 0 && y >= 0 && x <= width && y <= height ? [Math.round(x), height - Math.round(y)] : null;
  };
  const under = ({ clientX, clientY }) => {
    const found = document.elementFromPoint(clientX, clientY)?.closest("select[data-group], [data-zone]");
    const select = found?.dataset.zone ? field(held.box, found.dataset.zone) : found;
    return held.box.contains(found ?? null) && select.dataset.group === held.thing.dataset.group ? [found, select] : [];
  };
  const mark = () => held.row && all("[data-mark]", held.box).find(e => e.dataset.mark === held.row);
  const end = () => {
    held?.ghost?.remove();
    all(".over").forEach(e => e.classList.remove("over"));
    held = null;
  };
  document.addEventListener("pointerdown", event => {
    const found = event.target.closest("[data-drag], [data-marker], [data-zone], [data-mark]"), box = found?.closest("[data-drags]");
    if (held || !box || event.button || box.querySelector("select:disabled, input:disabled, input:read-only")) return;
    const from = field(box, found.dataset.zone ?? ""), thing = from ? chip(box, from.value) : found;
    const free = all("[data-row]", box).find(e => e.dataset.of === found.dataset.marker && pair(box, e.dataset.row).some(i => !i.value));
    const row = found.dataset.mark ?? free?.dataset.row;
    if (!thing || ("marker" in found.dataset && !row)) return;
    held = { box, thing, from, row, x: event.clientX, y: event.clientY };
  });
  document.addEventListener("pointermove", event => {
    if (!held || (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < 4)) return;
    if (!held.moved && held.thing.tagName === "LI") {
      const ghost = held.ghost = held.thing.cloneNode(true);
      ghost.className = "ghost";
      document.body.append(ghost);
    }
    held.moved = true;
    scrollBy(0, event.clientY < 80 ? -16 : event.clientY > innerHeight - 50 ? 16 : 0);
    if (held.ghost) held.ghost.style.translate = `${event.clientX}px ${event.clientY}px`;
    const svg = mark()?.ownerSVGElement, spot = svg && onPicture(svg, event);
    if (spot) place(mark(), ...spot);
    held.ghost?.classList.toggle("on", Boolean(spot));
    const [target] = held.row ? [] : under(event);
    all(".over").forEach(e => e !== target && e.classList.remove("over"));
    target?.classList.add("over");
  });
  document.addEventListener("pointerup", event => {
    const { box, thing, from, row, moved } = held ?? {};
    if (moved && row) {
      const spot = onPicture(mark().ownerSVGElement, event) ?? ["", ""];
      pair(box, row).forEach((input, n) => set(input, spot[n]));
    } else if (moved) {
      const [, select] = under(event);
      const id = thing.dataset.drag, others = all("select[data-group]", box).filter(e => e !== select && e.value === id);
      if (from && from !== select) set(from, "");
      if (select && !("many" in thing.dataset)) others.forEach(e => set(e, ""));
      set(select, id);
    }
    end();
    if (box) paint(box);
  });
  document.addEventListener("pointercancel", () => { end(); paintAll(); });

  paintAll();
})();

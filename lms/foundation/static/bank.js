// The question editor: its buttons without a new page, the look beside it as one types, a toolbar, a click on a picture.
"use strict";
(() => {
  const form = document.getElementById("editor");
  if (!form) return;
  const all = (selector, within = form) => [...within.querySelectorAll(selector)];
  let running = null, wait = 0;

  // The page that the form's own buttons would bring, fetched as a document (no HTML is written from here); parts of it
  // take the place of ours.
  const ask = (deed, ids, then) => {
    const sent = new FormData(form);
    sent.set("hacer", deed);
    if (deed !== "imagen") sent.delete("imagen");
    running?.abort();
    const call = running = new XMLHttpRequest();
    call.responseType = "document";
    call.open("POST", location.href);
    call.onload = () => {
      running = null;
      const page = call.response;
      if (call.status !== 200 || !page?.getElementById("editor")) return;
      for (const id of ids) {
        const mine = document.getElementById(id), theirs = page.getElementById(id);
        if (mine && theirs) mine.replaceWith(document.importNode(theirs, true));
      }
      for (const field of all("input[type=hidden]")) {
        const other = page.querySelector(`#editor input[type=hidden][name="${field.name}"]`);
        if (other && field.name !== "csrf_token") field.value = other.value;
      }
      dress();
      document.dispatchEvent(new Event("filled"));        // drag.js: what is to be dragged is new
      then?.();
    };
    call.send(sent);
  };

  form.addEventListener("click", event => {
    const button = event.target.closest("button[name=hacer]");
    if (!button || button.value === "guardar") return;
    event.preventDefault();
    const [deed, group] = button.value.split(":");
    ask(button.value, ["campos", "vista"], () => {
      const fields = document.getElementById(group?.replaceAll(":", "-"));
      if (deed === "mas") all(":scope > .rowform:last-of-type :is(textarea, input:not([type=hidden]), select)", fields)[0]?.focus();
      else (all(`button[value="${button.value}"]:not([disabled])`)[0] ?? fields?.querySelector("button"))?.focus();
    });
  });

  form.addEventListener("input", event => {
    if (event.target.type === "file" || event.target.closest("#vista")) return;
    clearTimeout(wait);
    wait = setTimeout(() => ask("ver", ["vista", ...(event.target.closest("fieldset.group") ? ["lienzo"] : [])]), 700);
  });

  // The toolbar -------------------------------------------------------------------------------------------------------
  const around = (field, before, after = before, otherwise = "") => {
    let { selectionStart: from, selectionEnd: to, value } = field;
    while (from < to && /\s/.test(value[from])) from++;         // a mark that touches a space is none
    while (to > from && /\s/.test(value[to - 1])) to--;
    const chosen = value.slice(from, to) || otherwise;
    field.setRangeText(before + chosen + after, from, to, "end");
    if (!value.slice(from, to)) field.setSelectionRange(from + before.length, from + before.length + chosen.length);
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const listed = field => {
    const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const lines = field.value.slice(start, field.selectionEnd).split("\n").map(line => `- ${line}`).join("\n");
    field.setRangeText(lines, start, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const linked = field => {
    const address = prompt(form.dataset.address, "https://");
    if (/^(https?:\/\/|mailto:)\S+$/.test(address ?? "")) around(field, "[", `](${address.replace(/[()]/g, encodeURIComponent)})`, form.dataset.link);
  };
  const pictured = field => {
    document.getElementById("imagen-donde").value = field.name;
    document.getElementById("imagen-archivo").focus();
    document.getElementById("imagen").scrollIntoView({ block: "center" });
  };
  const gapped = field => {
    const mark = form.dataset.gap, used = field.value.match(/\{#(\d+)\}|\[\[(\d+)\]\]/g) ?? [];
    const next = Math.max(0, ...used.map(one => +one.replace(/\D/g, ""))) + 1;
    around(field, mark.replace("n", next), "");
  };
  const dress = () => {
    for (const field of all("textarea[data-rich]")) {
      if (field.previousElementSibling?.className === "toolbar") continue;
      const bar = document.createElement("div"), name = form.querySelector(`label[for="${field.id}"]`)?.textContent ?? "";
      bar.className = "toolbar";
      const tools = [["bold", () => around(field, "**", "**", form.dataset.bold.toLowerCase())], ["italic", () => around(field, "*", "*", form.dataset.italic.toLowerCase())]];
      if (field.rows > 2) tools.push(["list", () => listed(field)]);
      tools.push(["link", () => linked(field)], ["image", () => pictured(field)]);
      if (field.id === "text" && form.dataset.gap) tools.push(["gapname", () => gapped(field)]);
      for (const [tool, act] of tools) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-quiet btn-sm";
        button.textContent = form.dataset[tool];
        button.setAttribute("aria-label", `${form.dataset[tool]}: ${name}`);
        button.addEventListener("click", act);
        bar.append(button);
      }
      field.before(bar);
    }
    const canvas = document.getElementById("lienzo");
    if (canvas && !canvas.querySelector(".hint")) {
      const hint = document.createElement("p");
      hint.className = "hint";
      hint.textContent = canvas.dataset.hint;
      canvas.append(hint);
      canvas.querySelector("svg").classList.add("clickable");
    }
  };

  // A picture's places ------------------------------------------------------------------------------------------------
  let row = null;
  form.addEventListener("focusin", ({ target }) => {      // whose numbers one is about to give
    row = /-(x|y|shape|coords)$/.test(target.name) ? target.closest("#zones > .rowform, #places > .rowform") : null;
  });
  form.addEventListener("click", event => {
    const svg = event.target.closest("#lienzo svg");
    if (!svg) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const x = Math.round(at.x), y = Math.round(at.y), rows = all("#zones > .rowform, #places > .rowform");
    const empty = rows.find(one => all("input[name$='-x'], input[name$='-coords']", one).some(field => !field.value));
    const target = row && rows.includes(row) ? row : empty ?? rows.at(-1);
    if (!target) return;
    const field = name => target.querySelector(`[name$="-${name}"]`);
    if (field("x")) [field("x").value, field("y").value] = [x, y];
    else {
      const shape = field("shape").value, old = field("coords").value, size = Math.round(svg.viewBox.baseVal.width / 20);
      field("coords").value = shape === "polygon" ? (old ? `${old};${x},${y}` : `${x},${y}`)
        : shape === "circle" ? `${x},${y};${old.split(";")[1] || size}` : `${x},${y};${old.split(";")[1] || `${size * 2},${size}`}`;
    }
    if (!field("coords") || field("shape").value !== "polygon") row = null;
    ask("ver", ["vista", "lienzo"]);
  });

  dress();
})();

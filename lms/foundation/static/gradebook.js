// A grade of the book is changed where it stands: its own page's form, in a dialog. Without this its link leads there.
"use strict";
(() => {
  const grid = document.querySelector("[data-grid][data-dialog]"), dialog = document.getElementById("celda");
  if (!grid || !dialog) return;
  const inside = dialog.querySelector("[data-inside]"), fault = dialog.querySelector("[data-fault]"), title = dialog.querySelector("h2");
  const said = document.getElementById("dicho"), unsent = new Map();      // address -> what was typed and not sent
  let link = null, busy = false, refused = false;

  // The browser reads the page; no script writes HTML.
  const ask = (url, body) => new Promise((good, bad) => {
    const call = new XMLHttpRequest();
    call.open(body ? "POST" : "GET", url);
    call.responseType = "document";
    call.timeout = 30000;
    call.onload = () => call.response ? good(call) : bad();
    call.onerror = call.ontimeout = bad;
    if (body) call.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    call.send(body);
  });
  const fail = words => { fault.textContent = words; fault.hidden = !words; };
  const dirty = () => refused || [...inside.querySelectorAll("input, textarea")].some(field =>
    field.type === "radio" ? field.checked !== field.defaultChecked : field.type !== "hidden" && field.value !== field.defaultValue);

  const show = page => {
    const parts = [...page.querySelectorAll("[data-part]")], head = page.querySelector("main h1");
    if (!parts.length || !head) return false;
    title.textContent = head.textContent;
    inside.replaceChildren(...parts.map(part => document.importNode(part, true)));
    inside.querySelectorAll("details").forEach(fold => { fold.open = false; });       // the form is what one comes for
    return true;
  };
  const settle = () => {
    const target = inside.querySelector(".error-list") ?? inside.querySelector("[name=grade]") ?? dialog.querySelector("[data-close]");
    target.focus();
    if (target.matches("[name=grade]")) target.select();
  };

  const open = async () => {
    fail("");
    dialog.querySelector("[data-page]").href = link.href;
    if (unsent.has(link.href)) {
      const [head, ...kept] = unsent.get(link.href);
      title.textContent = head;
      inside.replaceChildren(...kept);
      unsent.delete(link.href);
      refused = true;
    } else {
      inside.replaceChildren(document.createTextNode(dialog.dataset.wait));
      dialog.showModal();
      const asked = link;
      try {
        if (!show((await ask(link.href)).response)) throw 0;
      } catch {
        inside.replaceChildren();
        fail(dialog.dataset.unheard);
      }
      if (asked !== link || !dialog.open) return;
    }
    if (!dialog.open) dialog.showModal();
    settle();
  };

  grid.addEventListener("click", event => {
    const found = event.target.closest("tbody td a");
    if (!found || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    link = found;
    open();
  });
  grid.addEventListener("keydown", event => {
    if (event.key !== "F2") return;
    event.preventDefault();
    event.target.closest("tbody td a")?.click();
  });

  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    if (link && dirty()) unsent.set(link.href, [title.textContent, ...inside.childNodes]);
    inside.replaceChildren();
    refused = false;
    link?.focus();
  });
  // Whoever chose another thing than a grade need not fill one in: typing a grade chooses to record it.
  inside.addEventListener("input", event => {
    const set = event.target.name === "grade" && inside.querySelector("[name=kind][value=set]");
    if (set) set.checked = true;
  });

  dialog.addEventListener("submit", async event => {
    const form = event.target;
    event.preventDefault();
    if (busy) return;
    busy = true;
    fail("");
    event.submitter?.setAttribute("aria-busy", "true");
    try {
      const answer = await ask(form.action, new URLSearchParams(new FormData(form)).toString());
      const known = answer.response.querySelector("[data-part]");
      if (answer.status < 400 && known) await done(answer.response);
      else if (!known) fail(answer.response.querySelector("main h1")?.textContent ?? dialog.dataset.unheard);
      else if (show(answer.response)) { refused = true; settle(); }
    } catch {
      fail(dialog.dataset.unheard);
    }
    event.submitter?.removeAttribute("aria-busy");
    busy = false;
  });

  // Saved: the person's line, the means and the plot as they are now; everything else stays where it is.
  const done = async page => {
    said.textContent = page.querySelector(".told p")?.textContent ?? dialog.dataset.saved;
    inside.replaceChildren();
    refused = false;
    const cell = link.closest("td"), line = cell.parentElement, place = cell.cellIndex, now = new URL(location.href);
    now.searchParams.set("persona", line.dataset.p);
    now.searchParams.delete("pagina");
    try {
      const fresh = (await ask(now.href)).response, row = fresh.querySelector("[data-grid] tbody tr");
      const feet = [grid, fresh].map(from => from.querySelector("tfoot tr")), plots = [document, fresh].map(from => from.querySelector("[data-spread]"));
      line.replaceChildren(...[...row.children].map(one => document.importNode(one, true)));
      if (feet[0] && feet[1]) feet[0].replaceWith(document.importNode(feet[1], true));
      if (plots[0] && plots[1]) plots[0].replaceWith(document.importNode(plots[1], true));
      link = line.cells[place].querySelector("a");
      line.cells[place].classList.add("fresh");
    } catch { /* saved all the same: the page shows it when it is opened again */ }
    dialog.close();
  };
})();

"use strict";
// Keys for marking, points and grades as they are chosen, passages to comment on. Without it the page does all its work.
(() => {
  const form = document.querySelector("#rubrica, #puntaje"), box = document.getElementById("atajos");
  if (!form) return;
  const by = id => document.getElementById(id), words = by("feedback"), help = by("ayuda-teclas");
  const on = box.querySelector("input"), criteria = [...form.querySelectorAll("fieldset")];
  const radios = c => [...c.querySelectorAll("[type=radio]")], chosen = c => radios(c).find(r => r.checked);
  const tokenOf = () => form.querySelector("[name=csrf_token]").value;
  const send = (url, data = {}) => fetch(url, {
    method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams({ csrf_token: tokenOf(), ...data })});
  box.hidden = false;
  on.checked = localStorage.atajos !== "no";
  on.onchange = () => { localStorage.atajos = on.checked ? "si" : "no"; };
  by("teclas").onclick = () => help.showModal();
  by("cerrar-teclas").onclick = () => help.close();

  // In whose hands it is: ours, while the page is open.
  const take = () => document.hidden || send(form.dataset.take).catch(() => {});
  take();
  setInterval(take, 10 * 60 * 1000);

  const tell = () => {
    if (!criteria.length || form.querySelector("[name^=p]") || !criteria.every(chosen)) return;
    const points = criteria.reduce((sum, c) => sum + +chosen(c).dataset.points, 0);
    by("puntos").textContent = points;
    by("notas").textContent = form.dataset.grades.split("|")[points];
  };
  form.addEventListener("change", tell);

  // A tree of the server's as nodes: [tag, href, children…]; the page's policy takes no HTML from a script.
  const grow = node => {
    if (typeof node === "string") return document.createTextNode(node);
    const [tag, href, ...rest] = node, made = document.createElement(tag);
    if (/^(https?:|mailto:)/.test(href)) made.href = href;
    made.append(...rest.map(grow));
    return made;
  };
  const look = by("ver"), seen = by("vista");
  look.addEventListener("click", async event => {
    event.preventDefault();
    const said = await (await send(look.dataset.preview, { feedback: words.value })).json();
    seen.replaceChildren(...said.nodes.map(grow));
    seen.hidden = false;
  });

  // Comments kept: typed and put in with Enter.
  const search = by("buscar");
  if (search) {
    search.closest("[hidden]").hidden = false;
    search.addEventListener("keydown", e => {
      if (e.key !== "Enter") return;
      e.preventDefault();
      const wanted = search.value.trim().toLowerCase();
      const found = [...by("guardados").options].find(o => wanted && o.value.toLowerCase().includes(wanted));
      if (!found) return;
      words.value = [words.value.trimEnd(), found.value].filter(Boolean).join("\n\n");
      [...form.querySelectorAll("[name=usar]")].forEach(c => { c.checked = false; });
      search.value = "";
      words.focus();
    });
  }

  // A passage: what is selected in the work, with its place counted in characters of the text.
  const place = (node, offset) => {
    const p = (node.nodeType === 1 ? node : node.parentElement).closest("[data-at]");
    if (!p) return null;
    const range = document.createRange();
    range.selectNodeContents(p);
    range.setEnd(node, offset);
    const part = range.cloneContents();
    part.querySelectorAll("sup").forEach(s => s.remove());
    part.querySelectorAll("br").forEach(b => b.replaceWith("\n"));
    return +p.dataset.at + [...part.textContent].length;
  };
  const pinned = () => {
    const picked = getSelection(), work = by("trabajo");
    if (!work || picked.isCollapsed || !work.contains(picked.anchorNode)) return null;
    const range = picked.getRangeAt(0), part = range.cloneContents();
    part.querySelectorAll("sup").forEach(s => s.remove());
    part.querySelectorAll("br, p + p").forEach(b => b.before("\n"));
    return [part.textContent.trim(), place(range.startContainer, range.startOffset)];
  };
  const keep = () => {
    const found = pinned();
    if (!found || !by("pin_quote")) return false;
    by("nueva-nota").open = true;
    [by("pin_quote").value, by("pin_start").value] = [found[0], found[1] ?? ""];
    if (by("pin_file")) by("pin_file").value = "";
    by("pin_comment").focus();
    return true;
  };
  const work = by("trabajo");
  if (work && by("pin_quote")) work.addEventListener("mouseup", () => {
    const found = pinned();
    if (found) [by("pin_quote").value, by("pin_start").value] = [found[0], found[1] ?? ""];
    if (found) by("nueva-nota").open = true;
  });

  // Keys. A digit chooses in the criterion in which one is, or in the first without a level.
  const at = () => {
    const here = criteria.find(c => c.contains(document.activeElement));
    return here || criteria.find(c => !chosen(c)) || criteria[0];
  };
  const go = c => c && (chosen(c) || radios(c)[0]).focus();
  const choose = key => {
    const here = at(), level = here && radios(here).find(r => r.dataset.key === key);
    if (!level) return false;
    level.checked = true;
    tell();
    const next = criteria[criteria.indexOf(here) + 1];
    if (next) go(next); else form.querySelector("[value=next]").focus();
    return true;
  };
  const deeds = {
    j: () => go(criteria[criteria.indexOf(at()) + (criteria.some(c => c.contains(document.activeElement)) ? 1 : 0)]),
    k: () => go(criteria[Math.max(criteria.indexOf(at()) - 1, 0)]),
    n: () => by("despues").click(), p: () => history.back(), z: () => by("deshacer")?.click(), c: keep,
    f: () => words.focus(), "?": () => help.showModal(),
    b: () => { if (search) { by("banco").open = true; search.focus(); } },
  };
  document.addEventListener("keydown", e => {
    if (!on.checked || e.altKey || e.metaKey || help.open) return;
    if (e.ctrlKey) return e.key === "Enter" && form.contains(e.target) && form.querySelector("[value=next]").click();
    if (e.target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return;
    if (/^\d$/.test(e.key) ? choose(e.key) : deeds[e.key]) {
      e.preventDefault();
      deeds[e.key]?.();
    }
  });
})();

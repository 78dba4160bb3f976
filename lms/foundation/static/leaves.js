"use strict";
// Pages of a file: pressed where a comment belongs; a picture that was not ready is asked for again.
(() => {
  const faces = document.querySelectorAll(".leaf-face img"), by = id => document.getElementById(id);
  for (const image of faces) {
    let tries = 0;
    image.addEventListener("error", () => {
      if (tries++ < 6) setTimeout(() => { image.src = image.src.replace(/#.*|$/, "#" + tries); }, 1500 * tries);
    });
  }
  const box = by("nueva-nota"), file = by("pin_file"), page = by("pin_page"), spot = by("pin_spot");
  if (!box || !file) return;
  const save = by("nota-guardar"), said = by("nota-lugar"), words = by("pin_comment"), close = by("nota-cerrar");
  const SVG = "http://www.w3.org/2000/svg", sign = document.createElementNS(SVG, "circle");
  const plain = save.getAttribute("formaction");
  let from = null;
  sign.setAttribute("r", 12);
  sign.classList.add("draft");
  document.querySelectorAll(".leaves .only-script").forEach(p => { p.hidden = false; });

  // The sign of what is being written, where the fields say.
  const show = () => {
    const leaf = by(`hoja-${file.value}-${page.value}`), at = spot.value.split(",");
    sign.remove();
    if (!leaf || !box.open) return;
    sign.setAttribute("cx", at[0] + "%");
    sign.setAttribute("cy", at[1] + "%");
    leaf.querySelector("svg.signs").append(sign);
    save.setAttribute("formaction", `${plain}#${leaf.id}`);
  };
  const shut = () => {
    if (!box.classList.contains("afloat")) return;
    box.classList.remove("afloat");
    box.open = false;
    close.hidden = said.hidden = true;
    sign.remove();
    from?.focus({ preventScroll: true });
  };
  const open = (leaf, place) => {
    from = leaf.querySelector("[name=poner]");
    file.value = leaf.dataset.file;
    page.value = leaf.dataset.page;
    spot.querySelector("[data-own]")?.remove();
    if (place) {
      const own = new Option(said.dataset.words.replace("{n}", page.value), place, true, true);
      own.dataset.own = "";
      spot.prepend(own);
      spot.value = place;
      said.textContent = own.text;
    }
    box.classList.toggle("placed", !!place);
    said.hidden = !place;
    close.hidden = false;
    box.classList.add("afloat");
    box.open = true;
    show();
    const hidden = sign.getBoundingClientRect().bottom + 24 - box.getBoundingClientRect().top;
    if (sign.isConnected && hidden > 0) scrollBy(0, hidden);            // the spot stays in sight above the box
    (place ? words : spot).focus({ preventScroll: true });
  };
  for (const leaf of document.querySelectorAll(".leaf[data-page]")) {
    const face = leaf.querySelector(".leaf-face"), button = leaf.querySelector("[name=poner]");
    if (!button) continue;
    face.classList.add("can");
    face.addEventListener("click", e => {
      if (e.target.closest("a")) return;
      const all = face.getBoundingClientRect(), share = (at, of) => Math.min(Math.max(Math.round(100 * at / of), 0), 100);
      open(leaf, `${share(e.clientX - all.left, all.width)},${share(e.clientY - all.top, all.height)}`);
    });
    button.addEventListener("click", e => { e.preventDefault(); open(leaf, ""); });
  }
  [file, page, spot].forEach(field => field.addEventListener("input", show));
  close.addEventListener("click", shut);
  box.addEventListener("keydown", e => { if (e.key === "Escape") shut(); });
  box.addEventListener("toggle", () => { if (!box.open) shut(); });
  document.querySelectorAll(".leaf-press").forEach(press => { press.hidden = true; });
})();

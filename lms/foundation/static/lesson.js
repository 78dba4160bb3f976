// A lesson: keeps on this device how far it was read, and offers to go on from there; shows the print button.
"use strict";
{
  const key = "lesson:" + location.pathname, offer = document.getElementById("seguir"), print = document.getElementById("imprimir");
  const heads = [...document.querySelectorAll("#texto :is(h2, h3)[id]")];
  const store = (act) => { try { return act(localStorage); } catch { return null; } };
  const last = heads.find((h) => h.id === store((s) => s.getItem(key)));
  if (last && offer && !location.hash) {
    const link = offer.querySelector("a");
    link.href = "#" + last.id;
    link.textContent = last.textContent;
    offer.hidden = false;
  }
  addEventListener("scrollend", () => {
    const passed = heads.filter((h) => h.getBoundingClientRect().top < innerHeight / 2).pop();
    store((s) => passed ? s.setItem(key, passed.id) : s.removeItem(key));
  });
  if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }
}

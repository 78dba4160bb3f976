"use strict";
// Keys for marking, and points and grades as they are chosen. Without it the page does all of its work.
(() => {
  const form = document.querySelector("#rubrica, #puntaje"), box = document.getElementById("atajos");
  if (!form) return;
  const on = box.querySelector("input"), criteria = [...form.querySelectorAll("fieldset")];
  const radios = c => [...c.querySelectorAll("input")], chosen = c => radios(c).find(r => r.checked);
  box.hidden = false;
  on.checked = localStorage.atajos !== "no";
  on.onchange = () => { localStorage.atajos = on.checked ? "si" : "no"; };
  const tell = () => {
    if (!criteria.length || !criteria.every(chosen)) return;
    const points = criteria.reduce((sum, c) => sum + +chosen(c).dataset.points, 0);
    document.getElementById("puntos").textContent = points;
    document.getElementById("notas").textContent = form.dataset.grades.split("|")[points];
  };
  form.addEventListener("change", tell);
  form.addEventListener("keydown", e => {
    const save = form.querySelector("[value=next]"), here = e.target.closest("fieldset");
    if (!on.checked || e.altKey || e.metaKey) return;
    if (e.ctrlKey) return e.key === "Enter" && save.click();
    const level = here && radios(here).find(r => r.dataset.key === e.key);
    if (!level) return;
    e.preventDefault();
    level.checked = true;
    tell();
    const next = criteria[criteria.indexOf(here) + 1];
    (next ? chosen(next) || radios(next)[0] : save).focus();
  });
})();

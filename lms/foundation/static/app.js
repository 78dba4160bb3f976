// What any page may need: a draft that outlives an accident, one submit for two taps, the place in a lesson, our letters.
"use strict";
(() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const store = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(`lms.draft.${name}`);
      if (value) localStorage.setItem(`lms.draft.${name}`, value);
      else localStorage.removeItem(`lms.draft.${name}`);
    } catch { /* this browser keeps nothing */ }
    return null;
  };

  // <textarea data-keep="name"> is kept on this device as it is typed; a page with data-drop-draft="name" has it safe.
  for (const done of all("[data-drop-draft]")) store(done.dataset.dropDraft, "");
  for (const field of all("[data-keep]")) {
    const draft = store(field.dataset.keep);
    if (draft && draft !== field.value) {
      field.value = draft;
      field.form?.querySelectorAll("[data-draft-words]").forEach(line => {
        line.textContent = line.dataset.draftWords;
        line.hidden = false;
      });
    }
    field.addEventListener("input", () => store(field.dataset.keep, field.value));
  }

  // A second tap within some seconds sends nothing; offline, a form with a draft stays where it is.
  document.addEventListener("submit", event => {
    const form = event.target, late = form.querySelector("[data-keep]") && !navigator.onLine;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent || late) event.preventDefault();
    if (late) form.querySelectorAll("[data-offline-words]").forEach(line => {
      line.textContent = line.dataset.offlineWords;
      line.hidden = false;
    });
    if (form.dataset.sent || late) return;
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => {
      delete form.dataset.sent;
      event.submitter?.removeAttribute("aria-busy");
    }, 8000);
  });

  // Who signs out is told first if answers of theirs are only on this device (static/quiz keeps them there).
  for (const form of all("form[data-unsent]")) {
    form.addEventListener("submit", event => {
      if (form.dataset.asked) return;
      event.preventDefault();
      const leave = unsent => {
        if (unsent && !confirm(form.dataset.unsent)) return;
        form.dataset.asked = "1";
        globalThis.caches?.delete("log").catch(() => {});       // the one private page that is kept to be opened offline
        form.requestSubmit();
      };
      try {
        const asked = indexedDB.open("lms"), mine = [`${form.dataset.person}.`, `${form.dataset.person}/`];
        asked.onupgradeneeded = () => asked.transaction.abort();        // nothing was ever kept here
        asked.onerror = () => leave(0);
        asked.onsuccess = () => {
          const count = asked.result.transaction("queue").objectStore("queue").count(IDBKeyRange.bound([mine[0]], [mine[1]]));
          count.onsuccess = () => leave(count.result);
          count.onerror = () => leave(0);
          asked.result.close();
        };
      } catch {
        leave(0);
      }
    });
  }

  // A lesson keeps how far it was read on this device, and offers to go on from there.
  const offer = document.getElementById("seguir"), place = `lesson:${location.pathname}`;
  if (offer) {
    const heads = all("#texto :is(h2, h3)[id]"), kept = act => { try { return act(localStorage); } catch { return null; } };
    const last = heads.find(head => head.id === kept(storage => storage.getItem(place)));
    if (last && !location.hash) {
      const link = offer.querySelector("a");
      link.href = `#${last.id}`;
      link.textContent = last.textContent;
      offer.hidden = false;
    }
    addEventListener("scrollend", () => {
      const passed = heads.filter(head => head.getBoundingClientRect().top < innerHeight / 2).pop();
      kept(storage => passed ? storage.setItem(place, passed.id) : storage.removeItem(place));
    });
  }

  // Our letters come after the page, once for a device: slow ones read the first page in their own, later ones in ours.
  const root = document.documentElement;
  if (!root.matches(".letters") && !navigator.connection?.saveData) addEventListener("load", () => setTimeout(async () => {
    const faces = await Promise.all(['640 1em "School Serif"', '1em "School Sans"'].map(face => document.fonts.load(face)));
    if (!faces.every(face => face.length)) return;
    document.cookie = "letters=1; path=/; max-age=31536000; samesite=lax";
    if (performance.now() < 3000) root.classList.add("letters");
  }));

  // In a large table the arrows go from link to link, row by row.
  for (const grid of all("[data-grid]")) grid.addEventListener("keydown", event => {
    const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [];
    const cell = event.target.closest?.("td");
    if (down === undefined || event.altKey || event.ctrlKey || event.metaKey || !cell) return;
    const row = down ? (down > 0 ? cell.parentElement.nextElementSibling : cell.parentElement.previousElementSibling) : cell.parentElement;
    const link = row?.cells[cell.cellIndex + right]?.querySelector("a");
    if (link) { event.preventDefault(); link.focus(); link.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });

  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const fold of all("main details")) fold.open = true;      // paper can not be unfolded
      print();
    });
  }
})();

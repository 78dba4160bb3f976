// What any page may need: a draft that outlives an accident, one submit for two taps.
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

  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const fold of all("main details")) fold.open = true;      // paper can not be unfolded
      print();
    });
  }
})();

// Signing in again without leaving the page: only who was here before takes up their queue.
"use strict";
lms.enter = (() => {
  const dialog = document.querySelector("#ingreso"), form = dialog?.querySelector("form");
  if (!dialog) return null;
  const wrong = form.querySelector("[role=alert]"), headers = { Accept: "application/json", "Content-Type": "application/json" };

  const ask = async (method, token, body) => {
    const response = await fetch(dialog.dataset.url, {
      method, cache: "no-store", redirect: "error", headers: token ? { ...headers, "X-CSRF-Token": token } : headers,
      body: body && JSON.stringify(body)
    });
    return { ok: response.ok, ...await response.json() };
  };
  const tell = text => {
    wrong.textContent = text;
    wrong.hidden = !text;
  };

  form.addEventListener("submit", async event => {
    event.preventDefault();
    const button = form.querySelector(".btn-main"), { email, password } = form.elements;
    if (button.ariaBusy) return;
    button.ariaBusy = "true";
    try {
      const door = await ask("GET");    // a fresh token; and perhaps somebody has signed in in another tab
      let person = door.person;
      if (person !== Number(dialog.dataset.person)) {
        const reply = await ask("POST", door.token, { email: email.value, password: password.value, person: Number(dialog.dataset.person) });
        if (!reply.ok) tell(reply.message);
        person = reply.person;
      }
      if (person === Number(dialog.dataset.person)) dialog.close("in");
    } catch {
      tell(dialog.dataset.unheard);
    }
    password.value = "";
    if (dialog.open) password.focus();
    button.ariaBusy = null;
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  // Opens it; true once the person is signed in again.
  return () => new Promise(done => {
    tell("");
    dialog.returnValue = "";
    dialog.addEventListener("close", () => done(dialog.returnValue === "in"), { once: true });
    if (!dialog.open) dialog.showModal();
    form.elements.password.focus();
  });
})();

// The door of a seminar on an official's phone: marks are kept on the device at once and sent when there is a line; the
// list of who is expected is kept too, so that a name is shown even while the venue's network is down.
"use strict";
(async () => {
  const box = document.querySelector("#puerta");
  if (!box) return;
  const words = box.dataset, one = selector => box.querySelector(selector);
  const form = one("form[data-scan]"), field = form.elements.codigo, result = one("[data-result]");
  const state = one("[data-state]"), search = one("[data-search]"), found = one("[data-found]"), last = one("[data-last]");
  const device = lms.device(`door.${words.door}`);
  let people = [], listed = 0, lately = new Map();

  const way = () => form.elements.sentido.value;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const clock = at => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const hash = async text => {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(bytes)].slice(0, 8).map(byte => byte.toString(16).padStart(2, "0")).join("");
  };

  // What was scanned: an address, a ticket or a short code; the same reading as on the server (codes.wanted).
  const wanted = text => {
    const plain = text.trim(), part = plain.includes("/") ? plain.split(/[?#]/)[0].replace(/\/+$/, "").split("/").at(-1) : plain;
    return /^[\w-]{16,40}$/.test(part) ? part : part.toUpperCase().replace(/[^0-9A-Z]/g, "");
  };
  const person = async code => {
    const hashed = code.length >= 16 ? await hash(code) : "";
    return people.find(([ticket, short]) => hashed ? ticket === hashed : short === code);
  };

  const say = (kind, head, text = "") => {
    result.className = `note s-${kind}`;
    result.querySelector("b").textContent = head;
    result.querySelector("span").textContent = text;
    result.hidden = false;
  };
  const paint = status => {
    const left = sender.waiting();
    state.textContent = status === "shut" ? words.shut : left ? fill(left === 1 ? words.keptOne : words.kept, { n: left }) :
      status === "down" ? words.down : words.ready;
    state.className = `state s-${status === "shut" ? "late" : left ? "due" : "done"}`;
  };
  const note = (item, text) => {
    const line = lately.get(item.key) ?? document.createElement("li");
    line.textContent = `${clock(item.at)} · ${item.shown || item.code} · ${item.kind === "out" ? words.out : words.in}${text ? ` · ${text}` : ""}`;
    if (!lately.has(item.key)) last.prepend(line);
    lately.set(item.key, line);
    while (last.children.length > 12) last.lastChild.remove();
    last.closest("section").hidden = false;
  };
  const told = (item, reply) => {
    if (reply.name) item.shown = reply.name;
    note(item, reply.words);
    const head = item.shown || item.code;
    if (!reply.ok) say("late", head, reply.words);
    else if (reply.words) say("due", head, reply.words);
    else say("done", head, `${item.kind === "out" ? words.out : words.in} ${clock(item.at)}`);
    if (!reply.ok) sender.drop(item.key);
  };
  const sender = lms.sender({ device, url: words.marks, name: "marks", token: () => words.token, told, changed: paint });

  const mark = async (code, shown = "") => {
    if (!code) return;
    const known = shown ? [] : await person(code), name = shown || known?.[2] || "";
    const item = { code, kind: way(), at: Date.now(), shown: name };
    const kept = await sender.add(item);
    note(item, "");
    if (!kept) say("late", words.memory);
    else if (name) say("due", name, fill(words.here, { way: item.kind === "out" ? words.out : words.in, at: clock(item.at) }));
    else if (!navigator.onLine || !people.length) say("due", code, words.unknown);
  };
  form.addEventListener("submit", event => {
    event.preventDefault();
    mark(wanted(field.value));
    field.value = "";
    field.focus();
  });

  // Who is expected

  const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const show = () => {
    const asked = fold(search.value.trim()), rows = asked.length < 2 ? [] :
      people.filter(([, , name, where]) => asked.split(/\s+/).every(part => fold(`${name} ${where}`).includes(part))).slice(0, 20);
    found.replaceChildren(...rows.map(([, short, name, where]) => {
      const line = document.createElement("li"), button = document.createElement("button"), text = document.createElement("span");
      line.className = "row apart";
      text.textContent = where ? `${name} · ${where}` : name;
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = words.mark;
      button.setAttribute("aria-label", `${words.mark}: ${name}`);
      button.addEventListener("click", () => { mark(short, name); search.select(); });
      line.append(text, button);
      return line;
    }));
    found.hidden = !rows.length;
  };
  search.addEventListener("input", show);
  const list = async () => {
    try {
      const response = await fetch(words.list, { cache: "no-store", redirect: "error" });
      if (!response.ok) return;
      ({ people, at: listed, token: words.token } = await response.json());
      await device.change([["notes", { key: "list", value: { people, listed } }]]);
      one("[data-listed]").textContent = fill(words.listed, { n: people.length, at: clock(listed * 1000) });
    } catch { /* what was kept is used */ }
  };
  const old = (await device.rows("notes") ?? []).find(row => row.key === "list");
  if (old) {
    ({ people, listed } = old.value);
    one("[data-listed]").textContent = fill(words.listed, { n: people.length, at: clock(listed * 1000) });
  }
  await list();
  setInterval(list, 60000);
  addEventListener("online", list);
  one("[data-with-script]").hidden = false;

  // The camera, where the browser itself reads codes

  const camera = one("[data-camera]");
  if (window.BarcodeDetector && navigator.mediaDevices && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const reader = new BarcodeDetector({ formats: ["qr_code"] }), video = one("video");
    let stream = null, before = "", since = 0;
    const look = async () => {
      if (!stream) return;
      try {
        const [code] = await reader.detect(video);
        if (code && (code.rawValue !== before || Date.now() - since > 4000)) {
          [before, since] = [code.rawValue, Date.now()];
          navigator.vibrate?.(60);
          mark(wanted(code.rawValue));
        }
      } catch { /* a frame that could not be read: the next one may */ }
      setTimeout(look, 200);
    };
    camera.hidden = false;
    camera.addEventListener("click", async () => {
      if (stream) {
        stream.getTracks().forEach(track => track.stop());
        stream = null;
      } else {
        try {
          stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        } catch {
          return say("late", words.noCamera);
        }
        video.srcObject = stream;
        await video.play();
        look();
      }
      video.hidden = !stream;
      camera.setAttribute("aria-pressed", String(Boolean(stream)));
    });
  }

  // The page itself stays on the device, so that it opens again without a line.
  lms.stay(words.worker, "door");
  await sender.ready;
  paint(navigator.onLine ? "sent" : "down");
})();

// An attempt: every answer is written to this device at once, sent in order, and called saved only when the server has
// said so. Without this script the page is a plain form.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, attributes, ...inside) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...inside);
    return element;
  };
  const bar = one("#barra");
  if (!bar) return;
  const words = bar.dataset, sheet = one("#hoja"), handIn = one("#entrega"), clock = one("#reloj");
  const sections = all("[data-question]"), squares = all("[data-square]"), saved = one("#guardado");
  const notice = one("#aviso .offline"), place = `lms.attempt.${words.attempt}.`;
  const memory = new Map();             // what this browser refuses to keep
  const newest = {};                    // question -> newest answer of it that this page knows
  const shown = new Map();              // section -> its fields as last kept or sent by the server
  const flying = new Set();             // keys on their way
  const answered = Object.fromEntries(squares.map(s => [s.dataset.square, s.classList.contains("s-now")]));
  let token = words.token, running = null, wait = 0, again = 0, typing = 0, heard = 0;
  let rung = false, shut = false, leaving = false;

  // What this device keeps

  const keep = (name, value) => {
    try {
      localStorage.setItem(place + name, JSON.stringify(value));
      memory.delete(name);
    } catch {
      memory.set(name, value);
    }
  };
  const drop = name => {
    memory.delete(name);
    try { localStorage.removeItem(place + name); } catch { /* nothing was kept */ }
  };
  const kept = name => {
    try {
      return memory.get(name) ?? JSON.parse(localStorage.getItem(place + name));
    } catch {
      return null;
    }
  };
  const names = start => {
    let found = [...memory.keys()];
    try { found = found.concat(Object.keys(localStorage).filter(n => n.startsWith(place)).map(n => n.slice(place.length))); } catch { /* none */ }
    return found.filter(name => name.startsWith(start));
  };
  const pending = () => names("q.").map(kept).filter(Boolean).sort((a, b) => a.at - b.at);
  const key = () => crypto.randomUUID?.() ??
    [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");

  const ticks = element => /radio|checkbox/.test(element.type);
  const inputs = section => all("[name^='r']", section);
  const fields = section => inputs(section).filter(e => ticks(e) ? e.checked : e.value).map(e => [e.name, e.value]);
  const fill = (section, values) => inputs(section).forEach(e => {
    const mine = values.filter(([name]) => name === e.name).map(([, value]) => value);
    if (ticks(e)) e.checked = mine.includes(e.value);
    else e.value = mine[0] ?? "";
  });
  const note = section => {
    const question = section.dataset.question, before = kept(`q.${question}`);
    keep(`q.${question}`, {
      key: key(), question, fields: fields(section), at: Date.now(), base: newest[question] ?? Number(sheet.dataset.base),
      mine: before && (flying.has(before.key) ? before.key : before.mine)
    });
    shown.set(section, JSON.stringify(fields(section)));
    if (!wait) say(words.saving);
    paint();
  };

  // What the page says

  const say = (text, kind = "") => {
    saved.className = `saved ${kind}`;
    one("span", saved).textContent = text;
  };
  const warn = (text = "", href = "", label = "") => {
    const line = one("p", notice), link = href ? make("a", { href, textContent: label }) : "";
    if (href === words.enter) Object.assign(link, { target: "_blank", rel: "noopener" });
    if (line.dataset.text !== text) line.replaceChildren(text, " ", link);
    line.dataset.text = text;
    notice.hidden = !text;
  };
  const paint = () => {
    const waiting = new Set(pending().map(item => item.question)), count = { now: 0, due: 0, none: 0 };
    for (const square of squares) {
      const q = square.dataset.square, kind = waiting.has(q) ? "due" : answered[q] ? "now" : "none";
      const marked = kept(`flag.${q}`), flag = one(".i", square);
      count[kind] += 1;
      square.classList.toggle("s-now", kind === "now");
      square.classList.toggle("s-due", kind === "due");
      if (marked && !flag) square.append(one("#flag").content.cloneNode(true));
      if (!marked && flag) flag.remove();
      all(".vh", square).at(-1).textContent =
        `, ${{ now: words.answered, due: words.kept, none: words.blank }[kind]}${marked ? `, ${words.flagged}` : ""}`;
    }
    for (const number of all("[data-count]")) {
      number.textContent = count[number.dataset.count];
      if (number.dataset.count === "due") number.closest("li").hidden = !count.due;
    }
    const box = one("[data-waiting]");
    if (!box) return;
    const line = one("b", box);
    box.hidden = !waiting.size;
    line.textContent = waiting.size === 1 ? line.dataset.waitingOne : line.dataset.waitingWords.replace("{n}", waiting.size);
  };
  const beside = (section, text, ...more) => {
    one(".told-here", section)?.remove();
    one(".text", section).after(make("div", { className: "note s-due told-here" },
      make("div", { className: "stack stack-s" }, make("p", { textContent: text }), ...more)));
  };
  const two = section => {
    const question = section.dataset.question, other = kept(`two.${question}`);
    if (!other) return;
    const choose = (label, ours) => make("button", { type: "button", className: "btn btn-sm", textContent: label, onclick() {
      drop(`two.${question}`);
      one(".told-here", section).remove();
      if (ours) return;
      fill(section, other.fields);
      note(section);
      flush();
    } });
    beside(section, words.other.replace("{at}", other.at), make("p", { className: "voice", textContent: other.shown || words.empty }),
      make("p", { className: "row" }, choose(words.take, false), choose(words.leave, true)));
  };

  // The line to the server

  const talk = async items => {
    const stop = new AbortController(), from = Date.now();
    const limit = setTimeout(() => stop.abort(), 20000);
    const slow = items && setTimeout(() => { say(words.kept, "s-due"); warn(words.slow); }, 2500);
    try {
      const response = await fetch(words.save, {
        method: items ? "POST" : "GET", signal: stop.signal, cache: "no-store", redirect: "error",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": token },
        body: items && JSON.stringify({ saves: items.map(({ key, question, fields, base }) => ({ key, question, fields, base })) })
      });
      const data = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
      if (data.now) ahead = data.now * 1000 - (from + Date.now()) / 2;
      if (response.ok) heard = Date.now();
      return { status: response.status, data };
    } finally {
      clearTimeout(limit);
      clearTimeout(slow);
    }
  };
  const later = (text, ...link) => {
    if (pending().length) say(words.kept, "s-due");
    warn(memory.size ? words.fragile : text, ...link);
    wait = Math.min(wait * 2 || 1000, 30000);
    clearTimeout(again);
    again = setTimeout(wake, wait * (0.75 + Math.random() / 2));
    paint();
    return false;
  };
  const unheard = () => later(navigator.onLine ? words.down : words.offline);
  const refused = status => [401, 403, 404].includes(status) ? later(words.out, words.enter, words.in) : later(words.down);
  const close = () => {
    shut = true;
    lock();
    say(words.shut, "s-late");
    warn(words.closed, words.page, words.see);
    if (!pending().length) location.assign(words.page);
    return false;
  };
  const acknowledge = (item, reply) => {
    const name = `q.${item.question}`, now = kept(name);
    newest[item.question] = reply.id;
    answered[item.question] = item.fields.length > 0;
    flying.delete(item.key);
    if (now?.key === item.key) drop(name);
    else if (now) keep(name, { ...now, base: reply.id });
    if (reply.other && reply.other.key !== item.mine) keep(`two.${item.question}`, reply.other);
    say(`${words.saved} ${reply.at}`);
  };
  const send = async () => {
    for (let tries = 0; ; tries += 1) {
      const items = pending().slice(0, 50);
      if (shut || !items.length) return !items.length;
      say(words.saving);
      items.forEach(item => flying.add(item.key));
      let reply;
      try {
        reply = await talk(items);
        if (reply.status === 400 && !tries) reply = { status: await look(), data: { retry: true } };
      } catch {
        return unheard();
      }
      const { status, data } = reply;
      if (status === 409 && data.error === "closed") return close();
      if (status === 409 && !tries) items.forEach(item => keep(`q.${item.question}`, { ...item, key: key() }));
      else if (status !== 200) return refused(status);
      else if (!data.retry) {
        items.forEach(item => acknowledge(item, data.saved[item.key]));
        wait = tries = 0;
        warn();
        sections.forEach(two);
        paint();
        if (rung && !pending().length) location.assign(words.page);
      }
    }
  };
  const flush = () => {
    clearTimeout(typing);
    running ??= send().finally(() => { running = null; });
    return running;
  };
  const look = async () => {
    const { status, data } = await talk();
    if (status !== 200) return status;
    token = data.token;
    all("[name=csrf_token]").forEach(input => { input.value = token; });
    if (data.closed) close();
    for (const section of sections) {
      const q = section.dataset.question;
      if (data.last[q] > (newest[q] ?? Number(sheet.dataset.base)) && !kept(`q.${q}`) && !flying.size) {
        beside(section, words.newer, make("p", {}, make("a", { href: location.href, textContent: words.reload })));
      }
    }
    return status;
  };
  const wake = async () => {
    if (shut) return false;
    try {
      const status = await look();
      if (status !== 200) return refused(status);
    } catch {
      return unheard();
    }
    wait = 0;
    const sent = await flush();
    if (sent) warn();
    return sent;
  };
  const reached = async () => (await flush() && Date.now() - heard < 5000) || (!shut && await wake());

  // Time

  const start = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  let ahead = words.now - performance.timeOrigin - start, told = Infinity;
  const lock = () => sections.forEach(section => inputs(section).forEach(e => {
    if (ticks(e) || e.tagName === "SELECT") e.disabled = true;
    else e.readOnly = true;
  }));
  const tick = () => {
    const left = Math.max(Math.ceil((words.ends - Date.now() - ahead) / 1000), 0), minutes = Math.floor(left / 60);
    const pad = number => String(number).padStart(2, "0");
    clock.textContent = minutes < 60 ? `${minutes}:${pad(left % 60)}` : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(left % 60)}`;
    const mark = left <= 60 ? 1 : left <= 300 ? 5 : Infinity;
    if (mark < told && left) one("#voz").textContent = mark === 1 ? words.leftOne : words.left.replace("{n}", mark);
    told = Math.min(told, mark);
    if (left || rung) return;
    rung = true;
    lock();
    flush().then(sent => { if (sent) location.assign(words.page); });
  };

  // What the person does

  const target = value => {
    const number = Number(value?.slice(1)), aim = value?.[0];
    if (aim === "p") return `${words.page}?pagina=${number}`;
    if (aim === "q") return `${words.page}?pagina=${Math.ceil(number / sheet.dataset.per)}#p${number}`;
    return `${words.page}/entrega`;
  };
  const go = async (event, onward) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    event.submitter?.setAttribute("aria-busy", "true");
    for (const section of sections) if (shown.get(section) !== JSON.stringify(fields(section))) note(section);
    if (await reached()) onward(event.submitter);
    else if (!shut) warn(`${words.stay} ${one("p", notice).dataset.text}`, ...(one("a", notice) ? [words.enter, words.in] : []));
    leaving = false;
    event.submitter?.removeAttribute("aria-busy");
  };
  sheet?.addEventListener("submit", event => {
    if (event.submitter?.name !== "usar") go(event, button => location.assign(target(button?.value)));
  });
  handIn?.addEventListener("submit", event => go(event, () => {
    names("").forEach(drop);
    handIn.submit();
  }));
  sheet?.addEventListener("input", ({ target: input }) => {
    const section = input.closest("[data-question]");
    if (!section || shut) return;
    if ("flag" in input.dataset) {
      (input.checked ? keep : drop)(`flag.${section.dataset.question}`, 1);
      paint();
      return;
    }
    note(section);
    clearTimeout(typing);
    if (ticks(input) || input.tagName === "SELECT") flush();
    else typing = setTimeout(flush, 800);
  });
  document.addEventListener("visibilitychange", () => document.hidden ? flush() : wake());
  addEventListener("pageshow", event => { if (event.persisted) wake(); });
  addEventListener("online", wake);
  addEventListener("offline", unheard);
  addEventListener("beforeunload", event => { if (memory.size && pending().length) event.preventDefault(); });
  addEventListener("pagehide", () => {
    const items = running ? [] : pending().filter(item => JSON.stringify(item).length < 50000);
    if (items.length && !shut) {
      fetch(words.save, {
        method: "POST", keepalive: true, headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": token },
        body: JSON.stringify({ saves: items })
      }).catch(() => { /* it is still on this device */ });
    }
  });

  // On arrival: what never reached the server is put back into its fields and sent

  const left = pending().length;
  for (const section of sections) {
    const question = section.dataset.question, item = kept(`q.${question}`), flag = one("[data-flag]", section);
    if (item) fill(section, item.fields);
    flag.closest("label").hidden = false;
    flag.checked = Boolean(kept(`flag.${question}`));
    shown.set(section, JSON.stringify(fields(section)));
    two(section);
  }
  for (const link of all("[data-flag-of]")) {
    link.hidden = !kept(`flag.${link.dataset.flagOf}`);
    if (!link.hidden) link.closest("div").hidden = false;
  }
  paint();
  if (clock) {
    tick();
    setInterval(tick, 1000);
  }
  if (left) flush().then(sent => { if (sent && handIn) location.reload(); });
})();

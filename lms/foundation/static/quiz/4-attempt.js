// An attempt: every answer is written to this device at once, sent in order, and called saved only when the server has
// said that it is durable. Without this script the page is a plain form.
"use strict";
(async () => {
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
  const notice = one("#aviso .offline"), device = lms.device(`${words.person}.${words.attempt}`);
  const queue = new Map();              // key -> answer not yet acknowledged, in the order they were given
  const loose = new Set();              // keys of those that this browser refuses to keep
  const notes = new Map();              // flags, and what another device wrote
  const newest = {};                    // question -> newest answer of it that this page knows
  const shown = new Map();              // section -> its fields as last kept or sent by the server
  const flying = new Set(), stuck = new Set();      // keys on their way; keys that the server will not take
  const answered = Object.fromEntries(squares.map(s => [s.dataset.square, s.classList.contains("s-now")]));
  let token = words.token, running = null, wait = 0, again = 0, typing = 0, heard = -Infinity, most = 50;
  let rung = false, shut = false, leaving = false, through = false, told = {}, arrived;
  const arrival = new Promise(done => { arrived = done; });      // what this device keeps has been read

  // What this device keeps

  const key = () => crypto.randomUUID?.() ??
    [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
  const waiting = () => [...queue.values()].sort((a, b) => a.order - b.order);
  const pending = question => waiting().filter(item => item.question === question);
  const store = async (item, ...without) => {
    for (const old of without) [queue, stuck, loose].forEach(kept => kept.delete(old));
    queue.set(item.key, item);
    if (await device.change([["queue", item]], without.map(old => ["queue", old]))) loose.delete(item.key);
    else if (queue.has(item.key)) loose.add(item.key);
    if (loose.size && notice.hidden) rest();
  };
  const noted = (name, value) => {
    if (value === undefined) notes.delete(name);
    else notes.set(name, value);
    return value === undefined ? device.change([], [["notes", name]]) : device.change([["notes", { key: name, value }]]);
  };

  // Other tabs of this person send and write too: what is kept is what counts, and a tab that died left its answers there.
  const reload = async () => {
    const known = [...queue.keys()];
    await device.settled();
    const rows = await device.rows("queue");
    if (!rows) return;
    const there = new Set(rows.map(item => item.key));
    for (const item of rows) if (!queue.has(item.key) && !known.includes(item.key)) queue.set(item.key, item);
    for (const old of known) if (!there.has(old) && !loose.has(old)) queue.delete(old);
  };

  const ticks = element => /radio|checkbox/.test(element.type);
  const inputs = section => all("[name^='r']:not([type=file])", section);
  const fields = section => inputs(section).filter(e => ticks(e) ? e.checked : e.value).map(e => [e.name, e.value]);
  const fill = (section, values) => {
    for (const e of inputs(section)) {
      const mine = values.filter(([name]) => name === e.name).map(([, value]) => value);
      if (ticks(e)) e.checked = mine.includes(e.value);
      else e.value = mine[0] ?? "";
    }
    section.dispatchEvent(new CustomEvent("filled"));       // for what draws these fields
  };
  const note = section => {
    const question = section.dataset.question, before = pending(question).filter(item => !flying.has(item.key));
    const order = Math.max(0, ...waiting().map(item => item.order)) + 1, at = Date.now();
    store({
      key: key(), question, fields: fields(section), at, server: Math.round(serverTime()), order,
      base: newest[question] ?? Number(sheet.dataset.base)
    }, ...before.map(item => item.key));
    shown.set(section, JSON.stringify(fields(section)));
    if (!wait) say(words.saving);
    paint();
  };

  // What the page says

  const say = (text, kind = "") => {
    saved.className = `saved ${kind}`;
    one("span", saved).textContent = text;
  };
  const warn = (text = "", more = {}) => {
    const line = one("p", notice);
    if (line.dataset.text !== text) {
      line.replaceChildren(text, ...(more.link ? [" ", make("a", { href: more.link, textContent: more.label })] : []));
    }
    line.dataset.text = text;
    one("[data-in]", notice).hidden = !more.enter;
    one("[data-file]", notice).hidden = !(queue.size && lms.seal.possible && (shut || stuck.size || loose.size || wait > 4000));
    notice.hidden = !text;
    told = { text, more };
  };
  const rest = () => stuck.size ? warn(words.stuck) : device.refuses() ? warn(words.memory) : warn();
  const paint = () => {
    const due = new Set(waiting().map(item => item.question)), count = { now: 0, due: 0, none: 0 };
    for (const square of squares) {
      const q = square.dataset.square, kind = due.has(q) ? "due" : answered[q] ? "now" : "none";
      const marked = notes.has(`flag.${q}`), flag = one(".i", square);
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
    box.hidden = !due.size;
    line.textContent = due.size === 1 ? line.dataset.waitingOne : line.dataset.waitingWords.replace("{n}", due.size);
  };
  const sayKept = () => {
    const due = new Set(waiting().map(item => item.question)).size;
    if (due) say(due === 1 ? words.kept : words.keptMany.replace("{n}", due), "s-due");
  };
  const beside = (section, text, ...more) => {
    one(".told-here", section)?.remove();
    one(".text", section).after(make("div", { className: "note s-due told-here" },
      make("div", { className: "stack stack-s" }, make("p", { textContent: text }), ...more)));
  };
  const two = section => {
    const question = section.dataset.question, other = notes.get(`two.${question}`);
    if (!other) return;
    const choose = (label, ours) => make("button", { type: "button", className: "btn btn-sm", textContent: label, onclick() {
      noted(`two.${question}`);
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

  const asked = (method, items) => ({
    method, cache: "no-store", redirect: "error",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": token },
    body: items && JSON.stringify({
      clock: Date.now(), saves: items.map(({ key, question, fields, base, at }) => ({ key, question, fields, base, at }))
    })
  });
  const talk = async items => {
    const stop = new AbortController(), from = performance.now();
    const limit = setTimeout(() => stop.abort(), 20000);
    const slow = items && setTimeout(() => { sayKept(); warn(words.slow); }, 2500);
    try {
      const response = await fetch(words.save, { ...asked(items ? "POST" : "GET", items), signal: stop.signal });
      const data = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
      if (data.now) ahead = data.now * 1000 - (from + performance.now()) / 2;
      if (response.ok) heard = performance.now();
      return { status: response.status, data };
    } finally {
      clearTimeout(limit);
      clearTimeout(slow);
    }
  };
  const later = (text, more) => {
    sayKept();
    wait = Math.min(wait * 2 || 1000, 30000);
    warn(loose.size ? words.fragile : text, more);
    clearTimeout(again);
    again = setTimeout(wake, wait * (0.75 + Math.random() / 2));
    paint();
    return false;
  };
  const unheard = () => later(navigator.onLine ? words.down : words.offline);
  const refused = status => status === 401 ? later(words.out, { enter: true }) :
    [403, 404].includes(status) ? later(words.another, { enter: true }) : later(words.down);
  const close = () => {
    shut = true;
    lock();
    say(words.shut, "s-late");
    warn(queue.size ? words.closedLeft : words.closed, { link: words.page, label: words.see });
    if (!queue.size) location.assign(words.page);
    return false;
  };
  const acknowledge = (item, reply) => {
    newest[item.question] = reply.id;
    answered[item.question] = item.fields.length > 0;
    flying.delete(item.key);
    loose.delete(item.key);
    queue.delete(item.key);
    const puts = [["receipts", { key: item.key, sequence: reply.sequence, question: item.question, text: reply.receipt }]];
    for (const next of pending(item.question)) {
      next.base = reply.id;
      puts.push(["queue", next]);
    }
    device.change(reply.receipt ? puts : puts.slice(1), [["queue", item.key]]);
    if (reply.other) noted(`two.${item.question}`, reply.other);
    say(`${words.saved} ${reply.at}`);
  };
  const batch = () => {                 // of each question the oldest: what follows it waits for its acknowledgement
    const first = new Map();
    for (const item of waiting()) if (!stuck.has(item.key) && !first.has(item.question)) first.set(item.question, item);
    return [...first.values()].slice(0, most);
  };
  const send = async () => {
    await arrival;
    for (let tries = 0; ; tries += 1) {
      await reload();
      const items = batch();
      if (shut || !items.length) return !shut && [...queue.keys()].every(left => stuck.has(left));
      say(words.saving);
      items.forEach(item => flying.add(item.key));
      let reply;
      try {
        reply = await talk(items);
        if (reply.status === 400 && !tries) reply = { status: await look(), data: { retry: true } };
      } catch {
        return unheard();
      } finally {
        items.forEach(item => flying.delete(item.key));
      }
      const { status, data } = reply;
      if (status === 409 && data.error === "closed") return close();
      if (status === 409 && !tries) {
        for (const item of items) await store({ ...item, key: key() }, item.key);
      } else if ([413, 422].includes(status)) {     // one of them can not be taken: which one?
        if (items.length === 1) stuck.add(items[0].key);
        most = 1;
        rest();
      } else if (status !== 200) {
        return refused(status);
      } else if (!data.retry) {
        items.forEach(item => acknowledge(item, data.saved[item.key]));
        wait = tries = 0;
        rest();
        sections.forEach(two);
        paint();
        if (rung && !queue.size) location.assign(words.page);
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
      if (data.last[q] > (newest[q] ?? Number(sheet.dataset.base)) && !pending(q).length && !flying.size) {
        beside(section, words.newer, make("p", {}, make("a", { href: location.href, textContent: words.reload })));
      }
    }
    return status;
  };
  const wake = async () => {
    await arrival;
    if (shut) return false;
    try {
      const status = await look();
      if (status !== 200) return refused(status);
    } catch {
      return unheard();
    }
    wait = 0;
    const sent = await flush();
    if (sent) rest();
    return sent;
  };
  const reached = async () => (await flush() && performance.now() - heard < 5000) || (!shut && await wake());
  const enter = async () => await lms.enter() && wake();

  // Time

  // The server's, and between its answers a clock that nobody can set: the device's own may be days off, or be put right.
  let ahead = words.now - (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0), mark = Infinity;
  const serverTime = () => performance.now() + ahead;
  const lock = () => sections.forEach(section => inputs(section).forEach(e => {
    if (ticks(e) || e.tagName === "SELECT") e.disabled = true;
    else e.readOnly = true;
  }));
  const tick = () => {
    const left = Math.max(Math.ceil((words.ends - serverTime()) / 1000), 0), minutes = Math.floor(left / 60);
    const pad = number => String(number).padStart(2, "0");
    clock.textContent = minutes < 60 ? `${minutes}:${pad(left % 60)}` : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(left % 60)}`;
    const next = left <= 60 ? 1 : left <= 300 ? 5 : Infinity;
    if (next < mark && left) one("#voz").textContent = next === 1 ? words.leftOne : words.left.replace("{n}", next);
    mark = Math.min(mark, next);
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
    const button = event.submitter;
    button?.setAttribute("aria-busy", "true");
    for (const section of sections) if (shown.get(section) !== JSON.stringify(fields(section))) note(section);
    let done = await reached();
    if (!done && told.more?.enter && lms.enter) done = await lms.enter() && await wake();
    if (done) onward(button);
    else if (!shut && told.text && !told.text.startsWith(words.stay)) warn(`${words.stay} ${told.text}`, told.more);
    leaving = false;
    button?.removeAttribute("aria-busy");
  };
  // As the browser itself would send it: for buttons that do something on the server, files, and quizzes without a way back.
  const natively = (form, button) => {
    through = true;
    form.requestSubmit(button);
    through = false;
  };
  const byServer = button => sheet.dataset.onward === "form" || !["ir", undefined, ""].includes(button?.name) ||
    all("input[type=file]", sheet).some(input => input.files.length);
  sheet?.addEventListener("submit", event => {
    if (through || event.submitter?.name === "usar") return;
    go(event, button => byServer(button) ? natively(sheet, button) : location.assign(target(button?.value)));
  });
  handIn?.addEventListener("submit", event => {
    if (through) return;
    go(event, button => {
      device.change([], [...notes.keys()].map(name => ["notes", name]));
      natively(handIn, button);
    });
  });
  sheet?.addEventListener("input", ({ target: input }) => {
    const section = input.closest("[data-question]");
    if (!section || shut || input.type === "file") return;
    if ("flag" in input.dataset) {
      noted(`flag.${section.dataset.question}`, input.checked ? 1 : undefined);
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
  addEventListener("beforeunload", event => { if (loose.size) event.preventDefault(); });
  addEventListener("pagehide", () => {
    const items = running || shut ? [] : batch().filter(item => JSON.stringify(item).length < 50000);
    if (items.length) fetch(words.save, { ...asked("POST", items), keepalive: true }).catch(() => { /* it is still on this device */ });
  });
  one("[data-in]", notice).addEventListener("click", enter);
  one("[data-file]", notice).addEventListener("click", async () => lms.seal.save(words, waiting(), await device.rows("receipts") ?? []));

  // On arrival: what never reached the server is put back into its fields and sent

  for (const section of sections) shown.set(section, JSON.stringify(fields(section)));
  if (clock) {
    tick();
    setInterval(tick, 1000);
  }
  await device.inherit(words.attempt);
  for (const { key: name, value } of await device.rows("notes") ?? []) if (!notes.has(name)) notes.set(name, value);
  const touched = new Set(waiting().map(item => item.question));
  await reload();
  const left = queue.size;
  for (const section of sections) {
    const question = section.dataset.question, item = pending(question).at(-1), flag = one("[data-flag]", section);
    if (item && !touched.has(question)) {
      fill(section, item.fields);
      shown.set(section, JSON.stringify(fields(section)));
    }
    flag.closest("label").hidden = false;
    flag.checked = notes.has(`flag.${question}`);
    two(section);
  }
  for (const link of all("[data-flag-of]")) {
    link.hidden = !notes.has(`flag.${link.dataset.flagOf}`);
    if (!link.hidden) link.closest("div").hidden = false;
  }
  paint();
  arrived();
  if (device.refuses()) rest();
  if (left) flush().then(sent => { if (sent && handIn) location.reload(); });
})();

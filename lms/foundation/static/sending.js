// A queue kept on the device and sent when there is a line: oldest first, each item by its own key, so that what is sent
// twice is kept once. For pages that go on working while the network is down.
"use strict";
lms.key = () => crypto.randomUUID?.() ??
  [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");

// The page and what it is made of stay on the device under a name, so that it opens again without a line.
lms.stay = async (worker, name) => {
  if (!navigator.serviceWorker || !window.caches) return;
  try {
    const policy = window.trustedTypes?.createPolicy("worker", { createScriptURL: url => url === worker ? url : "" });
    await navigator.serviceWorker.register(policy ? policy.createScriptURL(worker) : worker);
    const parts = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon], use")]
      .map(part => (part.src || part.getAttribute("href")).split("#")[0]).filter(Boolean);
    await (await caches.open(name)).addAll(new Set([location.pathname, ...parts]));
  } catch { /* this browser will not: the page works while it is open */ }
};

// sender({device, url, token, name, most, told, changed}): `name` is what the items are called in the body; told(item, reply)
// hears what the server said of one; changed(state) hears "sending", "sent", "down" or "shut".
lms.sender = ({ device, url, token, name, most = 50, told, changed }) => {
  const queue = new Map();
  let running = false, wait = 0, again = 0, shut = false;

  const ordered = () => [...queue.values()].filter(item => !item.refused).sort((a, b) => a.order - b.order);
  const drop = async key => {
    queue.delete(key);
    await device.change([], [["queue", key]]);
  };
  const later = () => {
    wait = Math.min(wait * 2 || 1000, 30000);
    clearTimeout(again);
    again = setTimeout(flush, wait * (0.75 + Math.random() / 2));
    changed("down");
  };
  const post = async items => {
    const stop = new AbortController(), limit = setTimeout(() => stop.abort(), 20000);
    try {
      return await fetch(url, {
        method: "POST", cache: "no-store", redirect: "error", signal: stop.signal,
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": token() },
        body: JSON.stringify({ clock: Date.now(), [name]: items.map(({ order, refused, shown, ...item }) => item) })
      });
    } finally {
      clearTimeout(limit);
    }
  };
  async function flush() {
    if (running || shut) return;
    running = true;
    try {
      for (let items = ordered().slice(0, most); items.length; items = ordered().slice(0, most)) {
        changed("sending");
        const response = await post(items);
        if ([401, 403, 404, 410].includes(response.status)) {
          shut = true;
          return changed("shut");
        }
        if (!response.ok) throw new Error(response.status);
        const { results } = await response.json();
        for (const item of items) {
          const reply = results[item.key];
          if (!reply) throw new Error("no reply");
          if (reply.ok) await drop(item.key);
          else {
            item.refused = reply.words;
            await device.change([["queue", item]]);
          }
          told(item, reply);
        }
        wait = 0;
      }
      changed("sent");
    } catch {
      later();
    } finally {
      running = false;
    }
  }
  const add = async item => {
    item.key ??= lms.key();
    item.order = Math.max(0, ...[...queue.values()].map(other => other.order)) + 1;
    queue.set(item.key, item);
    const kept = await device.change([["queue", item]]);
    flush();
    return kept;
  };
  const waiting = () => ordered().length;
  const refused = () => [...queue.values()].filter(item => item.refused);
  addEventListener("online", () => { wait = 0; flush(); });
  addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });

  // What an earlier page, or one that died, left behind.
  const ready = device.rows("queue").then(rows => {
    for (const item of rows ?? []) queue.set(item.key, item);
    return flush();
  });
  return { add, drop, flush, ready, waiting, refused, all: () => [...queue.values()].sort((a, b) => a.order - b.order) };
};

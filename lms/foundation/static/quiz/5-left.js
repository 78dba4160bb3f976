// After an attempt: what this device still keeps of it, unsent answers and receipts, and files of both.
"use strict";
(async () => {
  const box = document.querySelector("#quedaron");
  if (!box) return;
  const { person, attempt } = box.dataset, device = lms.device(`${person}.${attempt}`), one = name => box.querySelector(`[data-${name}]`);
  await device.inherit(attempt);
  const listed = [...document.querySelectorAll("[data-chain]")], chains = new Set(listed.map(row => row.dataset.chain));
  const arrived = new Set(listed.map(row => row.dataset.key)), all = await device.rows("queue") ?? [];
  const drop = items => device.change([], items.map(item => ["queue", item.key]));
  const queue = all.filter(item => !arrived.has(item.key)).sort((a, b) => a.order - b.order);
  const receipts = (await device.rows("receipts") ?? []).sort((a, b) => a.sequence - b.sequence);
  if (queue.length < all.length) drop(all.filter(item => arrived.has(item.key)));
  const missing = receipts.filter(receipt => !chains.has(receipt.text.match(/^cadena (.+)$/m)[1]));
  const fill = (line, n) => { line.textContent = (n === 1 ? line.dataset.one : line.dataset.many).replace("{n}", n); };

  if (queue.length && lms.seal.possible) {
    fill(one("unsent"), queue.length);
    one("unsent-box").hidden = false;
    one("unsent-file").addEventListener("click", () => lms.seal.save(box.dataset, queue, receipts));
    one("unsent-drop").addEventListener("click", async ({ target }) => {
      if (!confirm(target.dataset.sure)) return;
      await drop(queue);
      one("unsent-box").hidden = true;
    });
  }
  if (receipts.length && listed.length) {
    fill(one(missing.length ? "missing" : "same"), missing.length || receipts.length);
    one(missing.length ? "missing-box" : "same-box").hidden = false;
    one("own-box").hidden = false;
    one("own-file").addEventListener("click", () => lms.seal.give(
      `recibos-intento-${attempt}.txt`, receipts.map(receipt => receipt.text).join("\n"), "text/plain"));
  }
})();

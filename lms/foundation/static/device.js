// What this device keeps of an attempt: in IndexedDB, where a killed browser leaves it; in memory where that is refused.
"use strict";
const lms = {};

// lms.device("person.attempt"): what is kept for one attempt of one person. No page ever looks at another's.
lms.device = owner => {
  const STORES = ["queue", "receipts", "notes"];
  const busy = new Set();               // writes on their way
  let database = null, refused = false;

  const opened = new Promise(done => {
    setTimeout(done, 3000, null);       // a browser that never answers is one that keeps nothing
    try {
      const asked = indexedDB.open("lms", 1);
      asked.onupgradeneeded = () => STORES.forEach(name => asked.result.createObjectStore(name, { keyPath: ["owner", "key"] }));
      asked.onerror = asked.onblocked = () => done(null);
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close();
        done(database = asked.result);
      };
    } catch {
      done(null);
    }
  });

  const whole = transaction => new Promise((done, fail) => {
    transaction.oncomplete = done;
    transaction.onabort = transaction.onerror = () => fail(transaction.error);
  });

  // Put and drop in one transaction, on the disk when it is done: change([[store, row]], [[store, key]]) -> is it kept?
  const change = (puts, drops = []) => {
    const work = (async () => {
      if (!database) await opened;
      try {
        const transaction = database.transaction(STORES, "readwrite", { durability: "strict" });
        for (const [name, row] of puts) transaction.objectStore(name).put({ ...row, owner });
        for (const [name, key] of drops) transaction.objectStore(name).delete([owner, key]);
        const kept = whole(transaction);
        transaction.commit?.();         // now: a page that is closed in the next moment leaves it kept
        await kept;
        refused = false;
      } catch {
        refused = true;
      }
      return !refused;
    })();
    busy.add(work);
    return work.finally(() => busy.delete(work));
  };

  const rows = async name => {
    await opened;
    try {
      const transaction = database.transaction(name), asked = transaction.objectStore(name).getAll(
        IDBKeyRange.bound([owner], [owner, []]));
      await whole(transaction);
      return asked.result;
    } catch {
      refused = true;
      return null;
    }
  };

  // What an older version of this page left in localStorage is taken over, once.
  const inherit = async attempt => {
    try {
      const start = `lms.attempt.${attempt}.`, names = Object.keys(localStorage).filter(name => name.startsWith(start));
      const puts = names.map(name => {
        const [key, value] = [name.slice(start.length), JSON.parse(localStorage[name])];
        return key.startsWith("q.") ? ["queue", { ...value, order: value.at }] : ["notes", { key, value }];
      });
      if (puts.length && await change(puts)) names.forEach(name => localStorage.removeItem(name));
    } catch { /* this browser has none, or it is not ours */ }
  };

  return { change, rows, inherit, settled: () => Promise.all(busy), refuses: () => refused };
};

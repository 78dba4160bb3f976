// The hours log on a phone: an entry and its photos, made small, are kept on the device at once and sent when there is a
// line. What the server refuses stays, with the reason, until the person mends or drops it.
"use strict";
(async () => {
  const box = document.querySelector("#bitacora"), form = box?.querySelector("form[data-log]");
  if (!form) return;
  const words = box.dataset, one = selector => box.querySelector(selector), SIDE = 1600, MOST = 650000;
  const state = one("[data-state]"), said = one("[data-said]"), list = one("[data-waiting]"), fields = form.elements;
  const device = lms.device(words.owner), today = new Date().toLocaleDateString("sv");
  const written = day => new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "short", year: "numeric" });
  let reload = false;

  const say = (text, kind = "done") => {
    said.className = `note s-${kind}`;
    said.textContent = text;
    said.hidden = false;
  };
  const back = item => {
    for (const name of ["day", "starts", "ends", "pause", "activity", "outcome"]) if (fields[name]) fields[name].value = item[name] ?? "";
    fields.remote.checked = item.remote;
    fields.replaces.value = item.replaces ?? "";
    fields.day.focus();
  };
  const button = (text, click) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: text });
    made.addEventListener("click", click);
    return made;
  };
  const paint = status => {
    const entries = sender.all().filter(item => !item.data), left = entries.filter(item => !item.refused).length;
    state.hidden = false;
    state.textContent = status === "shut" ? words.shut : left ? words[left === 1 ? "keptOne" : "kept"].replace("{n}", left) :
      status === "down" ? words.down : words.ready;
    state.className = `state s-${status === "shut" ? "late" : left ? "due" : "done"}`;
    list.replaceChildren(...sender.all().filter(item => !item.data || item.refused).map(item => {
      const line = document.createElement("li"), text = document.createElement("p");
      line.className = `note s-${item.refused ? "late" : "due"}`;
      text.textContent = `${item.data ? words.photo : `${written(item.day)}, ${item.starts}–${item.ends}. ${item.activity}`}${item.refused ? ` ${words.refused} ${item.refused}` : ""}`;
      line.append(text);
      const drop = async () => {
        await sender.drop(item.key);
        paint(status);
      };
      if (item.refused && !item.data) line.append(button(words.fix, () => { back(item); drop(); }));
      if (item.refused) line.append(button(words.drop, drop));
      return line;
    }));
    list.hidden = !list.children.length;
    if (status === "sent" && reload && !sender.all().length && !fields.activity.value) location.reload();
  };
  const told = (item, reply) => {
    if (reply.ok) reload = true;
    else say(`${words.refused} ${reply.words}`, "late");
  };
  const sender = lms.sender({ device, url: words.send, name: "entries", most: 1, token: () => words.token, told, changed: paint });

  // A photo as it is sent: no larger than a screen, and drawn anew, so that nothing of where it was taken goes with it.
  const small = async file => {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    for (let side = SIDE; side >= 400; side = Math.round(side * 0.75)) {
      const scale = Math.min(1, side / Math.max(image.width, image.height)), canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const url = canvas.toDataURL("image/jpeg", 0.75), data = url.slice(url.indexOf(",") + 1);
      if (data.length * 3 / 4 < MOST) return data;
    }
    throw new Error("heavy");
  };
  form.addEventListener("submit", async event => {
    event.preventDefault();
    event.stopPropagation();
    if (!form.reportValidity()) return;
    const key = lms.key().slice(0, 36), files = [...fields.photos.files].slice(0, 4), photos = [];
    for (const file of files) {
      try {
        photos.push({ name: file.name, data: await small(file) });
      } catch {
        return say(words.heavy, "late");
      }
    }
    const kept = await sender.add({
      key, at: Date.now(), day: fields.day.value, starts: fields.starts.value, ends: fields.ends.value,
      pause: Number(fields.pause.value || 0), activity: fields.activity.value, outcome: fields.outcome?.value ?? "",
      remote: fields.remote.checked, replaces: Number(fields.replaces.value) || null
    });
    for (const photo of photos) await sender.add({ of: key, ...photo });
    say(kept ? words.saved : words.memory, kept ? "done" : "late");
    const day = fields.day.value;
    form.reset();
    [fields.day.value, fields.replaces.value, fields.activity.value] = [day, "", ""];
    fields.photos.value = "";
  });
  if (!fields.replaces.value && !one(".error-list") && today > fields.day.value && today <= fields.day.max) fields.day.value = today;    // a page kept since then
  lms.stay(words.worker, "log");
  await sender.ready;
  paint(navigator.onLine ? "sent" : "down");
})();

// Reads a link of a paper and says what can be known of it without any connection.
"use strict";
const DATA = JSON.parse(document.getElementById("data").textContent), $ = id => document.getElementById(id);
const LINK = /\/v\/([A-Z]{2,10}-\d{4}-\d{6}-\d{2})\/([0-9A-Za-z]{16,40})(?:#([A-Za-z0-9_-]{120,400}))?$/;
const KINDS = ["Certificado de aprobación", "Certificado de aprobación de módulo", "Certificado de asistencia",
  "Certificado de pasantía", "Constancia de alumno regular", "Certificado de participación"];
let language = DATA.language, last = null;
const say = (text, values = {}) => (DATA.words[language][text] || text).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const day = text => new Date(text).toLocaleDateString({es: "es-CL", pt: "pt-BR", en: "en-GB"}[language],
  {day: "numeric", month: "long", year: "numeric", timeZone: text.length > 10 ? "America/Santiago" : "UTC"});
const bytes = text => new TextEncoder().encode(text);
const hex = octets => Array.from(octets, b => b.toString(16).padStart(2, "0")).join("");
const mark = octets => hex(sha512(octets)).slice(0, 32);
const octetsOf = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));

function read(link) {                           // as lms/certificates/link.py
  const found = LINK.exec(link.trim());
  if (!found) return null;
  const [, folio, code, text] = found;
  if (!text) return {folio, code};
  try {
    const packed = octetsOf(text), told = packed.slice(0, -64), view = new DataView(told.buffer);
    if (btoa(String.fromCharCode(...packed)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") !== text) return null;
    if (told.length < 19 || told[0] !== 1 || told[9] > 3) return null;
    const date = at => new Date(Date.UTC(2000, 0, 1) + view.getUint16(at) * 864e5).toISOString().slice(0, 10);
    const name = 19 + told[18], strict = new TextDecoder("utf-8", {fatal: true});
    return {folio, code, kid: hex(told.slice(1, 9)), kind: KINDS[told[9]], issued: date(10), started: date(12), ended: date(14),
      hours: view.getUint16(16), holder: strict.decode(told.slice(19, name)), title: strict.decode(told.slice(name)),
      message: new Uint8Array([...bytes(`lms-qr 1\n${folio}\n${code}\n`), ...told]), signature: packed.slice(-64)};
  } catch {
    return null;
  }
}
async function judge(link) {                    // [kind, title, sentences, words]
  const words = read(link), until = {day: day(DATA.made_at)};
  if (!words) return ["late", "No se pudo leer", ["Pegar el enlace completo que está en el código QR, desde https:// hasta el final, con lo que sigue al signo #."], null];
  const end = DATA.ended[mark(bytes(`lms-mark 1\n${words.code}`))];
  const over = end && [end[0] === "replaced" ? "Certificado reemplazado" : "Certificado anulado",
    say(end[0] === "replaced" ? "Dejó de regir el %(day)s. Lo reemplaza el %(folio)s." : "Dejó de tener validez el %(day)s.", {day: day(end[1]), folio: end[2]})];
  if (!words.message) return over ? ["revoked", over[0], [over[1]], {folio: words.folio}] :
    ["late", "Sin firma que comprobar", ["El enlace no lleva el contenido firmado: el papel es antiguo, o el lector de QR cortó lo que sigue al signo #. Solo puede comprobarse con conexión."], {folio: words.folio}];
  const key = DATA.keys.find(one => one.kid === words.kid);
  if (!key) return ["late", "No se pudo comprobar", [say("La llave que lo firmó no es de la Escuela, o es posterior al %(day)s, cuando se guardó esta página. Guardar una nueva y probar otra vez; si no, no aceptarlo.", until)], null];
  if (!await verifies(octetsOf(key.x), words.message, words.signature))
    return ["revoked", "Firma falsa", ["La firma no corresponde al contenido: el enlace fue alterado o no lo hizo la Escuela. No aceptarlo como prueba."], null];
  if (key.revoked_at && !(DATA.before[key.kid] || []).includes(mark(words.message)))
    return ["revoked", "Llave revocada", [say("La llave que lo firmó fue revocada desde el %(day)s, y no consta que este certificado sea anterior. No aceptarlo sin consultar en línea.", {day: day(key.revoked_at)})], words];
  if (over) return ["revoked", over[0], ["La firma es de la Escuela, pero el certificado ya no rige.", over[1]], words];
  if (words.issued > DATA.made_at.slice(0, 10))
    return ["due", "Firma auténtica", [say("Se emitió después del %(day)s, cuando se guardó esta página: no se sabe si sigue vigente.", until)], words];
  return ["done", "Firma auténtica", [say("Hasta el %(day)s no constaba anulado ni reemplazado. Lo que pasó después, esta página no lo sabe.", until)], words];
}
function put(parent, tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  parent.append(made);
}
async function show(link) {
  last = link;
  const [kind, title, sentences, words] = await judge(link), box = $("verdict"), facts = $("facts");
  box.className = kind;
  box.replaceChildren();
  facts.replaceChildren();
  put(box, "h2", say(title));
  for (const text of sentences) put(box, "p", say(text));
  const rows = words && words.holder !== undefined ? [["Folio", words.folio], ["A nombre de", words.holder], ["Clase", say(words.kind)],
    ["Certifica", words.title], ["Dictado", say("%(first)s al %(last)s, %(hours)s horas", {first: day(words.started), last: day(words.ended), hours: words.hours})],
    ["Extendido", day(words.issued)]] : words ? [["Folio", words.folio]] : [];
  for (const [name, value] of rows) {
    put(facts, "dt", say(name));
    put(facts, "dd", value);
  }
  $("compare").hidden = $("live").hidden = rows.length < 2;
  const online = /^https?:\/\/[^\s]+/.exec(link.trim());
  $("online").hidden = !online;
  if (online) $("online").href = online[0];
  $("result").hidden = false;
}
function translate() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = say(element.dataset.t, {day: day(DATA.made_at), name: DATA.name});
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", button.dataset.language === language);
  document.title = say("Verificar sin conexión");
  if (last !== null) show(last);
}
for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", () => { language = button.dataset.language; translate(); });
$("form").addEventListener("submit", event => { event.preventDefault(); show($("link").value); });
translate();

// Ed25519 (RFC 8032), verification only, for browsers whose WebCrypto lacks it. Nothing here is secret.
"use strict";
const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n, MASK = 2n ** 64n - 1n;
const mod = (a, m = P) => (a % m + m) % m;
function power(base, exponent) {
  let result = 1n;
  for (base = mod(base); exponent; exponent >>= 1n, base = base * base % P) if (exponent & 1n) result = result * base % P;
  return result;
}
const inverse = a => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n)), ROOT = power(2n, (P - 1n) / 4n);

function whole(octets) {                        // little-endian
  let value = 0n;
  for (let i = octets.length; i--;) value = value << 8n | BigInt(octets[i]);
  return value;
}
function point(octets) {                        // x, y, z, t; null when it is none
  const said = whole(octets), y = said & (1n << 255n) - 1n, odd = said >> 255n;
  if (octets.length !== 32 || y >= P) return null;
  const u = mod(y * y - 1n), v = mod(D * y * y + 1n), v3 = mod(v * v * v);
  let x = mod(u * v3 * power(u * v3 * v3 * v, (P - 5n) / 8n));
  const square = mod(v * x * x);
  if (square === mod(-u)) x = mod(x * ROOT); else if (square !== u) return null;
  if (x === 0n && odd) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * t1 * t2 * D), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}
function times(number, one) {
  let sum = [0n, 1n, 1n, 0n];
  for (; number; number >>= 1n, one = add(one, one)) if (number & 1n) sum = add(sum, one);
  return sum;
}
const BASE = point(new Uint8Array([0x58, ...Array(31).fill(0x66)]));

function root(value, degree) {                  // the whole part
  let low = 0n, high = 1n << BigInt(value.toString(2).length);
  while (low < high) {
    const middle = low + high + 1n >> 1n;
    if (middle ** degree <= value) low = middle; else high = middle - 1n;
  }
  return low;
}
const PRIMES = [];
for (let n = 2; PRIMES.length < 80; n++) if (PRIMES.every(p => n % p)) PRIMES.push(n);
const ROUNDS = PRIMES.map(p => root(BigInt(p) << 192n, 3n) & MASK);
const BEGIN = PRIMES.slice(0, 8).map(p => root(BigInt(p) << 128n, 2n) & MASK);
const turn = (x, n) => (x >> n | x << 64n - n) & MASK;

function sha512(message) {
  const length = message.length, padded = new Uint8Array(length + 17 + (128 - (length + 17) % 128) % 128);
  padded.set(message);
  padded[length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(length) * 8n);
  let state = BEGIN;
  for (let at = 0; at < padded.length; at += 128) {
    const w = [];
    for (let i = 0; i < 80; i++) w.push(i < 16 ? new DataView(padded.buffer).getBigUint64(at + 8 * i) :
      w[i - 16] + (turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ w[i - 15] >> 7n) + w[i - 7] +
      (turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ w[i - 2] >> 6n) & MASK);
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + (e & f ^ ~e & MASK & g) + ROUNDS[i] + w[i];
      const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + (a & b ^ a & c ^ b & c);
      [a, b, c, d, e, f, g, h] = [one + two & MASK, a, b, c, d + one & MASK, e, f, g];
    }
    state = [a, b, c, d, e, f, g, h].map((x, i) => x + state[i] & MASK);
  }
  const made = new Uint8Array(64);
  state.forEach((x, i) => new DataView(made.buffer).setBigUint64(8 * i, x));
  return made;
}
function verifiesAlone(key, message, signature) {
  const a = point(key), r = point(signature.slice(0, 32)), s = whole(signature.slice(32));
  if (!a || !r || signature.length !== 64 || s >= L) return false;
  const k = whole(sha512(new Uint8Array([...signature.slice(0, 32), ...key, ...message]))) % L;
  const [x1, y1, z1] = times(s, BASE), [x2, y2, z2] = add(r, times(k, a));
  return mod(x1 * z2 - x2 * z1) === 0n && mod(y1 * z2 - y2 * z1) === 0n;
}
async function verifies(key, message, signature) {
  try {
    const its = await crypto.subtle.importKey("raw", key, {name: "Ed25519"}, false, ["verify"]);
    return await crypto.subtle.verify({name: "Ed25519"}, its, signature, message);
  } catch {                                     // an older browser, or a page that is not thought secure
    return verifiesAlone(key, message, signature);
  }
}

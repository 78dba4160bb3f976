// Keeps one page and what it is made of on the device, those that sending.js put there and no other: the page is asked of
// the server first, and of the device when the server is not heard. Nothing is sent from here.
"use strict";
const NAME = new URL(location).searchParams.get("nombre") ?? "page";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const page = request.mode === "navigate", part = url.pathname.startsWith("/s/");
  if (!page && !part) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME), kept = await cache.match(request, { ignoreVary: true });
    if (part) return kept ?? fetch(request);
    if (!kept) return fetch(request);
    try {
      const response = await fetch(request);
      if (response.ok) await cache.put(request, response.clone());
      else await cache.delete(request);
      return response;
    } catch {
      return kept;
    }
  })());
});

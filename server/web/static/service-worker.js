// Keeps code pages and the files they load, so that a code can be shown without a network.
// Always asks the network first; only when that fails does it answer from what it kept.
const KEPT = "hexiao-code-1";
const isCodePage = (url) => /^\/s\/[^/]+\/(v\/[^/]+|c\/[^/]+(\/\d+)?)$/.test(url.pathname);
const isAsset = (url) => url.pathname.startsWith("/static/");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The first visit is loaded before this worker is in charge: the page asks for itself to be kept.
self.addEventListener("message", (event) => {
  const addresses = event.data.filter((address) => new URL(address).origin === self.location.origin);
  event.waitUntil(caches.open(KEPT).then((kept) => Promise.all(addresses.map(async (address) => {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) await kept.put(address, answer);
  }))));
});

const fromCache = async (request) => {
  const found = await (await caches.open(KEPT)).match(request, { ignoreVary: true });
  if (!found) return Response.error();
  const headers = new Headers(found.headers);
  headers.set("X-From-Cache", "yes");
  return new Response(found.body, { status: found.status, headers });
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (!isCodePage(url) && !isAsset(url)) return;
  event.respondWith((async () => {
    try {
      const answer = await fetch(event.request);
      if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(event.request, answer.clone());
      return answer;
    } catch {
      return fromCache(event.request);
    }
  })());
});

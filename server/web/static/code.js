// The code page: keeps the screen awake, says when it is offline, and lets a service worker keep
// this page for use without a network.
(() => {
  const page = document.getElementById("live-code");
  const note = document.getElementById("offline-note");
  if (!page) return;

  let lock = null;
  const keepAwake = async () => {
    const wanted = document.querySelector("#ticket[data-state='to_use']") && !document.hidden;
    if (!wanted || lock || !("wakeLock" in navigator)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } catch {
      lock = null; // refused, for example on a low battery: the page works without it
    }
  };
  document.addEventListener("visibilitychange", keepAwake);
  keepAwake();

  const offline = (is) => { note.hidden = !is; };
  window.addEventListener("offline", () => offline(true));
  window.addEventListener("online", () => offline(false));
  document.addEventListener("htmx:sendError", () => offline(true));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) offline(event.detail.xhr.getResponseHeader("X-From-Cache") === "yes");
  });
  offline(!navigator.onLine);

  // This first visit was loaded before the worker was in charge, so it is told what to keep.
  if ("serviceWorker" in navigator) {
    const assets = [...document.querySelectorAll("link[rel], script[src], img[src]")];
    const addresses = [location.href, ...assets.map((part) => part.href || part.src)];
    navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.scope });
    navigator.serviceWorker.ready.then((ready) => ready.active.postMessage(addresses));
  }
})();

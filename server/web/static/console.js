// Shows whether the live list is connected. The list itself is kept up to date by htmx.
(() => {
  const show = (state) => document.getElementById("live")?.setAttribute("data-state", state);
  document.addEventListener("htmx:sseOpen", () => show("on"));
  document.addEventListener("htmx:sseError", () => show("off"));
  document.addEventListener("htmx:sseClose", () => show("off"));
})();

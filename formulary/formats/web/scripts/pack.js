"use strict";
// The small page of a pack: it opens the handbook's page, and hands the answers to it when that asks.
const { address, origin, copy } = JSON.parse(document.getElementById("data").textContent);
const said = document.getElementById("said");
const button = document.getElementById("open");
let page = null;
button.hidden = false;
button.addEventListener("click", () => {
  page = window.open(address);
  said.textContent = page
    ? "The form opens in a new tab. It asks you before it uses the answers. Keep this page open until then."
    : "The browser blocked the new page. Allow it, and press the button again.";
});
// Only the page that was opened here is answered, and only while it is at the handbook's address.
addEventListener("message", ({ source, origin: from, data }) => {
  if (!page || source !== page || data !== "formulary-ready") return;
  const isOurs = origin ? from === origin : ["null", "file://"].includes(from);
  if (isOurs) page.postMessage({ formulary: copy }, origin || "*");
});

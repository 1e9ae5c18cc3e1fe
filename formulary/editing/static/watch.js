// Loads the page again when the content has changed: what `serve` shows.
(() => {
  const number = Number(document.currentScript.dataset.number);
  const { organisation } = document.currentScript.dataset;
  setInterval(async () => {
    try {
      const answer = await fetch(`/-/state?organisation=${organisation}`);
      const state = await answer.json();
      if (state.number !== number && !state.errors.length) location.reload();
    } catch {}
  }, 1000);
})();

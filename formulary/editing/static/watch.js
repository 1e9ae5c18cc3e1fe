// Loads the page again when the content has changed, and says what is wrong with it: what `serve` shows.
(() => {
  const { number, organisation } = document.currentScript.dataset;
  let box = null;
  const show = (errors) => {
    if (box) box.remove();
    box = null;
    if (!errors.length) return;
    box = document.createElement("div");
    box.setAttribute("role", "status");
    box.className = "formulary-errors";
    box.style.cssText = "position:fixed;inset:auto 0 0;z-index:30;max-height:40vh;overflow:auto;padding:12px 24px;background:#1c1a1e;color:#fff;font:16px/22px sans-serif";
    for (const error of errors) {
      const line = document.createElement("p");
      line.style.margin = "4px 0";
      line.textContent = `${error.place}: ${error.message}. ${error.fix}`;
      box.append(line);
    }
    document.body.append(box);
  };
  let said = "[]";
  setInterval(async () => {
    try {
      const answer = await fetch(`/-/state?organisation=${organisation}`);
      const state = await answer.json();
      if (state.number !== Number(number)) location.reload();
      const now = JSON.stringify(state.errors);
      if (now !== said) show(state.errors);
      said = now;
    } catch {}
  }, 1000);
})();

// The pages of the year: dark colours as the handbook has them, progress, and where the focus is.
(() => {
  const { body } = document;
  const { organisation } = body.dataset;
  document.documentElement.classList.replace("no-js", "js");
  let chosen = null;
  try { chosen = localStorage.getItem("handbook-colours"); } catch {}
  body.dataset.mdColorScheme = chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "slate" : "default");

  const first = document.querySelector(".ft-summary") || document.querySelector("[data-outcome]");
  if (first) first.focus();

  const said = document.querySelector(".fe-state");
  const say = (words) => { said.hidden = false; said.textContent = words; };
  const undo = document.querySelector("[data-undo]");
  if (undo) undo.addEventListener("click", async () => {
    const answer = await fetch("/-/undo", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ organisation }),
    });
    const found = await answer.json();
    say(answer.ok ? "Undone" : found.message);
  });

  for (const form of document.querySelectorAll("form")) form.addEventListener("submit", (event) => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]);
    if (files.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.most || Infinity) - 10000) {
      event.preventDefault();
      say("The files are larger than 60 MB together. Choose fewer or smaller ones.");
      return;
    }
    form.querySelector("button").setAttribute("aria-disabled", "true");
    say("Sent");
  });

  const work = document.querySelector("[data-work]");
  if (!work) return;
  const stage = work.querySelector("[data-stage]");
  const bar = work.querySelector("progress");
  const look = async () => {
    try {
      const answer = await fetch("/-/year/progress");
      const now = await answer.json();
      if (now.finished) { location.reload(); return; }
      if (stage.textContent !== now.stage) stage.textContent = now.stage;
      bar.max = now.steps;
      bar.value = now.done;
    } catch {
      stage.textContent = "The editor has stopped. Start it again.";
    }
    setTimeout(look, 500);
  };
  setTimeout(look, 500);
})();

// The ruler of the year: which of its twelve months are past, and how far the present one has gone.
// Without script, and outside of the year, no part is marked.
(() => {
  const today = new Date();
  const month = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, "0")}`;
  const days = new Date(today.getFullYear(), today.getMonth() + 1, 0).getDate();
  for (const part of document.querySelectorAll(".ruler [data-month]")) {
    if (part.dataset.month < month) part.classList.add("past");
    if (part.dataset.month !== month) continue;
    part.classList.add("now");
    part.style.setProperty("--gone", `${((100 * today.getDate()) / days).toFixed()}%`);
  }
})();

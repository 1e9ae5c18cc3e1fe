// The button that opens the menu on a narrow screen. It works on the theme's own check box, which
// also opens the menu where there is no script.
(() => {
  const button = document.querySelector('[data-opens="drawer"]');
  const toggle = document.querySelector('[data-md-toggle="drawer"]');
  const menu = document.getElementById("handbook-nav");
  const rest = document.querySelectorAll(".md-content, .md-sidebar--secondary, .handbook-footer");
  if (!button || !toggle || !menu) return;

  const show = (open) => {
    toggle.checked = open;
    button.setAttribute("aria-expanded", String(open));
    for (const part of rest) part.inert = open;
    if (open) requestAnimationFrame(() => menu.querySelector("a")?.focus());
  };
  button.addEventListener("click", () => show(!toggle.checked));
  toggle.addEventListener("change", () => show(toggle.checked));
  menu.addEventListener("click", (event) => {
    if (event.target.closest("a")) show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && toggle.checked) {
      show(false);
      button.focus();
    }
  });
  matchMedia("(min-width: 68.75em)").addEventListener("change", () => show(false));
})();

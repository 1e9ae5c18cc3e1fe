// The buttons that open the menu and the search on a narrow screen. Both work on the theme's own
// check boxes, so that its script and ours never disagree.
(() => {
  const toggles = (name) => document.querySelector(`[data-md-toggle="${name}"]`);
  const first = {
    drawer: () => document.querySelector("#handbook-nav a"),
    search: () => document.querySelector('[data-md-component="search-query"]'),
  };
  for (const button of document.querySelectorAll("[data-opens]")) {
    const name = button.dataset.opens;
    const toggle = toggles(name);
    button.addEventListener("click", () => {
      toggle.click();
      if (toggle.checked) requestAnimationFrame(() => first[name]()?.focus());
    });
    toggle.addEventListener("change", () => {
      button.setAttribute("aria-expanded", String(toggle.checked));
    });
  }
  document.addEventListener("keydown", (event) => {
    const drawer = toggles("drawer");
    if (event.key === "Escape" && drawer.checked) {
      drawer.click();
      document.querySelector('[data-opens="drawer"]').focus();
    }
  });
})();

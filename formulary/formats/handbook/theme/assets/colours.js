// The button for light and dark colours. A choice is remembered while it differs from the system's;
// otherwise the page follows the system.
(() => {
  const KEY = "handbook-colours";
  const button = document.querySelector("[data-colours]");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => (system.matches ? "slate" : "default");
  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const choose = (scheme) => {
    try {
      if (scheme === wanted()) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, scheme);
    } catch {
      // where nothing may be kept, the choice holds for this page
    }
  };
  const show = (scheme) => {
    document.body.dataset.mdColorScheme = scheme;
    button.setAttribute("aria-label", scheme === "slate" ? "Use light colours" : "Use dark colours");
  };

  button.hidden = false;
  show(document.body.dataset.mdColorScheme);
  button.addEventListener("click", () => {
    const scheme = document.body.dataset.mdColorScheme === "slate" ? "default" : "slate";
    choose(scheme);
    show(scheme);
  });
  system.addEventListener("change", () => show(chosen() || wanted()));
})();

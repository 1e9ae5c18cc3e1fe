// Words of the glossary, explained where they stand: on focus, under the pointer, and at the first
// touch. The explanation stays while pointer or focus is on it, and Escape takes it away (WCAG 2.2,
// 1.4.13). The words are those of the list at the end of the page.
(() => {
  const links = document.querySelectorAll("a.explained");
  if (!links.length) return;

  const means = new Map();
  for (const link of document.querySelectorAll(".terms dt a")) {
    means.set(link.hash, [link.textContent, link.parentElement.nextElementSibling.textContent]);
  }
  const tip = document.createElement("div");
  tip.className = "explanation no-print";
  tip.id = "explanation";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;

  let at = null;
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    at?.removeAttribute("aria-describedby");
    at = null;
    tip.hidden = true;
  };
  const hideSoon = () => {
    clearTimeout(timer);
    // not while the link has the focus, which a first touch gives it
    timer = setTimeout(() => document.activeElement === at || hide(), 300);
  };
  const show = (link) => {
    const found = means.get(link.hash);
    if (!found) return;
    clearTimeout(timer);
    if (at === link) return;
    hide();
    at = link;
    const name = document.createElement("strong");
    name.textContent = found[0];
    tip.replaceChildren(name, ` ${found[1]}`);
    link.closest(".md-content__inner").append(tip);
    tip.hidden = false;
    link.setAttribute("aria-describedby", tip.id);
    place(link);
  };
  const place = (link) => {
    const line = link.getClientRects()[0];
    const frame = tip.offsetParent.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const below = line.bottom + tip.offsetHeight + 8 < innerHeight;
    const top = below ? line.bottom + 4 : line.top - tip.offsetHeight - 4;
    tip.style.left = `${Math.max(8, Math.min(line.left, room)) - frame.left}px`;
    tip.style.top = `${top - frame.top}px`;
  };

  let touched = null;
  for (const link of links) {
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("mouseleave", hideSoon);
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide); // at once: it must not cover what has the focus next
    link.addEventListener("pointerdown", (event) => {
      touched = event.pointerType === "touch" && at !== link ? link : null;
    });
    link.addEventListener("click", (event) => {
      if (touched !== link) return;
      touched = null;
      event.preventDefault();
      show(link);
    });
  }
  tip.addEventListener("mouseenter", () => clearTimeout(timer));
  tip.addEventListener("mouseleave", hideSoon);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && at) hide();
  });
  document.addEventListener("pointerdown", (event) => {
    if (at && !tip.contains(event.target) && event.target !== at) hide();
  });
})();

// What all scripts of the editor use: they share the object `window.formularyEditor`, which each adds to.
(() => {
  const meta = document.querySelector('meta[name="formulary-editor"]');
  if (!meta) return;
  const { organisation, number, page } = JSON.parse(meta.content);

  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };
  let ids = 0;
  const newId = () => `fe-${(ids += 1)}`;

  const ask = async (path, query) => {
    const answer = await fetch(`/-/${path}?${new URLSearchParams({ organisation, ...query })}`);
    return { status: answer.status, ...(await answer.json()) };
  };
  const send = async (path, data) => {
    const answer = await fetch(`/-/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ organisation, ...data }),
    });
    const text = await answer.text();
    try {
      return { status: answer.status, ...JSON.parse(text) };
    } catch {
      return { status: answer.status, message: text };
    }
  };
  const kept = {
    get: (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch {} },
    drop: (name) => { try { localStorage.removeItem(name); } catch {} },
  };
  const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

  window.formularyEditor = { organisation, number, page, make, newId, ask, send, kept, same };
})();

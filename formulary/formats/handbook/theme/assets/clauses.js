// A button on every clause that copies the clause's full address. Without script the clause's
// number, or the sign beside its heading, is a link to it.
(() => {
  const clauses = document.querySelectorAll(".clause[id]");
  if (!clauses.length) return;

  const said = document.createElement("p");
  said.className = "copied no-print";
  said.setAttribute("role", "status");
  document.body.append(said);
  let hide = 0;
  const say = (words) => {
    said.textContent = words;
    said.classList.add("shown");
    clearTimeout(hide);
    hide = setTimeout(() => said.classList.remove("shown"), 6000);
  };

  // Where the browser keeps its clipboard from pages that are not served securely
  const copyOldWay = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyOldWay(text);
    }
  };

  const nameOf = (clause) => {
    const heading = clause.querySelector(":scope > h2, :scope > h3")?.cloneNode(true);
    heading?.querySelector(".headerlink")?.remove();
    const words = (heading || clause).textContent.replace(/^\s*#/, "").trim().split(/\s+/);
    if (heading) return words.join(" ").replace(/^Clause /, "clause ");
    return words.length > 6 ? `${words.slice(0, 6).join(" ")} …` : words.join(" ");
  };

  const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  sign.setAttribute("viewBox", "0 0 24 24");
  sign.setAttribute("aria-hidden", "true");
  sign.innerHTML =
    '<path d="M3.9 12A3.1 3.1 0 0 1 7 8.9h4V7H7a5 5 0 0 0 0 10h4v-1.9H7A3.1 3.1 0 0 1 3.9 12M8 13h8v-2H8zm9-6h-4v1.9h4a3.1 3.1 0 0 1 0 6.2h-4V17h4a5 5 0 0 0 0-10"/>';

  for (const clause of clauses) {
    const name = nameOf(clause);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-link no-print";
    button.setAttribute("aria-label", `Copy the link to ${name}`);
    button.append(sign.cloneNode(true));
    button.addEventListener("click", async () => {
      const address = new URL(`#${clause.id}`, location.href).href;
      const done = await copy(address);
      button.focus();
      say(done ? `Copied: the link to ${name}` : `This browser does not copy. The link is ${address}`);
    });
    const heading = clause.querySelector(":scope > h2, :scope > h3");
    if (heading) heading.after(button);
    else clause.prepend(button);
  }
})();

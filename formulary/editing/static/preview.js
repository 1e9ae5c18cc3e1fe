// A form beside its panel, as it will look: made anew after each change, before it is saved.
(() => {
  const editor = window.formularyEditor;
  if (!editor) return;
  const { make, send } = editor;
  let shown = null;

  const hide = () => {
    if (shown) shown.remove();
    shown = null;
    document.body.classList.remove("fe-previewed");
  };
  // the part of the form that the panel is of
  const find = (page, spot) => {
    for (const id of [...spot.matchAll(/=([a-z0-9_-]+)/g)].map((one) => one[1]).reverse()) {
      const part = page.getElementById(`part-${id}`) || page.querySelector(`[data-q="${id}"], [data-q$="_${id}"]`);
      if (part) return part;
    }
    return null;
  };
  editor.showPreview = (form, spot, state) => {
    hide();
    const frame = make("iframe", { title: "The form as it will look", sandbox: "allow-same-origin", tabindex: "-1", inert: true });
    const scroll = make("div", { class: "fe-previewbody", tabindex: "0", role: "group", "aria-label": "The form" }, frame);
    const page = make("button", { type: "button", class: "fe-link", onclick: () => { document.body.classList.remove("fe-previewed"); again.hidden = false; again.focus(); } }, "Show the page");
    const told = make("span", { class: "fe-making", role: "status" });
    const say = (words, kind = "") => { told.textContent = words; told.className = `fe-making ${kind}`.trim(); };
    const made = make("section", { class: "fe-preview", "aria-label": "The form as it will look" }, make("div", { class: "fe-previewhead" }, make("p", {}, make("b", {}, "The form as it will look"), told), page), scroll);
    const again = make("button", { type: "button", class: "fe-quiet fe-see", onclick: () => { document.body.classList.add("fe-previewed"); again.hidden = innerWidth >= 1000; settle(); page.focus(); } }, "See the form");
    state.root.querySelector(".fe-body").prepend(again);
    again.hidden = innerWidth >= 1000;
    document.body.append(made);
    shown = made;
    if (innerWidth >= 1000) document.body.classList.add("fe-previewed");
    let settled = false;
    const settle = () => {
      const inside = frame.contentDocument;
      if (!inside || !inside.body || !frame.clientWidth) return;
      frame.style.height = `${inside.documentElement.scrollHeight}px`;
      const part = find(inside, spot);
      if (!part) return;
      part.classList.add("fe-here");
      if (!settled) scroll.scrollTop = Math.max(0, part.getBoundingClientRect().top - 60);
      settled = true;
    };
    frame.addEventListener("load", settle);
    let asked = 0;
    state.preview = async (operations) => {
      const mine = (asked += 1);
      say("Being made…");
      let answer = {};
      try { answer = await send("preview", { form, operations }); } catch { answer = { message: "The editor does not answer." }; }
      if (mine !== asked || shown !== made) return;
      if (!answer.page) {
        const why = (answer.errors || []).map((one) => `${one.message}.`).join(" ") || answer.message || "Correct what the panel lists first.";
        say(`The form cannot be shown. ${why}`, "fe-bad");
        return;
      }
      say("");
      const style = "<style>body{min-height:0}body>header,.open,.foot,.step,.steps,nav{display:none!important}.fe-here{outline:3px solid #5b2a66;outline-offset:4px;border-radius:6px}</style>";
      const fonts = new URL("fonts/", document.querySelector('link[href$="extra.css"]').href);
      frame.srcdoc = answer.page.replaceAll("url(../fonts/", `url(${fonts}`).replace("</head>", `${style}</head>`);
    };
    state.preview([]);
  };
  editor.hidePreview = hide;
})();

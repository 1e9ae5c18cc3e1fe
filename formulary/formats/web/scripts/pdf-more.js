// Pages behind the PDF for answers that are longer than their boxes, tagged like the form itself.

// The pages, each a list of [style, top, lines, answer], and on which each answer begins.
function layOut(answers, face) {
  const { styles, width, top, bottom, shortest, title, warning } = face.table.continued;
  const { main, heading, words } = styles;
  const pages = [[]];
  const begins = new Map();
  const elements = [[main, title, null], [words, warning, null]];
  for (const answer of answers) {
    elements.push([heading, face.shown(answer.title), answer]);
    for (const paragraph of answer.value.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/)) {
      if (wordsOf(paragraph).length) elements.push([words, paragraph, null]);
    }
  }
  let at = top;
  const turn = () => {
    pages.push([]);
    at = top;
  };
  for (const [style, text, answer] of elements) {
    const [, size, leading, above] = style;
    let lines = wrapLines(text, width, face, size);
    at -= pages[pages.length - 1].length ? above : 0;
    const needed = leading * lines.length + (answer ? words[3] + shortest * words[2] : 0);
    if (at - Math.min(needed, answer ? top - bottom : leading) < bottom) turn();
    if (answer) begins.set(answer.id, pages.length);
    while (lines.length) {
      const room = Math.max(1, floorDivide(at - bottom, leading));
      const kept = lines.slice(0, room);
      lines = lines.slice(room);
      pages[pages.length - 1].push([style, at, kept, answer]);
      at -= leading * kept.length;
      if (lines.length) turn();
    }
  }
  return { pages, begins };
}

const newObject = (number) => [number, `${number} 0 obj\n<<`];
const refer = (numbers) => numbers.map((number) => `${number} 0 R`).join(" ");

function writeContinuation(plan, pages, name, face) {
  const count = pages.length;
  const section = plan.first + 2 * count;
  const leaf = section + 1;
  let element = section + 2;
  const pieces = [];
  const kids = [];
  const entries = [];
  const head = [plan.title, wordsOf(face.shown(name)).join(" ")].filter(Boolean).join(" · ");
  pages.forEach((page, place) => {
    const number = plan.first + 2 * place;
    const foot = `${plan.code} · Continuation ${place + 1} of ${count}`;
    pieces.push(continuationPage(plan, number, plan.nextKey + place, page, face));
    pieces.push(finishedStream(newObject(number + 1), continuationContent(page, head, foot, face)));
    const own = page.map(([[tag]], mark) => {
      kids.push(element);
      element += 1;
      const entry = `/Type/StructElem/S/${tag}/P ${section} 0 R/Pg ${number} 0 R/K ${mark}`;
      return finished(newObject(element - 1), entry);
    });
    entries.push([plan.nextKey + place, kids.slice(-page.length)]);
    if (plan.tree) pieces.push(...own);
  });
  if (plan.element && plan.tree) {
    const listed = entries.map(([key, numbers]) => `${key}[${refer(numbers)}]`).join("");
    const limits = `${entries[0][0]} ${entries[entries.length - 1][0]}`;
    const holder = `/Type/StructElem/S/Sect/P ${plan.element[0]} 0 R/K[${refer(kids)}]`;
    pieces.push(
      finished(newObject(section), holder),
      finished(newObject(leaf), `/Limits[${limits}]/Nums[${listed}]`),
      finished(plan.element, `/K[${plan.elementKids} ${section} 0 R]`),
      finished(plan.tree, `/Kids[${plan.treeKids} ${leaf} 0 R]`),
    );
  }
  const added = refer(pages.map((_, place) => plan.first + 2 * place));
  const entry = `/Kids[${plan.pageKids} ${added}]/Count ${plan.pageCount + count}`;
  return [...pieces, finished(plan.pages, entry)];
}

function continuationPage(plan, number, key, page, face) {
  const { page: size, entry } = face.table.continued;
  const begun = new Map(page.filter(([, , , a]) => a).map(([, , , a]) => [a.id, a.value]));
  const answers = [...begun].map(([id, value]) => `/${id} ${textString(value)}`).join("");
  return finished(
    newObject(number),
    `/Type/Page/Parent ${plan.pages[0]} 0 R/MediaBox[0 0 ${size.join(" ")}]` +
      `/Contents ${number + 1} 0 R/StructParents ${key}/Tabs/S` +
      `/Resources<</Font<<${face.table.font} ${plan.font} 0 R>>>>${entry}<<${answers}>>`,
  );
}

function continuationContent(page, head, foot, face) {
  const { styles, header, footer } = face.table.continued;
  const parts = page.map(([style, top, lines], mark) =>
    `/${style[0]} <</MCID ${mark}>> BDC ${showLines(style, top, lines, face)} EMC`);
  for (const [line, base] of [[head, header], [foot, footer]]) {
    parts.push(`/Artifact BMC ${showLines(styles.running, base, [line], face)} EMC`);
  }
  return parts.join("\n");
}

function showLines([, size, leading], top, lines, face) {
  const { left } = face.table.continued;
  const shown = lines.map((line) => `${showLine(line, size, face)} T* `).join("");
  return `BT ${face.table.font} ${size} Tf 0 g ${leading} TL ${left} ${top - size} Td ${shown}ET`;
}

// Fills PDF forms with pdf.js, Firefox's viewer, as its form fields do when a person types.
// Standard input: [{"pdf": path, "out": path, "values": {name: text or true/false}}, ...].
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

for (const job of JSON.parse(await text(process.stdin))) await fill(job);

async function fill({ pdf, out, values }) {
  const form = await getDocument({
    data: new Uint8Array(await readFile(pdf)),
    verbosity: VerbosityLevel.ERRORS,
    standardFontDataUrl: new URL("node_modules/pdfjs-dist/standard_fonts/", import.meta.url).pathname,
  }).promise;
  const fields = (await form.getFieldObjects()) ?? {};
  for (const [name, value] of Object.entries(values)) {
    const widgets = (fields[name] ?? []).filter((one) => one.id !== undefined && one.type !== "");
    if (widgets.length === 0) throw new Error(`no field ${name}`);
    const boxes = widgets.filter((one) => one.type === "checkbox");
    if (boxes.length > 1 && !boxes.some((one) => one.exportValues === value)) throw new Error(`no box ${value} in ${name}`);
    for (const widget of widgets) {
      if (boxes.length > 1) {
        if (widget.exportValues === value) form.annotationStorage.setValue(widget.id, { value: true });
        continue;
      }
      if (widget.type === "combobox" && !widget.items.some((item) => item.exportValue === value))
        throw new Error(`no item ${value} in ${name}`);
      form.annotationStorage.setValue(widget.id, { value });
    }
  }
  await writeFile(out, await form.saveDocument());
  await form.loadingTask.destroy();
}

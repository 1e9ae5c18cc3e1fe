// Fills PDF forms with pdf-lib, which draws the values with the form's own font.
// Standard input: [{"pdf": path, "out": path, "values": {name: text or true/false}}, ...].
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import fontkit from "@pdf-lib/fontkit";
import * as lib from "@cantoo/pdf-lib";

for (const job of JSON.parse(await text(process.stdin))) await fill(job);

async function fill({ pdf, out, values }) {
  const document = await lib.PDFDocument.load(await readFile(pdf));
  const form = document.getForm();
  for (const [name, value] of Object.entries(values)) {
    const field = form.getField(name);
    if (field instanceof lib.PDFCheckBox && typeof value === "string") tick(field, value);
    else if (field instanceof lib.PDFCheckBox) value ? field.check() : field.uncheck();
    else if (field instanceof lib.PDFDropdown) choose(field, value);
    else field.setText(value);
  }
  const font = await ownFont(document, form);
  if (font) form.updateFieldAppearances(font);
  await writeFile(out, await document.save({ updateFieldAppearances: false }));
}

// Of a field with several boxes pdf-lib ticks the first only.
function tick(field, value) {
  const state = lib.PDFName.of(value);
  field.acroField.dict.set(lib.PDFName.of("V"), state);
  for (const box of field.acroField.getWidgets())
    box.setAppearanceState(box.getOnValue() === state ? state : lib.PDFName.of("Off"));
}

// pdf-lib adds an unknown item to the list instead of refusing it; a person cannot.
function choose(field, value) {
  if (!field.getOptions().includes(value)) throw new Error(`no item ${value} in ${field.getName()}`);
  field.select(value);
}

// The embedded Type0 font that the fields' /DA names, out of the form's /DR; nothing is embedded
// anew. Its codes are glyph numbers (Identity-H), so its font file tells fontkit all that is needed.
// Undefined where no field has text.
async function ownFont(document, form) {
  const look = (from, ...keys) => keys.reduce((at, key) => at.lookup(lib.PDFName.of(key)), from);
  const appearances = form.getFields().map((field) => field.acroField.DA()?.decodeText());
  const appearance = appearances.find((one) => one !== undefined);
  if (appearance === undefined) return undefined;
  const name = /\/(\S+)\s+\S+\s+Tf/.exec(appearance)[1];
  const fonts = look(form.acroForm.dict, "DR", "Font");
  const descendant = look(fonts, name, "DescendantFonts").lookup(0);
  const program = lib.decodePDFRawStream(look(descendant, "FontDescriptor", "FontFile2")).decode();
  const embedder = await lib.CustomFontEmbedder.for(fontkit, program);
  embedder.fontName = name; // under which /DA and the drawn fields call it
  return lib.PDFFont.of(fonts.get(lib.PDFName.of(name)), document, embedder);
}

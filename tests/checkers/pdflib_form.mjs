// Makes a PDF form with pdf-lib, as another program's forms come: object streams, Helvetica, and
// buttons whose states are numbers that /Opt names.
// Standard input: {"out": path, "options": [text, ...]}.
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import * as lib from "@cantoo/pdf-lib";

const { out, options } = JSON.parse(await text(process.stdin));
const document = await lib.PDFDocument.create();
const page = document.addPage([595, 842]);
const form = document.getForm();
form.createTextField("person.name").addToPage(page, { x: 50, y: 780, width: 250, height: 22 });
const notes = form.createTextField("person.notes");
notes.enableMultiline();
notes.addToPage(page, { x: 50, y: 600, width: 250, height: 90 });
const rating = form.createRadioGroup("person.rating");
options.forEach((option, place) =>
  rating.addOptionToPage(option, page, { x: 350, y: 780 - 30 * place, width: 14, height: 14 }),
);
const stage = form.createDropdown("person.stage");
stage.addOptions(["M1", "M2"]);
stage.addToPage(page, { x: 350, y: 640, width: 120, height: 22 });
form.createCheckBox("person.agreed").addToPage(page, { x: 50, y: 560, width: 14, height: 14 });
await writeFile(out, await document.save());

// Check answers as a page does: forms with sets of answers go in, what is wrong with each comes out.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const asked = JSON.parse(readFileSync(0, "utf8"));
const context = vm.createContext({ atob, Blob, TextEncoder, TextDecoder });
vm.runInContext(asked.script, context);
const { checkAnswers } = context.rules;
process.stdout.write(JSON.stringify(asked.forms.map(({ known, sets }) =>
  sets.map((values) => checkAnswers(known, new Map(Object.entries(values)))))));

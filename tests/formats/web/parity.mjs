// Fill forms in as a page does, and answer with the digests of what comes out.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import vm from "node:vm";

const asked = JSON.parse(readFileSync(0, "utf8"));
const sha = (bytes) => createHash("sha256").update(bytes).digest("hex");
const context = vm.createContext({
  atob, Blob, CompressionStream, DecompressionStream, TextEncoder, TextDecoder, console,
});
vm.runInContext(asked.script, context);
const { payloads, Typeface, wholeDocument, writePdf, wordParts, writeZip } = context.writers;

async function load(path) {
  vm.runInContext(readFileSync(path, "utf8"), context);
  const name = /take\("(\w+)"/.exec(readFileSync(path, "utf8"))[1];
  return payloads.get(name);
}

const face = new Typeface((await load(asked.typeface)).plan);
const { plan: sizes, rest } = await load(asked.file);
let at = 0;
const shared = sizes.map((size) => rest.subarray(at, (at += size)));
const answers = [];
for (const form of asked.forms) {
  const pdf = await load(form.pdf);
  const word = form.word && (await load(form.word)).plan;
  const document = wholeDocument(pdf, shared);
  const own = [];
  for (const { values, person, carried } of form.cases) {
    const given = new Map(Object.entries(values));
    own.push({
      pdf: sha(writePdf(document, pdf.plan, given, person, carried, face)),
      word: word && Object.fromEntries(
        wordParts(word, given, person, carried).map(([name, bytes]) => [name, sha(bytes)]),
      ),
    });
  }
  const first = form.cases[0];
  if (!word) {
    answers.push({ cases: own });
    continue;
  }
  const parts = wordParts(word, new Map(Object.entries(first.values)), first.person, first.carried);
  answers.push({ cases: own, zip: Buffer.from(await writeZip(parts)).toString("base64") });
}
process.stdout.write(JSON.stringify(answers));

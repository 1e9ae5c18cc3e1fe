// Checks pages of HTML with html-validate's library: its command needs a newer Node than Debian has.
// Comes in by standard input: {"config": {...}, "pages": [path, ...]}; goes out: what was found.
import { readFileSync } from "node:fs";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const { config, pages } = JSON.parse(readFileSync(0, "utf8"));
const validator = new HtmlValidate(new StaticConfigLoader(config));
const found = [];
for (const page of pages) {
  const report = await validator.validateString(readFileSync(page, "utf8"), page);
  for (const { messages } of report.results) {
    for (const { ruleId, message, line, column, selector } of messages) {
      found.push({ page, rule: ruleId, message, line, column, element: selector ?? "" });
    }
  }
}
process.stdout.write(JSON.stringify(found));

// Runs Lighthouse on addresses, in one Chromium. Comes in by standard input: {"chromium": path,
// "flags": [...], "addresses": [...], "forms": ["mobile", "desktop"], "categories": [...]}; goes out:
// for each address and form the scores of 0 to 100, and what did not reach the full score.
import { readFileSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

// Only performance depends on how long a page stays quiet after it has loaded.
const UNTIMED = {
  disableFullPageScreenshot: true,
  pauseAfterFcpMs: 0,
  pauseAfterLoadMs: 0,
  networkQuietThresholdMs: 0,
  cpuQuietThresholdMs: 0,
};

const asked = JSON.parse(readFileSync(0, "utf8"));
const chrome = await launch({ chromePath: asked.chromium, chromeFlags: asked.flags, logLevel: "silent" });
const found = [];
try {
  for (const form of asked.forms) {
    for (const address of asked.addresses) {
      const { lhr } = await lighthouse(
        address,
        {
          port: chrome.port,
          output: "json",
          logLevel: "silent",
          onlyCategories: asked.categories,
          ...(asked.categories.includes("performance") ? {} : UNTIMED),
        },
        form === "desktop" ? desktopConfig : undefined,
      );
      const scores = {};
      const short = [];
      for (const [id, category] of Object.entries(lhr.categories)) {
        scores[id] = category.score === null ? -1 : Math.round(category.score * 100);
        for (const { id: name, weight } of category.auditRefs) {
          const audit = lhr.audits[name];
          if (weight > 0 && audit.score !== null && audit.score < 1) {
            short.push(`${id}: ${audit.title}${audit.displayValue ? ` (${audit.displayValue})` : ""}`);
          }
        }
      }
      found.push({ address, form, scores, short, failed: lhr.runtimeError?.message ?? "" });
    }
  }
} finally {
  chrome.kill();
}
process.stdout.write(JSON.stringify(found));

// What the search of a built handbook costs: node search.cjs SITE ORGANISATION
// It prints processor milliseconds: to be ready from nothing, and for each query.
const { readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");

const [site, organisation] = process.argv.slice(2);
const QUERIES = [
  "pay", "who reviews me", "apraisal", "what if I am off sick", "observation", "6.3", "when is my next review",
  "can i get sacked", "mat leave", "griveance procedure",
];
const FILES = ["assets/minisearch/minisearch.js", "assets/search-engine.js", `search/${organisation}.js`, `search/synonyms/${organisation}.js`];

const spent = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
(async () => {
  const start = process.cpuUsage();
  for (const file of FILES) (0, eval)(readFileSync(join(site, file), "utf8"));
  const index = await handbookSearch.index([organisation]);
  const ready = spent(start);
  const each = QUERIES.map((query) => {
    const before = process.cpuUsage();
    index.find(query);
    return spent(before);
  });
  const bytes = FILES.reduce((sum, file) => sum + statSync(join(site, file)).size, 0);
  console.log(JSON.stringify({ ready, each, bytes, places: index.documents.length }));
})();

// Tells which review dates on a page have passed on the day on which it is read. Where the date
// itself stands, and what is due, is in the page already.
(() => {
  const two = (number) => String(number).padStart(2, "0");
  const now = new Date();
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  // A time is a day (2025-08-31) or a month (2028-05); today, cut to its length, is later as text.
  const passed = (time) => today.slice(0, time.dateTime.length) > time.dateTime;

  const banner = (beside, words) => {
    const made = document.createElement("div");
    made.className = "review-passed";
    made.setAttribute("role", "status");
    beside.before(made);
    const heading = document.createElement("strong");
    heading.textContent = "Review date passed. ";
    const said = document.createElement("p");
    said.append(heading, words);
    requestAnimationFrame(() => made.append(said));
  };

  for (const note of document.querySelectorAll('[data-review="policy"]')) {
    const time = note.querySelector("time");
    if (time && passed(time)) {
      const by = time.dateTime.length > 7 ? "by" : "in";
      banner(
        note,
        `This policy was due for review ${by} ${time.textContent}. Before you rely on it, ask ` +
          "whether a newer edition has taken its place.",
      );
      note.hidden = true;
    }
  }

  for (const list of document.querySelectorAll('[data-review="list"]')) {
    const times = [...list.querySelectorAll("time")];
    const late = times.filter(passed);
    for (const time of late) {
      const mark = document.createElement("strong");
      mark.className = "review-mark";
      mark.textContent = "Passed";
      time.after(document.createElement("br"), mark);
    }
    if (late.length > 0) {
      const number = late.length === 1 ? "One date" : `${late.length} dates`;
      const verb = late.length === 1 ? "has" : "have";
      banner(list, `${number} in this list ${verb} passed.`);
    }
  }
})();

// Reads calendars with ical.js, the parser behind Thunderbird's calendar.
// Standard input: a JSON list of iCalendar texts. Standard output: for each, its name and its events.
import { text } from "node:stream/consumers";
import ICAL from "ical.js";

ICAL.design.strict = true;
const read = (source) => {
  const calendar = new ICAL.Component(ICAL.parse(source));
  const events = calendar.getAllSubcomponents("vevent").map((found) => {
    const event = new ICAL.Event(found);
    const alarms = found.getAllSubcomponents("valarm");
    return {
      uid: event.uid,
      summary: event.summary,
      description: event.description,
      first: event.startDate.toString(),
      end: event.endDate.toString(),
      days: event.startDate.isDate && event.endDate.isDate,
      sequence: event.sequence,
      stamp: found.getFirstPropertyValue("dtstamp").toString(),
      alarms: alarms.map((alarm) => alarm.getFirstPropertyValue("trigger").toString()),
    };
  });
  return { name: calendar.getFirstPropertyValue("name"), events };
};
process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map(read)));

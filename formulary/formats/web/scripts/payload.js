// What a form's own scripts bring: each calls formulary.take with a name and packed bytes.

const payloads = new Map();

function take(name, base64) {
  payloads.set(name, unpackPayload(base64));
}

// JSON on the first line, and after it bytes.
async function unpackPayload(base64) {
  const bytes = await inflate(ofLatin(atob(base64)));
  const end = bytes.indexOf(10);
  return { plan: JSON.parse(ofUtf8(bytes.subarray(0, end))), rest: bytes.subarray(end + 1) };
}

globalThis.formulary = { take };

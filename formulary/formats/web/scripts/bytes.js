// Bytes, texts and numbers. A “latin” text has one letter for each byte, of the same number.

const LARGEST_PART = 8e6; // bytes of one unpacked stream

function toLatin(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

function ofLatin(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

const toUtf8 = (text) => new TextEncoder().encode(text);
const ofUtf8 = (bytes) => new TextDecoder().decode(bytes);

function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const letters = (text) => [...text];

async function throughStream(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const pieces = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(pieces);
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Unreadable("Part of the file is far larger than in any form.");
    }
    pieces.push(value);
  }
}

const inflate = (bytes, method = "deflate-raw", most = LARGEST_PART) =>
  throughStream(bytes, new DecompressionStream(method), most);

const deflate = (bytes) => throughStream(bytes, new CompressionStream("deflate-raw"), Infinity);

// A file that cannot be read; the message says why, and is shown.
class Unreadable extends Error {}

const CRC = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

// SHA-256 (FIPS 180-4). crypto.subtle has it too, but not on a page that comes by plain http.
function sha256(bytes) {
  const primes = [];
  for (let number = 2; primes.length < 64; number += 1) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  const part = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0;
  const keys = primes.map((prime) => part(Math.cbrt(prime)));
  let state = primes.slice(0, 8).map((prime) => part(Math.sqrt(prime)));
  const size = bytes.length;
  const padded = new Uint8Array(((size + 72) >> 6) << 6);
  padded.set(bytes);
  padded[size] = 128;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(size / 2 ** 29));
  view.setUint32(padded.length - 4, (size << 3) >>> 0);
  const turn = (word, by) => (word >>> by) | (word << (32 - by));
  const words = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += 64) {
    for (let t = 0; t < 16; t += 1) words[t] = view.getUint32(at + 4 * t);
    for (let t = 16; t < 64; t += 1) {
      const [a, b] = [words[t - 15], words[t - 2]];
      words[t] =
        (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)) +
        words[t - 7] +
        (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) +
        words[t - 16];
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t += 1) {
      const first =
        h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + keys[t] + words[t];
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    state = [a, b, c, d, e, f, g, h].map((word, place) => (word + state[place]) | 0);
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

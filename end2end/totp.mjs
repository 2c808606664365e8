// An authenticator app, written apart from the product's own so that the two judge each other:
// RFC 6238 over RFC 4226, with SHA-1, six digits and steps of half a minute.
import { createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

const STEP = 30_000;
/** So long before its end a step is as good as over: a form has to be filled in and sent. */
const NEARLY = 3_000;

/** RFC 4648, section 6. */
function decode(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

function hotp(key, counter) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac("sha1", key).update(message).digest();
  const at = digest.at(-1) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/**
 * An app that was given a key. Each code counts once, and one step early or late: so `next` gives
 * the oldest that still counts and has not been given, and three come without waiting.
 */
export function authenticatorApp(secret) {
  const key = decode(secret.replaceAll(/\s/g, ""));
  let given = 0;
  return {
    async next() {
      given = Math.max(given + 1, Math.floor((Date.now() + NEARLY) / STEP) - 1);
      const early = (given - 1) * STEP - Date.now();
      if (early > 0) await pause(early);
      return hotp(key, given);
    },
    /** The code that was given last. */
    last: () => hotp(key, given),
  };
}

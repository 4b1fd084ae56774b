// Secrets that people carry: a prefix that says what it is, 256 random bits, and a checksum, so that secret scanners can tell a real one
// from a look-alike without asking anybody (SPEC §2, "key formats").
import { randomSecret } from "./ids.ts"

/** base64url of 32 bytes. */
const RANDOM = "[A-Za-z0-9_-]{43}"
/** CRC-32 in hexadecimal. */
const CHECKSUM = "[0-9a-f]{8}"

const checksumOf = (body: string): string => Bun.hash.crc32(body).toString(16).padStart(8, "0")

/** `<prefix>_<mode>_` + 43 characters + 8 of checksum. */
export function mintSecret(prefix: string, mode: "live" | "test"): string {
  const body = `${prefix}_${mode}_${randomSecret()}`
  return `${body}${checksumOf(body)}`
}

/** What secret scanners look for. */
const secretPattern = (prefix: string): string => `${prefix}_(live|test)_${RANDOM}${CHECKSUM}`

/** Whether a text has the form of such a secret, checksum included. Says nothing of whether it was ever made. */
export function isSecret(text: string, prefix: string): boolean {
  const match = patterns.get(prefix) ?? new RegExp(`^${secretPattern(prefix)}$`)
  patterns.set(prefix, match)
  return match.test(text) && checksumOf(text.slice(0, -8)) === text.slice(-8)
}
const patterns = new Map<string, RegExp>()

// User codes: what a person reads off one screen and types on another (RFC 8628 §6.1). Consonants alone, without those that pass for a
// digit or each other: no words come of them, and case, blanks and dashes do not matter. Pure.

/** 20 letters; eight of them are 34.5 bits, which with the limits on tries nobody guesses in the quarter of an hour a code lives. */
const ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
const LETTERS = 8
const HALF = LETTERS / 2

/** Eight letters, each as likely as the others. */
export function newUserCode(random: (bytes: number) => Uint8Array = randomBytes): string {
  let code = ""
  while (code.length < LETTERS) {
    for (const byte of random(LETTERS * 2)) {
      // 240 is the largest multiple of 20 in a byte: what lies above would favour the first letters.
      if (byte < 240 && code.length < LETTERS) code += ALPHABET[byte % ALPHABET.length]
    }
  }
  return code
}

const randomBytes = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes))

/** `WDJB-MJHT`: how devices and pages show it. */
export const userCodeText = (code: string): string => `${code.slice(0, HALF)}-${code.slice(HALF)}`

/** What was typed as the code it means; null when it cannot be one. */
export function readUserCode(typed: string): string | null {
  const code = typed
    .slice(0, 40)
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^A-Z]/g, "")
  return code.length === LETTERS && [...code].every((letter) => ALPHABET.includes(letter)) ? code : null
}

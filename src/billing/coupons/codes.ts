// Codes as people type them: any case, any dashes, and one letter for all that look alike.

/** No 0 and O, no 1, I and L, no U beside V: what is read from paper is typed right. 30 letters. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
const GROUPS = 3
const GROUP_CHARS = 4

/** 58 random bits: `K7QM-2XPA-9FWD`. */
export function makeCode(random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))): string {
  const letters: string[] = []
  while (letters.length < GROUPS * GROUP_CHARS) {
    // Bytes past the last whole round of the alphabet would make its first letters likelier.
    for (const byte of random(16)) if (byte < 240) letters.push(ALPHABET[byte % ALPHABET.length]!)
  }
  const groups = Array.from({ length: GROUPS }, (_, at) => letters.slice(at * GROUP_CHARS, (at + 1) * GROUP_CHARS))
  return groups.map((group) => group.join("")).join("-")
}

const ALIKE: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1", U: "V" }

/** As an admin's code is kept: upper case, without blanks. */
export const codeText = (typed: string): string =>
  typed.slice(0, 200).normalize("NFKC").toUpperCase().replace(/\s+/g, "")

/** What two codes are compared by; "" for what can be no code. */
export function codeKey(typed: string): string {
  const plain = codeText(typed).replace(/[\p{Dash}\p{Cf}_]+/gu, "")
  if (!/^[A-Z0-9]{4,32}$/.test(plain)) return ""
  return plain.replace(/[OILU]/g, (letter) => ALIKE[letter]!)
}

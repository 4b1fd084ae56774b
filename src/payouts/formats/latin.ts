// Texts for banks: the Latin characters that every bank of SEPA has to take (EPC 217-08). Letters beyond them are written as its tables do:
// accents off, Greek and Bulgarian by their official transliteration; whatever else is left out.

/** EPC: a-z A-Z 0-9 / - ? : ( ) . , ' + and space. */
const OTHERS = /[^a-zA-Z0-9/\-?:().,'+ ]/g

/** Each letter, and what it is written as. Of two cases the lower one, without accents, but for `й`, which is a letter of its own. */
const LETTERS = new Map(
  [
    // Latin, and signs
    "ßss æae øo œoe łl đd þth ðd ħh ŋn ŧt ıi ĸk &+ ’' ‘' –- —-",
    // Greek (ELOT 743)
    "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo",
    // Bulgarian; behind it letters that other Cyrillic alphabets have beside its own
    "аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsht ъa ьy юyu яya",
    "ыy эe єye іi ґg јj љlj њnj џdz ђdj ћc ѕdz",
  ].flatMap((line) => line.split(" ").map((pair) => [pair.charAt(0), pair.slice(1)] as const)),
)

const letter = (char: string): string => {
  const lower = char.toLowerCase()
  const found = LETTERS.get(lower) ?? char
  return lower === char || found === char ? found : found.charAt(0).toUpperCase() + found.slice(1)
}

/** Pairs with υ that are one sound, in the small letters of a name; alone it is a y. */
const greek = (text: string): string =>
  text
    .replaceAll(/([οΟ])υ/g, "$1u")
    .replaceAll(/([αεΑΕ])υ(?=[βγδζλμνραεηιουω])/g, "$1v")
    .replaceAll(/([αεΑΕ])υ/g, "$1f")

/** "Müller & Søn" → "Muller + Son". @returns "" where nothing of it can be written */
function written(text: string, chars: number): string {
  const plain = text.normalize("NFC").replaceAll(/[йЙ]/g, letter).normalize("NFKD").replaceAll(/\p{M}/gu, "")
  const clean = [...greek(plain)].map(letter).join("").replaceAll(OTHERS, " ").replaceAll(/ {2,}/g, " ").trim()
  return clean.slice(0, chars).trim()
}

/** @returns never empty: the rulebook's word stands where nothing can be written */
export const latin = (text: string, chars: number): string => written(text, chars) || "NOTPROVIDED"

/** Whether a bank reads a name in it: it has letters that can be written. */
export const isNameOfBanks = (text: string): boolean => /[a-zA-Z]/.test(written(text, text.length))

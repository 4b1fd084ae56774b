// How a name is sorted. SQLite compares bytes and has no collations of people; a folded copy beside the name, compared so, has their order.

/** Letters that no decomposition takes apart. */
const LETTERS: Readonly<Record<string, string>> = {
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
}
/** A place in a list stands in its address: no key may outgrow that. */
const CHARS_MAX = 120
/** Longer runs of digits are no numbers that somebody counts with. */
const DIGITS = 12

/** "Élodie 2" → "elodie 000000000002". */
export const sortName = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    // Upper case first: "ß" is "SS" there.
    .toUpperCase()
    .toLowerCase()
    .replace(/[æœøłđðþħı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/\d+/g, (digits) => digits.padStart(DIGITS, "0"))
    .slice(0, CHARS_MAX)

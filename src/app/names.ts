// The one rule for names that people give: to themselves, their apps, companies, plans. By Unicode property (UAX #31, UTS #39,
// UTS #51): a name is one visible line, and no name passes for the house. Identifiers (upstreams, models) are ASCII and have rules
// of their own.

/** What the software is called, and the house until its operator names it; a name that reads like it would speak for the server. */
export const PRODUCT_NAME = "Purser"

/** Whose name it is. The operator names things; all others are strangers to whoever reads the name. */
export type NameOf = "person" | "app" | "company" | "thing"

/** @param charsMax in UTF-16 units */
export type NameRule =
  | { of: "thing"; charsMax: number }
  | ({ of: Exclude<NameOf, "thing">; charsMax: number } & Reserved)

/** What a stranger's name must not read like. */
export interface Reserved {
  /** What the operator calls the house. */
  house: string
  /** The name as it stands, when something is edited: it may be older than the house's, and stays until its owner changes it. */
  kept?: string | null | undefined
}

/** NFC, white space of any kind as single spaces. "" when there is none. */
export const tidyName = (raw: string | null | undefined): string =>
  (raw ?? "").normalize("NFC").replace(/\s+/gu, " ").trim()

/** What is wrong with a tidied name, in words for its form; null when it can stand. */
export function nameProblem(name: string, rule: NameRule): string | null {
  if (name === "") return "Enter a name."
  if (name.length > rule.charsMax) return `Use at most ${rule.charsMax} characters.`
  if (!isVisible(name)) {
    return "Use letters, digits and signs that can be seen. Type the name instead of pasting it: it may hold hidden characters."
  }
  if (rule.of === "thing" || name === rule.kept) return null
  if ([PRODUCT_NAME, rule.house].some((house) => isReserved(name, house, rule.of))) {
    return "This name is reserved for the people who run this server. Choose another one."
  }
  return null
}

/** UTS #51 ED-16: pictures joined by ZWJ, each with its variation selector or skin tone; else an emoji of the RGI set. */
const EMOJI =
  /(?![©®])\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})?(?:\u200d(?![©®])\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})?)+|\p{RGI_Emoji}/gv

/** Control, format (bidi, tags), private and unassigned; what is ignored when drawn (fillers, selectors); blanks that are no space. */
const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800\ufffc\ufffd\u{1d159}\u{16fe4}]/u

function isVisible(name: string): boolean {
  // A sign stands for each emoji: what follows it is judged as usual.
  const rest = name.replace(EMOJI, "□")
  if (HIDDEN.test(rest)) return false
  if (/(?:^|\s)\p{M}|\p{Mn}{5}/u.test(rest)) return false
  return /[\p{L}\p{N}\p{So}]/u.test(rest)
}

/** Names made of these alone claim to be the house. */
const HOUSE_WORDS =
  "admin admins administrator moderator operator root system server service console official support help staff team security " +
  "billing account this the our your"

/** Skeleton letters from which on a house's name is its own inside of other words too: a shorter one is a part of honest words. */
const DISTINCT_FROM = 5
/** And from which on it is reserved as a word among others: shorter ones ("AI", "Go") are in everybody's names. */
const WORD_FROM = 3

function isReserved(name: string, house: string, of: NameOf): boolean {
  if (name === house) return true
  const brand = skeletons(house)[0]!
  // Of signs alone: only itself.
  if (brand === "") return false
  const claims = [brand, ...HOUSE_SKELETONS]
  if (skeletons(name).some((text) => isMadeOf(text, claims))) return true
  if (of === "person") return false
  if (brand.length >= DISTINCT_FROM) return skeletons(name).some((text) => text.includes(brand))
  return brand.length >= WORD_FROM && hasRun(wordsOf(name).map(skeletons), brand)
}

/** The text is nothing but these words, one after the other: linear in the text, whatever the words are. */
function isMadeOf(text: string, words: readonly string[]): boolean {
  const reached = new Set([0])
  for (let at = 0; at < text.length; at++) {
    if (!reached.has(at)) continue
    for (const word of words) if (text.startsWith(word, at)) reached.add(at + word.length)
  }
  return text !== "" && reached.has(text.length)
}

/** "MyAcme-2" → My, Acme, 2. */
const wordsOf = (name: string): string[] =>
  name
    .normalize("NFKC")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}\p{M}\p{N}\p{So}@$!|]+/u)
    .filter(Boolean)

/** Words side by side that together are the brand: "A c m e" too. */
const hasRun = (words: readonly string[][], brand: string): boolean =>
  [0, 1].some((reading) =>
    words.some((_, from) => {
      let run = ""
      for (let at = from; at < words.length && run.length < brand.length; at++) run += words[at]![reading]
      return run === brand
    }),
  )

/**
 * UTS #39 in small: what a name looks like in Latin letters, without accents, spaces and signs. Twice, because `@` and `$` may be meant as
 * letters or not.
 */
function skeletons(name: string): string[] {
  const plain = Array.from(name.normalize("NFKD"), boxedLetter).join("").normalize("NFKD").toLowerCase()
  const fold = (table: Record<string, string>) =>
    Array.from(plain, (letter) => table[letter] ?? letter)
      .join("")
      .replace(/[^\p{L}\p{N}]/gu, "")
  return [fold(LOOKS_LIKE), fold({ ...LOOKS_LIKE, "@": "a", $: "s", "!": "i", "|": "i" })]
}

/** Negative circled, negative squared and regional letters, which have no decomposition. */
function boxedLetter(letter: string): string {
  const code = letter.codePointAt(0)!
  const start = [0x1f150, 0x1f170, 0x1f1e6].find((first) => code >= first && code < first + 26)
  return start === undefined ? letter : String.fromCharCode(97 + code - start)
}

/** Lower-case letters and digits by the Latin letter they are taken for; `l` and `i` are one. */
const LOOKS_LIKE: Record<string, string> = Object.fromEntries(
  "aаαᴀ4 bвʙ8 cсᴄϲ dԁᴅđ eеεᴇ3 gɡɢ9 hнһʜ iіιıɪl1ӏłʟ jјᴊ kкκᴋ mмᴍ nпηɴո oоοᴏ0øօ pрρᴘ rгʀᴦ sѕꜱ5 tтτᴛ7 uυᴜսц vνᴠ wωᴡѡ xхχ yуγʏ zᴢ"
    .split(" ")
    .flatMap(([latin, ...others]) => others.map((other) => [other, latin!])),
)

const HOUSE_SKELETONS = HOUSE_WORDS.split(" ").map((word) => skeletons(word)[0]!)

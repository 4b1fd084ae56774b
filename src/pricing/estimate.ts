// Token estimates without a tokenizer. Input leans high (it sizes a hold), output is the fair middle (it charges a cut
// stream).
import { fairTextTokens } from "./fair-estimate.ts"

/** Role, separators and name around one item of a list. */
const ITEM_TOKENS = 8
const FAIR_ITEM_TOKENS = 4
const UNIT = 6
/** Longer runs of letters and digits are no words: base64, hashes, keys; tokenizers cut them small. */
const WORD_CHARS_MAX = 24
const RUN_EXTRA = 3

/**
 * What one UTF-16 unit comes to, in sixths of a token, leaning high: by OpenAI's o200k, and where it is dearer mostly
 * by cl100k.
 */
const WEIGHTS = new Uint8Array(65_536).fill(3 * UNIT)
const ranges: [from: number, to: number, weight: number][] = [
  // Control characters are a token each, blanks join what follows.
  [0x00, 0x1f, 6],
  [0x20, 0x7e, 2],
  [0x7f, 0x7f, 6],
  // Two bytes each; of these, the alphabets of Latin, Greek, Cyrillic, Hebrew and Arabic are cut larger.
  [0x80, 0x7ff, 12],
  [0xa0, 0x17f, 4],
  [0x370, 0x45f, 4],
  [0x5d0, 0x64a, 4],
  // Three bytes each, in everyday use: scripts of India and South-East Asia, Latin with marks, punctuation, lines of
  // boxes.
  [0x800, 0xfff, 6],
  [0x1e00, 0x206f, 6],
  [0x2500, 0x259f, 6],
  // Kana, Han, Hangul, full-width forms. What remains (rare scripts, private use) is a token a byte.
  [0x3000, 0x30ff, 6],
  [0x4e00, 0x9fff, 6],
  [0xac00, 0xd7a3, 6],
  [0xff00, 0xffef, 6],
  // Two halves of one character beyond the basic plane, such as an emoji: three tokens together.
  [0xd800, 0xdfff, 9],
]
for (const [from, to, weight] of ranges) WEIGHTS.fill(weight, from, to + 1)
for (const blank of "\t\n\r") WEIGHTS[blank.charCodeAt(0)] = 2
for (const mark of "!\"#$%&'()*+,./:;<=>?@[\\]^_`{|}~") WEIGHTS[mark.charCodeAt(0)] = 4

/** What keys and base64 are made of. The flag rides on the weight, so that one look tells both. */
const RUN_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"
const IN_RUN = 64
for (const char of RUN_CHARS) WEIGHTS[char.charCodeAt(0)]! |= IN_RUN

/** An estimate, rarely too low, of the tokens of one text. Linear, and never less for a longer text. */
export function estimateTextTokens(text: string): number {
  let sixths = 0
  let run = 0
  for (let at = 0; at < text.length; at++) {
    const weight = WEIGHTS[text.charCodeAt(at)]!
    if (weight < IN_RUN) {
      sixths += weight
      run = 0
    } else {
      sixths += weight - IN_RUN
      if (++run > WORD_CHARS_MAX) sixths += RUN_EXTRA
    }
  }
  return Math.ceil(sixths / UNIT)
}

/**
 * An estimate, rarely too low, of the tokens of any JSON that becomes prompt: every text, name, number and flag in it.
 * Total,
 * never throws, not recursive: a deep value cannot overflow the stack.
 */
export const estimateInputTokens = (value: unknown): number => tokensIn(value, estimateTextTokens, ITEM_TOKENS)

/** The same, as the fair middle. */
export const fairInputTokens = (value: unknown): number => tokensIn(value, fairTextTokens, FAIR_ITEM_TOKENS)

function tokensIn(value: unknown, count: (text: string) => number, itemTokens: number): number {
  let tokens = 3
  if (Array.isArray(value)) tokens += value.length * itemTokens
  const pending: unknown[] = [value]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next === "string") tokens += count(next)
    else if (typeof next === "number" || typeof next === "boolean") tokens += Math.ceil(String(next).length / 3)
    else if (Array.isArray(next)) for (const item of next) pending.push(item)
    else if (typeof next === "object" && next !== null) {
      for (const [name, member] of Object.entries(next)) {
        tokens += count(name)
        pending.push(member)
      }
    }
  }
  return tokens
}

// A fair count of tokens without a tokenizer: the middle, within a quarter of OpenAI's o200k for everyday text of many scripts, for
// code, data and emoji (a test compares them). Charged where nobody reports. One pass, linear whatever the text: real tokenizers
// take seconds on long runs of one letter.

/** Costs in hundredths of a token. */
const TOKEN = 100
const OTHER = 150
/** What one unit of a script without capitals or long words comes to, in everyday text. */
const SCRIPTS: readonly [from: number, to: number, cost: number][] = [
  [0x370, 0x3ff, 42],
  [0x400, 0x52f, 29],
  [0x530, 0x58f, 45],
  [0x590, 0x5ff, 47],
  [0x600, 0x77f, 40],
  [0x900, 0x97f, 34],
  [0x980, 0xdff, 36],
  [0xe00, 0xe7f, 45],
  [0xe80, 0xfff, 60],
  [0x1000, 0x109f, 45],
  [0x10a0, 0x10ff, 33],
  [0x1100, 0x11ff, 75],
  [0x1200, 0x18ff, 70],
  [0x2010, 0x206f, 100],
  [0x2190, 0x27bf, 100],
  [0x3000, 0x303f, 80],
  [0x3040, 0x30ff, 80],
  [0x3400, 0x4dbf, 150],
  [0x4e00, 0x9fff, 72],
  [0xac00, 0xd7af, 75],
  // Halves of a character beyond the basic plane: emoji of long standing have names of their own, newer ones are bytes.
  [0xd800, 0xdfff, 86],
  [0xfe00, 0xfe0f, 80],
  [0xff00, 0xffef, 90],
]
const NEW_EMOJI = 147

const LOWER = 1
const UPPER = 2
const ACCENT = 3
const DIGIT = 4
const BLANK = 5
const LINE = 6
const MARK = 7
const SCRIPT = 8
const KINDS = new Uint8Array(65_536).fill(SCRIPT)
const COSTS = new Uint8Array(65_536).fill(OTHER)
const kind = (from: number, to: number, value: number) => KINDS.fill(value, from, to + 1)
for (const [from, to, cost] of SCRIPTS) COSTS.fill(cost, from, to + 1)
// Control characters are a token each.
COSTS.fill(TOKEN, 0, 0x20)
// What a letter with a mark adds to its word.
COSTS.fill(30, 0xc0, 0x100)
COSTS.fill(80, 0x100, 0x250)
COSTS.fill(12, 0x1e00, 0x1f00)
kind(0x21, 0x7e, MARK)
kind(0x61, 0x7a, LOWER)
kind(0x41, 0x5a, UPPER)
kind(0x30, 0x39, DIGIT)
kind(0xa1, 0xbf, MARK)
kind(0xc0, 0x24f, ACCENT)
kind(0x300, 0x36f, ACCENT)
kind(0x1e00, 0x1eff, ACCENT)
KINDS[0x20] = BLANK
KINDS[0x09] = BLANK
KINDS[0xa0] = BLANK
KINDS[0x0a] = LINE
KINDS[0x0d] = LINE

/** Letters that a word may have before it is cut. */
const WORD_FREE = 6
const WORD_MORE = 22
/** Words in capitals are cut small. */
const CAPS_FREE = 2
const CAPS_MORE = 26
const DIGITS_PER_TOKEN = 3
const MARK_MORE = 38
const MARK_JOINED = 58
/** Letters and digits by turns: keys, hashes, base64. */
const RANDOM_TURNS = 3
const RANDOM_MIXED = 67
const RANDOM_PLAIN = 62

/** @returns whole tokens; 0 for "" */
export function fairTextTokens(text: string): number {
  let cost = 0
  let at = 0
  const { length } = text
  while (at < length) {
    const code = text.charCodeAt(at)
    const what = KINDS[code]!
    if (what <= DIGIT) {
      const end = endOfRun(text, at)
      cost += runCost(text, at, end)
      at = end
    } else if (what === SCRIPT) {
      cost += COSTS[code]!
      if (code === 0xd83e && text.charCodeAt(at + 1) >= 0xde70) cost += 2 * NEW_EMOJI - 2 * COSTS[code]!
      at++
    } else {
      const end = endOfKind(text, at, what)
      cost += gapCost(what, end - at, at === 0 ? 0 : KINDS[text.charCodeAt(at - 1)]!, KINDS[text.charCodeAt(end)] ?? 0)
      at = end
    }
  }
  return Math.ceil(cost / TOKEN)
}

function endOfRun(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && KINDS[text.charCodeAt(end)]! <= DIGIT) end++
  return end
}

function endOfKind(text: string, start: number, what: number): number {
  let end = start + 1
  while (end < text.length && KINDS[text.charCodeAt(end)] === what) end++
  return end
}

/** Blanks belong to the word that follows, but not to a number; a line's indent is one token however deep. */
function gapCost(what: number, count: number, before: number, after: number): number {
  if (what === LINE) return before === MARK ? 30 : TOKEN
  // A mark before a word is often cut with it.
  if (what === MARK) return (after === LOWER || after === UPPER ? MARK_JOINED : TOKEN) + (count - 1) * MARK_MORE
  if (count > 1) return TOKEN
  return after === DIGIT || after === LINE ? TOKEN : 0
}

/** Letters and digits without a break between them: words, names in camel case, numbers, or something made by chance. */
function runCost(text: string, start: number, end: number): number {
  let cost = 0
  let turns = 0
  let hasUpper = false
  let hasLower = false
  let at = start
  while (at < end) {
    const what = KINDS[text.charCodeAt(at)]!
    let stop = at + 1
    if (what === DIGIT) {
      while (stop < end && KINDS[text.charCodeAt(stop)] === DIGIT) stop++
      cost += Math.ceil((stop - at) / DIGITS_PER_TOKEN) * TOKEN
    } else {
      // Capitals, then small letters: as tokenizers cut words first.
      while (stop < end && KINDS[text.charCodeAt(stop)] === UPPER) stop++
      const caps = what === UPPER ? stop - at : 0
      let accents = what === ACCENT ? COSTS[text.charCodeAt(at)]! : 0
      while (stop < end && (KINDS[text.charCodeAt(stop)] === LOWER || KINDS[text.charCodeAt(stop)] === ACCENT)) {
        if (KINDS[text.charCodeAt(stop)] === ACCENT) accents += COSTS[text.charCodeAt(stop)]!
        stop++
      }
      hasUpper ||= caps > 0
      hasLower ||= stop - at > caps
      cost += TOKEN + Math.max(0, stop - at - caps - WORD_FREE) * WORD_MORE
      cost += Math.max(0, caps - CAPS_FREE) * CAPS_MORE + accents
    }
    turns++
    at = stop
  }
  const isRandom = turns > RANDOM_TURNS && (end - start) / turns < 4
  return isRandom ? (end - start) * (hasUpper && hasLower ? RANDOM_MIXED : RANDOM_PLAIN) : cost
}

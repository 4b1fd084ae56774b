import { describe, expect, test } from "bun:test"
import { type NameOf, nameProblem, tidyName } from "./names.ts"

const problem = (raw: string, of: NameOf = "thing", charsMax = 80) => nameProblem(tidyName(raw), { of, charsMax })

describe("names of people and things everywhere", () => {
  test.each([
    "Ada Lovelace",
    "José Núñez",
    "Nguyễn Thị Minh Khai",
    "李小龍",
    "さくら",
    "Ольга",
    "محمد",
    "प्रिया",
    "ตัวอย่าง",
    "한국인",
    "O'Neill-Świątek Jr.",
    "Café № 5 (2024) #1 🚀",
    "❤️",
    "👩‍🚀",
    "👩‍❤️‍💋‍👨 together",
    "👨🏽‍👩🏽‍👧🏽‍👦🏽",
    "🏳️‍🌈 Club",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Fans",
    "1️⃣ First",
    "🇨🇭 Bank",
    "👋🏿",
    // Minimally qualified: some keyboards leave U+FE0F out.
    "👩‍❤‍👩",
  ])("accepts %p", (raw) => expect(problem(raw)).toBeNull())

  test.each([
    ["a Hangul filler alone", "\u3164"],
    ["a half-width filler", "Ada\uffa0"],
    ["Hangul jamo fillers", "\u115f\u1160"],
    ["a blank Braille cell", "\u2800"],
    ["a zero-width space", "Ada\u200bLovelace"],
    ["a zero-width non-joiner", "Ada\u200c"],
    ["a joiner between letters", "Pur\u200dser"],
    ["a joiner after an emoji alone", "👩\u200d"],
    ["a joiner between an emoji and a letter", "👩\u200da"],
    ["two joiners in a row", "👩\u200d\u200d🚀"],
    ["a word joiner", "Ada\u2060"],
    ["a soft hyphen", "Pur\u00adser"],
    ["a combining grapheme joiner", "Ada\u034f"],
    ["an override of direction", "Ada\u202eecalevol"],
    ["an isolate", "\u2066Ada\u2069"],
    ["a mark of direction", "Ada\u200f"],
    ["an Arabic letter mark", "Ada\u061c"],
    ["tag letters", "Ada\u{e0041}\u{e0064}"],
    ["tag letters behind a flag that has none", "🇨🇭\u{e0067}\u{e007f}"],
    ["a variation selector on a letter", "A\ufe0fda"],
    ["an ideographic variation selector", "葛\u{e0100}"],
    ["a control character", "Ada\u0000"],
    ["a lone surrogate", "Ada\ud800"],
    ["a private letter", "Ada\ue000"],
    ["a letter Unicode has not", "Ada\u0378"],
    ["an object replacement", "Ada\ufffc"],
    ["a replacement character", "Ada\ufffd"],
    ["an invisible musical note", "\u{1d159}"],
    ["a Mongolian vowel separator", "Ada\u180e"],
    ["a heap of marks", `A${"\u0301\u0316".repeat(5)}da`],
    ["a mark in front", "\u0301Ada"],
    ["nothing but marks and spaces", " \u0301 "],
    ["nothing but punctuation", "..."],
    ["too many characters", "a".repeat(81)],
  ])("refuses %s", (_, raw) => expect(problem(raw)).toBeString())

  test("white space of any kind is one space; a mark and its letter are one spelling", () => {
    expect(tidyName(" Ada \t\u00a0\u2028 Lovelace\n")).toBe("Ada Lovelace")
    expect(tidyName("Jose\u0301")).toBe("José")
    expect(tidyName(null)).toBe("")
    expect(tidyName(" \u3000 ")).toBe("")
  })

  test("tidying again changes nothing", () => {
    for (const raw of ["  a\u0301 b ", "👩‍🚀 x", "Ⅷ"]) expect(tidyName(tidyName(raw))).toBe(tidyName(raw))
  })
})

describe("names that would speak for the house", () => {
  const likenesses = [
    "Purser",
    "PURSER",
    "P u r s e r",
    "Purser.",
    "Рurѕеr", // Cyrillic Р, ѕ, е
    "Ρurser", // Greek Rho
    "ｐｕｒｓｅｒ", // full width
    "𝐏𝐮𝐫𝐬𝐞𝐫", // mathematical
    "ⓟⓤⓡⓢⓔⓡ",
    "🅿🆄🆁🆂🅴🆁",
    "🇵🇺🇷🇸🇪🇷",
    "Pürser",
    "Pur5er",
    "Purs3r",
    "ᴘᴜʀꜱᴇʀ",
    "Purser Support",
    "The Purser Team",
  ]
  test.each([
    ...likenesses,
    "this server",
    "This  Server",
    "thisserver",
    "admin",
    "Admin",
    "АDMІN", // Cyrillic A and I
    "adm1n",
    "Administrator",
    "System",
    "Official Support Team",
    "root",
  ])("%p is nobody's", (raw) => {
    expect(problem(raw, "person")).toContain("reserved")
    expect(problem(raw, "app")).toContain("reserved")
    expect(problem(raw, "company")).toContain("reserved")
    // The operator names plans and upstreams.
    expect(problem(raw, "thing")).toBeNull()
  })

  test("people may be called what they are called", () => {
    for (const raw of ["Anna Purser", "Adam Minsk", "Serena Hissever", "Sue Portman", "Helen Teams", "Rooth"]) {
      expect(problem(raw, "person")).toBeNull()
    }
  })

  test("an app bears the name of the house nowhere: it stands on the consent page", () => {
    for (const raw of ["Purser Pro", "My Purser", "Get-Purser", "PurserChat", "Official Рurser App"]) {
      expect(problem(raw, "app")).toContain("reserved")
      expect(problem(raw, "company")).toContain("reserved")
    }
    for (const raw of ["Chat", "Admin Dashboard", "Server Monitor", "Support Desk Pro", "System Prompt Studio"]) {
      expect(problem(raw, "app")).toBeNull()
    }
  })
})

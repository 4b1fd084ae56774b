import { describe, expect, test } from "bun:test"
import { type NameOf, nameProblem, tidyName } from "./names.ts"

const problem = (raw: string, of: NameOf = "thing", charsMax = 80, house = "Purser") =>
  nameProblem(tidyName(raw), of === "thing" ? { of, charsMax } : { of, charsMax, house })

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

describe("names that would speak for a house that its operator named", () => {
  const isReserved = (raw: string, of: NameOf, house: string) =>
    problem(raw, of, 80, house)?.includes("reserved") ?? false

  test.each([
    "Acme AI",
    "acme-ai",
    "АСМЕ АІ",
    "Ａｃｍｅ ＡＩ",
    "Acmé Ai",
    "4cme @i",
    "Acme AI Support",
    "The Acme AI Team",
  ])("%p is nobody's in the house of Acme AI", (raw) => {
    for (const of of ["person", "app", "company"] as const)
      expect([of, isReserved(raw, of, "Acme AI")]).toEqual([of, true])
    expect(isReserved(raw, "thing", "Acme AI")).toBe(false)
  })

  test("apps and companies bear it nowhere, people may be called like it", () => {
    for (const raw of ["Acme AI Pro", "My AcmeAI", "GetAcmeAIcredits", "Асme-AI chat"]) {
      expect([raw, isReserved(raw, "app", "Acme AI")]).toEqual([raw, true])
      expect([raw, isReserved(raw, "company", "Acme AI")]).toEqual([raw, true])
    }
    expect(isReserved("Anna Acmeai", "person", "Acme AI")).toBe(false)
    for (const raw of ["Acme", "AI", "Acme Tools", "Storyteller"])
      expect([raw, isReserved(raw, "app", "Acme AI")]).toEqual([raw, false])
  })

  test("the software's own name stays reserved", () => {
    for (const of of ["person", "app", "company"] as const) expect(isReserved("Рurser", of, "Acme AI")).toBe(true)
  })

  test("a short name is reserved as a word, so that honest words with its letters are free", () => {
    for (const raw of ["Nova", "NOVA", "Nova Chat", "MyNova", "N o v a", "Nоva Pro", "n0va"]) {
      expect([raw, isReserved(raw, "app", "Nova")]).toEqual([raw, true])
    }
    for (const raw of ["Innovator", "Renovation Planner", "Casanova"]) {
      expect([raw, isReserved(raw, "app", "Nova")]).toEqual([raw, false])
    }
    // A language or a field that a house of two letters is named after stands in everybody's names.
    for (const raw of ["AI", "A.I.", "AI Support"]) expect([raw, isReserved(raw, "app", "AI")]).toEqual([raw, true])
    for (const raw of ["AI Writer", "Mail", "Story AI"])
      expect([raw, isReserved(raw, "app", "AI")]).toEqual([raw, false])
  })

  test("in other letters, and of signs alone", () => {
    for (const raw of ["Банк", "банк", "БАНК поддержки".slice(0, 4)]) expect(isReserved(raw, "app", "Банк")).toBe(true)
    expect(isReserved("🚀", "app", "🚀")).toBe(true)
    for (const raw of ["🚀 Chat", "Chat"]) expect(isReserved(raw, "app", "🚀")).toBe(false)
  })

  test("takes no longer where a house's name repeats its own letters", () => {
    const startMs = performance.now()
    for (let at = 0; at < 100; at++) problem(`${"a".repeat(79)}b`, "app", 80, "aa")
    expect(performance.now() - startMs).toBeLessThan(2_000)
  })
})

test("a name that stands is kept by whoever edits what bears it; only a changed one is asked", () => {
  const rule = { of: "company", charsMax: 80, house: "Acme", kept: "Acme Tools" } as const
  expect(nameProblem("Acme Tools", rule)).toBeNull()
  expect(nameProblem("Acme Toolz", rule)).toContain("reserved")
  expect(nameProblem("Acme Tools", { ...rule, kept: null })).toContain("reserved")
  // What cannot be seen is refused whatever stood there.
  expect(nameProblem("Acme\u200b", { ...rule, kept: "Acme\u200b" })).toContain("can be seen")
})

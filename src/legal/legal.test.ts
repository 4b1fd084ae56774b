// Versions of legal texts: which one holds, who has to say yes again, and what their facts become.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { DAY_MS, UserId } from "../app/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createLegal, LEGAL_TEXTS, type Legal, type LegalFacts } from "./index.ts"
import { FACTS, filled, sourceProblem } from "./rules.ts"

let opened: Awaited<ReturnType<typeof openTestStore>>
let legal: Legal
beforeEach(async () => {
  opened = await openTestStore()
  legal = createLegal({ store: opened.store, now: () => opened.clock.now() })
})
afterEach(() => opened.close())

const ADA = { id: UserId(1), publicId: "usr_ada" }
const publish = (more: Partial<Parameters<Legal["publish"]>[1]> = {}) =>
  legal.publish(testCtx, { text: "terms", source: "# Terms", changes: "Shorter.", asks: true, ...more })

describe("versions", () => {
  test("the executable's hold until another is published, and nobody is asked", async () => {
    expect(LEGAL_TEXTS.map((text) => legal.current(text).version)).toEqual(["2026-01", "2026-01", "2026-01", "2026-01"])
    expect(legal.asksTerms(ADA.id)).toBe(false)
    const { version } = await publish()
    expect(version).toBe(new Date(opened.clock.now()).toISOString().slice(0, 10))
    expect(legal.current("terms")).toMatchObject({ version, source: "# Terms" })
    expect((await publish()).version).toBe(`${version}-2`)
    expect(legal.history("terms").map((one) => one.version)).toEqual([`${version}-2`, version, "2026-01"])
    expect(legal.current("privacy").version).toBe("2026-01")
  })

  test("an announced one holds from its day on, and asks from then on", async () => {
    await publish({ effectiveMs: opened.clock.now() + 3 * DAY_MS })
    expect([legal.current("terms").version, legal.coming("terms").length, legal.asksTerms(ADA.id)]).toEqual([
      "2026-01",
      1,
      false,
    ])
    opened.clock.advance(3 * DAY_MS)
    expect([legal.coming("terms").length, legal.asksTerms(ADA.id)]).toEqual([0, true])
  })

  test("people say yes once, and again only to one that asks", async () => {
    await publish()
    expect(legal.asksTerms(ADA.id)).toBe(true)
    await legal.acceptTerms(testCtx, ADA)
    await legal.acceptTerms(testCtx, ADA)
    expect(legal.asksTerms(ADA.id)).toBe(false)
    await publish({ asks: false })
    expect(legal.asksTerms(ADA.id)).toBe(false)
    // Somebody new says yes to the newest, which counts for the one that asked.
    const linus = { id: UserId(2), publicId: "usr_linus" }
    await legal.acceptTerms(testCtx, linus)
    expect(legal.asksTerms(linus.id)).toBe(false)
    await publish()
    expect([ADA, linus].map(({ id }) => legal.asksTerms(id))).toEqual([true, true])
  })

  test("a yes to the developer agreement counts until one asks", async () => {
    expect(["2026-01", "made-up"].map((version) => legal.countsForDevelopers(version))).toEqual([true, false])
    await publish({ text: "developer-agreement", asks: false })
    expect(legal.countsForDevelopers("2026-01")).toBe(true)
    const { version } = await publish({ text: "developer-agreement" })
    expect(["2026-01", version].map((one) => legal.countsForDevelopers(one))).toEqual([false, true])
  })

  test("wrong ones are refused with words for the form", async () => {
    const errors = async (more: Parameters<typeof publish>[0]) =>
      publish(more).then(
        () => null,
        (error) => Object.keys(error.extra.formErrors),
      )
    expect(await errors({ source: " " })).toEqual(["source"])
    expect(await errors({ source: "{{secrets}}" })).toEqual(["source"])
    expect(await errors({ source: "x".repeat(40_001) })).toEqual(["source"])
    expect(await errors({ changes: "" })).toEqual(["changes"])
    expect(await errors({ effectiveMs: opened.clock.now() + 400 * DAY_MS })).toEqual(["effective"])
    expect(legal.history("terms")).toHaveLength(1)
  })
})

const facts: LegalFacts = {
  name: "Acme [AI](https://evil.example)",
  operator: ["Acme | Ltd", "Main Street 1"],
  contact: "help@example.com",
  cookies: [{ name: "__Host-auth", what: "You are signed in.", kept: "60 days" }],
  storage: [{ name: "Language", what: "Of code.", kept: "for a while" }],
  kept: [{ what: "Books", goes: "Nothing.", kept: "for ever" }],
  processors: [],
  share: 50,
  graceDays: 14,
  paidDays: 7,
}

describe("facts", () => {
  test("every one of ours is filled in every text that the executable brings", () => {
    const used = new Set(LEGAL_TEXTS.flatMap((text) => legal.current(text).source.match(/\{\{[a-z_]+\}\}/g) ?? []))
    expect([...used].toSorted()).toEqual(FACTS.map((fact) => `{{${fact}}}`).toSorted())
    for (const text of LEGAL_TEXTS) {
      expect(sourceProblem(legal.current(text).source)).toBeNull()
      expect(filled(legal.current(text).source, facts)).not.toContain("{{")
    }
  })

  test("words of the operator stay words", () => {
    const text = filled("{{name}} {{operator}} {{processors}}\n\n{{cookies}}", facts)
    expect(Bun.markdown.html(text, { tables: true })).not.toContain('evil.example"')
    expect(text).toContain("Acme \\| Ltd")
    expect(text).toContain("Nobody else at the moment.")
  })
})

// How the ledger shares a charge that it must settle alone, after a crash.
import { expect, test } from "bun:test"
import { nano } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import { type Charge, DEFAULT_RULES, keyRule, type PriceRule } from "../../pricing/index.ts"
import { splitOf } from "./shares.ts"

const terms = { markupPaidBp: 1_000, markupFreeBp: 0, freeModelsOnly: false, freePer1kNano: nano(1_000_000) }
const dev = principal(9 as never)
const quoteBy = (rule: PriceRule) => ({ rule, hold: {} as Charge })

test("an app's shares, with and without a developer", () => {
  expect(splitOf(quoteBy(DEFAULT_RULES.app), dev)).toEqual({ upstream: 10_000, developer: 5_000, platform: 5_000 })
  expect(splitOf(quoteBy(DEFAULT_RULES.app), null)).toEqual({ upstream: 10_000, developer: 0, platform: 10_000 })
})

test("a key's markup; what is paid by the token, or upstream by the person, owes no upstream", () => {
  const of = (call: Parameters<typeof keyRule>[2]) => splitOf(quoteBy(keyRule(DEFAULT_RULES.key, terms, call)!), null)
  expect(of({ isFree: false })).toEqual({ upstream: 10_000, developer: 0, platform: 1_000 })
  expect(of({ isFree: true })).toEqual({ upstream: 0, developer: 0, platform: 1 })
  expect(of({ isFree: false, ownUpstream: true })).toEqual({ upstream: 0, developer: 0, platform: 1 })
})

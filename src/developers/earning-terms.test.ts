import { afterEach, expect, test } from "bun:test"
import { AppError, credits, nano } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { createLegal } from "../legal/index.ts"
import { createSettings } from "../settings/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createDevelopers, developersPart } from "./index.ts"

let close: (() => Promise<void>) | null = null
afterEach(async () => close?.())

async function open() {
  const opened = await openTestStore()
  close = opened.close
  const identity = { requireActiveIn: (_tx: unknown, userId: number) => ({ publicId: `usr_${userId}` }) }
  const settings = createSettings({ store: opened.store, settings: developersPart.settings ?? [] })
  return {
    store: opened.store,
    developers: createDevelopers({
      store: opened.store,
      settings,
      identity,
      legal: createLegal({ store: opened.store, now: () => opened.clock.now() }),
    }),
  }
}

test("the seeded terms are those of the specification", async () => {
  const { developers } = await open()
  expect(developers.earningTerms()).toEqual({
    paidDays: 7,
    promoDays: 30,
    promoCapBp: 1_000,
    payoutMinNano: credits(10_000),
  })
})

test("a change keeps the rest and is audited with before and after", async () => {
  const { developers, store } = await open()
  const before = developers.earningTerms()
  const after = await developers.setEarningTerms(testCtx, { paidDays: 14, promoCapBp: 0 })
  expect(after).toEqual({ ...before, paidDays: 14, promoCapBp: 0 })
  expect(developers.earningTerms()).toEqual(after)
  const trail = (key: string) => auditOf(store.read, key).map((row) => [row.action, row.reason, row.before, row.after])
  expect(trail("developers.paid_days")).toEqual([["setting.changed", testCtx.reason, "7", "14"]])
  expect(trail("developers.promo_cap")).toEqual([["setting.changed", testCtx.reason, "1000", "0"]])
  expect(trail("developers.promo_days")).toEqual([])
})

test("terms out of bounds are refused, field by field, and change nothing", async () => {
  const { developers, store } = await open()
  const before = developers.earningTerms()
  const wrong = { paidDays: 0, promoDays: 366, promoCapBp: 10_001, payoutMinNano: nano(0) }
  const error = await developers.setEarningTerms(testCtx, wrong).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AppError)
  expect(Object.keys((error as AppError).extra.formErrors ?? {})).toEqual(Object.keys(wrong))
  await expect(developers.setEarningTerms(testCtx, { paidDays: 1.5 })).rejects.toBeInstanceOf(AppError)
  expect(developers.earningTerms()).toEqual(before)
  await expect(developers.setEarningTerms(testCtx, { paidDays: 14, promoDays: 366 })).rejects.toMatchObject({
    extra: { formErrors: { promoDays: expect.any(String) } },
  })
  expect(developers.earningTerms()).toEqual(before)
  expect(auditOf(store.read, "developers.paid_days")).toEqual([])
})

test("the promo cap is a share of the free budget, rounded down; without a budget there is none", async () => {
  const { developers, store } = await open()
  const cap = (budget: number | null) => store.write(testCtx, (tx) => developers.promoCapIn(tx, budget))
  expect(await cap(99)).toBe(9)
  expect(await cap(Number.MAX_SAFE_INTEGER)).toBe(Math.floor(Number.MAX_SAFE_INTEGER / 10))
  expect(await cap(null)).toBeNull()
})

// Metered services: prices exact both ways, a charge rounded once and up, rules by field, and one row that says who changed what.
import { describe, expect, test } from "bun:test"
import { AppError, UserId } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import {
  createMetering,
  dollarsOfPico,
  type NewService,
  nanoOfPico,
  picoOfDollars,
  picoOfNano,
  serviceErrors,
} from "./index.ts"
import { chargeFor } from "./rules.ts"

const TERMS: NewService = {
  slug: "text-to-speech",
  name: "Text to speech",
  unit: "character",
  scope: "speech",
  pricePico: 15_000_000,
  quantityMin: 1,
  quantityMax: 100_000,
}

describe("a price of a unit", () => {
  test("is read and written exactly, in dollars and in n$", () => {
    const cases: [string, string, number][] = [
      ["0", "0", 0],
      ["0.000000000001", "0.001", 1],
      ["0.000015", "15000", 15_000_000],
      ["0.0000015", "1500", 1_500_000],
      ["0.00000150025", "1500.25", 1_500_250],
      ["12.5", "12500000000", 12_500_000_000_000],
      ["1000", "1000000000000", 1_000_000_000_000_000],
    ]
    for (const [dollars, nano, pico] of cases) {
      expect([picoOfDollars(dollars), picoOfNano(nano), dollarsOfPico(pico), nanoOfPico(pico)]).toEqual([
        pico,
        pico,
        dollars,
        nano,
      ])
    }
    expect(picoOfDollars("$1,000.50")).toBe(1_000_500_000_000_000)
    for (const wrong of ["", "-1", "1e3", "0.0000000000001", ".5", "1.", "NaN", "9".repeat(16), "1 000"]) {
      expect([wrong, picoOfDollars(wrong)]).toEqual([wrong, null])
    }
    for (const wrong of ["0.0001", "-2", "1e3", "9".repeat(15)])
      expect([wrong, picoOfNano(wrong)]).toEqual([wrong, null])
  })

  test("times a quantity is rounded once, up, and belongs to the house", () => {
    const charge = (pricePico: number, quantity: number) => chargeFor({ pricePico }, quantity).totalNano as number
    expect([charge(1, 1), charge(1, 1_000), charge(1, 1_001), charge(1_500_250, 7), charge(0, 5)]).toEqual([
      1, 1, 2, 10_502, 0,
    ])
    // Past 2^53 pico-dollars, where a float would err.
    expect(charge(999_999_999_999_999, 9)).toBe(9_000_000_000_000)
    const { totalNano, platformNano, upstreamNano, developerNano } = chargeFor({ pricePico: 1_500 }, 3)
    expect([totalNano, platformNano, upstreamNano, developerNano] as number[]).toEqual([5, 5, 0, 0])
  })
})

test("what a service may be, every field at once", () => {
  expect(serviceErrors(TERMS)).toEqual({})
  const wrong = {
    ...TERMS,
    slug: "Text to Speech",
    name: "",
    unit: "\u200b",
    pricePico: -1,
    quantityMin: 0,
    quantityMax: 1.5,
  }
  expect(Object.keys(serviceErrors(wrong))).toEqual(["slug", "name", "unit", "pricePico", "quantityMin", "quantityMax"])
  expect(serviceErrors({ ...TERMS, quantityMin: 5, quantityMax: 4 })).toHaveProperty("quantityMax")
  expect(serviceErrors({ ...TERMS, pricePico: 1e15, quantityMax: 11 }).quantityMax).toContain("$10,000")
  expect(serviceErrors({ ...TERMS, pricePico: 1e15, quantityMax: 10 })).toEqual({})
  for (const slug of ["a", "a-b.c_d", "9", "a".repeat(64)]) expect(serviceErrors({ ...TERMS, slug })).toEqual({})
  for (const slug of ["", "-a", "a-", "a--b", "ä", "a".repeat(65), "a/b"]) {
    expect([slug, Object.keys(serviceErrors({ ...TERMS, slug }))]).toEqual([slug, ["slug"]])
  }
})

async function kit() {
  const { store, clock, close } = await openTestStore()
  let charges = 0
  let during = () => {}
  const metering = createMetering({
    store,
    identity: { requireActiveIn: () => ({ emailVerified: true }) },
    gateway: {
      noteRefused: () => {},
      async chargedFixed(call) {
        during()
        await store.write(testCtx, (tx) => void call.caller.requireIn(tx, call.scope))
        charges++
        return new Response(call.answer({ chargedNano: call.charge.totalNano, balanceAfterNano: 0 as never }, "txn_1"))
      },
    },
  })
  const use = (more: object = {}) => ({
    requestId: "req_1",
    startMs: 0,
    service: "text-to-speech",
    quantity: 10,
    user: { id: UserId(1), publicId: "usr_1" },
    payer: principal(UserId(1)),
    actor: "admin:usr_9",
    keyId: null,
    mode: "live" as const,
    requireIn: () => null,
    once: { key: "k", bodyHash: () => "h" },
    ...more,
  })
  const codeOf = (act: Promise<unknown>) =>
    act.then(
      () => "done",
      (error: AppError) => error.code,
    )
  return {
    store,
    clock,
    close,
    metering,
    use,
    codeOf,
    charges: () => charges,
    whileCharging: (act: () => void) => (during = act),
  }
}

test("a service is made once, changed with its history, and not under another's hands", async () => {
  const { store, metering, codeOf, close } = await kit()
  const made = await metering.create(testCtx, TERMS)
  expect(metering.service("text-to-speech")).toEqual(made)
  expect(await codeOf(metering.create(testCtx, TERMS))).toBe("validation_failed")
  const dearer = await metering.edit(testCtx, { slug: made.slug, pricePico: 20_000_000, seenMs: made.updatedMs })
  // No two changes share a moment, so that a use knows which price it saw.
  expect(dearer.updatedMs).toBeGreaterThan(made.updatedMs)
  expect(await codeOf(metering.edit(testCtx, { slug: made.slug, name: "Voice", seenMs: made.updatedMs }))).toBe(
    "conflict",
  )
  expect(await codeOf(metering.edit(testCtx, { slug: "none" }))).toBe("not_found")
  expect(metering.services()).toEqual([dearer])
  const audit = store.read.all<{ action: string; before: string }>("SELECT action, before FROM audit_log ORDER BY id")
  expect(audit.map(({ action }) => action)).toEqual(["service.added", "service.changed"])
  expect(JSON.parse(audit[1]!.before).pricePico).toBe(15_000_000)
  await close()
})

test("a use is charged at the price it saw, or not at all", async () => {
  const { metering, use, codeOf, charges, whileCharging, store, close } = await kit()
  expect(await codeOf(metering.track(use()))).toBe("not_found")
  await metering.create(testCtx, TERMS)
  const told = (await (await metering.track(use())).json()) as object
  expect(told).toMatchObject({
    charged: { nano: "150000" },
    unit_price: { nano: "15000" },
    quantity: 10,
    user: "usr_1",
  })
  for (const quantity of [0, -1, 1.5, 100_001, Number.NaN]) {
    expect([quantity, await codeOf(metering.track(use({ quantity })))]).toEqual([quantity, "validation_failed"])
  }
  whileCharging(() => void store.write(testCtx, (tx) => void metering.editIn(tx, { slug: TERMS.slug, pricePico: 1 })))
  expect(await codeOf(metering.track(use()))).toBe("conflict")
  whileCharging(() => void store.write(testCtx, (tx) => void metering.editIn(tx, { slug: TERMS.slug, active: false })))
  expect(await codeOf(metering.track(use()))).toBe("not_found")
  const refuse = () => {
    throw new AppError("forbidden", "no longer an admin")
  }
  whileCharging(() => {})
  await metering.edit(testCtx, { slug: TERMS.slug, active: true })
  expect(await codeOf(metering.track(use({ requireIn: refuse })))).toBe("forbidden")
  expect(charges()).toBe(1)
  await close()
})

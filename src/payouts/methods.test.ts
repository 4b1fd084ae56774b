// Proving where money goes.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { DAY_MS } from "../app/index.ts"
import { DEV, IBAN, openPayouts, type PayoutKit, refused } from "./testing.ts"

let k: PayoutKit
beforeEach(async () => {
  k = await openPayouts()
})
afterEach(() => k.close())

const USD = 1_000_000_000

test("a PayPal address is proved by the code that was mailed to it, unless it is the one they sign in with", async () => {
  const typed = (email: string) => ({ kind: "paypal", email, currency: "USD" }) as const
  const set = (email: string) => k.write((tx) => k.payouts.setMethodIn(tx, { userId: DEV, typed: typed(email) }))
  const prove = (code: string) => k.write((tx) => k.payouts.confirmMethodIn(tx, { userId: DEV, code }))
  expect(await set("Dev1@Example.com")).toMatchObject({ codeTo: null })
  await k.earn(20 * USD)
  expect(await set("pays@example.com")).toMatchObject({ codeTo: "p…@example.com" })
  k.clock.advance(4 * DAY_MS)
  expect(await refused(k.ask(null, "a"))).toBe("validation_failed")
  await set("pays@example.com")
  const mail = k.mails.at(-1)!
  expect([mail.kind, mail.to]).toEqual(["payout_method_code", "pays@example.com"])
  const code = mail.data.code as string
  const wrong = code === "111111" ? "222222" : "111111"
  for (let tries = 0; tries < 4; tries++) expect(await prove(wrong)).toBe(false)
  expect(await prove(code)).toBe(true)
  k.clock.advance(4 * DAY_MS)
  expect((await k.ask(null, "a")).state).toBe("requested")
  // Five wrong ones end a code, and so does half an hour.
  await set("pays@example.com")
  const late = k.mails.at(-1)!.data.code as string
  for (let tries = 0; tries < 5; tries++) await prove(late === "111111" ? "222222" : "111111")
  expect(await prove(late)).toBe(false)
})

test("a bank account is in a name that banks can write: letters of others are told so at once", async () => {
  const set = (holder: string) => {
    const typed = { kind: "iban", holder, iban: IBAN, bic: "", currency: "USD" } as const
    return k.write((tx) => k.payouts.setMethodIn(tx, { userId: DEV, typed }))
  }
  for (const holder of ["Γιώργος Παπαδόπουλος", "Ærø & Søn"]) expect(await set(holder)).toMatchObject({ codeTo: null })
  for (const holder of ["李小龍", "مرحبا", "<b>Ada</b>", "\u202eadA", "a".repeat(71)])
    expect([holder, await refused(set(holder))]).toEqual([holder, "validation_failed"])
})

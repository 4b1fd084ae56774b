// The tax number of a payee: sealed, shown by its end, read whole by nobody but an admin, with a line in the log; it goes with its person.
import { expect, test } from "bun:test"
import type { AppError } from "../app/index.ts"
import { erasePayouts } from "./store-personal.ts"
import { DEV, OTHER, openPayouts, refused } from "./testing.ts"

const VAT = { country: "DE", kind: "vat", number: "DE 123 456 789" } as const

const logOf = (store: Awaited<ReturnType<typeof openPayouts>>["store"]) =>
  store.read.all<{ action: string; before: string | null; after: string | null }>(
    "SELECT action, before, after FROM audit_log ORDER BY id",
  )

test("sealed in its row, shown by its end, changed and taken off; every act stands in the log, the number never", async () => {
  const { payouts, write, store, close } = await openPayouts()
  const set = (typed: { country: string; kind: "vat" | "ssn" | "ein" | "other"; number: string }, userId = DEV) =>
    write((tx) => payouts.setTaxNumberIn(tx, { userId, ...typed }))
  expect(payouts.taxNumberOf(DEV)).toBeNull()
  await set(VAT)
  expect(payouts.taxNumberOf(DEV)).toMatchObject({ country: "DE", kind: "vat", hint: "6789" })
  expect(payouts.taxNumberOf(OTHER)).toBeNull()
  const row = () => store.read.all<Record<string, unknown>>("SELECT * FROM payout_tax_numbers")
  expect(JSON.stringify(row())).not.toContain("123456789")
  expect(payouts.openTaxNumber(DEV)).toBe("DE123456789")
  const first = row()[0]!
  await set({ country: "US", kind: "ssn", number: "123-45-6789" })
  expect([row().length, payouts.openTaxNumber(DEV)]).toEqual([1, "123456789"])
  // Sealed for its own row: what stood there before opens nothing any more.
  await write((tx) => tx.run("UPDATE payout_tax_numbers SET sealed = ?", String(first.sealed)))
  expect(() => payouts.openTaxNumber(DEV)).toThrow()
  await set(VAT)
  // The same again is no change.
  await set({ ...VAT, number: "DE123456789" })
  await write((tx) => payouts.noteTaxNumberReadIn(tx, DEV))
  await write((tx) => payouts.removeTaxNumberIn(tx, DEV))
  await write((tx) => payouts.removeTaxNumberIn(tx, DEV))
  expect(row()).toEqual([])
  expect(() => payouts.openTaxNumber(DEV)).toThrow("no tax number")
  expect(await refused(write((tx) => payouts.noteTaxNumberReadIn(tx, DEV)))).toBe("not_found")
  const log = logOf(store)
  expect(log.map(({ action }) => action.replace("payout_tax_number.", ""))).toEqual([
    "set",
    "set",
    "set",
    "read",
    "removed",
  ])
  expect(log[1]).toMatchObject({ before: expect.stringContaining('"DE"'), after: expect.stringContaining('"US"') })
  expect(JSON.stringify(log)).not.toContain("123456789")
  await close()
})

test("what is wrong stands at its field; whoever is suspended sets none", async () => {
  const { payouts, write, suspended, close } = await openPayouts()
  const wrong = (typed: Parameters<typeof payouts.setTaxNumberIn>[1]) =>
    write((tx) => payouts.setTaxNumberIn(tx, typed)).then(
      () => null,
      (error: AppError) => [error.code, Object.keys(error.extra.formErrors ?? {})],
    )
  expect(await wrong({ userId: DEV, ...VAT, number: "12" })).toEqual(["validation_failed", ["number"]])
  expect(await wrong({ userId: DEV, ...VAT, country: "ZZ" })).toEqual(["validation_failed", ["country"]])
  expect(await wrong({ userId: DEV, ...VAT, kind: "ssn" })).toEqual(["validation_failed", ["kind"]])
  suspended.add(DEV)
  expect(await wrong({ userId: DEV, ...VAT })).toEqual(["account_suspended", []])
  expect(payouts.taxNumberOf(DEV)).toBeNull()
  await close()
})

test("it stands on statements by its end alone, and goes with the account, in slices, also of somebody who was paid", async () => {
  const { payouts, write, ready, ask, store, printed, close } = await openPayouts()
  await ready(40_000_000_000)
  const { publicId } = await ask(20_000_000_000, "a")
  await write((tx) => payouts.approveIn(tx, publicId))
  await write((tx) => payouts.payIn(tx, { publicId, reference: "R1" }))
  await payouts.statementPdf(DEV, "2026-11")
  expect(printed.at(-1)!.buyer.join()).not.toContain("ending in")
  for (const userId of [DEV, OTHER]) await write((tx) => payouts.setTaxNumberIn(tx, { userId, ...VAT }))
  await payouts.statementPdf(DEV, "2026")
  expect(printed.at(-1)!.buyer).toContain("VAT ID of Germany ending in 6789")
  expect(JSON.stringify(printed)).not.toContain("123456789")
  const slices: number[] = []
  do await write((tx) => void slices.push(erasePayouts(tx, DEV, 2)))
  while (slices.at(-1) !== 0)
  expect(store.read.all<{ owner: number }>("SELECT owner_id AS owner FROM payout_tax_numbers")).toEqual([
    { owner: OTHER },
  ])
  await close()
})

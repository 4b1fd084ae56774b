import { afterEach, expect, test } from "bun:test"
import { AppError, UserId } from "../app/index.ts"
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
  const suspended = new Set<number>()
  const identity = {
    requireActiveIn(_tx: unknown, userId: number) {
      if (suspended.has(userId)) throw new AppError("account_suspended", "suspended")
      return { publicId: `usr_${userId}` }
    },
  }
  const settings = createSettings({ store: opened.store, settings: developersPart.settings ?? [] })
  return {
    ...opened,
    suspended,
    developers: createDevelopers({
      store: opened.store,
      settings,
      identity,
      legal: createLegal({ store: opened.store, now: () => opened.clock.now() }),
    }),
  }
}
/** That of the text that the executable brings. */
const version = "2026-01"

test("accepting the agreement makes a developer, once, with its version and time", async () => {
  const { developers, store, clock } = await open()
  expect(developers.developerOf(UserId(1))).toBeNull()
  const first = await developers.acceptAgreement(testCtx, {
    userId: UserId(1),
    version,
    company: " Analytical Engines ",
  })
  expect(first).toEqual({
    userId: 1,
    company: "Analytical Engines",
    agreementVersion: version,
    acceptedMs: clock.now(),
    agreementCurrent: true,
  })
  clock.advance(1_000)
  const again = await developers.acceptAgreement(testCtx, { userId: UserId(1), version })
  expect(again).toEqual(first)
  expect(developers.developerOf(UserId(1))).toEqual(first)
  expect(auditOf(store.read, "usr_1")).toHaveLength(1)
  expect((await developers.acceptAgreement(testCtx, { userId: UserId(1), version, company: "" })).company).toBeNull()
})

test("another version than the shown one, a bad company and a suspended person are refused", async () => {
  const { developers, suspended } = await open()
  const accept = (input: object) => developers.acceptAgreement(testCtx, { userId: UserId(1), version, ...input })
  await expect(accept({ version: "2020-01" })).rejects.toMatchObject({ code: "validation_failed" })
  await expect(accept({ company: "a".repeat(121) })).rejects.toMatchObject({ code: "validation_failed" })
  await expect(accept({ company: "\u3164" })).rejects.toMatchObject({ code: "validation_failed" })
  await expect(accept({ company: "Purser Inc." })).rejects.toMatchObject({ code: "validation_failed" })
  suspended.add(1)
  await expect(accept({})).rejects.toMatchObject({ code: "account_suspended" })
  expect(developers.developerOf(UserId(1))).toBeNull()
})

test("what developers do needs the current agreement", async () => {
  const { developers, store, suspended } = await open()
  const need = (userId: number) => store.write(testCtx, (tx) => developers.requireDeveloperIn(tx, UserId(userId)))
  await expect(need(1)).rejects.toMatchObject({ code: "forbidden" })
  await store.write(testCtx, (tx) => {
    tx.run("INSERT INTO developers VALUES (2, NULL, 0, 0)")
    tx.run("INSERT INTO developer_agreements (user_id, version, accepted_ms) VALUES (2, '2020-01', 0)")
  })
  expect(developers.developerOf(UserId(2))).toMatchObject({ agreementVersion: "2020-01", agreementCurrent: false })
  await expect(need(2)).rejects.toMatchObject({ code: "forbidden" })
  await developers.acceptAgreement(testCtx, { userId: UserId(2), version })
  expect((await need(2)).agreementCurrent).toBe(true)
  suspended.add(2)
  await expect(need(2)).rejects.toMatchObject({ code: "account_suspended" })
})

test("an acceptance is never rewritten", async () => {
  const { developers, store } = await open()
  await developers.acceptAgreement(testCtx, { userId: UserId(1), version })
  for (const sql of ["UPDATE developer_agreements SET accepted_ms = 0", "DELETE FROM developer_agreements"]) {
    await expect(store.write(testCtx, (tx) => tx.run(sql))).rejects.toThrow()
  }
})

test("the company that people read is changed, emptied, and held to the rules of names", async () => {
  const { developers } = await open()
  const set = (company: string) => developers.setCompany(testCtx, { userId: UserId(1), company })
  await expect(set("Too early")).rejects.toMatchObject({ code: "forbidden" })
  await developers.acceptAgreement(testCtx, { userId: UserId(1), version })
  await set(" Analytical Engines ")
  expect(developers.developerOf(UserId(1))!.company).toBe("Analytical Engines")
  for (const wrong of ["a".repeat(121), "\u3164", "Purser Inc."])
    await expect(set(wrong)).rejects.toMatchObject({ code: "validation_failed" })
  expect(developers.developerOf(UserId(1))!.company).toBe("Analytical Engines")
  await set("")
  expect(developers.developerOf(UserId(1))!.company).toBeNull()
})

// Words of a person in acts of others: sought outside of the write, which then looks at what came since alone.
import { expect, test } from "bun:test"
import { UserId } from "../app/index.ts"
import { openTestStore, type Tx, testCtx } from "../store/index.ts"
import { auditIn } from "./index.ts"
import { eraseFacts, naming } from "./store-personal.ts"

const WORDS = { publicId: "usr_1", email: "ada@example.com", name: "Ada Reader" }
const ADA = { id: UserId(7), ...WORDS }

async function open() {
  const { store, close } = await openTestStore()
  const act = (after: object) =>
    store.write(testCtx, (tx) => auditIn(tx, { action: "user.named", subject: "usr_2", after }))
  const facts = () =>
    store.read.all<{ after: string | null }>("SELECT after FROM audit_log ORDER BY id").map(({ after }) => after)
  return { store, close, act, facts }
}

test("what was found, and what came since, is emptied; other acts stay", async () => {
  const { store, close, act, facts } = await open()
  await act({ by: "ADA@example.com" })
  await act({ by: "grace@example.com" })
  await act({ name: "Ada Reader" })
  const found = naming(store.read, WORDS)
  expect(found).toEqual({ ids: [1, 3], throughId: 3 })
  await act({ note: "asked by ada@example.com" })
  const erase = () => store.write(testCtx, (tx) => eraseFacts(tx, { ...ADA, naming: found }, 2))
  expect([await erase(), await erase(), await erase()]).toEqual([2, 1, 0])
  expect(facts()).toEqual([null, '{"by":"grace@example.com"}', null, null])
  await close()
})

test("without having looked before, the write looks at all acts", async () => {
  const { store, close, act, facts } = await open()
  await act({ by: "ada@example.com" })
  expect(await store.write(testCtx, (tx) => eraseFacts(tx, ADA, 9))).toBe(1)
  expect(facts()).toEqual([null])
  await close()
})

test("the write reads acts by their index or from the newest that was looked at on", async () => {
  const { store, close } = await open()
  const seen: string[] = []
  await store.write(testCtx, (tx) => {
    const run = (sql: string, ...values: never[]) => {
      seen.push(sql)
      return tx.run(sql, ...values)
    }
    eraseFacts({ ...tx, run } as Tx, { ...ADA, naming: { ids: [], throughId: 9 } }, 5)
  })
  const plans = seen.flatMap((sql) =>
    store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => detail),
  )
  expect(seen).toHaveLength(3)
  expect(plans.filter((step) => /^SCAN (?!json_each)/.test(step))).toEqual([])
  await close()
})

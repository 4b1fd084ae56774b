// Requests of several charges: found by any of their names, by their person alone, in the order in which they ran.
import { expect, test } from "bun:test"
import { UserId } from "../app/index.ts"
import { partNumberOf, requestIdOf } from "./index.ts"
import { callIn, env, fund, openEach, usage, write } from "./testing.ts"

openEach()

const [ADA, BEN] = [UserId(1), UserId(2)]

test("names of parts lead to their request, whatever they look like", () => {
  expect(["req_A", "req_A-2", "req_A-12", "req_A-0", "req_A-x", "-2"].map(requestIdOf)).toEqual([
    "req_A",
    "req_A",
    "req_A",
    "req_A-0",
    "req_A-x",
    "",
  ])
  expect(["req_A", "req_A-2", "req_A-12"].map(partNumberOf)).toEqual([1, 2, 12])
})

test("parts come in order, past the tenth too, with what they came to", async () => {
  await fund(1)
  const id = await write((tx) => {
    const first = callIn(tx, { chargeNano: 100 })
    for (let part = 2; part <= 11; part++) callIn(tx, { callId: `${first}-${part}`, chargeNano: 40 })
    return first
  })
  const numbers = usage.requestOf(ADA, `${id}-7`).map(({ publicId }) => partNumberOf(publicId))
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  const alone = await write((tx) => callIn(tx, {}))
  expect([...usage.requestSums(ADA, [`${id}-3`, id, alone])]).toEqual([[id, { parts: 11, collectedNano: 500 }]])
  expect([usage.requestOf(BEN, id), [...usage.requestSums(BEN, [id])]]).toEqual([[], []])
})

test("sums of many requests are ranges of their names, never a walk of the books", () => {
  const plan = env.store.read.all<{ detail: string }>(
    `EXPLAIN QUERY PLAN SELECT j.value, COUNT(*) FROM json_each('["a"]') j
     CROSS JOIN v_charges c ON c.call_id >= j.value AND c.call_id < j.value || '.' WHERE c.caller_id = 1 GROUP BY j.value`,
  )
  const words = plan.map(({ detail }) => detail).join("\n")
  expect(words).toMatch(/SEARCH .*call_id>\? AND call_id<\?/)
})

// Low-water marks: told once, after what came off left less than the mark; undone mutations tell at most too much, never too little.
import { expect, test } from "bun:test"
import { ANN, BOB, chargeOf, DEV, kit } from "../testing.ts"

test("a wallet that falls below its mark is told once, until the mark is set again; others and test credits never", async () => {
  const k = await kit()
  for (const owner of [ANN, BOB]) await k.grant(100, { owner })
  await k.grant(100, { owner: ANN, mode: "test" })
  await k.write.watch(ANN, 50)
  const spend = async (amount: number, more: object = {}) => {
    const hold = await k.hold(amount, more)
    await k.write.settle({ hold, charge: chargeOf(amount), developer: DEV })
  }
  await spend(50)
  await spend(90, { mode: "test" })
  await spend(90, { owner: BOB })
  expect(k.ledger.fallen()).toEqual([])
  await spend(1)
  await spend(1)
  expect(k.ledger.fallen()).toEqual([ANN.id])
  await spend(1)
  expect(k.ledger.fallen()).toEqual([])
  await k.write.watch(ANN, 50)
  await k.write.adjust({ owner: ANN, mode: "live", amountNano: -1, key: "down" })
  expect(k.ledger.fallen()).toEqual([ANN.id])
  await k.write.watch(ANN, 50)
  await k.write.watch(ANN, null)
  await spend(1)
  expect(k.ledger.fallen()).toEqual([])
})

test("what is held is still there: a hold tells nothing, its settle does", async () => {
  const k = await kit()
  await k.grant(100)
  await k.write.watch(ANN, 50)
  const hold = await k.hold(80)
  expect(k.ledger.fallen()).toEqual([])
  await k.write.settle({ hold, charge: chargeOf(60), developer: DEV })
  expect(k.ledger.fallen()).toEqual([ANN.id])
})

// What the simulator found, each as small as it can be told.
import { expect, test } from "bun:test"
import { createIds, DAY_MS, VirtualClock } from "../../app/index.ts"
import { openStore, openTestStore } from "../../store/index.ts"
import { createLedger } from "../index.ts"
import { expectHealthy, kit, person, writesOf } from "../testing.ts"

// A commit that failed had moved the store's idea of the newest moment, so the next one did not write it down. After a restart
// with a clock that had been set back, mutations saw a moment before what was booked: the chain ran backwards in time.
test("time does not run backwards over a restart after a commit that failed", async () => {
  const clock = new VirtualClock()
  let fail = false
  const beforeCommit = () => {
    if (fail) throw new Error("the disk is full")
  }
  const made = await openTestStore({ clock, faults: { beforeCommit } })
  const grant = (store: typeof made.store, key: string) =>
    writesOf(store, createLedger({ store, clock, ids: createIds(clock), bootId: key })).grant({
      owner: person(1), mode: "live", type: "bonus", bucket: "bonus", amountNano: 5, paid: false, key,
    }) // biome-ignore format: one grant
  clock.advance(DAY_MS)
  fail = true
  await expect(grant(made.store, "a")).rejects.toMatchObject({ code: "unavailable" })
  fail = false
  await grant(made.store, "b")
  await made.store.close()

  clock.advance(-DAY_MS / 2)
  const store = openStore(made.path, { clock })
  await grant(store, "c")
  expectHealthy(createLedger({ store, clock, ids: createIds(clock), bootId: "last" }))
  await store.close()
})

// The figures of these jobs are for a log line; their sum may pass 2^53, and that is no reason to fail.
test("a job whose total passes 2^53 n$ does its work and says so", async () => {
  const k = await kit()
  const most = Number.MAX_SAFE_INTEGER
  for (const id of [1, 2]) await k.grant(most, { owner: person(id), expiresMs: k.clock.now() + DAY_MS })
  const split = { upstream: 1, developer: 0, platform: 0 }
  for (const id of [1, 2]) {
    const half = (most - 1) / 2 + 1
    await k.hold(half, { owner: person(id), stage: "sent", inputCostNano: half, split })
  }
  const next = k.reboot("boot-2")
  expect(await next.recoverHolds()).toMatchObject({ resolved: 2, chargedNano: most })
  for (const id of [3, 4]) await k.grant(most, { owner: person(id), expiresMs: k.clock.now() + DAY_MS })
  k.clock.advance(2 * DAY_MS)
  expect(await next.expireDue()).toMatchObject({ wallets: 4, expiredNano: most })
  expectHealthy(next)
})

// The proof took the moment of a hold's last raise for the moment it came to each of its lots.
test("a hold that was on a lot before another passed over it may be raised later", async () => {
  const k = await kit()
  await k.grant(10, { priority: 0 })
  await k.grant(50)
  k.clock.advance(1)
  const hold = await k.hold(10)
  const other = await k.hold(50)
  k.clock.advance(1)
  await k.grant(50, { priority: 90 })
  await k.write.raise(hold, 10)
  k.clock.advance(1)
  await k.write.raise(other, 5)
  await k.write.release(other)
  expectHealthy(k.ledger)
})

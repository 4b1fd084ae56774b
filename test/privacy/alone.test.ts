// One erasure that cannot go on, for calls that hold credits still or for a defect, keeps nobody else waiting: each has a date of its own.
import { expect, test } from "bun:test"
import { nano, RowsFailed } from "../../src/app/index.ts"
import { CTX, giveCredits, makeUser, ownerOf, startTestServer } from "../build.ts"

test("who comes after an erasure that fails, or waits for a call, is erased all the same", async () => {
  const server = await startTestServer()
  const { app } = server
  await makeUser(app, { isAdmin: true })
  const [stuck, busy, last] = [await makeUser(app), await makeUser(app), await makeUser(app)]
  const stateOf = (of: { id: typeof last.id }) => app.privacy.erasureOf(of.id)?.state ?? null
  await giveCredits(app, busy, 1_000_000_000)
  const callId = app.ids.next("req")
  await app.store.write(CTX, (tx) => {
    app.ledger.holdIn(tx, {
      owner: ownerOf(busy),
      mode: "live",
      amountNano: nano(1_000_000),
      callId,
      scope: "llm",
      clientId: null,
      keyId: null,
      routeId: app.usage.routeIn(tx, { endpoint: "chat", requested: "m", upstreamId: null, model: "m", prices: null }),
      leaseMs: 600_000,
      inputCostNano: nano(0),
    })
    for (const { id } of [stuck, busy, last]) app.privacy.askErasureIn(tx, { userId: id, by: "admin", atOnce: true })
  })
  await app.store.write(CTX, (tx) => {
    tx.run(
      `CREATE TRIGGER stuck BEFORE UPDATE ON erasures WHEN NEW.user_id = ${stuck.id} BEGIN SELECT RAISE(ABORT, 'stuck'); END`,
    )
  })
  let failed: unknown = null
  for (let turn = 0; turn < 50 && stateOf(last) !== "done"; turn++)
    await app.privacy.eraseNext().catch((error: unknown) => {
      failed = error
    })
  expect([stuck, busy, last].map(stateOf)).toEqual(["asked", "erasing", "done"])
  // It is told, so that an operator sees it.
  failed ??= await app.privacy.eraseNext().catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(RowsFailed)
  expect(String(failed)).toContain("stuck")
  await app.store.write(CTX, (tx) => void tx.run("DROP TRIGGER stuck"))
  for (let turn = 0; turn < 50 && (await app.privacy.eraseNext()); turn++);
  expect(stateOf(stuck)).toBe("done")
  await server.close()
}, 60_000)

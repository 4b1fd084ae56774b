// kill −9 of a process that sends payouts to Stripe, at each step of it in turn, and after the transfer of the next one too: Stripe makes one
// transfer a payout, each is marked with it, and the books hold. Stripe speaks HTTP in this process, and forgets what it was asked before.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { rmSync } from "node:fs"
import { join } from "node:path"
import type { User } from "../../src/identity/index.ts"
import { verify } from "../../src/ledger/index.ts"
import { COOLING_DAYS, STRIPE_CONNECT } from "../../src/payouts/index.ts"
import { CTX, freePort, makeDeveloper, makeUser, ownerOf, startTestServer, type TestServer } from "../build.ts"
import { bundled } from "../bundle.ts"
import { createFakeStripe } from "../fakes/stripe/index.ts"
import type { Transfer } from "../fakes/stripe/types.ts"
import { earned } from "../payout-world.ts"

setDefaultTimeout(240_000)
const EARNED = 2_000
const port = freePort()
const stripePort = freePort()
const apiBase = `http://localhost:${stripePort}`
const fake = createFakeStripe({ now: Date.now, origin: apiBase, secretKey: "sk_test_fake" })
const line = Bun.serve({ port: stripePort, fetch: (request) => fake.fetch(request) })
const options = { secretKey: "sk_test_fake", webhookSecret: "whsec_fake", apiBase }
let server: TestServer
let developer: User

beforeAll(async () => {
  server = await startTestServer({ port, stripe: options })
  const { app } = server
  developer = await makeDeveloper(app)
  await earned(app, developer, await makeUser(app), EARNED)
  await app.store.write(CTX, (tx) => {
    app.settings.setIn(tx, COOLING_DAYS, { value: 0 })
    app.settings.setIn(tx, STRIPE_CONNECT, { value: "on" })
  })
  // Signed up there, as a browser would.
  await fetch(await app.payouts.startStripe(CTX, developer.id), { redirect: "manual" })
  expect(await app.payouts.syncStripe(developer.id)).toBe(true)
  await app.stop()
}, 60_000)
afterAll(async () => {
  await server.close()
  void line.stop(true)
  rmSync(server.dataDir, { recursive: true, force: true })
})

const transfersOf = (payout: string) =>
  fake.world.all<Transfer>("transfer").filter((one) => one.transfer_group === payout)

/** @param killAt step after which it dies; 0: never @returns what it sent, and where it died */
async function life(killAt: number): Promise<{ payout: string; died: string | null }> {
  const child = Bun.spawn(
    [
      ...bundled("test/books/transfers-mortal.ts"),
      server.dataDir,
      String(port),
      apiBase,
      String(developer.id),
      String(killAt),
    ],
    { cwd: join(import.meta.dir, "../.."), stdout: "pipe", stderr: "inherit" },
  )
  const said = (await new Response(child.stdout).text()).trim().split("\n")
  await child.exited
  const word = (name: string) => said.find((one) => one.startsWith(`${name} `))?.slice(name.length + 1) ?? null
  const died = word("dies")
  expect(child.signalCode).toBe(died === null ? null : "SIGKILL")
  return { payout: word("sends")!, died }
}

test("each step of it: one transfer, marked once", async () => {
  const at: string[] = []
  const sent = new Set<string>()
  const live = async (killAt: number) => {
    const { payout, died } = await life(killAt)
    sent.add(payout)
    const hasLeft = transfersOf(payout).length
    expect(hasLeft).toBeLessThanOrEqual(1)
    // A key that Stripe remembers is one guard; a process that looks first is the other.
    fake.forgetKeys()
    return { died, hasLeft: hasLeft === 1 }
  }
  for (let step = 1; ; step++) {
    // What one leaves, the next one finds.
    const { died, hasLeft } = await live(step)
    if (died === null) break
    at.push(died)
    // The one that comes after the transfer dies as well, before it is marked.
    if (died.startsWith("after POST")) at.push(`${(await live(step)).died} again`)
    if (hasLeft) await live(0)
  }
  console.log(`${at.length} steps: ${at.join("; ")}`)
  expect(at).toEqual(expect.arrayContaining(["after POST /v1/transfers", "inside a write", "after a write"]))
  expect(at.filter((one) => one === "inside a write").length).toBeGreaterThanOrEqual(2)
  server = await startTestServer({ dataDir: server.dataDir, port, stripe: options })
  const { app } = server
  for (const payout of sent) {
    const [transfer, ...more] = transfersOf(payout)
    expect([payout, more]).toEqual([payout, []])
    expect(app.payouts.order(payout)).toMatchObject({ state: "paid", reference: transfer!.id })
    expect(transfer!.amount).toBe(app.payouts.order(payout)!.paidMinor!)
  }
  const paid = sent.size
  expect(fake.world.all<Transfer>("transfer")).toHaveLength(paid)
  const told = app.store.read.get<{ n: number }>("SELECT count(*) AS n FROM audit_log WHERE action = 'payout.paid'")!.n
  expect(told).toBe(paid)
  const { payableNano, requestedNano, paidNano } = app.ledger.earningsOf(ownerOf(developer), "live", {
    paidDays: 7,
    promoDays: 30,
  })
  expect([requestedNano, payableNano + paidNano]).toEqual([0, EARNED * 1_000_000_000])
  expect(paidNano).toBe(paid * 25 * 1_000_000_000)
  const { ok, checks } = verify(app.store.read)
  expect([ok, checks.filter(({ violations }) => violations > 0)]).toEqual([true, []])
})

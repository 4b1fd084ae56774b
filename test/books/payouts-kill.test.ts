// A server that dies while payouts are asked for, approved, paid and given back at once: once it is back, what was answered holds, each
// payout stands in the books as its own row says, no money is lost and none is paid twice.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { rmSync } from "node:fs"
import type { User } from "../../src/identity/index.ts"
import { verify } from "../../src/ledger/index.ts"
import { COOLING_DAYS } from "../../src/payouts/index.ts"
import { CTX, freePort, makeDeveloper, makeUser, ownerOf, startTestServer, type TestServer } from "../build.ts"
import { bundled } from "../bundle.ts"
import { earned } from "../payout-world.ts"

/** Answers after which it is killed. */
const KILLED_AFTER = [9, 40, 23]
const EARNED = 2_000
const port = freePort()
let server: TestServer
let developer: User

beforeAll(async () => {
  server = await startTestServer({ port })
  const { app } = server
  developer = await makeDeveloper(app)
  await earned(app, developer, await makeUser(app), EARNED)
  const typed = { kind: "iban", holder: "Ada", iban: "DE89370400440532013000", bic: "", currency: "USD" } as const
  await app.store.write(CTX, (tx) => {
    app.settings.setIn(tx, COOLING_DAYS, { value: 0 })
    app.payouts.setMethodIn(tx, { userId: developer.id, typed })
  })
  await app.stop()
}, 60_000)
afterAll(async () => {
  await server.close()
  rmSync(server.dataDir, { recursive: true, force: true })
})

/** @returns what it had answered */
async function dieAfter(lines: number): Promise<string[]> {
  const child = Bun.spawn(
    [...bundled("test/books/payouts-mortal.ts"), server.dataDir, String(port), String(developer.id)],
    { stdout: "pipe", stderr: "inherit" },
  )
  const said: string[] = []
  let rest = ""
  const decoder = new TextDecoder()
  for await (const chunk of child.stdout) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = parts.pop() ?? ""
    said.push(...parts)
    if (said.length >= lines && !child.killed) child.kill("SIGKILL")
  }
  await child.exited
  return said
}

/** A payout of the domain as the ledger has it. */
const IN_BOOKS = {
  requested: "requested",
  approved: "requested",
  paid: "paid",
  rejected: "failed",
  failed: "failed",
  withdrawn: "failed",
} as const

test("what was answered holds, and the books say of each payout what its row says", async () => {
  for (const lines of KILLED_AFTER) {
    const said = await dieAfter(lines)
    expect(said.length).toBeGreaterThanOrEqual(lines)
    server = await startTestServer({ dataDir: server.dataDir, port })
    const { app } = server
    const ended = new Map<string, string>()
    for (const line of said) {
      const [word = "", publicId = ""] = line.split(" ")
      const order = app.payouts.order(publicId)
      expect([line, order !== null]).toEqual([line, true])
      if (word === "paid" || word === "failed" || word === "withdrawn") {
        // Once: whoever came second was told.
        expect([line, order!.state, ended.get(publicId)]).toEqual([line, word, undefined])
        ended.set(publicId, word)
      }
      if (word === "approved") expect(order!.approvedMs).not.toBeNull()
    }
    expect(ended.size).toBeGreaterThan(0)
    const rows = app.store.read.all<{ id: string; state: keyof typeof IN_BOOKS; amount: number }>(
      "SELECT public_id AS id, state, amount_nano AS amount FROM payout_orders ORDER BY id",
    )
    const books = app.store.read.all<{ id: string; state: string; amount: number }>(
      "SELECT public_id AS id, state, amount_nano AS amount FROM v_ledger_payouts ORDER BY id",
    )
    expect(books).toEqual(rows.map((row) => ({ ...row, state: IN_BOOKS[row.state] })))
    const { payableNano, requestedNano, paidNano } = app.ledger.earningsOf(ownerOf(developer), "live", {
      paidDays: 7,
      promoDays: 30,
    })
    expect(payableNano + requestedNano + paidNano).toBe(EARNED * 1_000_000_000)
    // Written down once a payment, whoever of two pressed first, and whatever died.
    const paid = rows.filter(({ state }) => state === "paid").length
    const told = app.store.read.get<{ n: number }>(
      "SELECT count(*) AS n FROM audit_log WHERE action = 'payout.paid'",
    )!.n
    expect(told).toBe(paid)
    const { ok, checks } = verify(app.store.read)
    expect([ok, checks.filter(({ violations }) => violations > 0)]).toEqual([true, []])
    // What was left open would fill the three that one person may have open.
    for (const { id, state } of rows) {
      if (state === "requested" || state === "approved")
        await app.store.write(CTX, (tx) => app.payouts.rejectIn(tx, { publicId: id, because: "over" }))
    }
    await app.stop()
  }
}, 120_000)

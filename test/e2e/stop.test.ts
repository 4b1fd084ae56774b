// What an ordered stop leaves: one database file with everything in it, whatever the connections had been used for.
import { expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits } from "../../src/app/index.ts"
import { EXPORT_BOOKS } from "../../src/ledger/index.ts"
import { openReadOnly } from "../../src/store/index.ts"
import { giveCredits, makeUser, startTestServer } from "../build.ts"

setDefaultTimeout(60_000)

test("a server that stops leaves the database in one file, also when the read worker had it open", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "purser-stop-"))
  const server = await startTestServer({ dataDir })
  try {
    const { app } = server
    const user = await makeUser(app)
    await giveCredits(app, user, credits(5))
    await app.reads.ask("admin.trial-balance")
    const pieces = app.reads.stream(EXPORT_BOOKS)
    expect((await pieces.next()).done).toBe(false)
    // Gathered, and not written yet.
    app.usage.recordRefused({
      publicId: "req_refused",
      atMs: app.clock.now(),
      mode: "live",
      userId: user.id,
      clientId: null,
      keyId: null,
      endpoint: "chat",
      scope: "llm",
      requested: "sandbox",
      model: "sandbox",
      stream: false,
      status: 402,
      errorCode: "insufficient_credits",
      latencyMs: 1,
    })

    await server.close()
    expect(readdirSync(dataDir).toSorted()).toEqual(["purser.db", "secret.key"])
    await expect(app.reads.ask("admin.trial-balance")).rejects.toThrow("closing")
    const reader = openReadOnly(join(dataDir, "purser.db"))
    const balance = reader.get<{ nano: number }>(
      "SELECT balance_nano AS nano FROM v_accounts WHERE kind = 'wallet' AND owner_kind = 'principal' AND owner_id = ? AND mode = 'live'",
      user.id,
    )
    const refused = reader.get<{ calls: number }>("SELECT SUM(calls) AS calls FROM refused_days")
    reader.close()
    expect(refused?.calls).toBe(1)
    expect(balance?.nano).toBe(credits(5))
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
})

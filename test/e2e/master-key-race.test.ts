// The secret key is exchanged again and again while everything that seals a value is under way: nothing is left under a key that is out of
// use, and what was answered is answered again.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { copyFileSync, mkdtempSync, renameSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  createKeyring,
  credits,
  KeyringError,
  kidOf,
  readConfig,
  readMasterKeys,
  silentLog,
} from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { SEALED_REPEATS } from "../../src/gateway/charge/once.ts"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  CTX,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

setDefaultTimeout(60_000)
const ROUNDS = 12
const dataDir = mkdtempSync(join(tmpdir(), "purser-race-"))
let server: TestServer
let user: User
let made: Awaited<ReturnType<typeof makeClient>>
let token = ""

beforeAll(async () => {
  server = await startTestServer({ dataDir })
  await addSandbox(server.app)
  user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(10_000))
  made = await makeClient(server.app)
  token = (await mintTokens(server.app, { user, ...made })).accessToken
})
afterAll(async () => {
  await server?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const call = async (key: string): Promise<string> => {
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "Tell me something." }] }),
  })
  expect(answer.status).toBe(200)
  return answer.text()
}
const refresh = async (refreshToken: string): Promise<string> => {
  const params = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: made.client.publicId }
  const answer = await server.app.oauth.token({
    params: new URLSearchParams({ ...params, client_secret: made.secret }),
    authorization: null,
    requestId: "req_test",
  })
  return answer.refresh_token!
}

/** Every text that a key other than this one sealed, whoever declared it. */
function sealedByOthers(kid: string): string[] {
  const db = new Database(join(dataDir, "purser.db"), { readonly: true })
  try {
    return db
      .query<{ at: string }, []>(
        `SELECT m.name || '.' || c.name AS at FROM sqlite_schema m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.type IN ('TEXT', '')`,
      )
      .all()
      .map(({ at }) => at)
      .filter((at) => {
        const [table, column] = at.split(".")
        const rows = db.query<{ blob: string }, []>(
          `SELECT "${column}" AS blob FROM "${table}" WHERE "${column}" GLOB '*v1.????????.????????????????.*'`,
        )
        return rows.all().some(({ blob }) => !blob.includes(`v1.${kid}.`))
      })
  } finally {
    db.close()
  }
}

test("calls, refreshes and keys that sign go on while the key is exchanged: nothing stays under one that is out of use", async () => {
  const answers = new Map<string, string>()
  const spent = new Map<string, string>()
  let isOver = false
  const until = async (act: (n: number) => Promise<void>) => {
    for (let n = 0; !isOver; n++) await act(n)
  }
  const calling = [0, 1, 2, 3].map((one) =>
    until(async (n) => {
      answers.set(`key-${one}-${n}`, await call(`key-${one}-${n}`))
    }),
  )
  const refreshing = [0, 1].map(async () => {
    let { refreshToken } = await mintTokens(server.app, { user, ...made })
    await until(async () => {
      const next = await refresh(refreshToken)
      spent.set(refreshToken, next)
      refreshToken = next
    })
  })
  const signing = until(async () => {
    await server.app.oauth.rotateKeys({ requestId: "req_test", actor: "cli", force: true })
  })
  for (let round = 0; round < ROUNDS; round++) {
    // Two at once: one waits for the other.
    const [{ kid }, resealed] = await Promise.all([server.app.vault.rotate(CTX), server.app.vault.reseal(CTX)])
    expect(resealed.lost).toBe(0)
    await Bun.sleep(20)
    expect(sealedByOthers(kid)).toEqual([])
    expect(readMasterKeys(dataDir, null)!.live).toHaveLength(1)
  }
  isOver = true
  await Promise.all([...calling, ...refreshing, signing])
  for (const [key, text] of [...answers].slice(-40)) expect(await call(key)).toBe(text)
  for (const [refreshToken, next] of [...spent].slice(-2)) expect(await refresh(refreshToken)).toBe(next)
  expect(answers.size).toBeGreaterThan(ROUNDS)
})

test("a rotation in the middle of a reseal takes no key away that rows need", async () => {
  const { vault, store } = server.app
  for (let commits = 0; commits < 8; commits++) {
    await vault.rotate(CTX)
    const resealing = vault.reseal(CTX)
    for (let n = 0; n < commits; n++) await store.write(CTX, () => {})
    const { kid } = await vault.rotate(CTX)
    await resealing
    expect(vault.state().sealed.reduce((sum, { lost }) => sum + lost, 0)).toBe(0)
    await vault.reseal(CTX)
    expect(sealedByOthers(kid)).toEqual([])
  }
})

test("rows under a key that is out of use open all the same, and a reseal takes them along", async () => {
  const { keyring, vault } = server.app
  const { live, retired } = readMasterKeys(dataDir, null)!
  // As an earlier version left it: sealed with a key that then went out of use.
  const column = SEALED_REPEATS
  const old = createKeyring(retired[0]!)
  const before = server.app.store.read.get<{ hash: string; sealed: string }>(
    "SELECT scope_hash AS hash, answer_sealed AS sealed FROM idempotency_keys WHERE answer_sealed IS NOT NULL LIMIT 1",
  )!
  const plain = keyring.open(column.purpose, column.place(before.hash), before.sealed)
  const late = old.seal(column.purpose, column.place(before.hash), plain)
  await server.app.store.write(CTX, (tx) =>
    tx.run("UPDATE idempotency_keys SET answer_sealed = ? WHERE scope_hash = ?", late, before.hash),
  )
  expect(keyring.open(column.purpose, column.place(before.hash), late)).toBe(plain)
  expect(() => keyring.open("flash", "browser", old.seal("flash", "browser", "forged"))).toThrow(KeyringError)
  const { old: counted } = vault.state().sealed.find(({ what }) => what === column.what)!
  expect(counted).toBe(1)
  expect((await vault.reseal(CTX)).sealed.find(({ what }) => what === column.what)!.rows).toBe(1)
  expect(sealedByOthers(kidOf(live[0]!))).toEqual([])
})

test("the next start opens all of it", async () => {
  await server.app.stop()
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": server.url }, {})
  const again = await compose(config, { log: silentLog })
  const { sealed } = again.vault.state()
  expect(sealed.filter(({ old, lost }) => old + lost > 0)).toEqual([])
  await again.stop()
})

test("a copy from before the key was exchanged opens with the key file of now", async () => {
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": server.url }, {})
  const start = () => compose(config, { log: silentLog })
  const [path, copy] = [join(dataDir, "purser.db"), join(dataDir, "copy.db")]
  copyFileSync(path, copy)
  const app = await start()
  await app.vault.rotate(CTX)
  await app.vault.reseal(CTX)
  await app.stop()
  renameSync(copy, path)
  const again = await start()
  expect(again.vault.state().sealed.reduce((sum, { lost }) => sum + lost, 0)).toBe(0)
  await again.vault.reseal(CTX)
  await again.stop()
  expect(sealedByOthers(kidOf(readMasterKeys(dataDir, null)!.live[0]!))).toEqual([])
})

import { afterEach, beforeEach, expect, test } from "bun:test"
import { decodeProtectedHeader } from "jose"
import { createKeyring, DAY_MS, HOUR_MS, MINUTE_MS } from "../../app/index.ts"
import { createOauth } from "../create.ts"
import { type Kit, type Made, openKit, refusal } from "../testing.ts"

let kit: Kit
let app: Made
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
  kit.clock.advance(HOUR_MS)
})
afterEach(() => kit.close())

const kidsOf = (alg: string) =>
  kit.oauth
    .jwks()
    .keys.filter((key) => key.alg === alg)
    .map((key) => key.kid as string)
const kids = () => kidsOf("RS256")
const kidOf = (token: string) => decodeProtectedHeader(token).kid!
const rotate = (force = false) => kit.oauth.rotateKeys({ requestId: "req_k", actor: "cli", force })

test("the JWKS shows public parts only: of each algorithm the signing key and the next one", async () => {
  const { keys } = kit.oauth.jwks()
  const members = {
    RS256: ["alg", "e", "kid", "kty", "n", "use"],
    ES256: ["alg", "crv", "kid", "kty", "use", "x", "y"],
  }
  for (const [alg, names] of Object.entries(members)) {
    const own = keys.filter((key) => key.alg === alg)
    expect(own.map((key) => Object.keys(key).sort())).toEqual([names, names])
    expect(own.map(({ use }) => use)).toEqual(["sig", "sig"])
  }
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(4)
})

test("without lent pairs a new database gets two that nobody has", async () => {
  const other = await openKit()
  await other.write((tx) => tx.run("DELETE FROM oauth_signing_keys"))
  const { firstPairs: _, ...deps } = other.deps
  const made = (await createOauth(deps)).jwks().keys.map((key) => key.kid as string)
  expect(new Set([...kids(), ...kidsOf("ES256"), ...made]).size).toBe(8)
  await other.close()
})

test("private parts are sealed at rest, bound to their row, and gone once retired", async () => {
  const rows = kit.store.read.all<{ private_jwk: string }>("SELECT private_jwk FROM oauth_signing_keys")
  for (const row of rows) expect(row.private_jwk).toMatch(/^v1\./)
  await rotate()
  expect(kit.count("oauth_signing_keys", "state = 'retired' AND private_jwk IS NULL")).toBe(2)
  const swap =
    "UPDATE oauth_signing_keys SET private_jwk = (SELECT private_jwk FROM oauth_signing_keys WHERE state = 'next')"
  await kit.write((tx) => tx.run(`${swap} WHERE state = 'active'`))
  await expect(createOauth(kit.deps)).rejects.toThrow("does not open here")
})

test("another master key does not start", async () => {
  const deps = { ...kit.deps, keyring: createKeyring(Buffer.alloc(32, 8)) }
  await expect(createOauth(deps)).rejects.toThrow("another secret key")
})

test("keys survive a restart", async () => {
  const before = kids()
  const tokens = await kit.login(app)
  await kit.restart()
  expect(kids()).toEqual(before)
  kit.oauth.assertAlive(await kit.oauth.verifyAccessToken(tokens.access_token))
})

test("rotation: the key published before signs next, the old one verifies until its tokens are over", async () => {
  const old = await kit.login(app)
  const [active, next] = kids()
  expect(kidOf(old.access_token)).toBe(active!)
  expect((await rotate()).kid).toBe(next!)
  const fresh = await kit.login(app)
  expect(kidOf(fresh.access_token)).toBe(next!)
  await kit.restart()
  await kit.oauth.verifyAccessToken(old.access_token)
  await kit.oauth.verifyAccessToken(fresh.access_token)
  expect(kids()).toHaveLength(3)
  kit.clock.advance(DAY_MS)
  expect(kids()).not.toContain(active!)
})

test("rotation waits until verifiers can know the next key, unless forced", async () => {
  await rotate()
  kit.clock.advance(15 * MINUTE_MS - 1)
  expect(await refusal(rotate())).toBe("conflict")
  kit.clock.advance(1)
  await rotate()
  await rotate(true)
  expect(kit.count("oauth_signing_keys", "state = 'active'")).toBe(2)
  expect(kit.count("oauth_signing_keys", "state = 'next'")).toBe(2)
})

test("rotation under load: no verification fails", async () => {
  const work = async () => {
    for (let i = 0; i < 15; i++) {
      const { access_token } = await kit.login(app)
      kit.oauth.assertAlive(await kit.oauth.verifyAccessToken(access_token))
    }
  }
  const turns = async () => {
    for (let i = 0; i < 3; i++) await rotate(true)
  }
  await Promise.all([work(), work(), work(), turns(), turns()])
  await kit.restart()
  kit.oauth.assertAlive(await kit.oauth.verifyAccessToken((await kit.login(app)).access_token))
  expect(kids()).toHaveLength(8)
})

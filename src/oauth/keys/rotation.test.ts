// Rotation as those see it who verify: libraries with caches of their own, a replica that is behind, and everybody once keys are withdrawn.
import { afterEach, beforeEach, describe, expect, setSystemTime, test } from "bun:test"
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from "jose"
import * as oidc from "openid-client"
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import { createVerifier } from "../access/verify.ts"
import type { Core } from "../core.ts"
import { createOauth } from "../create.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { ROTATE_DAYS } from "../settings.ts"
import { CALLBACK, ISSUER, type Kit, type Made, openKit, refusal, VERIFIER } from "../testing.ts"
import { loadKeys } from "./keys.ts"

let kit: Kit
let app: Made
const CTX = { actor: "cli", requestId: "req_k", reason: "test" }
const rotate = (force = false) => kit.oauth.rotateKeys({ requestId: "req_k", actor: "cli", force })
const withdraw = () => kit.oauth.withdrawKeys(CTX)
const kidOf = (token: string) => decodeProtectedHeader(token).kid!
const live = async (token: string) => kit.oauth.assertAlive(await kit.oauth.verifyAccessToken(token))
const published = () => kit.oauth.jwks().keys.map(({ kid }) => kid as string)

beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
  advance(HOUR_MS)
})
afterEach(async () => {
  setSystemTime()
  await kit.close()
})

/** Ours and everybody's: libraries go by the time of the machine. */
function advance(ms: number): void {
  kit.clock.advance(ms)
  setSystemTime(new Date(kit.clock.now()))
}

/** The endpoints that a client of this server asks, without a network. */
async function serve(url: string | URL, options: { method?: string; body?: unknown; headers?: unknown } = {}) {
  const { pathname } = new URL(url)
  if (pathname === "/.well-known/jwks.json") return Response.json(kit.oauth.jwks())
  if (pathname === "/.well-known/openid-configuration") return Response.json(kit.oauth.discovery())
  const authorization = new Headers(options.headers as Record<string, string>).get("authorization")
  const params = new URLSearchParams(String(options.body))
  return Response.json(await kit.oauth.token({ params, authorization, requestId: "req_4" }))
}

test("three rotations under constant load: jose and openid-client, each with its cache, verify every token", async () => {
  const jwks = createRemoteJWKSet(new URL(`${ISSUER}/.well-known/jwks.json`), {
    [customFetch]: ((url: string) => serve(url)) as never,
  })
  const config = await oidc.discovery(new URL(ISSUER), app.client.publicId, app.secret!, undefined, {
    [oidc.customFetch]: serve as never,
  })
  oidc.enableNonRepudiationChecks(config)
  const failed: unknown[] = []
  const seen = new Set<string>()
  const live: string[] = []
  let verified = 0
  const verify = async (token: string) => {
    await jwtVerify(token, jwks, { issuer: ISSUER, audience: `${ISSUER}/v1`, typ: "at+jwt" })
    verified++
  }
  let running = true
  let busy = 0
  let gate = Promise.resolve()
  const work = async () => {
    while (running) {
      await gate
      busy++
      try {
        const url = new URL(`${CALLBACK}?code=${await kit.code(app.client)}&state=s&iss=${encodeURIComponent(ISSUER)}`)
        // Its signature is checked too, by keys that the library fetched itself.
        const tokens = await oidc.authorizationCodeGrant(config, url, {
          pkceCodeVerifier: VERIFIER,
          expectedState: "s",
        })
        seen.add(kidOf(tokens.id_token!))
        live.push(tokens.access_token)
        await verify(tokens.access_token)
        // And an older one, of a key before.
        await verify(live[Math.floor(live.length / 2)]!)
      } catch (error) {
        failed.push(error)
      } finally {
        busy--
      }
    }
  }
  const goOn = async (times: number) => {
    const until = verified + times
    while (verified < until && failed.length === 0) await Bun.sleep(1)
  }
  /** A quarter of an hour in one step would outlive the codes of logins that are under way. */
  const later = async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    while (busy > 0) await Bun.sleep(1)
    advance(OAUTH_LIMITS.jwksCacheMs)
    resolve()
  }
  const workers = [work(), work(), work()]
  for (let turn = 0; turn < 3; turn++) {
    await goOn(12)
    await later()
    await goOn(2)
    await rotate()
  }
  await goOn(12)
  running = false
  await Promise.all(workers)
  expect(failed).toEqual([])
  expect(seen.size).toBe(4)
})

describe("on a schedule", () => {
  const due = () => kit.oauth.rotateKeysWhenDue()
  const open = async (days: number, held: "held" | "late" | "off" = "held") => {
    const settings = { get: () => days } as never
    kit.oauth = await createOauth({ ...kit.deps, settings, replicaHolds: async () => held })
  }

  test("not before the day, once on it, and off where the operator says 0", async () => {
    await open(90)
    const before = published()
    advance(90 * DAY_MS - HOUR_MS - 1)
    expect(await due()).toBe(false)
    advance(1)
    await open(0)
    expect(await due()).toBe(false)
    await open(90)
    expect(await due()).toBe(true)
    expect(await due()).toBe(false)
    expect(before.every((kid) => published().includes(kid))).toBe(true)
    expect(ROTATE_DAYS.default).toBe(90)
  })

  test("a replica without the next key holds the rotation, whoever asks", async () => {
    await open(1, "late")
    advance(2 * DAY_MS)
    const { access_token } = await kit.login(app)
    expect(await refusal(due())).toBe("unavailable")
    expect(await refusal(rotate())).toBe("unavailable")
    expect(kidOf((await kit.login(app)).access_token)).toBe(kidOf(access_token))
    await open(1, "held")
    expect(await due()).toBe(true)
  })

  test("a server that takes over from the replica of any moment verifies what was signed, and is verified", async () => {
    await open(1)
    const known = published()
    for (let turn = 0; turn < 3; turn++) {
      advance(DAY_MS)
      // What the replica has at this moment, and a token of the moment after: its key was there before.
      const replica = published()
      expect(await due()).toBe(true)
      expect(replica).toContain(kidOf((await kit.login(app)).access_token))
    }
    expect(published()).not.toContain(known[0]!)
  })
})

describe("withdrawn at once", () => {
  test("every published key leaves, what they signed is dead, refresh tokens and sessions go on", async () => {
    const old = await kit.login(app)
    await live(old.access_token)
    advance(DAY_MS / 2)
    const refreshed = await kit.refresh(app, old.refresh_token!)
    advance(OAUTH_LIMITS.jwksCacheMs)
    await rotate()
    const fresh = await kit.login(app)
    const before = published()
    expect(before).toHaveLength(6)
    const { kid, held } = await withdraw()
    expect(held).toBe(true)
    expect(published().filter((one) => before.includes(one))).toEqual([])
    expect(published()).toHaveLength(4)
    for (const token of [refreshed.access_token, fresh.access_token]) {
      expect(await refusal(kit.oauth.verifyAccessToken(token))).toBe("token_invalid")
    }
    const again = await kit.refresh(app, fresh.refresh_token!)
    expect(kidOf(again.access_token)).toBe(kid)
    await live(again.access_token)
    await kit.restart()
    expect(await refusal(kit.oauth.verifyAccessToken(fresh.access_token))).toBe("token_invalid")
    await live(again.access_token)
    const rows = "private_jwk IS NOT NULL AND compromised_ms IS NOT NULL"
    expect(kit.count("oauth_signing_keys", rows)).toBe(0)
    expect(kit.count("audit_log", "action = 'signing_keys.withdrawn'")).toBe(1)
  })

  test("a token of a stolen key is no id_token_hint either", async () => {
    const { id_token } = await kit.login(app)
    const session = kit.signIn()
    const hinted = async () => {
      const params = kit.params(app.client, { prompt: "none", id_token_hint: id_token! })
      return new URL(((await kit.begin(params, session)) as { location: string }).location).searchParams
    }
    expect((await hinted()).get("code")).toBeString()
    await withdraw()
    expect((await hinted()).get("error")).toBe("invalid_request")
  })

  test("a verification that began before the keys left counts for nothing once they have", async () => {
    const { access_token } = await kit.login(app)
    const real = await loadKeys(kit.deps)
    let asked = 0
    const keys = {
      generation: 0,
      find(kid: string) {
        // They leave while the signature is being looked at.
        if (asked++ > 0) return null
        this.generation++
        return real.find(kid)
      },
    }
    const core = { ...kit.deps, audience: `${ISSUER}/v1`, keys } as unknown as Core
    const verify = createVerifier(core)
    expect(await refusal(verify(access_token))).toBe("token_invalid")
    expect(await refusal(verify(access_token))).toBe("token_invalid")
    expect(asked).toBe(3)
  })

  test("a replica that is away does not keep a stolen key in use, and it is said", async () => {
    kit.oauth = await createOauth({ ...kit.deps, replicaHolds: async () => "late" })
    const { access_token } = await kit.login(app)
    expect(await withdraw()).toMatchObject({ held: false })
    expect(await refusal(kit.oauth.verifyAccessToken(access_token))).toBe("token_invalid")
  })

  test("beside rotations and other withdrawals one key of each algorithm signs, and one waits", async () => {
    await Promise.all([withdraw(), rotate(true), withdraw(), rotate(true)])
    for (const state of ["active", "next"]) expect(kit.count("oauth_signing_keys", `state = '${state}'`)).toBe(2)
    await live((await kit.login(app)).access_token)
    await kit.restart()
    await live((await kit.login(app)).access_token)
  })
})

describe("ES256", () => {
  test("signs the ID tokens of a client that asks for it; its access tokens stay RS256", async () => {
    const made = await kit.write((tx) =>
      kit.oauth.registerClientIn(tx, {
        ownerId: 9 as never,
        type: "public",
        name: "Curves",
        redirectUris: [CALLBACK],
        scopes: ["llm"],
        idTokenAlg: "ES256",
      }),
    )
    const config = await oidc.discovery(
      new URL(ISSUER),
      made.client.publicId,
      { id_token_signed_response_alg: "ES256" },
      oidc.None(),
      { [oidc.customFetch]: serve as never },
    )
    oidc.enableNonRepudiationChecks(config)
    const url = new URL(`${CALLBACK}?code=${await kit.code(made.client)}&state=s&iss=${encodeURIComponent(ISSUER)}`)
    const tokens = await oidc.authorizationCodeGrant(config, url, { pkceCodeVerifier: VERIFIER, expectedState: "s" })
    expect(decodeProtectedHeader(tokens.id_token!).alg).toBe("ES256")
    expect(decodeProtectedHeader(tokens.access_token).alg).toBe("RS256")
    await live(tokens.access_token)
    // After a rotation it is still a hint.
    advance(OAUTH_LIMITS.jwksCacheMs)
    await rotate()
    const hint = kit.params(made.client, { prompt: "none", id_token_hint: tokens.id_token! })
    expect(await kit.begin(hint, kit.signIn())).toMatchObject({ kind: "redirect" })
  })

  test("no token chooses its algorithm: an access token by the other key, and an RS256 kid named by another alg", async () => {
    const { access_token } = await kit.login(app)
    const [, payload] = access_token.split(".")
    const es = kit.oauth.jwks().keys.find(({ alg }) => alg === "ES256")!
    const rs = kidOf(access_token)
    for (const [alg, kid] of [
      ["ES256", es.kid],
      ["RS256", es.kid],
      ["ES256", rs],
      ["none", rs],
      ["HS256", rs],
    ]) {
      const head = Buffer.from(JSON.stringify({ alg, kid, typ: "at+jwt" })).toString("base64url")
      const forged = `${head}.${payload}.${alg === "none" ? "" : Buffer.alloc(64).toString("base64url")}`
      expect(await refusal(kit.oauth.verifyAccessToken(forged))).toBe("token_invalid")
    }
  })

  test("an access token that was really signed by an ES256 key of ours is refused", async () => {
    const keys = await loadKeys(kit.deps)
    const { access_token } = await kit.login(app)
    const payload = JSON.parse(Buffer.from(access_token.split(".")[1]!, "base64url").toString())
    const token = await keys.sign(payload, "at+jwt", "ES256")
    expect(await refusal(kit.oauth.verifyAccessToken(token))).toBe("token_invalid")
    await live(await keys.sign(payload, "at+jwt", "RS256"))
  })
})

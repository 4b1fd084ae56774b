// DPoP (RFC 9449): what a proof has to be, that none counts twice, and that a bound token is worth nothing without its key.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose"
import { AppError, MINUTE_MS, SECOND_MS } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { answer, CALLBACK, ISSUER, type Kit, type Made, openKit, refusal, VERIFIER } from "../testing.ts"
import type { TokenResponse } from "../types.ts"
import { Nonces } from "./nonces.ts"

interface Holder {
  alg: string
  privateKey: CryptoKey
  jwk: JWK
  jkt: string
}
const holderOf = async (alg: string, options: object = {}): Promise<Holder> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, ...options })
  const jwk = await exportJWK(publicKey)
  return { alg, privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) }
}

let kit: Kit
let app: Made
let ada: Holder
let eve: Holder
let nonce: string

beforeEach(async () => {
  kit = await openKit()
  app = await kit.register("public")
  ;[ada, eve] = await Promise.all([holderOf("ES256"), holderOf("ES256")])
  nonce = await nonceNow()
})
afterEach(() => kit.close())

const hashOf = (token: string) => new Bun.CryptoHasher("sha256").update(token).digest("base64url")
const now = () => Math.floor(kit.clock.now() / 1_000)
const TOKEN = { htm: "POST", htu: `${ISSUER}/token` }

/** What a right proof says; each test spoils one thing. */
async function proof(
  who: Holder,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const payload = { jti: crypto.randomUUID(), iat: now(), nonce, ...TOKEN, ...claims }
  return new SignJWT(payload)
    .setProtectedHeader({ alg: who.alg, typ: "dpop+jwt", jwk: who.jwk, ...header })
    .sign(who.privateKey)
}

async function codeOf(made: Made, more: Record<string, string> = {}): Promise<string> {
  return kit.code(made.client, more)
}
function ask(made: Made, params: Record<string, string>, dpop: string | null): Promise<TokenResponse> {
  const credentials = { client_id: made.client.publicId, ...(made.secret ? { client_secret: made.secret } : {}) }
  const body = new URLSearchParams({ ...credentials, ...params })
  return kit.oauth.token({ params: body, authorization: null, dpop, requestId: "req_4" })
}
const redeem = (code: string, dpop: string | null, made = app) =>
  ask(made, { grant_type: "authorization_code", code, code_verifier: VERIFIER, redirect_uri: CALLBACK }, dpop)
const refresh = (token: string, dpop: string | null, made = app) =>
  ask(made, { grant_type: "refresh_token", refresh_token: token }, dpop)

async function nonceNow(): Promise<string> {
  const stale = await holderOf("ES256")
  const at = { jti: "x", iat: now(), nonce: "old", ...TOKEN }
  const sent = await new SignJWT(at)
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: stale.jwk })
    .sign(stale.privateKey)
  const error = await redeem("no code", sent).catch((caught) => caught as AppError)
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).code).toBe("use_dpop_nonce")
  return (error as AppError).extra.headers!["dpop-nonce"]!
}

/** A call of a resource with this token. */
async function call(
  token: string,
  dpop: string | null,
  more: { isDpop?: boolean; method?: string; path?: string } = {},
) {
  const claims = await kit.oauth.verifyAccessToken(token)
  kit.oauth.assertAlive(claims)
  const { isDpop = true, method = "GET", path = "/v1/me" } = more
  // The server behind a proxy sees another origin than the public one.
  await kit.oauth.proveCall(claims, { isDpop, proof: dpop, method, url: `http://127.0.0.1:3000${path}?a=1`, token })
}
const at = (token: string, more: Record<string, unknown> = {}) => ({
  htm: "GET",
  htu: `${ISSUER}/v1/me`,
  ath: hashOf(token),
  ...more,
})

describe("the token endpoint", () => {
  test("a proven key is in the token, which says DPoP; without a proof everything is as before", async () => {
    const bound = await redeem(await codeOf(app), await proof(ada))
    expect(bound.token_type).toBe("DPoP")
    expect(decodeJwt(bound.access_token).cnf).toEqual({ jkt: ada.jkt })
    const plain = await redeem(await codeOf(app), null)
    expect(plain.token_type).toBe("Bearer")
    expect(decodeJwt(plain.access_token).cnf).toBeUndefined()
  })

  test("every algorithm that the metadata names is taken", async () => {
    const { dpop_signing_alg_values_supported: algs } = kit.oauth.discovery() as {
      dpop_signing_alg_values_supported: string[]
    }
    expect(algs).toEqual(["ES256", "EdDSA", "Ed25519", "RS256", "PS256"])
    for (const alg of algs) {
      const holder = await holderOf(alg)
      const { access_token } = await redeem(await codeOf(app), await proof(holder))
      expect(decodeJwt(access_token).cnf).toEqual({ jkt: holder.jkt })
    }
  })

  test("anything wrong with a proof is refused and burns no code", async () => {
    const code = await codeOf(app)
    const privateJwk = await exportJWK(ada.privateKey)
    const [es384, small] = await Promise.all([holderOf("ES384"), holderOf("RS256", { modulusLength: 4_096 })])
    const wide: Holder = { ...small, jwk: { ...small.jwk, e: "AQABAQAB" } }
    const secret = new TextEncoder().encode("a secret that both would know, 32")
    const symmetric = await new SignJWT({ jti: "s", iat: now(), nonce, ...TOKEN })
      .setProtectedHeader({ alg: "HS256", typ: "dpop+jwt", jwk: { kty: "oct", k: "YQ" } as JWK })
      .sign(secret)
    const [head, body] = (await proof(ada)).split(".")
    const none = `${Buffer.from(JSON.stringify({ alg: "none", typ: "dpop+jwt", jwk: ada.jwk })).toString("base64url")}.${body}.`
    const wrong: Record<string, string> = {
      "no JWT": "abc",
      "two of them": `${await proof(ada)}, ${await proof(ada)}`,
      "another typ": await proof(ada, {}, { typ: "JWT" }),
      "no key": await proof(ada, {}, { jwk: undefined }),
      "a private key": await proof(ada, {}, { jwk: privateJwk }),
      "another's key": await proof(ada, {}, { jwk: eve.jwk }),
      "an algorithm beyond the list": await proof(es384),
      "a symmetric one": symmetric,
      none,
      "no signature": `${head}.${body}.`,
      "an exponent of any size": await proof(wide),
      "a critical extension": await proof(ada, {}, { crit: ["x"], x: 1 }).catch(() => "abc"),
      "no jti": await proof(ada, { jti: undefined }),
      "an endless jti": await proof(ada, { jti: "j".repeat(257) }),
      "another method": await proof(ada, { htm: "GET" }),
      "a method in small letters": await proof(ada, { htm: "post" }),
      "another path": await proof(ada, { htu: `${ISSUER}/revoke` }),
      "another host": await proof(ada, { htu: "https://evil.example/token" }),
      "another scheme": await proof(ada, { htu: "http://id.example.com/token" }),
      "a path that only looks alike": await proof(ada, { htu: `${ISSUER}/x%2F../token` }),
      "no address": await proof(ada, { htu: "token" }),
      "too old": await proof(ada, { iat: now() - 301 }),
      "of the future": await proof(ada, { iat: now() + 301 }),
      "a time in words": await proof(ada, { iat: undefined }),
      over: await proof(ada, { exp: now() - 10 }),
      "too long": await proof(ada, { more: "x".repeat(4_000) }),
    }
    for (const [what, dpop] of Object.entries(wrong)) {
      expect([what, await refusal(redeem(code, dpop))]).toEqual([what, "invalid_dpop_proof"])
    }
    for (const [what, claims] of Object.entries({ none: { nonce: undefined }, foreign: { nonce: "abc" } })) {
      expect([what, await refusal(redeem(code, await proof(ada, claims)))]).toEqual([what, "use_dpop_nonce"])
    }
    const spelt = { htu: "HTTPS://ID.example.com:443/%74oken?query=1#part" }
    expect((await redeem(code, await proof(ada, spelt))).token_type).toBe("DPoP")
  })

  test("a proof counts once, also when it comes from two places at the same time", async () => {
    const [one, two] = [await codeOf(app), await codeOf(app)]
    const sent = await proof(ada)
    const said = await Promise.allSettled([redeem(one, sent), redeem(two, sent)])
    expect(said.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    expect(await refusal(redeem(await codeOf(app), sent))).toBe("invalid_dpop_proof")
  })

  test("an app that asks for bound tokens gets no others, by code or by refresh", async () => {
    const made = await kit.register("confidential")
    await kit.write((tx) =>
      kit.oauth.updateClientIn(tx, { ownerId: "any", clientPublicId: made.client.publicId, dpopBound: true }),
    )
    const code = await codeOf(made)
    expect(await refusal(redeem(code, null, made))).toBe("invalid_dpop_proof")
    const tokens = await redeem(code, await proof(ada), made)
    expect(await refusal(refresh(tokens.refresh_token!, null, made))).toBe("invalid_dpop_proof")
    expect((await refresh(tokens.refresh_token!, await proof(ada), made)).token_type).toBe("DPoP")
  })
})

describe("bindings", () => {
  test("a refresh token of a public client works with its key alone, through all rotations", async () => {
    let tokens = await redeem(await codeOf(app), await proof(ada))
    for (let turn = 0; turn < 3; turn++) {
      expect(await refusal(refresh(tokens.refresh_token!, null))).toBe("invalid_grant")
      expect(await refusal(refresh(tokens.refresh_token!, await proof(eve)))).toBe("invalid_grant")
      tokens = await refresh(tokens.refresh_token!, await proof(ada))
      expect(decodeJwt(tokens.access_token).cnf).toEqual({ jkt: ada.jkt })
    }
  })

  test("a thief without the key ends nothing: the family goes on", async () => {
    const tokens = await redeem(await codeOf(app), await proof(ada))
    const next = await refresh(tokens.refresh_token!, await proof(ada))
    kit.clock.advance(20 * SECOND_MS)
    expect(await refusal(refresh(tokens.refresh_token!, await proof(eve)))).toBe("invalid_grant")
    expect((await refresh(next.refresh_token!, await proof(ada))).token_type).toBe("DPoP")
  })

  test("a confidential client proves itself by its secret, and may change its key", async () => {
    const made = await kit.register("confidential")
    const tokens = await redeem(await codeOf(made), await proof(ada), made)
    const next = await refresh(tokens.refresh_token!, await proof(eve), made)
    expect(decodeJwt(next.access_token).cnf).toEqual({ jkt: eve.jkt })
    // The repetition of another key gets nothing.
    expect(await refusal(refresh(tokens.refresh_token!, await proof(ada), made))).toBe("invalid_scope")
  })

  test("dpop_jkt binds the code to a key: stolen, it is worth nothing", async () => {
    const code = await codeOf(app, { dpop_jkt: ada.jkt })
    expect(await refusal(redeem(code, null))).toBe("invalid_grant")
    expect(await refusal(redeem(code, await proof(eve)))).toBe("invalid_grant")
    expect((await redeem(code, await proof(ada))).token_type).toBe("DPoP")
    for (const wrong of ["short", `${ada.jkt}x`, `${ada.jkt.slice(1)}=`]) {
      const outcome = await kit.begin(kit.params(app.client, { dpop_jkt: wrong }), kit.signIn())
      expect(answer(outcome).get("error")).toBe("invalid_request")
    }
  })
})

test("a proof that comes with a pushed request binds its code, and no other key may be named beside it", async () => {
  const push = async (who: Holder, more: Record<string, string> = {}) => {
    const dpop = await proof(who, { htu: `${ISSUER}/par` })
    const params = kit.params(app.client, more)
    return kit.oauth.pushAuthorization({ params, authorization: null, dpop, requestId: "req_p" })
  }
  expect(await refusal(push(ada, { dpop_jkt: eve.jkt }))).toBe("invalid_request")
  const { request_uri } = await push(ada)
  const session = kit.signIn()
  const asked = new URLSearchParams({ client_id: app.client.publicId, request_uri })
  const outcome = await kit.begin(asked, session)
  const told = answer(outcome.kind === "consent" ? await kit.decide(outcome.interaction, session) : outcome)
  const code = told.get("code")!
  expect(await refusal(redeem(code, null))).toBe("invalid_grant")
  expect(await refusal(redeem(code, await proof(eve)))).toBe("invalid_grant")
  expect((await redeem(code, await proof(ada))).token_type).toBe("DPoP")
})

describe("resources", () => {
  let token: string
  beforeEach(async () => {
    token = (await redeem(await codeOf(app), await proof(ada))).access_token
  })

  test("a proof of its key for this request opens it, once", async () => {
    const sent = await proof(ada, at(token))
    await call(token, sent)
    expect(await refusal(call(token, sent))).toBe("dpop_proof_invalid")
  })

  test("a bound token as Bearer is refused, and a plain one as DPoP", async () => {
    const plain = (await redeem(await codeOf(app), null)).access_token
    expect(await refusal(call(token, null, { isDpop: false }))).toBe("token_invalid")
    expect(await refusal(call(token, await proof(ada, at(token)), { isDpop: false }))).toBe("token_invalid")
    expect(await refusal(call(plain, await proof(ada, at(plain))))).toBe("token_invalid")
  })

  test("another key, request, token or time opens nothing", async () => {
    const other = (await redeem(await codeOf(app), await proof(ada))).access_token
    const wrong: Record<string, string | null> = {
      "no proof": null,
      "another key": await proof(eve, at(token)),
      "another token": await proof(ada, at(other)),
      "no token": await proof(ada, at(token, { ath: undefined })),
      "another method": await proof(ada, at(token, { htm: "POST" })),
      "another path": await proof(ada, at(token, { htu: `${ISSUER}/v1/models` })),
      "the address behind the proxy": await proof(ada, at(token, { htu: "http://127.0.0.1:3000/v1/me" })),
      "of yesterday": await proof(ada, at(token, { iat: now() - 86_400 })),
    }
    for (const [what, dpop] of Object.entries(wrong)) {
      expect([what, await refusal(call(token, dpop))]).toEqual([what, "dpop_proof_invalid"])
    }
    expect(await refusal(call(token, await proof(ada, at(token, { nonce: undefined }))))).toBe("dpop_nonce_needed")
    await call(token, await proof(ada, at(token, { htu: `${ISSUER}/v1/me?b=2` })))
  })

  test("introspection names the key", async () => {
    const made = await kit.register("confidential")
    const { access_token } = await redeem(await codeOf(made), await proof(ada), made)
    const params = new URLSearchParams({
      client_id: made.client.publicId,
      client_secret: made.secret!,
      token: access_token,
    })
    expect(await kit.oauth.introspect({ params, authorization: null, requestId: "req_5" })).toMatchObject({
      active: true,
      token_type: "DPoP",
      cnf: { jkt: ada.jkt },
    })
  })

  test("what was verified once is still asked for its proof", async () => {
    await call(token, await proof(ada, at(token)))
    expect(await refusal(call(token, null))).toBe("dpop_proof_invalid")
    await kit.restart()
    nonce = await nonceNow()
    await call(token, await proof(ada, at(token)))
  })
})

describe("nonces", () => {
  test("are taken for their span and the one after it, and a restart ends them with the memory of what was seen", async () => {
    const token = (await redeem(await codeOf(app), await proof(ada))).access_token
    const first = nonce
    kit.clock.advance(OAUTH_LIMITS.dpopNonceMs)
    await call(token, await proof(ada, at(token)))
    kit.clock.advance(OAUTH_LIMITS.dpopNonceMs)
    expect(await refusal(call(token, await proof(ada, at(token))))).toBe("dpop_nonce_needed")
    nonce = await nonceNow()
    expect(nonce).not.toBe(first)
    const sent = await proof(ada, at(token))
    await call(token, sent)
    await kit.restart()
    expect(await refusal(call(token, sent))).toBe("dpop_nonce_needed")
  })

  test("the next one is told before the last one ends", async () => {
    const token = (await redeem(await codeOf(app), await proof(ada))).access_token
    const claims = await kit.oauth.verifyAccessToken(token)
    const told: string[] = []
    const prove = async () =>
      kit.oauth.proveCall(claims, {
        isDpop: true,
        proof: await proof(ada, at(token)),
        method: "GET",
        url: `${ISSUER}/v1/me`,
        token,
        onNonce: (next) => told.push(next),
      })
    await prove()
    expect(told).toEqual([])
    kit.clock.advance(OAUTH_LIMITS.dpopNonceMs)
    await prove()
    nonce = told[0]!
    await prove()
    expect(told).toHaveLength(1)
  })

  test("what is remembered has a bound, beyond which nothing is taken; nothing that was taken is forgotten before its nonce ends", () => {
    const nonces = new Nonces(kit.clock)
    const { current } = nonces
    const spend = (jkt: string, jti: string) => {
      try {
        nonces.spend({ nonce: current, jkt, jti })
        return "taken"
      } catch (error) {
        return (error as AppError).code
      }
    }
    for (let each = 0; each < OAUTH_LIMITS.dpopProofsOfKeyMax; each++)
      nonces.spend({ nonce: current, jkt: "a", jti: String(each) })
    expect(spend("a", "more")).toBe("rate_limit_exceeded")
    expect(spend("b", "0")).toBe("taken")
    for (const each of ["0", String(OAUTH_LIMITS.dpopProofsOfKeyMax - 1)])
      expect(spend("a", each)).toBe("dpop_proof_invalid")
    kit.clock.advance(OAUTH_LIMITS.dpopNonceMs)
    expect(spend("a", "0")).toBe("dpop_proof_invalid")
    kit.clock.advance(OAUTH_LIMITS.dpopNonceMs + MINUTE_MS)
    expect(spend("a", "0")).toBe("dpop_proof_invalid")
    nonces.spend({ nonce: nonces.current, jkt: "a", jti: "0" })
  })
})

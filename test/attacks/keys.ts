// Tokens for more than was allowed, and tokens without the key they belong to.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose"
import { must, mustBe, mustEqual, type Run } from "../conformance/oidc/run.ts"
import { type Attacks, post, type World } from "./world.ts"

interface Key {
  jwk: JWK
  jkt: string
  sign(claims: Record<string, unknown>): Promise<string>
}

async function key(): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair("ES256")
  const jwk = await exportJWK(publicKey)
  return {
    jwk,
    jkt: await calculateJwkThumbprint(jwk),
    sign: (claims) =>
      new SignJWT({ jti: crypto.randomUUID(), ...claims })
        .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
        .sign(privateKey),
  }
}

/** A client that works: proofs with the server's nonce, by the server's clock. */
class Holder {
  private nonce = ""
  constructor(
    private readonly world: World,
    readonly own: Key,
  ) {}

  proof(claims: Record<string, unknown>, by = this.own): Promise<string> {
    const iat = Math.floor(this.world.server.app.clock.now() / 1_000)
    return by.sign({ iat, nonce: this.nonce, ...claims })
  }

  async token(fields: Record<string, string>, by = this.own): Promise<Response> {
    const url = `${this.world.url}/token`
    const client = this.world.target.clients.basic
    const all = { client_id: client.id, client_secret: client.secret ?? "", ...fields }
    const ask = async () => post(url, all, { dpop: await this.proof({ htm: "POST", htu: url }, by) })
    const first = await ask()
    const nonce = first.headers.get("dpop-nonce")
    if (first.status !== 400 || !nonce || nonce === this.nonce) return first
    this.nonce = nonce
    return ask()
  }

  async userinfo(token: string, dpop: string, scheme = "DPoP"): Promise<number> {
    const headers = { authorization: `${scheme} ${token}`, dpop }
    return (await fetch(`${this.world.url}/userinfo`, { headers })).status
  }

  at(token: string): Record<string, unknown> {
    const ath = new Bun.CryptoHasher("sha256").update(token).digest("base64url")
    return { htm: "GET", htu: `${this.world.url}/userinfo`, ath }
  }
}

async function codeOf(run: Run, world: World, changes: Record<string, string> = {}) {
  const asked = run.ask({ scope: "openid email offline_access", prompt: "consent", ...changes })
  const code = await run.codeOf(run.agent(), asked, { person: await world.target.newPerson() })
  const redirect_uri = asked.params.get("redirect_uri") ?? ""
  return {
    asked,
    code,
    fields: { grant_type: "authorization_code", code, code_verifier: asked.verifier, redirect_uri },
  }
}

async function bound(world: World): Promise<{ holder: Holder; token: string }> {
  const holder = new Holder(world, await key())
  const { fields } = await codeOf(world.run, world)
  const answer = await holder.token(fields)
  mustEqual(answer.status, 200, "the holder's own sign-in")
  const { access_token, token_type } = (await answer.json()) as { access_token: string; token_type: string }
  mustEqual(token_type, "DPoP", "token_type")
  mustEqual(await holder.userinfo(access_token, await holder.proof(holder.at(access_token))), 200, "the holder's call")
  return { holder, token: access_token }
}

export const KEYS: Attacks = {
  async "a resource that was not authorized (GHSA-p2fr-6hmx-4528)"(world) {
    const { run, url } = world
    const { asked, code } = await codeOf(run, world, { resource: url })
    mustBe(await run.redeem(asked, code, { resource: `${url}/v1` }), 400, "invalid_target")
    const answer = await run.redeem(asked, code)
    mustEqual(answer.status, 200, "the sign-in itself")
    const grown = {
      grant_type: "refresh_token",
      refresh_token: String(answer.body.refresh_token),
      resource: `${url}/v1`,
    }
    mustBe(await run.post(run.at("token_endpoint"), asked.client, grown), 400, "invalid_target")
    const call = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${answer.body.access_token}` } })
    mustEqual(call.status, 401, "a token for userinfo at /v1")
  },
  async "a DPoP proof used twice"(world) {
    const { holder, token } = await bound(world)
    const proof = await holder.proof(holder.at(token))
    mustEqual(await holder.userinfo(token, proof), 200, "the holder's call")
    mustEqual(await holder.userinfo(token, proof), 401, "the same proof again")
  },
  async "a bound token without its key"(world) {
    const { holder, token } = await bound(world)
    const thief = await key()
    mustEqual(await holder.userinfo(token, await holder.proof(holder.at(token), thief)), 401, "another key")
    mustEqual(await holder.userinfo(token, "", "Bearer"), 401, "as Bearer")
    mustEqual(await holder.userinfo(token, await holder.proof({ ...holder.at(token), ath: undefined })), 401, "no ath")
  },
  async "a code bound to a key, with another"(world) {
    const holder = new Holder(world, await key())
    const { fields } = await codeOf(world.run, world, { dpop_jkt: holder.own.jkt })
    must((await holder.token(fields, await key())).status === 400, "another key redeemed it")
    mustEqual((await holder.token(fields)).status, 200, "its own key")
  },
}

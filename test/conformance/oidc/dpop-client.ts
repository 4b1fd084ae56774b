// A client that binds tokens to a key, and does it wrong where a module wants that: proofs are made by jose, header by header.
import { createHash, randomUUID } from "node:crypto"
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose"
import { type Answer, type Asked, answerOf, type ClientInfo, must, mustEqual, type Run } from "./run.ts"

export interface Key {
  jwk: JWK
  privateKey: CryptoKey
}

export async function newKey(): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true })
  const { kty, crv, x, y } = await exportJWK(publicKey)
  return { jwk: { kty, crv, x, y } as JWK, privateKey }
}

/** What a right proof says, and what it says here instead; undefined leaves a claim out. */
export interface Wrong {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  /** Signed by another key than the header shows. */
  signedBy?: Key
  /** In place of all of it. */
  text?: string
}

export async function proof(key: Key, method: string, url: string, said: Record<string, unknown>, wrong: Wrong = {}) {
  if (wrong.text !== undefined) return wrong.text
  const claims = {
    jti: randomUUID(),
    htm: method,
    htu: url,
    iat: Math.floor(Date.now() / 1_000),
    ...said,
    ...wrong.claims,
  }
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
  return new SignJWT(kept)
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: key.jwk, ...wrong.header } as never)
    .sign((wrong.signedBy ?? key).privateKey)
}

export const athOf = (token: string): string => createHash("sha256").update(token).digest("base64url")

/** Speaks to one server, with the nonce it gave last. */
export class DpopClient {
  nonce: string | undefined
  constructor(
    readonly run: Run,
    readonly key: Key,
  ) {}

  /** POST to the token endpoint; a nonce that is asked for is taken, once. */
  async post(client: ClientInfo, fields: Record<string, string>, wrong: Wrong = {}): Promise<Answer> {
    const url = this.run.at("token_endpoint")
    const send = async () => {
      const dpop = await proof(this.key, "POST", url, { nonce: this.nonce }, wrong)
      const answer = await this.run.post(url, client, fields, { dpop })
      this.nonce = answer.headers.get("dpop-nonce") ?? this.nonce
      return answer
    }
    const first = await send()
    return first.body.error === "use_dpop_nonce" ? send() : first
  }

  redeem(asked: Asked, code: string, wrong: Wrong = {}): Promise<Answer> {
    const fields = {
      grant_type: "authorization_code",
      code,
      redirect_uri: String(asked.params.get("redirect_uri")),
      code_verifier: asked.verifier,
    }
    return this.post(asked.client, fields, wrong)
  }

  /** Userinfo, as a resource that the token opens. */
  async call(token: string, wrong: Wrong = {}, scheme = "DPoP"): Promise<Answer> {
    const url = this.run.at("userinfo_endpoint")
    const send = async () => {
      const dpop = await proof(this.key, "GET", url, { nonce: this.nonce, ath: athOf(token) }, wrong)
      const answer = await answerOf(await fetch(url, { headers: { authorization: `${scheme} ${token}`, dpop } }))
      const asks = answer.status === 401 && answer.headers.get("www-authenticate")?.includes("use_dpop_nonce")
      this.nonce = answer.headers.get("dpop-nonce") ?? this.nonce
      return { answer, asks }
    }
    const first = await send()
    return first.asks ? (await send()).answer : first.answer
  }

  /** The whole flow with bound tokens. */
  async flow(changes: Record<string, string | null> = {}, client = this.run.target.clients.basic) {
    const asked = this.run.ask(changes, client)
    const code = await this.run.codeOf(this.run.agent(), asked, { person: await this.run.target.newPerson() })
    const answer = await this.redeem(asked, code)
    mustEqual(answer.status, 200, `status of the token endpoint (${JSON.stringify(answer.body)})`)
    mustEqual(String(answer.body.token_type).toLowerCase(), "dpop", "token_type")
    const token = String(answer.body.access_token)
    must(token.length > 10, "there is no access token")
    return { asked, code, token, body: answer.body }
  }
}

export const dpop = async (run: Run): Promise<DpopClient> => {
  if (!Array.isArray(run.as.dpop_signing_alg_values_supported)) run.skip("DPoP is not offered")
  if (!run.supports("dpop_signing_alg_values_supported", "ES256")) run.skip("ES256 is not offered")
  return new DpopClient(run, await newKey())
}

// Codes and tokens: replayed, forged, in each other's place, after the person said no.
import { exportSPKI, importJWK, type JWK, SignJWT } from "jose"
import { CTX } from "../build.ts"
import { type Answer, back, must, mustBe, mustEqual, type Run, secret } from "../conformance/oidc/run.ts"
import { type Attacks, post, type World } from "./world.ts"

const offline = { scope: "openid email offline_access", prompt: "consent" }
const refresh = (run: Run, client: World["target"]["clients"]["basic"], token: unknown): Promise<Answer> =>
  run.post(run.at("token_endpoint"), client, { grant_type: "refresh_token", refresh_token: String(token) })

const MANY = 200

const REPLAY: Attacks = {
  async "a code used twice kills what it gave (RFC 9700 §4.13)"({ run }) {
    const { asked, code, tokens } = await run.flow()
    mustBe(await run.redeem(asked, code), 400, "invalid_grant")
    mustEqual((await run.userinfo(String(tokens.access_token))).status, 401, "the first access token")
  },
  async "200 redemptions of one code at once"({ run, target }) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await target.newPerson() })
    const answers = await Promise.all(Array.from({ length: MANY }, () => run.redeem(asked, code)))
    const won = answers.filter(({ status }) => status === 200).length
    must(won <= 1, `${won} winners`)
  },
  async "200 refreshes of one token at once (CVE-2026-53517)"({ run }) {
    const { asked, tokens } = await run.flow(offline)
    const answers = await Promise.all(
      Array.from({ length: MANY }, () => refresh(run, asked.client, tokens.refresh_token)),
    )
    const given = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.refresh_token))
    mustEqual(given.size, 1, "members of the family")
  },
  async "a stolen refresh token, used after its owner's turn"({ run, later }) {
    const { asked, tokens } = await run.flow(offline)
    const owner = await refresh(run, asked.client, tokens.refresh_token)
    mustEqual(owner.status, 200, "the owner's turn")
    await later(60_000)
    mustBe(await refresh(run, asked.client, tokens.refresh_token), 400, "invalid_grant")
    mustBe(await refresh(run, asked.client, owner.body.refresh_token), 400, "invalid_grant")
    mustEqual((await run.userinfo(String(owner.body.access_token))).status, 401, "the owner's access token")
  },
  async "a code too late"({ run, target, later }) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await target.newPerson() })
    await later(61_000)
    mustBe(await run.redeem(asked, code), 400, "invalid_grant")
  },
}

const DOWNGRADE: Attacks = {
  async "PKCE left out at the token endpoint (CVE-2023-48228)"({ run, target }) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await target.newPerson() })
    for (const verifier of [null, "", "short", `${asked.verifier}x`, "a".repeat(43)]) {
      mustEqual((await run.redeem(asked, code, { code_verifier: verifier })).status, 400, `verifier ${verifier}`)
    }
  },
  async "PKCE left out of the request (CVE-2024-23647)"({ run, target }) {
    for (const changes of [
      { code_challenge: null, code_challenge_method: null },
      { code_challenge: "", code_challenge_method: "S256" },
      { code_challenge_method: "plain" },
      { code_challenge_method: null },
      { code_challenge_method: "s256" },
    ]) {
      const outcome = await run.authorize(run.agent(), run.ask(changes), { person: await target.newPerson() })
      must(outcome.kind === "page" || back(outcome).get("code") === null, `a code with ${JSON.stringify(changes)}`)
    }
  },
  async "the implicit and hybrid flows"({ run, target }) {
    for (const response_type of ["token", "id_token", "id_token token", "code token", "none", "CODE"]) {
      const outcome = await run.authorize(run.agent(), run.ask({ response_type }), { person: await target.newPerson() })
      must(outcome.kind === "page" || back(outcome).get("error") !== null, `answered ${response_type}`)
    }
  },
  async "the password grant"({ run, target }) {
    const { login, password } = await target.newPerson()
    const fields = { grant_type: "password", username: login, password, scope: "openid" }
    mustBe(await run.post(run.at("token_endpoint"), target.clients.basic, fields), 400, "unsupported_grant_type")
  },
}

const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString("base64url")

const FORGED: Attacks = {
  async "alg none"({ run, url }) {
    const { tokens } = await run.flow()
    const [, body] = String(tokens.access_token).split(".")
    for (const alg of ["none", "None", "NONE", ""]) {
      await mustNotCount(run, url, `${part({ alg, typ: "at+jwt" })}.${body}.`)
    }
  },
  async "the public key as a shared secret (HS256)"({ run, url }) {
    const { tokens } = await run.flow()
    const { keys } = (await (await fetch(run.at("jwks_uri"))).json()) as { keys: JWK[] }
    const [key] = keys
    const pem = await exportSPKI((await importJWK(key!, "RS256")) as CryptoKey)
    const claims = JSON.parse(Buffer.from(String(tokens.access_token).split(".")[1]!, "base64url").toString())
    const header = { alg: "HS256", kid: key!.kid!, typ: "at+jwt" }
    await mustNotCount(
      run,
      url,
      await new SignJWT(claims).setProtectedHeader(header).sign(new TextEncoder().encode(pem)),
    )
  },
  async "a key of one's own (jwk, jku, x5u, kid)"({ run, url }) {
    const { tokens } = await run.flow()
    const { privateKey, publicKey } = await crypto.subtle.generateKey(
      { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
      true,
      ["sign", "verify"],
    )
    const jwk = (await crypto.subtle.exportKey("jwk", publicKey)) as JWK
    const claims = JSON.parse(Buffer.from(String(tokens.access_token).split(".")[1]!, "base64url").toString())
    for (const more of [
      { jwk },
      { jku: `${url}/keys.json` },
      { x5u: `${url}/x` },
      { kid: "../../dev/null" },
      { kid: "' OR 1=1" },
    ]) {
      const header = { alg: "RS256", typ: "at+jwt", ...more }
      await mustNotCount(run, url, await new SignJWT(claims).setProtectedHeader(header).sign(privateKey))
    }
  },
  async "a changed claim under an old signature"({ run, url }) {
    const { tokens } = await run.flow()
    const [head, body, signature] = String(tokens.access_token).split(".")
    const claims = JSON.parse(Buffer.from(body!, "base64url").toString()) as Record<string, unknown>
    for (const change of [{ sub: "usr_other" }, { scope: "openid llm" }, { exp: 9_999_999_999 }, { aud: "x" }]) {
      await mustNotCount(run, url, `${head}.${part({ ...claims, ...change })}.${signature}`)
    }
  },
  async "an ID token as an access token, and the other way"({ run, url }) {
    const { agent, tokens } = await run.flow()
    await mustNotCount(run, url, String(tokens.id_token))
    const outcome = await run.authorize(agent, run.ask({ prompt: "none", id_token_hint: String(tokens.access_token) }))
    must(outcome.kind === "page" || back(outcome).get("code") === null, "an access token is a hint of who is signed in")
  },
  async "one kind of one-time value in place of another (CVE-2026-4282)"({ run, target }) {
    const { asked, tokens } = await run.flow(offline)
    const next = run.ask()
    const code = await run.codeOf(run.agent(), next, { person: await target.newPerson() })
    mustBe(await refresh(run, asked.client, code), 400, "invalid_grant")
    mustBe(await run.redeem(next, String(tokens.refresh_token)), 400, "invalid_grant")
    mustBe(await run.redeem(next, String(tokens.access_token)), 400, "invalid_grant")
  },
}

async function mustNotCount(run: Run, url: string, token: string): Promise<void> {
  mustEqual((await run.userinfo(token)).status, 401, "status of userinfo")
  const answer = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })
  mustEqual(answer.status, 401, "status of /v1")
}

const CLIENTS: Attacks = {
  async "a confidential client without its secret (CVE-2026-53512)"({ run, target }) {
    const { asked, tokens } = await run.flow(offline)
    for (const secretOf of [null, "", "undefined", "null", `${asked.client.secret} `, target.clients.second.secret]) {
      for (const posts of [true, false]) {
        const client = { ...asked.client, secret: secretOf, posts }
        const { status, body } = await refresh(run, client, tokens.refresh_token)
        must(status === 400 || status === 401, `${status} with the secret ${secretOf}`)
        must(body.access_token === undefined, "tokens")
      }
    }
  },
  async "a client secret after its last day, and one that was revoked"({ run, target, server, later }) {
    const { asked, tokens } = await run.flow(offline)
    const { id } = asked.client
    const expiresMs = server.app.clock.now() + 60_000
    const input = { ownerId: "any", clientPublicId: id } as const
    const add = (more: object) =>
      server.app.store.write(CTX, (tx) => server.app.oauth.addSecretIn(tx, { ...input, ...more }))
    const [ending, gone] = [await add({ expiresMs }), await add({})]
    const secretPublicId = gone.row.publicId
    await server.app.store.write(CTX, (tx) => server.app.oauth.revokeSecretIn(tx, { ...input, secretPublicId }))
    await later(60_000)
    for (const { secret } of [ending, gone])
      mustEqual((await refresh(run, { ...asked.client, secret }, tokens.refresh_token)).status, 401, "status")
    mustEqual((await refresh(run, target.clients.basic, tokens.refresh_token)).status, 200, "the other secret")
    for (const { publicId } of server.app.oauth.secretsOf(server.app.oauth.clientByPublicId(id)!.id))
      if (publicId === ending.row.publicId)
        await server.app.store.write(CTX, (tx) =>
          server.app.oauth.revokeSecretIn(tx, { ...input, secretPublicId: publicId }),
        )
  },
  async "a public client with an empty secret (CVE-2026-44476)"({ run, target, url }) {
    const { open } = target.clients
    const { tokens } = await run.flow(offline, open)
    const fields = { grant_type: "refresh_token", refresh_token: String(tokens.refresh_token), client_id: open.id }
    // Whoever thinks that it has a secret was registered as something else.
    const answer = await post(`${url}/token`, fields, { authorization: `Basic ${btoa(`${open.id}:`)}` })
    mustEqual(answer.status, 401, "status")
  },
  async "two ways to prove a client at once"({ target, url }) {
    const { id, secret: own } = target.clients.basic
    const fields = { grant_type: "refresh_token", refresh_token: "x", client_id: id, client_secret: own! }
    const answer = await post(`${url}/token`, fields, { authorization: `Basic ${btoa(`${id}:${own}`)}` })
    mustEqual(answer.status, 400, "status")
  },
  async "secrets and tokens in the address"({ target, url }) {
    const { id, secret: own } = target.clients.basic
    const answer = await post(`${url}/token?client_id=${id}&client_secret=${own}`, {
      grant_type: "refresh_token",
      refresh_token: "x",
    })
    mustEqual(answer.status, 400, "status")
  },
  async "a refresh token of another client (CVE-2026-55672)"({ run, target }) {
    const { tokens } = await run.flow(offline)
    for (const client of [target.clients.second, target.clients.open]) {
      mustBe(await refresh(run, client, tokens.refresh_token), 400, "invalid_grant")
    }
  },
  async "revocation of another client's token"({ run, target, url }) {
    const { tokens } = await run.flow(offline)
    await run.post(`${url}/revoke`, target.clients.second, { token: String(tokens.access_token) })
    await run.post(`${url}/revoke`, target.clients.second, { token: String(tokens.refresh_token) })
    mustEqual((await run.userinfo(String(tokens.access_token))).status, 200, "status of userinfo")
  },
  async "more scope than was granted"({ run }) {
    const { asked, tokens } = await run.flow({ ...offline, scope: "openid offline_access" })
    const fields = {
      grant_type: "refresh_token",
      refresh_token: String(tokens.refresh_token),
      scope: "openid offline_access llm email",
    }
    const answer = await run.post(run.at("token_endpoint"), asked.client, fields)
    must(!/llm|email/.test(String(answer.body.scope ?? "")), `scope ${answer.body.scope}`)
    const userinfo = await run.userinfo(String(answer.body.access_token ?? tokens.access_token))
    must(userinfo.body.email === undefined, "userinfo tells the address")
  },
  async "userinfo without openid (CVE-2026-55982)"({ run, target }) {
    const asked = run.ask({ scope: "llm", nonce: null })
    const code = await run.codeOf(run.agent(), asked, { person: await target.newPerson() })
    const { body } = await run.redeem(asked, code)
    mustEqual((await run.userinfo(String(body.access_token))).status, 403, "status")
  },
}

/** Ends something by the product's own verb; then neither refresh nor access token may count. */
async function afterwards(world: World, end: (userId: number, clientId: string) => Promise<unknown>): Promise<void> {
  const { run, server } = world
  const { asked, tokens } = await run.flow(offline)
  const user = server.app.identity.userByPublicId(String(tokens.claims.sub))!
  await end(user.id, asked.client.id)
  mustEqual((await refresh(run, asked.client, tokens.refresh_token)).status, 400, "status of the refresh")
  const { status } = await run.userinfo(String(tokens.access_token))
  must(status === 401 || status === 403, `userinfo answered ${status}`)
}

const AFTERWARDS: Attacks = {
  "a refresh after the permission was taken back (CVE-2026-43983)": (world) =>
    afterwards(world, async (userId) => {
      const { oauth, store } = world.server.app
      for (const { publicId } of oauth.consentsOf(userId as never)) {
        await store.write(CTX, (tx) =>
          oauth.revokeConsentIn(tx, { userId: userId as never, consentPublicId: publicId }),
        )
      }
    }),
  "a refresh after the person was suspended": (world) =>
    afterwards(world, (userId) => world.server.app.identity.suspend(CTX, { userId: userId as never, reason: "test" })),
  async "a code after the person was suspended"({ run, server, target }) {
    const asked = run.ask()
    const person = await target.newPerson()
    const code = await run.codeOf(run.agent(), asked, { person })
    const user = server.app.identity.userByEmail(person.login)!
    await server.app.identity.suspend(CTX, { userId: user.id, reason: "test" })
    mustBe(await run.redeem(asked, code), 400, "invalid_grant")
  },
  async "tokens of a reinstated person do not come back"({ run, server }) {
    const { tokens } = await run.flow(offline)
    const user = server.app.identity.userByPublicId(String(tokens.claims.sub))!
    await server.app.identity.suspend(CTX, { userId: user.id, reason: "test" })
    await server.app.identity.unsuspend(CTX, { userId: user.id, reason: "test" })
    mustEqual((await run.userinfo(String(tokens.access_token))).status, 401, "status")
  },
  async "a token that was never given out"({ run, url }) {
    for (const token of ["", "null", secret(), `rt_${secret()}`, "a.b.c", "..", "ey".repeat(5_000)]) {
      const answer = await fetch(run.at("userinfo_endpoint"), { headers: { authorization: `Bearer ${token}` } })
      must([400, 401, 431].includes(answer.status), `${answer.status} for ${token.slice(0, 12)}`)
    }
    mustEqual((await fetch(`${url}/userinfo`)).status, 401, "status of nobody")
  },
}

export const TOKENS: Attacks = { ...REPLAY, ...DOWNGRADE, ...FORGED, ...CLIENTS, ...AFTERWARDS }

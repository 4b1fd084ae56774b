// Python's Authlib signs in with its default settings: discovery, S256, code, ID token against our keys, userinfo, renewal. A client that we
// did not write, in a language that reads dates, padding and claims its own way. Without Authlib it is skipped, loudly; in CI that is a failure.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import { CALLBACK, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

const reads = (python: string) =>
  Bun.spawnSync([python, "-c", "import authlib.integrations.requests_client"], { stderr: "ignore" }).exitCode === 0
/** Debian's own has Debian's packages, whichever comes first on PATH. */
const python = [Bun.which("python3"), "/usr/bin/python3"].find((one) => one !== null && existsSync(one) && reads(one))
const isSkipped = python === undefined && process.env.PURSER_CI !== "1"
if (isSkipped)
  console.log("\n*** no Authlib found: install Debian’s python3-authlib and python3-requests to run its test ***\n")

let server: TestServer
beforeAll(async () => {
  // Python asks the resolver of the system, and not each of those knows names below localhost.
  server = await startTestServer({ fourHosts: false })
})
afterAll(() => server.close())

/** Lets the Python app begin, signs a new person in with a browser's means, and returns what the app says at its end. */
async function signInWith(type: "confidential" | "public", wrongVerifier = false) {
  const user = await makeUser(server.app, { name: "Zoë Łukasiewicz" })
  const { client, secret } = await makeClient(server.app, {
    type,
    scopes: ["openid", "profile", "email", "offline_access"],
  })
  await using app = Bun.spawn([python!, join(import.meta.dir, "authlib-app.py")], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  })
  const tell = (line: string) => {
    app.stdin.write(`${line}\n`)
    app.stdin.flush()
  }
  const settings = {
    issuer: server.url,
    client_id: client.publicId,
    client_secret: type === "public" ? null : secret,
    redirect_uri: CALLBACK,
    scope: "openid profile email offline_access",
    wrong_verifier: wrongVerifier,
  }
  tell(JSON.stringify(settings))
  const lines = app.stdout.pipeThrough(new TextDecoderStream()).getReader()
  /** Its next line, which may come in pieces; what it died of, where there is none. */
  const next = async () => {
    for (let text = ""; ; ) {
      const { value } = await lines.read()
      if (value === undefined) throw new Error(`Authlib: ${await new Response(app.stderr).text()}`)
      text += value
      if (text.endsWith("\n")) return JSON.parse(text)
    }
  }
  const { url } = await next()

  const agent = new WebAgent((to) => to.port !== "9")
  const consent = await agent.submit(await agent.get(url), "/login", { email: user.email, password: PASSWORD })
  const done = await agent.submit(consent, "/authorize/consent", { decision: "approve" })
  tell(done.url)
  return { url: new URL(url), user, client, said: await next() }
}

test.skipIf(isSkipped).each(["confidential", "public"] as const)(
  "a %s app of Authlib signs in and renews",
  async (type) => {
    const { url, user, client, said } = await signInWith(type)
    expect(url.searchParams.get("code_challenge_method")).toBe("S256")
    const { claims, renewed_claims: renewed } = said
    expect(claims).toMatchObject({ iss: server.url, sub: user.publicId, aud: client.publicId })
    expect(renewed).toMatchObject({ iss: server.url, sub: user.publicId, auth_time: claims.auth_time })
    const person = { sub: user.publicId, email: user.email, email_verified: true, name: "Zoë Łukasiewicz" }
    expect(said).toMatchObject({ userinfo: person, renewed_info: person, rotated: true })
    // It does look at what it is given: else the above would say nothing.
    expect(said).toMatchObject({
      foreign_state: "MismatchingStateException",
      foreign_nonce: "InvalidClaimError",
      forged: "BadSignatureError",
      swapped: "InvalidClaimError",
    })
  },
)

test.skipIf(isSkipped)("with the verifier of somebody else it gets our error as its own", async () => {
  expect((await signInWith("public", true)).said).toEqual({ foreign_verifier: "OAuthError" })
})

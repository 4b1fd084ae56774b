// What a developer tries in the demo before anybody pays them: an app in test mode with a test user, who calls it weeks ago; then an endpoint
// that hears of it, and a payout of test money that takes every step and sends nothing. A step that does not hold throws.
import { createHmac, timingSafeEqual } from "node:crypto"
import { credits, randomSecret, type UserId } from "../../app/index.ts"
import type { App } from "../../compose.ts"
import { contextOf, setContext } from "../../http/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Client } from "../../oauth/index.ts"

const CTX = { actor: "cli", requestId: "demo", reason: "demo data" }
const CALLBACK = "http://127.0.0.1/callback"
const SCOPE = "openid llm"
/** An answer long enough that its developer's share is more than a cent. */
const ANSWER_TOKENS = 20_000
/** A delivery is on its way at once; a machine under load takes longer. */
const WAIT_MS = 15_000

function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`the developer's test mode did not hold: ${what}`)
}

/** In the past: a test user signs in to an app in test mode and has it answer. */
export async function earnTestMoney(app: App, developerId: UserId): Promise<void> {
  const { client } = await app.store.write(CTX, (tx) =>
    app.oauth.registerClientIn(tx, {
      ownerId: developerId,
      type: "public",
      name: "Storyteller, in test mode",
      redirectUris: [CALLBACK],
      scopes: ["openid", "llm"],
      mode: "test",
    }),
  )
  const { user } = await app.identity.makeTestUser(CTX, developerId, (tx, id) => {
    app.ledger.grantIn(tx, {
      owner: principal(id),
      mode: "test",
      type: "bonus",
      bucket: "bonus",
      paid: false,
      amountNano: credits(10_000),
      key: `demo-test-user:${id}`,
    })
  })
  const request = new Request(`${app.config.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await tokenOf(app, { userId: user.id, client })}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      model: "sandbox",
      messages: [{ role: "user", content: `sandbox:cost ${ANSWER_TOKENS}` }],
      max_tokens: ANSWER_TOKENS,
    }),
  })
  setContext(request, { ...contextOf(request), requestId: `req_${randomSecret(12)}` })
  const answer = await app.gateway.chatCompletions(request)
  hold(answer.ok, `the test user's call answered ${answer.status}`)
  await answer.arrayBuffer()
}

/** As the app gets it: by a code, after its person said yes. @param of.payer `tea_…` whose credits it spends; none: their own */
export async function tokenOf(
  { oauth, clock }: App,
  { userId, client, payer }: { userId: UserId; client: Client; payer?: string },
): Promise<string> {
  const verifier = randomSecret()
  const session = { sessionId: 0, userId, authTimeMs: clock.now(), amr: ["pwd"], sid: "demo" }
  const here = { session, browserIds: [randomSecret()], requestId: "demo" }
  const params = new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: SCOPE,
    state: "demo",
    code_challenge: new Bun.CryptoHasher("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  })
  const asked = await oauth.beginAuthorization({ ...here, params })
  hold(asked.kind === "consent", "whoever signs in is asked for permission")
  const limits = { llm: credits(10_000) }
  const given = await oauth.decide({
    ...here,
    interaction: asked.interaction,
    approve: true,
    scopes: SCOPE.split(" "),
    limits,
    payer,
  })
  hold(given.kind === "redirect", "whoever said yes gets back to the app")
  const tokens = await oauth.token({
    params: new URLSearchParams({
      grant_type: "authorization_code",
      code: new URL(given.location).searchParams.get("code") ?? "",
      redirect_uri: CALLBACK,
      code_verifier: verifier,
      client_id: client.publicId,
    }),
    authorization: null,
    requestId: "demo",
  })
  return tokens.access_token
}

/** Now: the developer listens, and has the test money paid out. */
export async function payTestMoneyOut(
  app: App,
  developerId: UserId,
  say: (step: string, detail: string) => void,
): Promise<void> {
  const receiver = receive()
  try {
    const owner = { userId: developerId, client: null }
    const types = ["payout.requested", "payout.paid"]
    const { secret } = await app.webhooks.create(CTX, owner, { url: receiver.url, types, mode: "test" })
    receiver.knows(secret)
    const paid = await app.store.write(CTX, (tx) => app.payouts.testPayoutIn(tx, { userId: developerId, key: "demo" }))
    hold(paid.state === "paid" && paid.amountNano > 0, "the test payout went through")
    say(
      "test payout",
      `$${(paid.amountNano / 1e9).toFixed(2)} that a test user's calls earned, by every step; nothing was sent`,
    )
    const heard = (await receiver.heard(2)).sort()
    hold(heard.join(" ") === "payout.paid payout.requested", `the endpoint heard ${heard.join(", ") || "nothing"}`)
    say("webhook", `payout.requested and payout.paid came to ${receiver.url}, signed as Standard Webhooks say`)
  } finally {
    receiver.stop()
  }
}

/** A developer's own server: it takes what is signed with its secret and nothing else. */
function receive() {
  let key = Buffer.alloc(0)
  const types = new Set<string>()
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.text()
      if (!isSigned(key, request.headers, body)) return new Response("not signed by who I know", { status: 401 })
      types.add((JSON.parse(body) as { type: string }).type)
      return new Response("taken")
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}/hooks`,
    knows(secret: string) {
      key = Buffer.from(secret.replace("whsec_", ""), "base64")
    },
    async heard(count: number): Promise<string[]> {
      const untilMs = Date.now() + WAIT_MS
      while (types.size < count && Date.now() < untilMs) await Bun.sleep(20)
      return [...types]
    },
    stop: () => void server.stop(true),
  }
}

/** https://www.standardwebhooks.com: one of the signatures is that of id, time and body. */
function isSigned(key: Buffer, headers: Headers, body: string): boolean {
  const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.${body}`
  const expected = createHmac("sha256", key).update(signed).digest()
  return (headers.get("webhook-signature") ?? "").split(" ").some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ""), "base64")
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

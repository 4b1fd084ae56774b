// The first call without a sign-in: a test token of the developer's own, shown once, and the call itself, made here as any program
// would make it: through the gateway, with a token that ends with the call.

import { callBody } from "../../../views/portal/snippet.ts"
import type { TestCallProps, TestRun } from "../../../views/portal/test-call.tsx"
import { nano } from "../../app/index.ts"
import { contextOf, field, form, setContext } from "../../http/index.ts"
import { type Client, TRIAL_DAILY } from "../../oauth/index.ts"
import type { PageRequest } from "../base/index.ts"
import { mine, pathOf, placesOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const HOME = "/developer"
/** Most of an answer that is said on the page that follows. */
const ANSWER_CHARS = 200

/** A button that says which page it stood on. */
const buttonOf = (submit: string) => form({ start: field.hidden({ label: "First visit", optional: true }) }, { submit })

export function testCallRoutes(site: PortalSite, deps: PortalDeps): void {
  const { oauth, store } = deps
  const load = (page: PageRequest, { app }: { app: string }, sent: (name: string) => string) => {
    const client = mine(deps, page, app)
    return { client, from: sent("start") === "1" ? HOME : pathOf(client) }
  }
  const back = ({ from }: ReturnType<typeof load>) => from

  site.post("/developer/apps/:app/test-token", {
    load,
    form: buttonOf("Make a test token"),
    // It is over after an hour and may spend little: what an hour at this browser could do as well.
    fresh: () => false,
    async act(page, _, { client, from }) {
      const { token } = await tokenFor(deps, page, client, true)
      return { to: from, secret: token }
    },
    back,
  })
  site.post("/developer/apps/:app/test-token/revocation", {
    load,
    form: buttonOf("End the test token"),
    async act(page, _, { client, from }) {
      const input = { userId: page.session.userId, clientPublicId: client.publicId }
      await store.write(page.ctx("ended a test token"), (tx) => oauth.endTrialsIn(tx, input))
      return { to: from, say: "The test token no longer works." }
    },
    back,
  })
  site.post("/developer/apps/:app/test-call", {
    load,
    form: buttonOf("Run it here"),
    async act(page, _, { client, from }) {
      const { token, grant } = await tokenFor(deps, page, client, false)
      try {
        const { requestId, said, isOk } = await callHere(deps, page, client, token)
        if (!isOk) return { to: from, say: said, tone: "error" }
        return { to: `${pathOf(client)}?run=${requestId}#test-call`, say: `It answered: ${said}` }
      } finally {
        const input = { userId: page.session.userId, clientPublicId: client.publicId, grant }
        await store.write(page.ctx("ended a test call's token"), (tx) => oauth.endTrialsIn(tx, input))
      }
    },
    back,
  })
}

/** @throws AppError forbidden (no developer any more), and as `trialGrantIn` */
async function tokenFor(
  { oauth, store, developers }: PortalDeps,
  page: PageRequest,
  client: Client,
  replaces: boolean,
) {
  const { userId, sessionId, authTimeMs } = page.session
  const ownerId = page.holder.id
  const input = { ownerId, userId, clientPublicId: client.publicId, session: { sessionId, authTimeMs }, replaces }
  const grant = await store.write(page.ctx("made a test token"), (tx) => {
    developers.requireDeveloperIn(tx, ownerId)
    return oauth.trialGrantIn(tx, input)
  })
  return { grant, token: (await oauth.signTrial(grant)).token }
}

/** The page's own request is the call's: one id for both. */
async function callHere(deps: PortalDeps, page: PageRequest, client: Client, token: string) {
  const { apiBaseUrl, sampleModel } = placesOf(deps, client)
  const request = new Request(`${apiBaseUrl}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(callBody(sampleModel)),
  })
  const context = contextOf(page.request)
  setContext(request, { ...context, seat: null, bodies: null })
  const response = await deps.gateway.chatCompletions(request)
  const answer = (await response.json()) as Answer
  const said = answer.choices?.[0]?.message?.content ?? answer.error?.message ?? "There was no answer. Try again."
  return { requestId: context.requestId, isOk: response.ok, said: said.slice(0, ANSWER_CHARS) }
}

interface Answer {
  choices?: { message?: { content?: string | null } }[]
  error?: { message?: string }
}

/** What the part of the page shows. @param secret what was just made for this page, if anything */
export function testCallOf(
  deps: PortalDeps,
  page: PageRequest,
  client: Client,
  secret: string | undefined,
): Omit<TestCallProps, "csrf" | "now" | "isFirst"> {
  const { apiBaseUrl, sampleModel } = placesOf(deps, client)
  return {
    app: { id: client.publicId, testMode: client.mode === "test" },
    ...(client.mode === "test" ? { testCredits: deps.ledger.wallet(page.owner, "test").spendableNano } : {}),
    refused: refusedOf(client),
    dailyLimit: TRIAL_DAILY,
    token: isToken(secret) ? secret : undefined,
    endsMs: deps.oauth.trialEndsMs(page.session.userId, client.publicId),
    run: runOf(deps, page, client),
    call: { apiBaseUrl, model: sampleModel },
  }
}

/** Client secrets and test tokens are both shown once; a JWS begins with its header (RFC 7515 §7.1). */
export const isToken = (secret: string | undefined): boolean => secret?.startsWith("eyJ") ?? false

function refusedOf(client: Client): string | undefined {
  if (client.suspendedMs !== null) return "this app is suspended."
  return client.scopes.includes("llm") ? undefined : "this app does not ask for the scope llm. Add it below."
}

/** The call that the address names, when this person made it through this app. */
function runOf({ usage }: PortalDeps, page: PageRequest, client: Client): TestRun | undefined {
  const id = new URL(page.request.url).searchParams.get("run")
  const call = id ? usage.byRequestId(page.session.userId, client.id, id) : null
  if (!call || call.end === "refused") return undefined
  const hasReceipt = call.mode === "live" && call.transactionId !== null
  return {
    model: call.model,
    charge: nano(call.collectedNano),
    inputTokens: call.inputTokens,
    outputTokens: call.outputTokens,
    receiptHref: hasReceipt ? `/credits?app=${client.publicId}#move-${call.transactionId}` : undefined,
  }
}

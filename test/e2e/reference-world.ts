// A server on which every example of the reference can be run, and how: the ids that examples show stand for things of that world.
import { expect } from "bun:test"
import { credits, nano } from "../../src/app/index.ts"
import { makeRestore } from "../../src/backup/testing.ts"
import type { User } from "../../src/identity/index.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { addPasskey, CTX, giveCredits, makeClient, makeUser, mintTokens, turnTwoStepOn } from "../build.ts"
import { changeListing } from "../directory-world.ts"
import { addDocument, payoutFor } from "../payout-world.ts"
import {
  addGuest,
  addIssuers,
  addRecommended,
  announced,
  openRouteWorld,
  type RouteWorld,
  waitingInvoice,
  waitingMessage,
} from "../routes.ts"

export interface Operation {
  operationId: string
  summary: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters?: { name: string; in: string; required?: boolean; schema: object; example?: unknown }[]
  requestBody?: { content: { "application/json": { schema: Json; example?: unknown } } }
  responses: Record<
    string,
    { content: Record<string, { schema: Json; example?: unknown }>; "x-error-codes"?: string[] }
  >
}
export type Json = Record<string, unknown>
export interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> }
  servers: { url: string }[]
}
export interface Named extends Operation {
  method: string
  path: string
}

export const readDocument = async (url: string): Promise<Document> =>
  (await (await fetch(`${url}/openapi.json`)).json()) as Document

export const operationsOf = (document: Document): Named[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  )

export interface ReferenceWorld extends RouteWorld {
  /** What a call of this operation finds in its environment. */
  environmentOf(operation: Named): Record<string, string>
  /** Code of an example with the things of this world in it. */
  here(operation: Named, code: string): Promise<string>
}

const ADMIN = ["admin:credits", "admin:users", "admin:plans", "admin:prices", "admin:upstreams", "admin:settings"]

export async function openReferenceWorld(): Promise<ReferenceWorld> {
  const world = await openRouteWorld()
  const { app, url } = world.server
  await app.plans.change(CTX, { user: world.person, planCode: "professional", choice: "byok" })
  const keyOf = async (user: User, scopes: string[]) =>
    (await app.keys.create(CTX, { userId: user.id, name: "Reference", scopes })).secret
  const own = await keyOf(world.person, [
    "llm",
    "embeddings",
    "image-generation",
    "video-generation",
    "speech",
    "mcp",
    "manage",
  ])
  const admin = await keyOf(world.admin, ADMIN)
  const makers = await keyOf(world.developer, ["manage"])
  const ofApp = await app.appKeys.create(CTX, {
    ownerId: world.developer.id,
    clientPublicId: world.clientId,
    name: "Reference",
    scopes: ["users", "usage", "revenue"],
  })
  const agent = await signedIn(world.server, world.admin.email)
  const cookie = ["browser", "auth", "console"]
    .map((name) => `purser_${name}=${agent.cookie(url, `_${name}`)}`)
    .join("; ")
  const session = { COOKIE: cookie, CSRF_TOKEN: await csrfOf(world.server, agent) }
  const answers = await keptAnswers(world, own)
  const again = await app.keys.create(CTX, { userId: world.person.id, name: "To revoke", scopes: ["llm"] })
  const requestId = await requestOf(url, own)
  let charge = 0
  let made = 10
  const charges = app.ledger.history({ kind: "principal", id: world.person.id }, "live", { limit: 9, types: ["usage"] })

  const isAdmins = ({ security }: Named) =>
    security.some(({ adminKey, apiKey }) => (adminKey ?? apiKey)?.some((scope) => scope.startsWith("admin:"))) &&
    !security.some(({ apiKey }) => apiKey?.includes("manage"))
  return {
    ...world,
    environmentOf: (operation) => ({
      ...session,
      PURSER_API_KEY: isAdmins(operation)
        ? admin
        : "appKey" in (operation.security[0] ?? {})
          ? ofApp.secret
          : operation.path.startsWith("/api/v1/developer/")
            ? makers
            : own,
    }),
    async here(operation, code) {
      const values: [string, string][] = [
        [
          "usr_01K9ZT4M2Q8V6X3B7N5RJDHWCE",
          operation.path.includes("bulk")
            ? world.developer.publicId
            : // Whose payments are on their way cannot go.
              operation.path.includes("/erasure")
              ? world.stranger.publicId
              : world.person.publicId,
        ],
        ["key_01K9ZT4M2Q8V6X3B7N5RJDHWCE", again.key.publicId],
        ["req_01K9ZT4M2Q8V6X3B7N5RJDHWCE", requestId],
        ["upm_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.upstreamId],
        ["hsm_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.houseId],
        ["lim_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.limitId],
        ["ord_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.paymentId],
        ["dsp_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.disputeId],
        ["evt_1QqZ5pJ2eZvKYlo2", world.eventId],
        ["mrv_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.market.review],
        ["sup_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.questionId],
        ["tea_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.teams.team],
      ]
      const of = (id: string) => code.includes(id)
      if (of("WELCOME10") && operation.operationId !== "createCoupon")
        values.push(["WELCOME10", /^end/i.test(operation.operationId) ? await freshCoupon(world) : world.couponCode])
      if (operation.operationId === "createCoupon") values.push(["WELCOME10", `WELCOME-${++made}`])
      if (of("sk-…")) values.push(["sk-…", `sk-proj-${"a".repeat(40)}${++made}`])
      if (operation.path.startsWith("/api/v1/openrouter/")) await lendAccount(app, world.person, operation)
      if (of("pky_")) values.push(["pky_01K9ZT4M2Q8V6X3B7N5RJDHWCE", await ownKeyOf(app, world.person)])
      if (of("sora-2")) values.push(["sora-2", "sandbox"])
      if (of("video_01")) values.push(["video_01K9ZT4M2Q8V6X3B7N5RJDHWCE", await finishedVideo(app, url, own)])
      if (of("ann_")) values.push(["ann_01K9ZT4M2Q8V6X3B7N5RJDHWCE", await announced(app)])
      if (operation.path.endsWith("/admin/restore")) await makeRestore(app)
      if (operation.path.includes("/admin/issuers")) await addIssuers(app)
      if (operation.path.includes("/admin/mcp")) await addRecommended(app, operation.path.endsWith("/admin/mcp"))
      // An example before may have taken it away.
      if (!app.billing.isOn) await app.billing.connection.saveKey(CTX, "sk_test_fake")
      if (operation.path.endsWith("/passkeys") && app.identity.passkeysOf(world.person.id).length === 0)
        await addPasskey(app, world.person)
      if (operation.path.endsWith("/two-step")) await turnTwoStepOn(app, world.person)
      if (/invoices\/[^/]+\/(payment|failure)$/.test(operation.path))
        values.push(["INV-2026-001", await waitingInvoice(app, world.person, `reference-${++made}`)])
      if (operation.path.includes("/admin/directory/"))
        await changeListing(app, world.clientId, operation.path.endsWith("/reinstatement") ? "suspended" : "listed")
      if (operation.path.includes("/consumers/{consumer}")) values.push(...(await consumerFor(world, operation)))
      if (operation.path.includes("/admin/sales/")) values.push(["INV-2026-001", world.market.sale])
      if (of("evt_")) values.push(["evt_01K9ZT4M2Q8V6X3B7N5RJDHWCE", await waitingMessage(app)])
      if (operation.path.includes("/admin/apps/{app}/secrets"))
        values.push(
          ["cli_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.clientId],
          ["sec_01K9ZT4M2Q8V6X3B7N5RJDHWCE", newestSecret(world)],
        )
      else if (operation.path.endsWith("/admin/apps/house/{houseapp}"))
        values.push(["cli_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.houseAppId])
      else if (operation.path.endsWith("/admin/apps/{app}/verification"))
        values.push(["cli_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.clientId])
      else if (operation.path.endsWith("/admin/apps/{app}/review")) {
        values.push(["cli_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.clientId])
        await app.store.write(CTX, (tx) =>
          app.oauth.setReviewIn(tx, { clientPublicId: world.clientId, review: "waiting" }),
        )
      } else if (of("cli_") && /^\/api\/v1\/(developer|admin\/directory)\//.test(operation.path))
        values.push(["cli_01K9ZT4M2Q8V6X3B7N5RJDHWCE", world.clientId])
      else if (of("cli_") && operation.path.startsWith("/api/v1/admin/apps/"))
        values.push(["cli_01K9ZT4M2Q8V6X3B7N5RJDHWCE", await addGuest(app, "reference")])
      if (operation.path.endsWith("/payouts/documents")) await addDocument(app, world.person.id)
      if (operation.path.includes("/admin/payouts")) {
        const { payout = "", payoutfile = "" } = await payoutFor(app, world.developer, operation.path)
        values.push(["pay_01K9ZT4M2Q8V6X3B7N5RJDHWCE", payout], ["pyf_01K9ZT4M2Q8V6X3B7N5RJDHWCE", payoutfile])
      }
      if (of("prd_")) values.push(["prd_01K9ZT4M2Q8V6X3B7N5RJDHWCE", await productFor(world, operation)])
      if (of("con_")) values.push(["con_01K9ZT4M2Q8V6X3B7N5RJDHWCE", await freshConsent(world)])
      if (of("whe_")) values.push(...(await freshHook(world)))
      if (of("lot_")) values.push(["lot_01K9ZT4M2Q8V6X3B7N5RJDHWCE", await freshLot(world)])
      if (of("txn_")) values.push(["txn_01K9ZT4M2Q8V6X3B7N5RJDHWCE", charges[charge++]!.transactionId])
      if (of("resp_")) values.push(["resp_01K9ZT4M2Q8V6X3B7N5RJDHWCE", answers[0]!])
      // What the house sells answers with a model that is there; text-embedding models need a provider that has them.
      values.push(["gpt-5-mini", operation.path.startsWith("/api/v1/admin/prices") ? "gpt-5-mini" : "sandbox"])
      for (const name of ["gpt-image-1", "omni-moderation-latest", "rerank-v3.5", "tts-1", "whisper-1"])
        values.push([name, "sandbox"])
      // Any file is a recording to the sandbox.
      values.push(["note.wav", import.meta.path])
      return values.reduce((text, [id, value]) => text.replaceAll(id, value), code)
    },
  }
}

const newestSecret = ({ server: { app }, clientId }: RouteWorld): string =>
  app.oauth.secretsOf(app.oauth.clientByPublicId(clientId)!.id)[0]!.publicId

/** The API product, in the state from which this act leads on. */
async function productFor({ server: { app }, market }: RouteWorld, { path }: Named): Promise<string> {
  const act = path.split("/").at(-1)!
  const from: Record<string, string> = { publication: "unpublished", return: "unpublished", reinstatement: "suspended" }
  await app.store.write(CTX, (tx) =>
    tx.run("UPDATE market_products SET state = ? WHERE public_id = ?", from[act] ?? "published", market.productId),
  )
  return market.productId
}

/** Somebody who just subscribed to the API, in the state from which this act leads on; and a plan of it. */
async function consumerFor({ server: { app }, market }: RouteWorld, { path }: Named): Promise<[string, string][]> {
  const { catalog, plans, subscriptions } = app.marketplace
  const product = catalog.product(market.productId)!
  const plan = plans.plansOf(product.id)[0]!
  const { id: userId } = await makeUser(app)
  const made = await app.store.write(CTX, (tx) => {
    const { subscription } = subscriptions.subscribeIn(tx, { userId, planId: plan.id, key: "reference" })
    const { ownerId } = catalog.publisherById(product.publisherId)!
    const ref = { ownerId, subscription: subscription.publicId }
    if (path.endsWith("/unblock")) subscriptions.banIn(tx, { ...ref, reason: "Reference" })
    return subscription.publicId
  })
  return [
    ["msb_01K9ZT4M2Q8V6X3B7N5RJDHWCE", made],
    ["mpl_01K9ZT4M2Q8V6X3B7N5RJDHWCE", plan.publicId],
  ]
}

/** Credits that nothing has taken from yet. */
async function freshLot({ server: { app }, person }: RouteWorld): Promise<string> {
  const lots = () => app.ledger.wallet({ kind: "principal", id: person.id }, "live").lots.map((lot) => lot.publicId)
  const before = new Set(lots())
  await giveCredits(app, person, credits(5))
  return lots().find((id) => !before.has(id))!
}

/** An app that the person lets in from now on. */
async function freshConsent({ server: { app }, person, developer }: RouteWorld): Promise<string> {
  const made = await makeClient(app, { ownerId: developer.id, name: "Fresh" })
  await mintTokens(app, { user: person, ...made })
  return app.oauth.consentsOf(person.id).find(({ clientId }) => clientId === made.client.id)!.publicId
}

/** A webhook endpoint of the person's, and what was sent to it. */
async function freshHook({ server: { app }, person }: RouteWorld): Promise<[string, string][]> {
  const owner = { userId: person.id, client: null }
  for (const { publicId } of app.webhooks.of(owner).slice(1))
    await app.store.write(CTX, (tx) => app.webhooks.removeIn(tx, owner, publicId))
  const { endpoint } = await app.webhooks.create(CTX, owner, { url: "https://example.com/hooks", types: null })
  await app.store.write(CTX, (tx) => void app.webhooks.testIn(tx, owner, endpoint.publicId))
  await app.outbox.flush()
  const [sent] = app.webhooks.deliveries(endpoint.id, { rows: 1 })
  return [
    ["whe_01K9ZT4M2Q8V6X3B7N5RJDHWCE", endpoint.publicId],
    ["whd_01K9ZT4M2Q8V6X3B7N5RJDHWCE", sent!.publicId],
  ]
}

/** One that may be ended. */
async function freshCoupon({ server: { app } }: RouteWorld): Promise<string> {
  const gift = { kind: "percent", percent: 5, amountNano: nano(0), creditDays: null, planCode: null } as const
  const terms = { note: "", maxUses: null, perPerson: 1, minimumNano: nano(0), onlyFor: [], expiresMs: null }
  return (await app.store.write(CTX, (tx) => app.billing.coupons.createIn(tx, { code: "", ...gift, ...terms }))).code
}

async function keptAnswers({ server: { app, url }, person }: RouteWorld, key: string): Promise<string[]> {
  await app.kept.turn(CTX, { userId: person.id, userPublicId: person.publicId, on: true })
  const answer = await fetch(`${url}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox", input: "hi", store: true }),
  })
  expect(answer.status).toBe(200)
  return [((await answer.json()) as { id: string }).id]
}

async function requestOf(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "hi" }] }),
  })
  await answer.text()
  return answer.headers.get("x-request-id")!
}

/** One that the sandbox made. */
async function finishedVideo(app: RouteWorld["server"]["app"], url: string, key: string): Promise<string> {
  const authorization = `Bearer ${key}`
  const asked = await fetch(`${url}/v1/videos`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox", prompt: "A ship comes in" }),
  })
  const { id } = (await asked.json()) as { id: string }
  for (let tries = 0; tries < 50; tries++) {
    const answer = await fetch(`${url}/v1/videos/${id}`, { headers: { authorization } })
    const { status } = (await answer.json()) as { status: string }
    if (status === "completed") return id
    await app.jobs.runNow(CTX, "look-after-videos")
  }
  throw new Error("the sandbox made no video")
}

/** None where it is to be made, else one that there is. */
async function lendAccount(app: RouteWorld["server"]["app"], user: User, { path }: { path: string }): Promise<void> {
  const owner = { userId: user.id, userPublicId: user.publicId }
  const { openrouter } = app.gateway
  // One that is being made is made first.
  await app.outbox.flush()
  const state = openrouter.of(user.id)?.state
  if (path.endsWith("/create-account") ? state === "ready" : false) await openrouter.remove(CTX, owner)
  if (!path.endsWith("/create-account") && state !== "ready") await openrouter.create(CTX, owner)
  await app.outbox.flush()
}

/** An example before may have deleted it. */
async function ownKeyOf(app: RouteWorld["server"]["app"], user: User): Promise<string> {
  const [first] = app.gateway.providerKeys.of(user.id).keys
  if (first) return first.publicId
  const key = `sk-proj-${"b".repeat(40)}`
  return (
    await app.gateway.providerKeys.add(CTX, { userId: user.id, userPublicId: user.publicId, provider: "openai", key })
  ).publicId
}

// What a person takes away in the moment between a call's first look and its hold: nothing is charged, and the tool server hears of nothing.
// The price is asked in that moment, so it is where the act is queued; holds of a turn come after all else that was written in it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import type { Consent } from "../../src/oauth/index.ts"
import type { Tx } from "../../src/store/index.ts"
import { CTX, giveCredits, makeClient, makeDeveloper, mintTokens } from "../build.ts"
import { connectWith } from "./sdk-client.ts"
import { openToolWorld, type ToolWorld } from "./world.ts"

let world: ToolWorld
let between: (() => void) | null = null
const ELSEWHERE = ["/v1/mcp/groups/elsewhere/mcp"]

beforeAll(async () => {
  world = await openToolWorld()
  await giveCredits(world.server.app, world.user, credits(500))
  const { pricing } = world.server.app
  const { ruleFor } = pricing
  pricing.ruleFor = (...asked) => {
    between?.()
    between = null
    return ruleFor.apply(pricing, asked)
  }
}, 30_000)
afterAll(() => world?.close())

/** A person's permission for an app of its own, so that what one test takes away is nobody else's. */
async function allowed(): Promise<{ token: string; consent: Consent }> {
  const { app } = world.server
  const before = new Set(app.oauth.consentsOf(world.user.id).map(({ publicId }) => publicId))
  const developer = await makeDeveloper(app)
  const { client, secret } = await makeClient(app, { ownerId: developer.id, scopes: ["mcp"] })
  const { accessToken } = await mintTokens(app, { user: world.user, client, secret, scope: "mcp" })
  const consent = app.oauth.consentsOf(world.user.id).find(({ publicId }) => !before.has(publicId))!
  return { token: accessToken, consent }
}

const inBetween = (act: (tx: Tx) => unknown): Promise<unknown> => {
  const done = Promise.withResolvers<unknown>()
  between = () => void world.server.app.store.write(CTX, (tx) => void act(tx)).then(done.resolve, done.reject)
  return done.promise
}
const state = () => [world.balance(), world.openHolds(), world.peer.calls.length]

const ACTS: Readonly<Record<string, [(tx: Tx, consent: Consent) => unknown, number, string]>> = {
  "the whole permission": [
    (tx, { publicId: consentPublicId }) =>
      world.server.app.oauth.revokeConsentIn(tx, { userId: world.user.id, consentPublicId }),
    401,
    "token_revoked",
  ],
  "this group": [
    (tx, { publicId: consentPublicId }) =>
      world.server.app.oauth.updateToolsIn(tx, { userId: world.user.id, consentPublicId, tools: ELSEWHERE }),
    404,
    "not_found",
  ],
  "all credits of the day": [
    (tx, { publicId: consentPublicId }) =>
      world.server.app.oauth.updateLimitsIn(tx, {
        userId: world.user.id,
        consentPublicId,
        limits: { mcp: credits(0) },
      }),
    429,
    "app_daily_limit_exceeded",
  ],
}

for (const [what, [act, status, code]] of Object.entries(ACTS))
  test(`by API: ${what}`, async () => {
    const { token, consent } = await allowed()
    expect((await world.call("echo", { text: "before" }, { bearer: token })).status).toBe(200)
    const before = state()
    const acted = inBetween((tx) => act(tx, consent))
    const answer = await world.call("echo", { text: "late" }, { bearer: token })
    await acted
    const { error } = (await answer.json()) as { error: { code: string } }
    expect([answer.status, error.code]).toEqual([status, code])
    expect(state()).toEqual(before)
  })

test("in an open session of a group as an MCP server", async () => {
  const { token, consent } = await allowed()
  const { client } = await connectWith(world.server.at("/v1/mcp/groups/travel/mcp"), token)
  await client.callTool({ name: "echo", arguments: { text: "before" } })
  const before = state()
  const acted = inBetween((tx) => ACTS["this group"]![0](tx, consent))
  await expect(client.callTool({ name: "echo", arguments: { text: "late" } })).rejects.toThrow("no group of this name")
  await acted
  expect(state()).toEqual(before)
  await client.close()
})

test("what stays allowed is charged and called", async () => {
  const { token, consent } = await allowed()
  const before = state()
  const keep = { userId: world.user.id, consentPublicId: consent.publicId, tools: ["/v1/mcp/groups/travel/mcp"] }
  const acted = inBetween((tx) => world.server.app.oauth.updateToolsIn(tx, keep))
  expect((await world.call("echo", { text: "kept" }, { bearer: token })).status).toBe(200)
  await acted
  expect(state()).toEqual([before[0]! - credits(1), 0, before[2]! + 1])
})

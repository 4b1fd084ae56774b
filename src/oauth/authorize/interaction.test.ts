// An interaction from its seal to its one answer: whose it is, how long, and what it leaves behind.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { HOUR_MS } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { answer, interactionOf, type Kit, type Made, openKit } from "../testing.ts"
import { insertAnswered } from "./store.ts"

let kit: Kit
let app: Made
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
})
afterEach(() => kit.close())

describe("an interaction belongs to its browser and its person", () => {
  test("any id of the browser that began it opens it", async () => {
    const login = await kit.ask(app, {}, null)
    const browserIds = ["an older id", kit.browser]
    expect((await kit.resume(interactionOf(login), kit.signIn(), { browserIds })).kind).toBe("consent")
  })
  test("another browser cannot resume or decide it", async () => {
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(app, {}, session))
    expect((await kit.resume(interaction, session, { browserIds: ["attacker"] })).kind).toBe("error-page")
    expect((await kit.decide(interaction, session, { browserIds: ["attacker"] })).kind).toBe("error-page")
    expect(kit.count("oauth_grants")).toBe(0)
  })
  test("a page that another person saw is shown again before anything is granted", async () => {
    const ann = kit.signIn(1)
    const interaction = interactionOf(await kit.ask(app, {}, ann))
    const bob = kit.signIn(2)
    const shown = await kit.decide(interaction, bob)
    expect(shown.kind).toBe("consent")
    expect(kit.count("oauth_consents")).toBe(0)
    expect((await kit.decide(interactionOf(shown), bob)).kind).toBe("redirect")
    expect(kit.oauth.consentsOf(1)).toEqual([])
    expect(kit.oauth.consentsOf(2)).toHaveLength(1)
  })
  test("signed out in between: back to login, nothing granted", async () => {
    const interaction = interactionOf(await kit.ask(app))
    expect((await kit.decide(interaction, null)).kind).toBe("login")
    expect(kit.count("oauth_grants")).toBe(0)
  })
  test("a decision before the page was ever shown shows it", async () => {
    const interaction = interactionOf(await kit.ask(app, {}, null))
    expect((await kit.decide(interaction, kit.signIn())).kind).toBe("consent")
  })
  test("reloading the page works; after an hour it is over", async () => {
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(app, {}, session))
    for (let i = 0; i < 3; i++) expect((await kit.resume(interaction, session)).kind).toBe("consent")
    kit.clock.advance(HOUR_MS)
    expect((await kit.resume(interaction, session)).kind).toBe("error-page")
    expect((await kit.decide(interaction, session)).kind).toBe("error-page")
  })
  test("no other secret passes for an interaction, nor an interaction for a code", async () => {
    const session = kit.signIn()
    const code = await kit.code(app.client, {}, session)
    const { refresh_token } = await kit.redeem(app, code)
    for (const forged of [code, refresh_token!, "", "x"]) {
      expect((await kit.resume(forged, session)).kind).toBe("error-page")
    }
  })
})

test("a loopback app renews in the session that approved it, at the same origin only", async () => {
  const uris = ["http://localhost/cb", "http://localhost/silent", "com.example.app:/cb"]
  const native = await kit.register("public", { redirectUris: uris })
  const silent = async (redirect_uri: string, session: ReturnType<Kit["signIn"]>, made = native) =>
    answer(await kit.ask(made, { redirect_uri, prompt: "none" }, session)).get("error")
  const session = kit.signIn()
  for (const redirect_uri of ["http://localhost:5173/cb", "com.example.app:/cb"])
    await kit.login(native, { redirect_uri, prompt: "consent" }, session)
  expect(await silent("http://localhost:5173/cb", session)).toBeNull()
  expect(await silent("http://localhost:5173/silent", session)).toBeNull()
  expect(await silent("http://localhost:5174/cb", session)).toBe("consent_required")
  expect(await silent("http://localhost:5173/cb", kit.signIn())).toBe("consent_required")
  expect(await silent("com.example.app:/cb", session)).toBe("consent_required")
  // What was refused was not approved.
  const refused = await kit.register("public", { redirectUris: ["http://localhost/cb"] })
  const asked = await kit.ask(refused, {}, session)
  await kit.decide(interactionOf(asked), session, { approve: false })
  expect(await silent("http://localhost/cb", session, refused)).toBe("consent_required")
  // Revoking ends it, as everywhere.
  const publicId = kit.oauth.consentsOf(1)[0]!.publicId
  await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
  expect(await silent("http://localhost:5173/cb", session)).toBe("consent_required")
})

test("requests of nobody are no rows; what people answered is swept once it is over", async () => {
  const mutations = kit.store.stats.mutations
  for (let at = 0; at < 50; at++) await kit.resume(interactionOf(await kit.ask(app, {}, null)), null)
  expect(kit.store.stats.mutations).toBe(mutations)
  const session = kit.signIn()
  await kit.login(app, {}, session)
  await kit.write((tx) => {
    for (let at = 0; at < 1_700; at++)
      insertAnswered(tx, { id: String(at).padStart(22, "0"), userId: 1, answer: "x", expiresMs: tx.now + 1 })
  })
  kit.clock.advance(HOUR_MS + OAUTH_LIMITS.pushedRequestMs + 1)
  for (let sweeps = 0; sweeps < 4; sweeps++) await kit.oauth.sweep()
  expect(kit.count("oauth_interactions")).toBe(0)
})

import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import { credits, DAY_MS, HOUR_MS, SECOND_MS, UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { answer, interactionOf, type Kit, type Made, openKit } from "../testing.ts"

let kit: Kit
let app: Made
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
})
afterEach(() => kit.close())

test("signed out: login, consent, code", async () => {
  const login = await kit.ask(app, {}, null)
  expect(login.kind).toBe("login")
  const session = kit.signIn()
  const consent = await kit.resume(interactionOf(login), session)
  expect(consent).toMatchObject({ kind: "consent", view: { reason: "first" } })
  const done = answer(await kit.decide(interactionOf(consent), session))
  expect(done.get("code")).toMatch(/^ac_[\w-]{43}$/)
  expect(done.get("state")).toBe("st-1")
  expect(kit.count("oauth_grants")).toBe(1)
})

test("the consent page lists scopes, what cannot be unticked, and a limit per AI scope", async () => {
  const outcome = await kit.ask(app, { scope: "openid email llm embeddings" })
  if (outcome.kind !== "consent") throw new Error()
  expect(outcome.view.scopes).toEqual([
    { scope: "openid", kind: "identity", required: true, granted: false, declined: false, limitNano: null },
    { scope: "email", kind: "identity", required: false, granted: false, declined: false, limitNano: null },
    { scope: "llm", kind: "ai", required: false, granted: false, declined: false, limitNano: credits(100) },
    { scope: "embeddings", kind: "ai", required: false, granted: false, declined: false, limitNano: credits(20) },
  ])
  expect(outcome.view.app).toMatchObject({ returnsTo: "app.example.com" })
})

describe("a decision", () => {
  test("gives what was ticked, openid always, nothing that was not asked", async () => {
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(app, { scope: "openid email llm" }, session))
    await kit.decide(interaction, session, {
      scopes: ["llm", "embeddings", "offline_access", "root"],
      limits: { llm: 5 },
    })
    const consent = kit.oauth.consentsOf(1)[0]!
    expect(consent.scopes).toEqual(["openid", "llm"])
    expect(consent.limits as unknown).toEqual({ llm: 5 })
  })
  test("what was left unticked is an answer: not asked again, not given, and found unticked when the app insists", async () => {
    const session = kit.signIn()
    const scope = "openid email llm"
    await kit.decide(interactionOf(await kit.ask(app, { scope }, session)), session, { scopes: ["llm"] })
    const silent = await kit.ask(app, { scope, prompt: "none" }, session)
    const tokens = await kit.redeem(app, answer(silent).get("code")!)
    expect(tokens.scope).toBe("openid llm")
    // Something never asked for is asked, and only that is new.
    const more = await kit.ask(app, { scope: `${scope} profile` }, session)
    if (more.kind !== "consent") throw new Error()
    expect(more.view.reason).toBe("new_scopes")
    const isFresh = (one: (typeof more.view.scopes)[number]) => !one.granted && !one.declined
    expect(more.view.scopes.filter(isFresh).map((one) => one.scope)).toEqual(["profile"])
    // Insisting shows it again, unticked; a tick then counts.
    const insisted = await kit.ask(app, { scope, prompt: "consent" }, session)
    if (insisted.kind !== "consent") throw new Error()
    expect(insisted.view.scopes.filter((one) => one.declined).map((one) => one.scope)).toEqual(["email"])
    await kit.decide(insisted.interaction, session, { scopes: ["email", "llm"] })
    expect(kit.oauth.consentsOf(1)[0]).toMatchObject({ scopes: ["openid", "email", "llm"], declined: [] })
    // All declined but a scope that is asked alone: nothing to answer with, so the person is asked.
    await kit.decide(interactionOf(await kit.ask(app, { scope, prompt: "consent" }, session)), session, {
      scopes: ["email"],
    })
    expect((await kit.ask(app, { scope: "llm" }, session)).kind).toBe("consent")
    // A revoked consent forgets what was declined.
    const { publicId } = kit.oauth.consentsOf(1)[0]!
    await kit.store.write(testCtx, (tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
    const again = await kit.ask(app, { scope }, session)
    expect(again).toMatchObject({ kind: "consent", view: { reason: "revoked" } })
    if (again.kind === "consent") expect(again.view.scopes.some((one) => one.declined)).toBe(false)
  })
  test("refused: access_denied, nothing stored", async () => {
    const session = kit.signIn()
    const told = answer(await kit.decide(interactionOf(await kit.ask(app, {}, session)), session, { approve: false }))
    expect([told.get("error"), told.get("state")]).toEqual(["access_denied", "st-1"])
    expect(kit.count("oauth_consents") + kit.count("oauth_grants")).toBe(0)
  })
  test("everything unticked counts as refused", async () => {
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(app, { scope: "llm" }, session))
    expect(answer(await kit.decide(interaction, session, { scopes: [] })).get("error")).toBe("access_denied")
  })
  test("counts once", async () => {
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(app, {}, session))
    const all = await Promise.all(Array.from({ length: 20 }, () => kit.decide(interaction, session)))
    // A second click gets the first one's answer, also one that comes while the first is being written.
    const codes = all.map((outcome) => answer(outcome).get("code"))
    expect(new Set(codes).size).toBe(1)
    expect(kit.count("oauth_grants")).toBe(1)
    kit.clock.advance(9 * SECOND_MS)
    expect(answer(await kit.decide(interaction, session, { approve: false })).get("code")).toBe(codes[0]!)
    expect(answer(await kit.resume(interaction, session, { formSent: true })).get("code")).toBe(codes[0]!)
    // Not to another person, not to a page opened again (Back: the app would use its code twice), and not for long.
    expect((await kit.decide(interaction, kit.signIn(2))).kind).toBe("error-page")
    expect((await kit.resume(interaction, session)).kind).toBe("error-page")
    kit.clock.advance(SECOND_MS)
    expect((await kit.decide(interaction, session)).kind).toBe("error-page")
  })
  test.each<[string, number | undefined, number]>([
    ["negative", -5, 0],
    ["fraction", 1.9, 1],
    ["huge", 1e30, credits(1_000_000)],
    ["not a number", Number.NaN, credits(100)],
    ["infinite", Number.POSITIVE_INFINITY, credits(100)],
    ["missing", undefined, credits(100)],
    ["zero", 0, 0],
  ])("clamps a %s limit", async (_name, llm, stored) => {
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(app, {}, session))
    await kit.decide(interaction, session, { limits: { llm } as never })
    expect(kit.oauth.consentsOf(1)[0]!.limits.llm).toBe(stored as never)
  })
})

describe("an error page names the app's own site", () => {
  const site = { name: "Chat", url: "https://chat.example.com" }
  const made = () => kit.register("confidential", { homepageUrl: site.url })

  test("after it was answered, also late, to the browser that began it", async () => {
    const chat = await made()
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(chat, {}, session))
    await kit.decide(interaction, session, { approve: false })
    expect(await kit.resume(interaction, session)).toMatchObject({ kind: "error-page", site })
    kit.clock.advance(HOUR_MS)
    expect(await kit.resume(interaction, session)).toMatchObject({ kind: "error-page", site })
    const elsewhere = await kit.resume(interaction, session, { browserIds: ["other"] })
    expect("site" in elsewhere && elsewhere.site).toBeUndefined()
  })
  test("when the redirect URI is not the app's: what was registered, nothing of the request", async () => {
    const outcome = await kit.ask(await made(), { redirect_uri: "https://evil.example.com/cb" })
    expect(outcome).toMatchObject({ kind: "error-page", site })
    expect(JSON.stringify(outcome)).not.toContain("evil.example.com")
  })
  test("not of an app that is suspended, was removed, is unknown or has no site", async () => {
    const chat = await made()
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(chat, {}, session))
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { clientPublicId: chat.client.publicId, reason: "x" }))
    const nothing = [
      await kit.resume(interaction, session),
      await kit.ask(chat, {}, session),
      await kit.ask(app, { client_id: "cli_unknown" }),
      await kit.ask(app, { redirect_uri: "https://evil.example.com/cb" }),
    ]
    for (const outcome of nothing) {
      expect(outcome.kind).toBe("error-page")
      expect("site" in outcome && outcome.site).toBeUndefined()
    }
  })
})

describe("the decision checks again what the request was allowed", () => {
  const waiting = async (more = {}) => {
    const session = kit.signIn()
    return { session, interaction: interactionOf(await kit.ask(app, more, session)) }
  }
  const update = (set: object) =>
    kit.write((tx) => kit.oauth.updateClientIn(tx, { ownerId: 9, clientPublicId: app.client.publicId, ...set }))

  test("redirect URI removed meanwhile", async () => {
    const { session, interaction } = await waiting()
    await update({ redirectUris: ["https://app.example.com/other"] })
    expect((await kit.decide(interaction, session)).kind).toBe("error-page")
    expect(kit.count("oauth_grants")).toBe(0)
  })
  test("client suspended meanwhile", async () => {
    const { session, interaction } = await waiting()
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { clientPublicId: app.client.publicId, reason: "x" }))
    expect(await kit.decide(interaction, session)).toMatchObject({
      kind: "error-page",
      error: { code: "client_suspended" },
    })
  })
  test("scope withdrawn from the client meanwhile", async () => {
    const { session, interaction } = await waiting({ scope: "openid llm embeddings" })
    await update({ scopes: ["embeddings"] })
    await kit.decide(interaction, session)
    expect(kit.oauth.consentsOf(1)[0]!.scopes).toEqual(["openid", "embeddings"])
  })
  test("person suspended meanwhile", async () => {
    const { session, interaction } = await waiting()
    kit.people.suspended.add(1)
    expect(await kit.decide(interaction, session)).toMatchObject({
      kind: "error-page",
      error: { code: "account_suspended" },
    })
    expect(kit.count("oauth_grants")).toBe(0)
  })
})

describe("an earlier consent", () => {
  beforeEach(() => kit.login(app))

  test("covers the same and fewer scopes silently, also with prompt=none", async () => {
    expect(answer(await kit.ask(app)).has("code")).toBe(true)
    expect(answer(await kit.ask(app, { scope: "openid" })).has("code")).toBe(true)
    expect(answer(await kit.ask(app, { prompt: "none" })).has("code")).toBe(true)
  })
  test("does not cover a new scope; what was given stays, limits are prefilled", async () => {
    const consent = kit.oauth.consentsOf(1)[0]!
    const input = { userId: 1, consentPublicId: consent.publicId, limits: { llm: credits(7) } }
    await kit.write((tx) => kit.oauth.updateLimitsIn(tx, input))
    expect(answer(await kit.ask(app, { scope: "openid email", prompt: "none" })).get("error")).toBe("consent_required")
    const session = kit.signIn()
    const asked = await kit.ask(app, { scope: "openid llm email" }, session)
    expect(asked).toMatchObject({ kind: "consent", view: { reason: "new_scopes" } })
    if (asked.kind !== "consent") throw new Error()
    expect(asked.view.scopes.map((row) => [row.scope, row.granted, row.limitNano as number | null])).toEqual([
      ["openid", true, null],
      ["email", false, null],
      ["llm", true, credits(7)],
    ])
    await kit.decide(asked.interaction, session, { scopes: ["email", "llm"] })
    const after = kit.oauth.consentsOf(1)[0]!
    expect(after.scopes).toEqual(["openid", "email", "offline_access", "llm"])
    expect(after.limits.llm).toBe(credits(7))
    expect(after.publicId).toBe(consent.publicId)
  })
  test("prompt=consent asks again", async () => {
    expect(await kit.ask(app, { prompt: "consent" })).toMatchObject({ kind: "consent", view: { reason: "prompt" } })
  })
  test("revoked: asked again, and told why", async () => {
    const { publicId } = kit.oauth.consentsOf(1)[0]!
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
    expect(await kit.ask(app)).toMatchObject({ kind: "consent", view: { reason: "revoked" } })
    expect(kit.oauth.consentsOf(1)).toEqual([])
  })
  test("belongs to one person and one client", async () => {
    expect((await kit.ask(app, {}, kit.signIn(2))).kind).toBe("consent")
    const other = await kit.register()
    expect((await kit.ask(other, {}, kit.signIn())).kind).toBe("consent")
  })
})

test("a consent older than the configured age is asked again", async () => {
  const aged = await openKit({ consentMaxAgeMs: 90 * DAY_MS })
  const made = await aged.register()
  await aged.login(made)
  aged.clock.advance(90 * DAY_MS)
  expect((await aged.begin(aged.params(made.client), aged.signIn())).kind).toBe("redirect")
  aged.clock.advance(1)
  const outcome = await aged.begin(aged.params(made.client), aged.signIn())
  expect(outcome).toMatchObject({ kind: "consent", view: { reason: "expired" } })
  await aged.close()
})

test("an app that cannot prove itself is never let in silently (RFC 8252 §8.6)", async () => {
  const native = await kit.register("public", { redirectUris: ["http://127.0.0.1/cb", "https://app.example.com/spa"] })
  const at = { redirect_uri: "http://127.0.0.1:5000/cb" }
  await kit.login(native, at)
  const again = await kit.ask(native, at, kit.signIn())
  expect(again).toMatchObject({ kind: "consent", view: { reason: "native_app" } })
  const silent = await kit.ask(native, { ...at, prompt: "none" }, kit.signIn())
  expect(answer(silent).get("error")).toBe("consent_required")
  const web = await kit.ask(native, { redirect_uri: "https://app.example.com/spa" }, kit.signIn())
  expect(web.kind).toBe("redirect")
})

test("a first-party client asks nobody and has no consent", async () => {
  const console_ = await kit.register("first-party", { scopes: ["llm", "mcp"] })
  const outcome = await kit.begin(
    kit.params(console_.client, { scope: "openid llm mcp", prompt: "consent" }),
    kit.signIn(),
  )
  expect(answer(outcome).has("code")).toBe(true)
  expect(kit.count("oauth_consents")).toBe(0)
})

describe("signing in again", () => {
  test.each([{ prompt: "login" }, { prompt: "select_account" }, { max_age: "0" }] as Record<string, string>[])(
    "%o needs a login made for it",
    async (more) => {
      await kit.login(app)
      const old = kit.signIn()
      const outcome = await kit.ask(app, more, old)
      expect(outcome.kind).toBe("login")
      expect((await kit.resume(interactionOf(outcome), old)).kind).toBe("login")
      expect(answer(await kit.resume(interactionOf(outcome), kit.signIn())).has("code")).toBe(true)
    },
  )
  test("prompt=login raises auth_time", async () => {
    const first = await kit.login(app)
    kit.clock.advance(5 * SECOND_MS)
    const outcome = await kit.ask(app, { prompt: "login" })
    const code = answer(await kit.resume(interactionOf(outcome), kit.signIn())).get("code")!
    const second = await kit.redeem(app, code)
    const times = [first, second].map((tokens) => decodeJwt(tokens.id_token!).auth_time as number)
    expect(times[1]! - times[0]!).toBe(5)
  })
  test("max_age: too old needs login, fresh does not", async () => {
    await kit.login(app)
    const session = kit.signIn()
    kit.clock.advance(SECOND_MS + 1)
    expect(await kit.ask(app, { max_age: "1" }, session)).toMatchObject({ kind: "login", reason: "max_age" })
    expect(answer(await kit.ask(app, { max_age: "1", prompt: "none" }, session)).get("error")).toBe("login_required")
    expect((await kit.ask(app, { max_age: "10000" }, session)).kind).toBe("redirect")
  })
  test("select_account is also answered by choosing the account that is there", async () => {
    await kit.login(app)
    const session = kit.signIn()
    const interaction = interactionOf(await kit.ask(app, { prompt: "select_account" }, session))
    expect((await kit.resume(interaction, session, { picked: UserId(1) })).kind).toBe("redirect")
    const strict = interactionOf(await kit.ask(app, { prompt: "login" }, session))
    expect((await kit.resume(strict, session, { picked: UserId(1) })).kind).toBe("login")
  })
  test("id_token_hint, expired or not, asks for that person", async () => {
    const { id_token: hint, access_token: wrong } = await kit.login(app)
    kit.clock.advance(2 * HOUR_MS)
    const silent = { prompt: "none", id_token_hint: hint! }
    expect(answer(await kit.ask(app, silent, kit.signIn(1))).has("code")).toBe(true)
    expect(answer(await kit.ask(app, silent, kit.signIn(2))).get("error")).toBe("login_required")
    const asked = await kit.ask(app, { id_token_hint: hint! }, kit.signIn(2))
    expect(asked).toMatchObject({ kind: "login", reason: "other_account" })
    kit.clock.advance(1)
    expect(answer(await kit.resume(interactionOf(asked), kit.signIn(2))).get("error")).toBe("login_required")
    expect(answer(await kit.ask(app, { id_token_hint: wrong }, kit.signIn(1))).get("error")).toBe("invalid_request")
    const tampered = `${hint!.slice(0, -6)}AAAAAA`
    expect(answer(await kit.ask(app, { id_token_hint: tampered }, kit.signIn(1))).get("error")).toBe("invalid_request")
  })
  test("claims may name the person too", async () => {
    await kit.login(app)
    const claims = JSON.stringify({ id_token: { sub: { value: "usr_1" } } })
    expect(answer(await kit.ask(app, { claims, prompt: "none" }, kit.signIn(1))).has("code")).toBe(true)
    expect(answer(await kit.ask(app, { claims, prompt: "none" }, kit.signIn(2))).get("error")).toBe("login_required")
  })
})

test("a suspended person with a session left gets the error page, never a code", async () => {
  await kit.login(app)
  const session = kit.signIn()
  kit.people.suspended.add(1)
  expect(await kit.ask(app, {}, session)).toMatchObject({ kind: "error-page", error: { code: "account_suspended" } })
})

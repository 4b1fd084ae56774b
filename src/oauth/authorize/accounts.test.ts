// Several people in one browser: whom a request is about, by the pure rule and over whole flows. Nobody's answer is ever another's.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import { UserId } from "../../app/index.ts"
import { answer, interactionOf, type Kit, type Made, openKit } from "../testing.ts"
import type { AuthorizeOutcome, AuthSession } from "../types.ts"
import { chooseAccount } from "./choose-account.ts"

const one = (id: number): AuthSession => ({
  sessionId: id,
  userId: UserId(id),
  authTimeMs: 0,
  amr: ["pwd"],
  sid: `ses_${id}`,
})
const person = (id: number) => ({ session: one(id), user: { publicId: `usr_${id}`, email: `p${id}@example.com` } })
type Input = Parameters<typeof chooseAccount>[0]
const choose = (more: Partial<Omit<Input, "request">> & { request?: Partial<Input["request"]> } = {}) => {
  const chosen = chooseAccount({
    people: [person(1), person(2), person(3)],
    picked: null,
    current: null,
    usedSid: null,
    ...more,
    request: { prompt: [], expectedSub: null, loginHint: null, ...more.request },
  })
  return chosen === null || chosen === "several" ? chosen : Number(chosen.userId)
}

describe("the rule", () => {
  test("nobody, and one person, are what they always were", () => {
    expect(choose({ people: [] })).toBeNull()
    expect(choose({ people: [person(2)], usedSid: "ses_1" })).toBe(2)
    expect(choose({ people: [person(2)], request: { prompt: ["select_account"], loginHint: "p1@example.com" } })).toBe(
      2,
    )
  })
  test("several and no word of whom are a question", () => {
    expect(choose()).toBe("several")
    expect(choose({ usedSid: "ses_9" })).toBe("several")
    expect(choose({ picked: UserId(9) })).toBe("several")
    expect(choose({ request: { loginHint: "nobody@example.com" } })).toBe("several")
  })
  test("who was entered as last; a hint before that; who is expected before a hint; who was picked before all", () => {
    const usedSid = "ses_3"
    expect(choose({ usedSid })).toBe(3)
    expect(choose({ usedSid, request: { loginHint: " P2@Example.com " } })).toBe(2)
    expect(choose({ usedSid, request: { loginHint: "usr_2" } })).toBe(2)
    expect(choose({ usedSid, request: { loginHint: "p2@example.com", expectedSub: "usr_1" } })).toBe(1)
    expect(choose({ usedSid, picked: UserId(3), request: { expectedSub: "usr_1" } })).toBe(3)
  })
  test("an app that asks for a choice gets one, whatever it hints at", () => {
    const request = { prompt: ["select_account" as const], loginHint: "p2@example.com" }
    expect(choose({ request, usedSid: "ses_3", current: one(1) })).toBe("several")
    expect(choose({ request, picked: UserId(2) })).toBe(2)
  })
  test("the console follows whom the browser acts as; a hint still counts", () => {
    expect(choose({ current: one(2), usedSid: "ses_3" })).toBe(2)
    expect(choose({ current: one(2), request: { loginHint: "p1@example.com" } })).toBe(1)
  })
})

describe("flows", () => {
  let kit: Kit
  let app: Made
  let other: Made
  let ada: AuthSession
  let bob: AuthSession
  beforeEach(async () => {
    kit = await openKit()
    app = await kit.register()
    other = await kit.register()
    ada = kit.signIn(1)
    bob = kit.signIn(2)
  })
  afterEach(() => kit.close())

  const begin = (made: Made, more: Record<string, string> = {}, people = [ada, bob]) =>
    kit.oauth.beginAuthorization({
      params: kit.params(made.client, more),
      session: people[0] ?? null,
      others: people.slice(1),
      browserIds: [kit.browser],
      requestId: "req_1",
    })
  const here = { session: null as AuthSession | null, others: [] as AuthSession[] }
  const bothHere = () => ({ ...here, session: ada, others: [bob] })
  const resume = (interaction: string, picked?: number, people = bothHere()) =>
    kit.resume(interaction, people.session, {
      others: people.others,
      ...(picked ? { picked: UserId(picked) } : {}),
      formSent: true,
    })
  const decide = (interaction: string, people = bothHere()) => kit.decide(interaction, people.session, people)
  const subOf = async (made: Made, outcome: AuthorizeOutcome) =>
    decodeJwt((await kit.redeem(made, answer(outcome).get("code")!)).id_token!).sub
  /** Enters an app as somebody. */
  const enter = async (made: Made, as: number) => {
    const asked = await begin(made, { prompt: "select_account" })
    return subOf(made, await decide(interactionOf(await resume(interactionOf(asked), as))))
  }

  test("an app that nobody entered asks which one; the answer is theirs", async () => {
    const asked = await begin(app)
    expect(asked).toMatchObject({ kind: "login", reason: "select_account" })
    const consent = await resume(interactionOf(asked), 2)
    expect(consent.kind).toBe("consent")
    expect(await subOf(app, await decide(interactionOf(consent)))).toBe("usr_2")
  })
  test("two apps, two people: each is silent as its own, whatever the browser acts as", async () => {
    expect([await enter(app, 1), await enter(other, 2)]).toEqual(["usr_1", "usr_2"])
    for (const people of [
      [ada, bob],
      [bob, ada],
    ]) {
      expect(await subOf(app, await begin(app, { prompt: "none" }, people))).toBe("usr_1")
      expect(await subOf(other, await begin(other, { prompt: "none" }, people))).toBe("usr_2")
    }
  })
  test("silence without a choice is account_selection_required, and nobody's code", async () => {
    await enter(other, 2)
    const silent = answer(await begin(app, { prompt: "none" }))
    expect([silent.get("error"), silent.has("code")]).toEqual(["account_selection_required", false])
  })
  test("silence is for whom the hint means, and for nobody else", async () => {
    await enter(app, 1)
    await enter(app, 2)
    const hints = [
      { login_hint: "p1@example.com" },
      { claims: JSON.stringify({ id_token: { sub: { value: "usr_1" } } }) },
    ]
    for (const hint of hints) expect(await subOf(app, await begin(app, { prompt: "none", ...hint }))).toBe("usr_1")
    const gone = { prompt: "none", claims: JSON.stringify({ id_token: { sub: { value: "usr_3" } } }) }
    expect(answer(await begin(app, gone)).get("error")).toBe("login_required")
  })
  test("what was taken back is no choice any more", async () => {
    await enter(app, 2)
    const [consent] = kit.oauth.consentsOf(2)
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 2, consentPublicId: consent!.publicId }))
    expect(answer(await begin(app, { prompt: "none" })).get("error")).toBe("account_selection_required")
  })
  test("who signs out is not replaced by who stays: the one who is left is asked for consent", async () => {
    await enter(app, 2)
    expect(answer(await begin(app, { prompt: "none" }, [ada])).get("error")).toBe("consent_required")
  })
  test("a consent page stays its person's when somebody else signs in meanwhile", async () => {
    const consent = await begin(app, {}, [ada])
    expect(consent.kind).toBe("consent")
    expect(await subOf(app, await decide(interactionOf(consent), { ...here, session: bob, others: [ada] }))).toBe(
      "usr_1",
    )
  })
  test("… and is nobody's once that person signed out", async () => {
    const consent = await begin(app, {}, [ada])
    const decided = await decide(interactionOf(consent), { ...here, session: bob })
    expect(decided).toMatchObject({ kind: "consent" })
  })
  test("a choice of somebody who is not signed in here is none", async () => {
    const asked = await begin(app)
    expect(await resume(interactionOf(asked), 3)).toMatchObject({ kind: "login", reason: "select_account" })
  })
  test("prompt=login wants a sign-in made for it, of any of them; the other one's session is none", async () => {
    const asked = await begin(app, { prompt: "login" })
    expect(asked).toMatchObject({ kind: "login", reason: "prompt" })
    for (const picked of [1, 2])
      expect(await resume(interactionOf(asked), picked)).toMatchObject({ kind: "login", reason: "prompt" })
    const again = kit.signIn(2)
    const consent = await resume(interactionOf(asked), 2, { ...here, session: ada, others: [again] })
    expect(consent.kind).toBe("consent")
  })
  test("an app's hint of this sign-in ends that one alone", async () => {
    await enter(app, 2)
    const code = answer(await begin(app, { prompt: "none" })).get("code")!
    const { id_token } = await kit.redeem(app, code)
    const params = new URLSearchParams({ id_token_hint: id_token! })
    const outcome = await kit.oauth.beginLogout({ params, session: ada, others: [bob] })
    expect(outcome).toMatchObject({ kind: "end", userId: UserId(2) })
  })
  test("the code on a device is asked about too", async () => {
    const tv = await kit.register("public", { deviceFlow: true })
    const started = await kit.oauth.startDevice({
      params: new URLSearchParams({ client_id: tv.client.publicId, scope: "openid" }),
      authorization: null,
      requestId: "req_1",
      network: "10.0.0.0",
      userAgent: "tv",
    })
    const typed = { userCode: started.user_code, network: "10.0.0.0", browserIds: [kit.browser], requestId: "req_2" }
    const asked = await kit.oauth.beginDevice({ ...typed, ...bothHere() })
    expect(asked).toMatchObject({ kind: "login", reason: "select_account" })
    const consent = await resume(interactionOf(asked), 2)
    await decide(interactionOf(consent))
    expect(kit.oauth.consentsOf(2)).toHaveLength(1)
    expect(kit.oauth.consentsOf(1)).toHaveLength(0)
  })
})

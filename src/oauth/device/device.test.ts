import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { MINUTE_MS, SECOND_MS } from "../../app/index.ts"
import { createOauth } from "../create.ts"
import { ISSUER, interactionOf, type Kit, type Made, openKit, refusal } from "../testing.ts"
import type { AuthSession, DeviceAuthorization } from "../types.ts"
import { newUserCode, readUserCode, userCodeText } from "./code.ts"
import { DEVICE_GRANT } from "./grant-type.ts"

let kit: Kit
let app: Made
beforeAll(async () => {
  kit = await openKit()
  app = await kit.register("public", { deviceFlow: true })
})
afterAll(() => kit.close())
// Each test is a network of its own, and later: no limit of one is felt by the next.
let network = 0
beforeEach(() => {
  network++
  kit.clock.advance(60 * MINUTE_MS)
})

const start = (made = app, more: Record<string, string> = {}): Promise<DeviceAuthorization> =>
  kit.oauth.startDevice({
    params: new URLSearchParams({ client_id: made.client.publicId, scope: "openid offline_access llm", ...more }),
    authorization: null,
    requestId: "req_d",
    network: `n${network}`,
    userAgent: "purser-cli/1.0 <script>",
  })
const type = (userCode: string, session: AuthSession | null = kit.signIn(), more: { browser?: string } = {}) =>
  kit.oauth.beginDevice({
    userCode,
    session,
    browserIds: [more.browser ?? kit.browser],
    requestId: "req_d",
    network: `n${network}`,
  })
const poll = (device: DeviceAuthorization, made = app, oauth = kit.oauth, more: Record<string, string> = {}) =>
  oauth.token({
    params: new URLSearchParams({
      ...more,
      grant_type: DEVICE_GRANT,
      device_code: device.device_code,
      client_id: made.client.publicId,
    }),
    authorization: null,
    requestId: "req_p",
  })
const wait = (seconds = 5) => kit.clock.advance(seconds * SECOND_MS)
/** From the code to the answer on the consent page. */
async function answer(device: DeviceAuthorization, approve = true, session = kit.signIn()) {
  return kit.decide(interactionOf(await type(device.user_code, session)), session, { approve })
}
/** The same data under another process: another memory of who asked when. */
const others = (count: number) => Promise.all(Array.from({ length: count }, () => createOauth(kit.deps)))

describe("user codes", () => {
  test("eight consonants that pass for nothing else, each as likely as the others", () => {
    const seen = new Map<string, number>()
    for (let at = 0; at < 4_000; at++) for (const letter of newUserCode()) seen.set(letter, (seen.get(letter) ?? 0) + 1)
    expect([...seen.keys()].sort().join("")).toBe("BCDFGHJKLMNPQRSTVWXZ")
    for (const count of seen.values()) expect(Math.abs(count - 1_600)).toBeLessThan(240)
  })

  test("case, blanks, dashes and wide letters do not matter; anything else is no code", () => {
    for (const typed of ["wdjb-mjht", " WDJB MJHT ", "ＷＤＪＢ－ＭＪＨＴ", "W.D.J.B.M.J.H.T"])
      expect(readUserCode(typed)).toBe("WDJBMJHT")
    for (const typed of ["", "WDJB-MJH", "WDJB-MJHA", "WDJB-MJHTT", "12345678", "x".repeat(10_000)])
      expect(readUserCode(typed)).toBeNull()
    expect(userCodeText("WDJBMJHT")).toBe("WDJB-MJHT")
  })
})

describe("a sign-in by code", () => {
  test("starts with addresses of ours, is typed, approved, and fetched once", async () => {
    const device = await start()
    expect(device).toMatchObject({
      verification_uri: `${ISSUER}/device`,
      verification_uri_complete: `${ISSUER}/device?user_code=${device.user_code}`,
      expires_in: 900,
      interval: 5,
    })
    expect(await refusal(poll(device))).toBe("authorization_pending")
    const session = kit.signIn()
    const page = await type(device.user_code.toLowerCase().replace("-", " "), session)
    if (page.kind !== "consent") throw new Error(page.kind)
    expect(page.view).toMatchObject({
      reason: "device",
      app: { name: "Chat", returnsTo: null },
      device: { userCode: device.user_code, network: `n${network}`, device: "purser-cli/1.0" },
    })
    const limits = { llm: 7_000_000 }
    const done = await kit.decide(page.interaction, session, { scopes: ["offline_access", "llm"], limits })
    expect(done).toMatchObject({ kind: "redirect", location: `${ISSUER}/device/done?answer=yes` })
    wait()
    const tokens = await poll(device)
    expect(tokens).toMatchObject({ token_type: "Bearer", scope: "openid offline_access llm" })
    expect(tokens.id_token).toBeString()
    const claims = await kit.oauth.verifyAccessToken(tokens.access_token)
    expect(claims.userPublicId).toBe("usr_1")
    expect(await kit.write((tx) => kit.oauth.requireGrantIn(tx, claims, "llm"))).toMatchObject({
      dailyLimitNano: 7_000_000,
    })
    expect(await kit.refresh(app, tokens.refresh_token!)).toMatchObject({ token_type: "Bearer" })
    expect(await refusal(poll(device))).toBe("invalid_grant")
  })

  test("asks every time, also who allowed the app before", async () => {
    await answer(await start())
    expect(await type((await start()).user_code)).toMatchObject({ kind: "consent", view: { reason: "device" } })
  })

  test("goes by the sign-in page where nobody is signed in", async () => {
    const device = await start()
    const login = await type(device.user_code, null)
    if (login.kind !== "login") throw new Error(login.kind)
    const session = kit.signIn()
    const page = await kit.resume(login.interaction, session)
    expect(page.kind).toBe("consent")
    await kit.decide(interactionOf(page), session)
    expect((await poll(device)).access_token).toBeString()
  })

  test("no is an answer too", async () => {
    const device = await start()
    expect(await answer(device, false)).toMatchObject({ location: `${ISSUER}/device/done?answer=no` })
    expect(await refusal(poll(device))).toBe("access_denied")
    expect((await type(device.user_code).catch((error) => error)).code).toBe("validation_failed")
  })

  test("runs out, and says so for a while", async () => {
    const device = await start()
    const page = interactionOf(await type(device.user_code))
    kit.clock.advance(15 * MINUTE_MS)
    expect(await refusal(poll(device))).toBe("expired_token")
    expect(await kit.decide(page, kit.signIn())).toMatchObject({ kind: "error-page" })
    expect((await type(device.user_code).catch((error) => error)).code).toBe("validation_failed")
  })

  test("whoever asks too soon waits longer each time, and an answer in time is given", async () => {
    const device = await start()
    expect(await refusal(poll(device))).toBe("authorization_pending")
    wait(4)
    expect(await refusal(poll(device))).toBe("slow_down")
    wait(9)
    expect(await refusal(poll(device))).toBe("slow_down")
    await answer(device)
    wait(14)
    const told = await poll(device).catch((error: Error) => error.message)
    expect(told).toBe("Ask every 20 seconds from now on.")
    wait(20)
    expect(await poll(device)).toMatchObject({ token_type: "Bearer" })
  })
})

describe("a code is one person's and one client's", () => {
  test("another client gets nothing for it, and does not slow the right one down", async () => {
    const device = await start()
    const other = await kit.register("public", { deviceFlow: true })
    await answer(device)
    expect(await refusal(poll(device, other))).toBe("invalid_grant")
    expect((await poll(device)).access_token).toBeString()
  })

  test("who answers is who was asked, in the browser that was asked (CVE-2026-45337)", async () => {
    const device = await start()
    const mara = kit.signIn(1)
    const page = interactionOf(await type(device.user_code, mara))
    expect(await kit.decide(page, kit.signIn(2), { browserIds: ["another browser"] })).toMatchObject({
      kind: "error-page",
    })
    const eve = kit.signIn(2)
    // In the same browser somebody else is asked anew, as themselves.
    expect(await kit.decide(page, eve)).toMatchObject({ kind: "consent" })
    wait()
    expect(await refusal(poll(device))).toBe("authorization_pending")
    await kit.decide(page, mara)
    wait()
    const claims = await kit.oauth.verifyAccessToken((await poll(device)).access_token)
    expect(claims.userPublicId).toBe("usr_1")
  })

  test("of 200 parallel answers of many people one counts", async () => {
    const device = await start()
    const pages = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const session = kit.signIn(at % 2 === 0 ? 1 : 2)
        return { session, page: interactionOf(await type(device.user_code, session)) }
      }),
    )
    const before = kit.count("oauth_grants")
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, at) => {
        const { page, session } = pages[at % pages.length]!
        return kit.decide(page, session, { approve: at % 3 !== 0 })
      }),
    )
    const won = answers.filter(({ kind }) => kind === "redirect")
    // A form that was sent twice hears the same again; all others hear that it is over.
    expect(new Set(won.map((one) => one.kind === "redirect" && one.location)).size).toBe(1)
    expect(won.length).toBe(5)
    expect(kit.count("oauth_grants") - before).toBeLessThanOrEqual(1)
    expect(
      kit.count(
        "oauth_device_codes",
        "state IN ('approved', 'denied') AND id = (SELECT max(id) FROM oauth_device_codes)",
      ),
    ).toBe(1)
  })

  test("of 200 parallel questions one gets the tokens, whatever memory they meet", async () => {
    const device = await start()
    await answer(device)
    const servers = await others(20)
    const before = kit.count("oauth_refresh_tokens")
    const told = await Promise.all(
      Array.from({ length: 200 }, (_, at) => poll(device, app, servers[at % servers.length]!).catch(() => null)),
    )
    expect(told.filter(Boolean)).toHaveLength(1)
    expect(kit.count("oauth_refresh_tokens") - before).toBe(1)
  })
})

describe("what ends it", () => {
  test("a consent that was revoked, or a person who was suspended, before the device came", async () => {
    const revoked = await start()
    await answer(revoked)
    const [consent] = kit.oauth.consentsOf(1)
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: consent!.publicId }))
    expect(await refusal(poll(revoked))).toBe("invalid_grant")

    const suspended = await start()
    await answer(suspended)
    kit.people.suspended.add(1)
    expect(await refusal(poll(suspended))).toBe("invalid_grant")
    kit.people.suspended.delete(1)
  })

  test("what was approved and never fetched ends with its code, and nothing is left of it", async () => {
    const device = await start()
    await answer(device)
    kit.clock.advance(80 * MINUTE_MS)
    await kit.oauth.sweep()
    expect(kit.count("oauth_device_codes")).toBe(0)
    expect(kit.count("oauth_grants", "revoked_reason = 'never_fetched'")).toBeGreaterThanOrEqual(1)
    expect(await refusal(poll(device))).toBe("invalid_grant")
  })
})

test("a device's tokens are for what it asked when it began, and its token request may narrow that alone", async () => {
  const device = await start(app, { resource: `${ISSUER}/api/v1` })
  await answer(device)
  expect(await refusal(poll(device, app, kit.oauth, { resource: `${ISSUER}/v1` }))).toBe("invalid_target")
  kit.clock.advance(MINUTE_MS)
  const { access_token } = await poll(device)
  expect(JSON.parse(Buffer.from(access_token.split(".")[1]!, "base64url").toString()).aud).toBe(`${ISSUER}/api/v1`)
})

describe("limits", () => {
  test("only apps that were allowed to, with scopes they registered", async () => {
    expect(await refusal(start(await kit.register("public")))).toBe("unauthorized_client")
    expect(await refusal(start(app, { scope: "speech" }))).toBe("invalid_scope")
    expect(await refusal(start(app, { resource: "nowhere" }))).toBe("invalid_target")
    expect(await refusal(start(app, { client_secret: "x" }))).toBe("invalid_client")
  })

  test("wrong codes are few by network and by person; right ones are free", async () => {
    const wrong = () => refusal(type(newUserCode(), kit.signIn(2)))
    for (let at = 0; at < 12; at++) await type((await start()).user_code, kit.signIn(2))
    for (let at = 0; at < 10; at++) expect(await wrong()).toBe("validation_failed")
    expect(await wrong()).toBe("rate_limit_exceeded")
    expect(await refusal(type((await start()).user_code, kit.signIn(2)))).toBe("rate_limit_exceeded")
    // Strangers who are not signed in share the network's.
    for (let at = 0; at < 20; at++) expect(await refusal(type(newUserCode(), null))).toBe("validation_failed")
    expect(await refusal(type(newUserCode(), null))).toBe("rate_limit_exceeded")
    network++
    expect((await type((await start()).user_code, kit.signIn(1))).kind).toBe("consent")
  })

  test("one network begins a bounded number of sign-ins", async () => {
    for (let at = 0; at < 60; at++) await start()
    expect(await refusal(start())).toBe("rate_limit_exceeded")
  })

  test("what is kept of a code cannot be turned back into it", async () => {
    const device = await start()
    const rows = JSON.stringify(kit.store.read.all("SELECT * FROM oauth_device_codes"))
    expect(rows).not.toContain(device.device_code)
    expect(rows).not.toContain(device.user_code.replace("-", ""))
    expect(rows).not.toContain("<script>")
  })
})

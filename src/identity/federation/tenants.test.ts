// Microsoft Entra's address for many tenants: the document calls itself by a template, each token names its tenant; whose people may come is
// a list. Entra is played by an issuer made by hand, reached by its true name.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { type HostileIssuer, startHostile } from "../../../test/fakes/issuer/hostile.ts"
import type { AppError } from "../../app/index.ts"
import { createSafeFetch, type SafeFetch } from "../../http/index.ts"
import { newVisitor, type Opened, openIdentity } from "../testing.ts"
import { addIssuer, errorOf, roundTrip } from "./testing.ts"

const ENTRA = "https://login.microsoftonline.com"
const ORGANIZATIONS = `${ENTRA}/organizations/v2.0`
const OURS = "6babcaad-604b-40ac-a9d7-9fd97c0b779f"
const OTHER = "72f988bf-86f1-41af-91ab-2d7cd011db47"
let made: HostileIssuer
let t: Opened
beforeAll(async () => {
  made = await startHostile()
})
afterAll(() => made.close())
beforeEach(async () => {
  const there = createSafeFetch({ allow: ["127.0.0.1"] })
  const issuerFetch: SafeFetch = (url, request) => there(url.replace(ENTRA, made.issuer), request)
  t = await openIdentity({ issuerFetch })
  made.lies = { discovery: { change: documented() } }
})
afterEach(() => t.close())

/** What Entra's document says, whose endpoints lie at Entra too. */
const documented = (issuer = `${ENTRA}/{tenantid}/v2.0`) => ({
  issuer,
  authorization_endpoint: `${ENTRA}/authorize`,
  token_endpoint: `${ENTRA}/token`,
  jwks_uri: `${ENTRA}/jwks`,
  userinfo_endpoint: undefined,
  authorization_response_iss_parameter_supported: undefined,
})
const entra = { issuer: ORGANIZATIONS, answer: (url: string) => made.answer(url, { iss: null }) }
const add = (tenants: string[] = [OURS], issuer = ORGANIZATIONS) => addIssuer(t, { issuer }, { tenants })
const come = (claims: Record<string, unknown>) => {
  made.lies.claims = { tid: OURS, iss: `${ENTRA}/${OURS}/v2.0`, email_verified: undefined, xms_edov: true, ...claims }
  return roundTrip(t, entra)
}
const nobody = () => expect(t.store.read.get<{ n: number }>("SELECT count(*) AS n FROM users")!.n).toBe(0)

test("people of a tenant on the list come in, and are known by tenant and subject", async () => {
  await add()
  expect((await come({})).kind).toBe("in")
  const stored = t.store.read.all("SELECT issuer, subject FROM external_identities")
  expect(stored).toEqual([{ issuer: ORGANIZATIONS, subject: `${OURS}:ada-1` }])
  expect((await come({})).kind).toBe("in")
  expect(t.store.read.all("SELECT id FROM external_identities")).toHaveLength(1)
})

test.each<[string, Record<string, unknown>]>([
  ["another tenant, rightly named", { tid: OTHER, iss: `${ENTRA}/${OTHER}/v2.0` }],
  ["the tenant of the list beside another tenant's issuer", { tid: OURS, iss: `${ENTRA}/${OTHER}/v2.0` }],
  ["another tenant beside the list's issuer", { tid: OTHER, iss: `${ENTRA}/${OURS}/v2.0` }],
  ["no tenant", { tid: undefined }],
  ["no tenant, and the template for an issuer", { tid: "{tenantid}", iss: `${ENTRA}/{tenantid}/v2.0` }],
  ["a tenant that climbs", { tid: `${OURS}/../${OTHER}`, iss: `${ENTRA}/${OURS}/../${OTHER}/v2.0` }],
  ["a tenant that is a list", { tid: [OURS] }],
  ["the address that was asked as its issuer", { iss: ORGANIZATIONS }],
  ["another house's issuer", { iss: `https://evil.example/${OURS}/v2.0` }],
])("%s brings nobody", async (_, claims) => {
  await add()
  expect((await come(claims)).kind).toBe("refused")
  nobody()
})

test("the same subject in two tenants is two people", async () => {
  await add([OURS, OTHER])
  const first = await come({ email: "one@example.com" })
  const second = await come({ tid: OTHER, iss: `${ENTRA}/${OTHER}/v2.0`, email: "two@example.com" })
  if (first.kind !== "in" || second.kind !== "in") throw new Error(`${first.kind} ${second.kind}`)
  expect(first.started.session.userId).not.toBe(second.started.session.userId)
})

test("an address that a tenant merely writes down is not verified; one of its own domain is (nOAuth)", async () => {
  await add()
  for (const xms_edov of [undefined, false, 0, "0", "no"]) {
    expect(errorOf(await come({ xms_edov }))).toContain("has not verified your email address")
    nobody()
  }
  expect((await come({ xms_edov: "1" })).kind).toBe("in")
})

test("for no other issuer that word counts", async () => {
  made.lies = { claims: { email_verified: undefined, xms_edov: true } }
  await addIssuer(t, made)
  expect(errorOf(await roundTrip(t, made, newVisitor()))).toContain("has not verified your email address")
})

test("its list is asked for, holds tenants alone, and belongs to no other issuer", async () => {
  const errorsOf = (act: Promise<unknown>) =>
    act.then(() => null).catch((error: AppError) => Object.keys(error.extra.formErrors ?? {}))
  expect(await errorsOf(add([]))).toEqual(["tenants"])
  expect(await errorsOf(add(["contoso.com"]))).toEqual(["tenants"])
  expect(await errorsOf(addIssuer(t, made, { tenants: [OURS] }))).toEqual(["tenants"])
  await add([OURS.toUpperCase()])
  expect(t.identity.issuerBySlug("elsewhere")).toMatchObject({ issuer: ORGANIZATIONS, tenants: [OURS] })
})

test("a document that calls itself otherwise is not of Entra, and a template stands for nobody else", async () => {
  made.lies.discovery = { change: documented(`${ENTRA}/${OTHER}/v2.0`) }
  await expect(add()).rejects.toMatchObject({ code: "validation_failed" })
  made.lies.discovery = { change: { issuer: `${made.issuer}/{tenantid}/v2.0` } }
  await expect(addIssuer(t, { issuer: `${made.issuer}` })).rejects.toMatchObject({ code: "validation_failed" })
})

test("a tenant that is taken off the list is refused at the next sign-in", async () => {
  await add([OURS, OTHER])
  expect((await come({})).kind).toBe("in")
  await t.identity.editIssuer({ actor: "admin:x", requestId: "r", reason: "left" }, "elsewhere", { tenants: [OTHER] })
  expect(errorOf(await come({}))).toContain("may not sign in here")
})

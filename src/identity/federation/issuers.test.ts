// Issuers as rows: what an admin and the environment say of them, what is sealed, their order and tests; and the picture that comes with people.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { type HostileIssuer, startHostile } from "../../../test/fakes/issuer/hostile.ts"
import { UserId } from "../../app/index.ts"
import { SafeFetchError } from "../../http/index.ts"
import { newVisitor, type Opened, openIdentity } from "../testing.ts"
import { addIssuer, CTX, roundTrip, SLUG } from "./testing.ts"

let made: HostileIssuer
let t: Opened
beforeAll(async () => {
  made = await startHostile()
})
afterAll(() => made.close())
beforeEach(async () => {
  made.lies = {}
  t = await openIdentity()
})
afterEach(() => t.close())

const rows = (table: string) => JSON.stringify(t.store.read.all(`SELECT * FROM ${table}`))
const GOOGLE = {
  preset: "google",
  slug: "google",
  name: "Google",
  signUp: true,
  trustsMfa: false,
  domains: [],
} as const

test("the secret is sealed, stands in no log, and an empty one keeps it", async () => {
  await addIssuer(t, made)
  expect(await t.identity.editIssuer(CTX, SLUG, { clientSecret: "", name: "Elsewhere 2" })).toMatchObject({
    hasSecret: true,
    name: "Elsewhere 2",
  })
  await t.identity.editIssuer(CTX, SLUG, { clientSecret: "another-secret" })
  for (const table of ["issuers", "audit_log"])
    for (const secret of ["hush", "another-secret"]) expect(rows(table)).not.toContain(secret)
  const visitor = newVisitor()
  made.codes.length = 0
  expect((await roundTrip(t, made, visitor)).kind).toBe("in")
})

test.each<[string, object, string]>([
  ["a short name with a slash", { slug: "a/b" }, "slug"],
  ["a taken short name", { slug: SLUG, issuer: "google" }, "slug"],
  ["no name", { name: " " }, "name"],
  ["an issuer in the clear", { issuer: "http://login.example.com" }, "issuer"],
  ["an issuer with a query", { issuer: "https://login.example.com/?x=1" }, "issuer"],
  ["an address of this network", { issuer: "https://10.0.0.1" }, "issuer"],
  ["a client ID with a blank", { clientId: "a b" }, "clientId"],
  ["a domain that is none", { domains: ["example"] }, "domains"],
])("%s is refused by its field", async (_, wrong, field) => {
  await addIssuer(t, made)
  const given = {
    preset: "oidc" as const,
    slug: "other",
    name: "Other",
    issuer: made.issuer,
    clientId: "x",
    clientSecret: "",
    signUp: true,
    trustsMfa: false,
    domains: [],
  }
  const input = { ...given, ...wrong }
  const isGoogle = input.issuer === "google"
  await expect(
    t.identity.addIssuer(CTX, isGoogle ? { ...GOOGLE, ...input, preset: "google" } : input),
  ).rejects.toMatchObject({
    extra: { formErrors: { [field]: expect.any(String) } },
  })
})

test("they stand in their order, and one can be moved up", async () => {
  await addIssuer(t, made)
  await t.identity.addIssuer(CTX, { ...GOOGLE, clientId: "x", clientSecret: "y" })
  const order = () => t.identity.issuers().map(({ slug }) => slug)
  expect(order()).toEqual([SLUG, "google"])
  await t.identity.raiseIssuer(CTX, "google")
  expect(order()).toEqual(["google", SLUG])
  await t.identity.raiseIssuer(CTX, "google")
  expect(order()).toEqual(["google", SLUG])
  await expect(t.identity.addIssuer(CTX, { ...GOOGLE, slug: "g2", clientId: "x", clientSecret: "y" })).rejects.toThrow(
    "It is here already, as Google.",
  )
})

test("a test reads its documents and keys, and asks whether it knows us", async () => {
  await addIssuer(t, made)
  expect(await t.identity.testIssuer(SLUG)).toEqual({
    ok: true,
    message: "It answers, and knows the client ID and secret.",
  })
  made.lies = { token: { status: 401, body: '{"error":"invalid_client"}' } }
  expect(await t.identity.testIssuer(SLUG)).toMatchObject({
    ok: false,
    message: expect.stringContaining("does not know this client ID"),
  })
  made.lies = { discovery: { status: 404 } }
  expect(await t.identity.testIssuer(SLUG)).toMatchObject({
    ok: false,
    message: expect.stringContaining("it answered 404"),
  })
  await expect(t.identity.testIssuer("nothing")).rejects.toMatchObject({ code: "not_found" })
})

test("what the environment says of Google counts at each start; an admin's other choices stay", async () => {
  const google = (clientSecret: string) => ({ google: { clientId: "from-env", clientSecret } })
  const one = await openIdentity(google("first"))
  await one.identity.adoptConfigured(CTX)
  await one.identity.adoptConfigured(CTX)
  expect(one.identity.issuers()).toMatchObject([
    { slug: "google", clientId: "from-env", byEnvironment: true, active: true },
  ])
  const audits = () => one.store.read.all("SELECT 1 FROM audit_log WHERE action LIKE 'issuer.%'").length
  expect(audits()).toBe(1)
  await one.identity.editIssuer(CTX, "google", { signUp: false, clientId: "typed", clientSecret: "typed" })
  expect(one.identity.issuers()).toMatchObject([{ clientId: "from-env", signUp: false }])
  await expect(one.identity.removeIssuer(CTX, "google")).rejects.toThrow("PURSER_GOOGLE_CLIENT_ID")
  await one.close()
})

test("a picture is fetched once, later, and whatever is wrong with it harms nobody", async () => {
  const shown: string[] = []
  const answers: (() => Promise<unknown>)[] = []
  const media = {
    addressOf: () => (shown.length > 0 ? "/media/x/64" : undefined),
    storeImage: async () => ({ id: "img_x", width: 64, height: 64 }),
    showIn: (_: unknown, place: { subject: string }) => void shown.push(place.subject),
  }
  const issuerFetch = async (url: string, request: { bytesMax: number; deadlineMs: number }) => {
    expect([url, request.bytesMax]).toEqual(["https://pictures.example/ada.png", 5_000_000])
    return (await answers.shift()!()) as never
  }
  const one = await openIdentity({ issuerFetch: issuerFetch as never })
  const user = await one.identity.createUser(CTX, { email: "ada@example.com", password: "correct horse battery" })
  const payload = { userId: UserId(user.id), url: "https://pictures.example/ada.png" }
  const fetchIt = () => one.identity.fetchPicture(media as never, { payload, eventId: "evt_1" } as never)
  const status = (code: number) => async () => ({ status: code, bytes: new Uint8Array(), headers: new Headers() })
  answers.push(status(404), async () => Promise.reject(new SafeFetchError("blocked")), status(503), status(200))
  await fetchIt()
  await fetchIt()
  await expect(fetchIt()).rejects.toThrow("503")
  await fetchIt()
  expect(shown).toEqual([user.publicId])
  // One is there by now.
  await fetchIt()
  await one.identity.suspend(CTX, { userId: user.id, reason: "spam" })
  shown.length = 0
  await fetchIt()
  expect([shown, answers.length]).toEqual([[], 0])
  await one.close()
})

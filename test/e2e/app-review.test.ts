// New apps past an admin: for their developer alone until they are let in, a queue, a thread that both sides read, and who may do none of it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { VirtualClock } from "../../src/app/index.ts"
import { auditOf } from "../../src/audit/index.ts"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { APP_REVIEWS, type Client } from "../../src/oauth/index.ts"
import { authorizeUrl, csrfOf, signedIn } from "../browser/house.ts"
import { CTX, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
interface Got {
  type: string
  app: string
  data: Record<string, unknown>
}
const got: Got[] = []
let receiver: ReturnType<typeof Bun.serve>
let server: TestServer
let developer: User
let mara: WebAgent
let eve: WebAgent
let ada: WebAgent
let admin: User
let client: Client
let before: Client
beforeAll(async () => {
  receiver = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      got.push((await request.json()) as Got)
      return new Response()
    },
  })
  server = await startTestServer({ clock, env: { PURSER_WEBHOOK_NETWORKS: "127.0.0.1" } })
  developer = await makeDeveloper(server.app)
  admin = await makeUser(server.app, { name: "Ada", isAdmin: true })
  before = (await makeClient(server.app, { ownerId: developer.id, name: "Before" })).client
  await want("wanted")
  client = (await makeClient(server.app, { ownerId: developer.id, name: "Storyteller" })).client
  mara = await signedIn(server, developer.email)
  eve = await signedIn(server, (await makeDeveloper(server.app, { name: "Eve" })).email)
  ada = await signedIn(server, admin.email)
}, 60_000)
afterAll(async () => {
  await server?.close()
  await receiver?.stop(true)
})

const want = (value: "wanted" | "none") => server.app.settings.set(CTX, APP_REVIEWS, { value })
const now = (of = client) => server.app.oauth.clientById(of.id)!
const portal = (of = client) => `/developer/apps/${of.publicId}/review`
const queue = (of = client) => `/admin/apps/${of.publicId}/review`
async function post(agent: WebAgent, path: string, fields: Record<string, string>) {
  const csrf = await csrfOf(server, agent)
  return agent.post(server.at(path), [["csrf", csrf], ...Object.entries(fields)])
}
const mails = async (user: User) => {
  await server.app.outbox.flush()
  return server.app.mailer.mailbox
    .filter(({ to }) => to === user.email)
    .map(({ subject }) => subject)
    .sort()
}
/** What somebody meets who is sent to sign in. */
const meets = async (agent: WebAgent, of = client) => {
  const { text } = await agent.get(authorizeUrl(server, of.publicId))
  return text.includes("until it has been reviewed")
    ? "closed"
    : text.includes("approve")
      ? "asked"
      : text.slice(0, 400)
}
test("until it is let in an app is for its developer alone; apps from before are as they were", async () => {
  expect([before.review, client.review]).toEqual([null, "draft"])
  expect([await meets(eve), await meets(mara), await meets(eve, before)]).toEqual(["closed", "asked", "asked"])
  // An admin has to be able to try what they decide about.
  expect(await meets(ada)).toBe("asked")
  expect((await mara.get(server.at(`/developer/apps/${client.publicId}`))).text).toContain(
    "Only you can sign in to this app until it has been reviewed.",
  )
  // Nobody is let in by a form that was open before.
  await want("none")
  const page = await eve.get(authorizeUrl(server, client.publicId))
  await want("wanted")
  const interaction = /name="interaction" value="([^"]+)"/.exec(page.text)![1]!
  const sent = await post(eve, "/authorize/consent", { interaction, decision: "approve", scope: "openid" })
  expect(sent.text).toContain("until it has been reviewed")
})

test("a test app is no way around it, but for its developer’s test users", async () => {
  const { client: sandbox } = await makeClient(server.app, { ownerId: developer.id, mode: "test", name: "Sandbox" })
  expect([sandbox.review, await meets(eve, sandbox)]).toEqual(["draft", "closed"])
  const { user, password } = await server.app.identity.makeTestUser(CTX, developer.id)
  const tester = new WebAgent((next) => server.isOwn(next.href))
  const login = await tester.get(authorizeUrl(server, sandbox.publicId))
  const after = await tester.submit(login, "/login", { email: user.email, password })
  expect(after.text).toContain("approve")
})

test("it is sent in when it says what it does, waits in the queue, and can be taken back", async () => {
  expect((await mara.get(server.at(portal()))).text).toContain("Say what the app does first")
  expect((await post(mara, portal(), { text: "" })).text).toContain("Say what the app does first")
  await server.app.store.write(CTX, (tx) =>
    server.app.oauth.updateClientIn(tx, {
      ownerId: developer.id,
      clientPublicId: client.publicId,
      description: "Bedtime stories.",
    }),
  )
  expect((await post(mara, portal(), { text: "See /about." })).status).toBe(200)
  expect(now().review).toBe("waiting")
  // Pressed twice at once it is sent once.
  await post(mara, `${portal()}/withdrawal`, {})
  await Promise.all([post(mara, portal(), { text: "Twice" }), post(mara, portal(), { text: "Twice" })])
  const thread = (await mara.get(server.at(portal()))).text
  expect(thread.match(/\bTwice\b/g)).toHaveLength(1)
  const list = await ada.get(server.at("/admin/apps?show=waiting"))
  expect([list.text.includes("Waiting (1)"), list.text.includes("Storyteller"), list.text.includes("Before")]).toEqual([
    true,
    true,
    false,
  ])
  expect((await ada.get(server.at("/admin"))).text).toContain("Apps that wait for a review")
  expect((await ada.get(server.at(queue()))).text).toContain("See /about.")
  await post(mara, `${portal()}/withdrawal`, {})
  expect([now().review, server.app.appReviews.countWaiting()]).toEqual(["draft", 0])
  await post(mara, portal(), { text: "" })
  expect(await meets(eve)).toBe("closed")
})

test("an admin asks for changes, both write, and it is let in; each is told once", async () => {
  const said = "Tell people what it does with their addresses."
  const empty = await post(ada, queue(), { decision: "changes_requested", text: " " })
  expect([empty.status, empty.text.includes("Say what its developer has to know.")]).toEqual([422, true])
  await post(ada, queue(), { decision: "changes_requested", text: said })
  expect([now().review, await meets(eve)]).toEqual(["draft", "closed"])
  const page = (await mara.get(server.at(portal()))).text
  expect([page.includes(said), page.includes("The people who run this service"), page.includes("Ada")]).toEqual([
    true,
    true,
    false,
  ])
  await post(mara, portal(), { text: "Done: <b>look</b> at /privacy." })
  expect((await ada.get(server.at(queue()))).text).toContain("Done: &lt;b&gt;look")
  await post(ada, queue(), { decision: "none", text: "Nearly there." })
  expect(now().review).toBe("waiting")
  await post(ada, queue(), { decision: "approved", text: "" })
  expect([now().review, await meets(eve)]).toEqual(["approved", "asked"])
  expect(await mails(developer)).toEqual([
    "Everybody can sign in to your app now",
    "There is a message about your app",
    "Your app needs a change before people can sign in",
  ])
  expect(auditOf(server.app.store.read, client.publicId).map(({ action }) => action)).toContain("app.approved")
})

test("an admin decides about what they read, and sees what changed since", async () => {
  const { client: other } = await makeClient(server.app, { ownerId: developer.id, name: "Other" })
  const change = (of: Client, name: string) =>
    server.app.store.write(CTX, (tx) =>
      server.app.oauth.updateClientIn(tx, {
        ownerId: developer.id,
        clientPublicId: of.publicId,
        name,
        description: "x",
      }),
    )
  clock.advance(1_000)
  await change(other, "Other")
  await post(mara, portal(other), { text: "" })
  const read = server.app.appReviews.of(now(other)).version
  clock.advance(1_000)
  await change(other, "Your Bank")
  const late = await post(ada, queue(other), { decision: "approved", text: "", version: read })
  expect([late.status, late.text.includes("Look again."), now(other).review]).toEqual([422, true, "waiting"])
  const two = await Promise.all([
    post(ada, queue(other), {
      decision: "rejected",
      text: "No.",
      version: server.app.appReviews.of(now(other)).version,
    }),
    post(ada, queue(other), {
      decision: "approved",
      text: "",
      version: server.app.appReviews.of(now(other)).version,
    }),
  ])
  expect(two.map(({ status }) => status).sort()).toEqual([200, 422])
  // What was let in is compared with what is there now.
  clock.advance(1_000)
  await change(client, "Storyteller 2")
  expect((await ada.get(server.at("/admin/apps?show=changed"))).text).toContain("Storyteller 2")
  expect((await ada.get(server.at(queue()))).text).toContain("Changed since it was let in")
  await post(ada, queue(), { decision: "approved", text: "" })
  expect((await ada.get(server.at("/admin/apps?show=changed"))).text).not.toContain("Storyteller 2")
  const refused = await post(ada, queue(), { decision: "rejected", text: "No." })
  expect(refused.text).toContain("This app is in. Suspend it to keep people out.")
})

test("who was refused stays out, whatever the operator wants later; what only waited does not", async () => {
  const { client: no } = await makeClient(server.app, { ownerId: developer.id, name: "No" })
  const { client: draft } = await makeClient(server.app, { ownerId: developer.id, name: "Draft" })
  await post(ada, queue(no), { decision: "rejected", text: "It asks for passwords." })
  expect((await post(mara, portal(no), { text: "Please." })).status).toBe(200)
  await want("none")
  expect([await meets(eve, no), await meets(mara, no), await meets(eve, draft)]).toEqual(["closed", "asked", "asked"])
  expect((await makeClient(server.app, { ownerId: developer.id })).client.review).toBeNull()
  await want("wanted")
  for (let at = 0; at < 4; at++) await post(mara, portal(no), { text: `Please ${at}.` })
  const much = await post(mara, portal(no), { text: "Please!" })
  expect([much.status, server.app.appReviews.of(now(no)).notes.length]).toEqual([429, 6])
  expect((await post(mara, portal(no), { text: "x".repeat(2_001) })).status).toBe(422)
})

test("nobody else reads or writes any of it", async () => {
  for (const [agent, path] of [
    [eve, portal()],
    [eve, queue()],
    [mara, queue()],
  ] as const) {
    expect([path, (await agent.get(server.at(path))).status]).toEqual([path, 404])
    expect([path, (await post(agent, path, { decision: "approved", text: "x" })).status]).toEqual([path, 404])
  }
  expect((await post(eve, `${portal()}/withdrawal`, {})).status).toBe(404)
  // An app that nobody has to look at has no thread.
  expect((await post(mara, portal(before), { text: "hello" })).status).toBe(422)
  expect((await post(ada, queue(before), { decision: "approved", text: "" })).status).toBe(422)
})

test("its endpoints hear of each decision, and the next developer reads nothing of the thread", async () => {
  const { client: app } = await makeClient(server.app, { ownerId: developer.id, name: "Moved" })
  const url = `http://127.0.0.1:${receiver.port}/`
  await server.app.webhooks.create(CTX, { userId: developer.id, client: app }, { url, types: ["app.reviewed"] })
  await post(ada, queue(app), { decision: "changes_requested", text: "A word for its first developer." })
  await post(ada, queue(app), { decision: "none", text: "And another." })
  await server.app.outbox.flush()
  const data = { about: "app", decision: "changes_requested", note: "A word for its first developer." }
  expect(got.map((one) => [one.type, one.app, one.data])).toEqual([["app.reviewed", app.publicId, data]])
  const heir = await makeDeveloper(server.app, { name: "Heir" })
  await server.app.store.write(CTX, (tx) => {
    const offered = server.app.appTransfers.offerIn(tx, {
      ownerId: developer.id,
      clientPublicId: app.publicId,
      email: heir.email,
    })
    server.app.appTransfers.acceptIn(tx, { userId: heir.id, transferPublicId: offered.publicId })
  })
  expect(server.app.appReviews.of(now(app)).notes).toEqual([])
  expect(now(app).review).toBe("draft")
})

// Whose domain an app is of: shown by a record or a file, read by people at consent, and no longer told once people are sent elsewhere.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { DAY_MS, VirtualClock } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { authorizeUrl, signedIn } from "../browser/house.ts"
import { CALLBACK, CTX, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

const records = new Map<string, string[]>()
const files = new Map<string, string>()
const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
let developer: User
let mara: WebAgent
let eve: WebAgent
let client: Client
beforeAll(async () => {
  server = await startTestServer({
    clock,
    dns: { resolveTxt: (name) => Promise.resolve((records.get(name) ?? []).map((one) => [one])) },
    safeFetch: (url) => {
      const text = files.get(url)
      if (text === undefined) return Promise.reject(new Error("nobody there"))
      return Promise.resolve({ status: 200, headers: new Headers(), url, text: () => text } as never)
    },
  })
  developer = await makeDeveloper(server.app)
  client = (await makeClient(server.app, { ownerId: developer.id })).client
  mara = await signedIn(server, developer.email)
  eve = await signedIn(server, (await makeUser(server.app, { name: "Eve" })).email)
}, 30_000)
afterAll(() => server?.close())

const path = (app = client) => `/developer/apps/${app.publicId}/domain`
const press = async () => {
  clock.advance(11_000)
  return mara.submit(await mara.get(server.at(path())), path())
}
const change = (set: { homepageUrl?: string; redirectUris?: string[] }, app = client) =>
  server.app.store.write(CTX, (tx) =>
    server.app.oauth.updateClientIn(tx, { ownerId: developer.id, clientPublicId: app.publicId, ...set }),
  )
const proof = (app = client) => server.app.appHosts.proofOf(server.app.oauth.clientById(app.id)!)
const told = async () => {
  const { text } = await eve.get(authorizeUrl(server, client.publicId))
  return { verified: text.includes(">Verified<"), domain: text.includes("storyteller.example is theirs") }
}

test("without a homepage on the web there is nothing to show, and another developer's app is not there", async () => {
  expect((await mara.get(server.at(path()))).text).toContain("No domain yet")
  expect((await eve.get(server.at(path()))).status).toBe(404)
  await change({ homepageUrl: "http://localhost:3000" })
  expect((await mara.get(server.at(path()))).text).toContain("No domain yet")
})

test("a record that names another claim proves nothing; the app's own does, and people read the domain", async () => {
  await change({ homepageUrl: "https://storyteller.example/start" })
  await press()
  const { dnsName, dnsValue } = proof()!
  expect((await press()).text).toContain("Neither the record nor the file is there yet.")
  const { client: other } = await makeClient(server.app, {
    ownerId: developer.id,
    homepageUrl: "https://storyteller.example",
  })
  await server.app.store.write(CTX, (tx) =>
    server.app.appHosts.claimIn(tx, { ownerId: developer.id, clientPublicId: other.publicId }),
  )
  records.set(dnsName, [proof(other)!.dnsValue])
  await press()
  expect(await told()).toEqual({ verified: false, domain: false })
  records.set(dnsName, ["v=spf1 -all", dnsValue])
  expect((await press()).text).toContain("The domain is yours, by its DNS record.")
  expect(await told()).toEqual({ verified: true, domain: true })
  // Looking reaches out to somebody's server: not twice in a moment.
  const again = await mara.submit(await mara.get(server.at(path())), path())
  expect(again.text).toContain("Wait ten seconds")
})

test("it is not told while people are sent to another domain, and is gone with the homepage", async () => {
  await change({ redirectUris: [CALLBACK, "https://app.storyteller.example/back"] })
  expect((await told()).verified).toBe(true)
  await change({ redirectUris: [CALLBACK, "https://storyteller.example.evil.example/back"] })
  expect(await told()).toEqual({ verified: false, domain: false })
  expect((await mara.get(server.at(path()))).text).toContain("leads to another domain")
  await change({ redirectUris: [CALLBACK], homepageUrl: "https://elsewhere.example" })
  expect((await told()).verified).toBe(false)
  expect(proof()).toBeNull()
})

test("a file on the host does as well, on a line of its own", async () => {
  await change({ homepageUrl: "https://pages.example" })
  await press()
  const { fileUrl, fileText } = proof()!
  files.set(fileUrl, `not found: ${fileText}`)
  await press()
  expect((await told()).verified).toBe(false)
  files.set(fileUrl, `# ours\r\n${fileText}\r\n`)
  expect((await press()).text).toContain("The domain is yours, by its file.")
  expect((await told()).verified).toBe(true)
})

test("an admin's word names no domain, and can be taken back", async () => {
  const vouch = (verified: boolean) =>
    server.app.store.write(CTX, (tx) => server.app.appHosts.vouchIn(tx, { clientPublicId: client.publicId, verified }))
  await vouch(true)
  expect(await told()).toEqual({ verified: true, domain: false })
  await vouch(false)
  expect((await told()).verified).toBe(false)
})

test("a proof is looked for again: a week without it, with a mail at its beginning and its end, and then nobody is told", async () => {
  const look = () => server.app.jobs.runNow(CTX, "prove-app-hosts")
  const mails = async () => {
    await server.app.outbox.flush()
    return server.app.mailer.mailbox
      .filter(({ to, subject }) => to === developer.email && /verified/.test(subject))
      .map(({ subject }) => subject)
      .sort()
  }
  await change({ homepageUrl: "https://again.example" })
  await press()
  const { dnsName, dnsValue } = proof()!
  records.set(dnsName, [dnsValue])
  await press()
  expect((await told()).verified).toBe(true)
  const provenMs = proof()!.provenMs
  // Not before its week, and then with nothing but a look.
  clock.advance(6 * DAY_MS)
  records.delete(dnsName)
  await look()
  expect(proof()!.missingMs).toBeNull()
  records.set(dnsName, [dnsValue])
  clock.advance(DAY_MS)
  await look()
  expect([proof()!.missingMs, proof()!.provenMs, await mails()]).toEqual([null, provenMs, []])
  // A bad day of a name server costs nothing.
  records.delete(dnsName)
  clock.advance(7 * DAY_MS)
  await look()
  await look()
  expect([proof()!.missingMs === null, await mails()]).toEqual([
    false,
    ["Your Purser app is about to lose its verified domain"],
  ])
  mara = await signedIn(server, developer.email)
  eve = await signedIn(server, (await makeUser(server.app)).email)
  expect((await mara.get(server.at(path()))).text).toContain("Neither the record nor the file is there any more.")
  expect((await told()).verified).toBe(true)
  records.set(dnsName, [dnsValue])
  clock.advance(DAY_MS)
  await look()
  expect(proof()!.missingMs).toBeNull()
  records.delete(dnsName)
  clock.advance(7 * DAY_MS)
  await look()
  for (let day = 0; day < 7; day++) {
    expect(proof()!.provenMs).toBe(provenMs)
    clock.advance(DAY_MS)
    await look()
  }
  expect(proof()).toMatchObject({ provenMs: null, provenBy: null, missingMs: null })
  expect((await mails()).filter((subject) => subject === "Your Purser app is no longer verified").length).toBe(1)
  // An admin's word is nothing that can be looked for.
  await server.app.store.write(CTX, (tx) =>
    server.app.appHosts.vouchIn(tx, { clientPublicId: client.publicId, verified: true }),
  )
  clock.advance(30 * DAY_MS)
  await look()
  expect(proof()!.provenBy).toBe("admin")
}, 60_000)

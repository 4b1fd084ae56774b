// /dashboard over HTTP: the way forward of a newcomer, and figures that add up to the eye.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { nano } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CALLBACK,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { makeCharges } from "./history.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
})
afterAll(() => server.close())

const dashboardOf = async (agent: WebAgent): Promise<string> => (await agent.get(`${server.url}/dashboard`)).text

async function appWithHome(name: string, mode: "live" | "test" = "live") {
  const owner = await makeDeveloper(server.app)
  return server.app.store.write(CTX, (tx) =>
    server.app.oauth.registerClientIn(tx, {
      ownerId: owner.id,
      type: "confidential",
      name,
      mode,
      redirectUris: [CALLBACK],
      scopes: ["openid", "profile", "email", "offline_access", "llm"],
      homepageUrl: `https://${name.toLowerCase()}.example/start`,
    }),
  )
}

test("a newcomer is led on by what there is, until an app is linked", async () => {
  const ada = await makeUser(server.app)
  const agent = await signedIn(server, ada.email)
  await makeClient(server.app, { name: "Homeless" })
  await appWithHome("Trial", "test")
  const gone = await appWithHome("Gone")
  await server.app.store.write(CTX, (tx) =>
    server.app.oauth.suspendClientIn(tx, { clientPublicId: gone.client.publicId, reason: "a test" }),
  )
  const before = await dashboardOf(agent)
  for (const words of ["What to do next", "Claim today’s credits", 'href="/developer"']) expect(before).toContain(words)
  const story = await appWithHome("Storyteller")
  const shown = await dashboardOf(agent)
  expect(shown).toContain('href="https://storyteller.example/start"')
  for (const name of ["Homeless", "Trial", "gone.example"]) expect(shown).not.toContain(name)
  await mintTokens(server.app, { user: ada, client: story.client, secret: story.secret ?? "" })
  const linked = await dashboardOf(agent)
  // It is new still, but not without an app.
  expect(linked).toContain("Use an app")
  expect(linked).not.toContain("storyteller.example")
})

test("what is left and what was used add up to what came; a call says tokens", async () => {
  const ada = await makeUser(server.app)
  const agent = await signedIn(server, ada.email)
  await server.app.store.write(CTX, (tx) =>
    server.app.ledger.grantIn(tx, {
      owner: ownerOf(ada),
      mode: "live",
      type: "bonus",
      bucket: "bonus",
      amountNano: nano(100_000_000),
      paid: false,
      key: "test:whole",
    }),
  )
  const { accessToken } = await mintTokens(server.app, { user: ada, ...(await makeClient(server.app)) })
  expect((await chat(server.url, accessToken)).status).toBe(200)
  const text = await dashboardOf(agent)
  const figure = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]?.replaceAll(",", ""))
  const left = figure(/class="balance-figure"[^>]*>\s*<span class="num">([\d.,]+)</)
  const used = figure(/Used today<\/dt><dd><span class="num" title="[^"]*">([\d.,]+) credits/)
  expect(used).toBeGreaterThan(0)
  // The first call of a day may bring the day's credits.
  expect([100, 200]).toContain(Math.round((left + used) * 100) / 100)
  expect(text).toContain(" tokens in, ")
  expect(text).toContain("One day so far: ")
  expect(text).toContain("All of it is ")
})

test("a movement is the same figure on the dashboard and on the statement, where the day's rows add up", async () => {
  const ida = await makeUser(server.app)
  const agent = await signedIn(server, ida.email)
  const { client } = await makeClient(server.app)
  const charges = [3_021_300, 1_004_800, 2_006_000].map((chargeNano) => ({ user: ida, client, count: 1, chargeNano }))
  await giveCredits(server.app, ida, 100_000_000)
  for (const one of charges) await makeCharges(server.app, one)
  const amountsOf = (html: string) =>
    [...html.matchAll(/<li id="move-(\w+)">.*?class="amount[^>]*><span class="num"[^>]*>([^<]+) credits</gs)].map(
      ([, id, amount]) => `${id} ${amount}`,
    )
  const statement = amountsOf((await agent.get(`${server.url}/credits`)).text)
  expect(statement.map((row) => row.split(" ")[1])).toEqual(["−2.01", "−1.01", "−3.02", "+100.00"])
  expect(amountsOf(await dashboardOf(agent))).toEqual(statement)
})

test("what expires next reads as it does in the list of what there is", async () => {
  const eve = await makeUser(server.app)
  const agent = await signedIn(server, eve.email)
  const soon = server.app.clock.now() + 30 * 3_600_000
  const grant = (key: string, amount: number, expiresMs: number | undefined) =>
    server.app.store.write(CTX, (tx) =>
      server.app.ledger.grantIn(tx, {
        owner: ownerOf(eve),
        mode: "live",
        type: "bonus",
        bucket: "bonus",
        amountNano: nano(amount),
        paid: false,
        key: `expiry ${key}`,
        ...(expiresMs === undefined ? {} : { expiresMs }),
      }),
    )
  const listed = async () => {
    const text = (await agent.get(`${server.url}/credits`)).text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ")
    return /([\d,.]+) bonus credits expires? in/.exec(text)?.[1]
  }
  const next = async () => /([\d,.]+) credits expires? in/.exec(await dashboardOf(agent))?.[1]
  await grant("soon", 81_692_700, soon)
  await grant("never", 2_476_626_200, undefined)
  expect([await listed(), await next()]).toEqual(["82", "82"])
  // The larger rest is elsewhere now.
  await grant("more", 100_900_000, undefined)
  const [one, other] = [await listed(), await next()]
  expect(one).toBe(other!)
})

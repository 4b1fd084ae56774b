// The dashboard while acting as a team: its figures and nobody's own, for every role, following its wallet until the switch is turned back.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
}, 30_000)
afterAll(() => server?.close())

type Agent = Awaited<ReturnType<typeof signedIn>>
async function act(agent: Agent, team: string): Promise<Agent> {
  const { forms } = await agent.get(server.at("/settings"))
  const csrf = forms[0]!.fields.find(([name]) => name === "csrf")![1]
  await agent.post(server.at("/acting"), [
    ["csrf", csrf],
    ["team", team],
  ])
  return agent
}

/** What a stream says until it has said so much, or it ends. */
async function heard(agent: Agent, path: string, until: string): Promise<string> {
  const address = server.at(path)
  const response = await fetch(address, { headers: { cookie: agent.cookieHeader(address) } })
  const reader = response
    .body!.pipeThrough(new TextDecoderStream() as never)
    .getReader() as ReadableStreamDefaultReader<string>
  let text = ""
  while (!text.includes(until)) {
    const { done, value } = await reader.read()
    if (done) break
    text += value
  }
  await reader.cancel().catch(() => {})
  return text
}

test("figures of the team for every role, live, with nothing of whoever looks; ended with the switch and the membership", async () => {
  const { app } = server
  const owner = await makeHost(server)
  const team = await makeTeam(server, owner)
  const viewer = await makeUser(app)
  await joinTeam(server, team, owner, viewer, "viewer")
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  await giveCredits(app, { id } as User, credits(7_777))
  await giveCredits(app, viewer, credits(3_333))
  const { secret } = await app.keys.create(CTX, { userId: owner.id, payerId: id, name: "Nightly", scopes: ["llm"] })
  expect((await chat(server.url, secret)).status).toBe(200)
  const used = credits(7_777) - app.ledger.wallet({ kind: "principal", id }, "live").balanceNano
  expect(used).toBeGreaterThan(0)
  for (const who of [owner, viewer]) {
    const agent = await act(await signedIn(server, who.email), team)
    const page = await agent.get(server.at("/dashboard"))
    const text = plainText(page.text)
    expect([page.status, page.url.endsWith("/dashboard")]).toEqual([200, true])
    expect([
      text.includes("7,77"),
      text.includes("3,333"),
      text.includes("Daily claim"),
      text.includes("Plan:"),
    ]).toEqual([true, false, false, false])
    expect([text.includes("What Paper Boat has"), text.includes("Keys of the team")]).toEqual([true, true])
    const part = await agent.get(server.at("/dashboard/figures"))
    expect([part.status, plainText(part.text).includes("7,77")]).toEqual([200, true])
  }
  const agent = await act(await signedIn(server, viewer.email), team)
  const since = /data-live="\/dashboard\/events\?since=([^"]+)"/.exec(
    (await agent.get(server.at("/dashboard"))).text,
  )![1]!
  const moved = heard(agent, `/dashboard/events?since=${since}`, "moved")
  expect((await chat(server.url, secret)).status).toBe(200)
  expect(await moved).toContain("moved")
  // Another one's own figures move nothing here; theirs are theirs again after the switch.
  await act(agent, "")
  const own = plainText((await agent.get(server.at("/dashboard"))).text)
  expect([own.includes("3,333"), own.includes("7,77"), own.includes("Daily claim")]).toEqual([true, false, true])
  await act(agent, team)
  const ref = { userId: owner.id, team, member: viewer.publicId }
  await app.store.write(CTX, (tx) => app.teams.removeIn(tx, ref))
  expect(plainText((await agent.get(server.at("/dashboard"))).text)).not.toContain("7,77")
}, 60_000)

import { afterAll, beforeAll, expect, test } from "bun:test"
import { signedIn } from "../../../test/browser/house.ts"
import { addSandbox, PASSWORD, startTestServer, type TestServer } from "../../../test/build.ts"
import { dayOfTeam, makeTeam, runTeam, TEAM_LOGINS } from "./team.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
}, 30_000)
afterAll(() => server?.close())

test("three people of a team: each signs in and acts as it, two spend, one within a limit, and one sees the money alone", async () => {
  const { app } = server
  const team = await makeTeam(app, PASSWORD)
  for (let day = 0; day < 7; day++) await dayOfTeam(app, team, day)
  const said: string[] = []
  await runTeam(app, team, (step, detail) => said.push(`${step}: ${detail}`))
  expect(said).toEqual([expect.stringMatching(/^team: three people of Night Shift share one balance, 49\d\d/)])
  expect(app.ledger.verify().ok).toBe(true)
  const day = Math.floor(app.clock.now() / 86_400_000)
  const { rows, cache } = await app.analytics.person({
    userId: team.id,
    mode: "live",
    span: { from: day - 1, to: day },
    filter: {},
  })
  expect(rows.member.map(({ key }) => Number(key)).toSorted()).toEqual(
    [team.people.owner.id, team.people.member.id].map(Number).toSorted(),
  )
  expect(rows.app.map(({ key }) => Number(key)).toSorted()).toEqual([0, Number(team.client.id)].toSorted())
  expect([cache.calls > 0, cache.savedNano > 0]).toEqual([true, true])
  expect(app.billing.detailsOf(team.id)?.name).toBe("Night Shift GmbH")
  const seen: string[] = []
  for (const { email } of TEAM_LOGINS) {
    const agent = await signedIn(server, email)
    const page = await agent.get(server.at("/settings"))
    const csrf = page.forms[0]!.fields.find(([name]) => name === "csrf")![1]
    await agent.post(server.at("/acting"), [
      ["csrf", csrf],
      ["team", team.publicId],
    ])
    const open = async (path: string) => ((await agent.get(server.at(path))).status === 200 ? path : "")
    seen.push([email, await open("/usage"), await open("/keys"), await open("/credits/invoices")].join(" "))
  }
  expect(seen).toEqual([
    "olga@demo.example /usage /keys /credits/invoices",
    "bea@demo.example /usage  /credits/invoices",
    "mia@demo.example /usage /keys /credits/invoices",
  ])
}, 60_000)

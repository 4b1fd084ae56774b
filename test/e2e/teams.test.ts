// Teams by their pages: made, joined by a link and by a mail, and every page × every role. What a page does not show is refused all the same.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { makeUser, startTestServer, type TestServer } from "../build.ts"
import { inviteTo, joinTeam, makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock: new VirtualClock(Date.UTC(2026, 5, 1, 12)) })
}, 30_000)
afterAll(() => server?.close())

const LINK = /\/teams\/join\?token=[\w-]{43}/

test("made by its page; somebody joins by a link that is shown once, another one by a mail", async () => {
  const { app } = server
  const [owner, ada, eve] = [await makeHost(server), await makeUser(app), await makeUser(app)]
  const agent = await signedIn(server, owner.email)
  const made = await agent.submit(await agent.get(server.at("/teams/new")), "/teams", { name: "Paper Boat" })
  const team = /\/teams\/tea_\w+/.exec(made.url)![0]
  expect(made.text).toContain("Your role in this team: owner.")

  const byLink = await agent.submit(await agent.get(server.at(`${team}/invitation`)), `${team}/invitation`, {
    email: ada.email,
    role: "admin",
    way: "link",
  })
  const link = LINK.exec(byLink.text)![0]
  expect((await agent.get(server.at(team))).text).not.toMatch(LINK)
  const theirs = await signedIn(server, ada.email)
  // Opening it does nothing, also a second time.
  await theirs.get(server.at(link))
  const asked = await theirs.get(server.at(link))
  expect(asked.text).toContain("Join Paper Boat?")
  // Passed on, it says nothing of the team.
  const other = await signedIn(server, eve.email)
  const wrong = await other.get(server.at(link))
  expect([wrong.status, wrong.text.includes("Paper Boat")]).toEqual([404, false])
  const joined = await theirs.submit(asked, "/teams/join", {})
  expect(joined.text).toContain("You are in Paper Boat now.")
  expect((await theirs.get(server.at(link))).status).toBe(404)

  await agent.submit(await agent.get(server.at(`${team}/invitation`)), `${team}/invitation`, {
    email: eve.email,
    role: "viewer",
    way: "mail",
  })
  await app.outbox.flush()
  const mail = app.mailer.mailbox.find(({ to, subject }) => to === eve.email && subject.includes("invited"))!
  const mailed = LINK.exec(mail.text)![0]
  const refused = await other.get(server.at(mailed.replace("join", "join/refusal")))
  const declined = await other.submit(refused, "/teams/join/refusal", {})
  expect(declined.text).toContain("You declined Paper Boat.")
  expect((await other.get(server.at(mailed))).status).toBe(404)
  const acts = await agent.get(server.at(`${team}/activity`))
  for (const act of ["invited somebody to Paper Boat as admin", "joined Paper Boat as admin", "declined"])
    expect(acts.text).toContain(act)
}, 60_000)

/** Pages of a team, and who may open each; written by hand. */
const MAY: Record<string, string> = {
  "": "owner admin billing viewer",
  "/leaving": "owner admin billing viewer",
  "/activity": "owner admin",
  "/name": "owner admin",
  "/invitation": "owner admin",
  "/members/:viewer": "owner admin",
  "/members/:viewer/removal": "owner admin",
  "/members/:admin": "owner",
  "/members/:admin/removal": "owner",
  "/members/:owner": "",
  "/members/:owner/removal": "",
  "/owner": "owner",
  "/deletion": "owner",
}

test("every page of a team × every role; strangers find none, and a form that was not shown is refused", async () => {
  const { app } = server
  const owner = await makeHost(server, "Owner")
  const team = await makeTeam(server, owner)
  const people: Record<string, User> = { owner, stranger: await makeUser(app) }
  for (const role of ["admin", "billing", "viewer"] as const) {
    people[role] = await makeUser(app, { name: `Their ${role}` })
    await joinTeam(server, team, owner, people[role], role)
  }
  await inviteTo(server, team, owner, { email: "open@example.com" }, "viewer")
  const [invite] = app.teams.invitesOf({ userId: owner.id, team })
  const path = (page: string) =>
    server.at(`/teams/${team}${page.replace(/:(\w+)/, (_, role: string) => people[role]!.publicId)}`)
  const forbidden = JSON.stringify(app.store.read.all("SELECT * FROM team_members ORDER BY id"))
  for (const [role, person] of Object.entries(people)) {
    const agent = await signedIn(server, person.email)
    for (const [page, may] of Object.entries(MAY)) {
      const answer = await agent.get(path(page))
      const expected = role === "stranger" ? 404 : may.split(" ").includes(role) ? 200 : 403
      // Who has not proved a moment ago that it is them is asked first, where a form takes a secret; none of these does.
      expect([role, page, answer.status]).toEqual([role, page, expected])
      if (expected === 200 || page === "" || page === "/activity") continue
      // With a form that this browser may send, of another page.
      const own = await agent.get(server.at("/settings"))
      const csrf = own.forms[0]!.fields.find(([name]) => name === "csrf")![1]
      const sent = await agent.post(path(page), [
        ["csrf", csrf],
        ["name", "Mine"],
        ["email", person.email],
        ["role", "admin"],
        ["way", "link"],
      ])
      expect([role, page, [403, 404].includes(sent.status)]).toEqual([role, page, true])
    }
    if (!["owner", "admin"].includes(role)) {
      const revocation = `/teams/${team}/invitations/${invite!.publicId}/revocation`
      const own = await agent.get(server.at("/settings"))
      const csrf = own.forms[0]!.fields.find(([name]) => name === "csrf")![1]
      expect([403, 404]).toContain((await agent.post(server.at(revocation), [["csrf", csrf]])).status)
    }
  }
  expect(JSON.stringify(app.store.read.all("SELECT * FROM team_members ORDER BY id"))).toBe(forbidden)
  expect(app.teams.invitesOf({ userId: owner.id, team })).toHaveLength(1)
}, 60_000)

test("whose plan has no teams is told where there are some", async () => {
  const agent = await signedIn(server, (await makeUser(server.app)).email)
  expect((await agent.get(server.at("/teams"))).text).toContain("Plans with teams")
  const refused = await agent.submit(await agent.get(server.at("/teams/new")), "/teams", { name: "Paper Boat" })
  expect([refused.status, refused.text.includes("Your plan has no teams")]).toEqual([403, true])
}, 30_000)

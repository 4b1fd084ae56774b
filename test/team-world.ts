// A team of a person's with somebody else in it, an invitation that waits, and one that the person got.
import type { User } from "../src/identity/index.ts"
import { CTX, makeUser, type TestServer } from "./build.ts"

export interface TeamWorld {
  team: string
  /** Somebody else in it. */
  teammate: string
  teaminvite: string
  /** Of an invitation of the person to another team. */
  teamtoken: string
}

export const tokenOf = (link: string): string => new URL(link).searchParams.get("token") ?? ""

/** Somebody whose plan has teams. */
export async function makeHost({ app }: TestServer, name = "Host"): Promise<User> {
  const host = await makeUser(app, { name })
  await app.plans.assign(CTX, { user: host, planCode: "enterprise" })
  return host
}

export const makeTeam = ({ app }: TestServer, owner: User, name = "Paper Boat"): Promise<string> =>
  app.store.write(CTX, (tx) => app.teams.createIn(tx, { userId: owner.id, name }).publicId)

/** @returns the token of the link */
export async function inviteTo(
  { app }: TestServer,
  team: string,
  by: User,
  to: { email: string },
  role: "admin" | "billing" | "viewer",
): Promise<string> {
  const input = { userId: by.id, team, email: to.email, role, way: "link" as const }
  return tokenOf((await app.store.write(CTX, (tx) => app.teams.inviteIn(tx, input))).link)
}

export async function joinTeam(
  server: TestServer,
  team: string,
  by: User,
  to: User,
  role: "admin" | "billing" | "viewer",
): Promise<void> {
  const token = await inviteTo(server, team, by, to, role)
  await server.app.store.write(CTX, (tx) => void server.app.teams.acceptIn(tx, { userId: to.id, token }))
}

/** Roles of two people, the other way round: the plan of the one who becomes the owner is not asked. */
export const swapRoles = ({ app }: TestServer, team: string, owner: User, other: User): Promise<unknown> =>
  app.store.write(CTX, (tx) => {
    const { id } = tx.get<{ id: number }>("SELECT id FROM teams WHERE public_id = ?", team)!
    const set = (role: string, user: User) =>
      tx.run("UPDATE team_members SET role = ? WHERE team_id = ? AND user_id = ?", role, id, user.id)
    set("admin", owner)
    set("owner", other)
  })

export async function openTeams(server: TestServer, person: User, name: string): Promise<TeamWorld> {
  const host = await makeHost(server, name)
  const team = await makeTeam(server, host, name)
  await joinTeam(server, team, host, person, "admin")
  await inviteTo(server, team, person, { email: `${"w".repeat(60)}@team.example` }, "viewer")
  await swapRoles(server, team, host, person)
  const other = await makeTeam(server, host, "Elsewhere")
  return {
    team,
    teammate: host.publicId,
    teaminvite: server.app.teams.invitesOf({ userId: person.id, team })[0]!.publicId,
    teamtoken: await inviteTo(server, other, host, person, "viewer"),
  }
}

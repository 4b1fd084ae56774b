// The world of all routes, its things given to a team: with an owner, an admin, a billing manager and a viewer who act as it.
import type { User } from "../src/identity/index.ts"
import { signedIn } from "./browser/house.ts"
import { CTX, makeUser } from "./build.ts"
import { openRouteWorld, type RouteWorld } from "./routes.ts"
import { joinTeam } from "./team-world.ts"

export const SEAT_ROLES = ["owner", "admin", "billing", "viewer"] as const
export type SeatRole = (typeof SEAT_ROLES)[number]
export type SeatAgent = Awaited<ReturnType<typeof signedIn>>

export interface SeatWorld {
  world: RouteWorld
  team: string
  id: User["id"]
  people: Record<SeatRole, User>
  agents: Record<SeatRole, SeatAgent>
}

/** What a person or the developer of that world has becomes the team's, row by row. */
const GIVEN = [
  "UPDATE oauth_clients SET holder_id = ?1 WHERE holder_id = ?2",
  "UPDATE market_publishers SET owner_id = ?1 WHERE owner_id = ?2",
  "UPDATE webhook_endpoints SET user_id = ?1 WHERE user_id = ?2 AND client_id IS NOT NULL",
]
const BOUGHT = [
  "UPDATE market_subscriptions SET user_id = ?1, payer_id = ?1 WHERE user_id = ?2",
  "UPDATE api_keys SET payer_id = ?1 WHERE user_id = ?2",
]

export async function openSeatWorld(): Promise<SeatWorld> {
  const world = await openRouteWorld()
  const { server, developer, person } = world
  const { app } = server
  const { team } = world.teams
  const { id } = app.teams.membership({ userId: person.id, team }, "see").team
  await app.plans.assign(CTX, { user: person, planCode: "enterprise" })
  await app.developers.acceptAgreement(CTX, { userId: id, version: app.developers.agreementVersion, company: "" })
  await app.store.write(CTX, (tx) => {
    for (const sql of GIVEN) tx.run(sql, id, developer.id)
    for (const sql of BOUGHT) tx.run(sql, id, person.id)
    const typed = {
      kind: "iban",
      holder: "Paper Boat",
      iban: "DE89370400440532013000",
      bic: "",
      currency: "USD",
    } as const
    app.payouts.setMethodIn(tx, { userId: id, typed })
  })
  const people = { owner: person, admin: developer } as Record<SeatRole, User>
  await joinTeam(server, team, person, developer, "admin")
  for (const role of ["billing", "viewer"] as const) {
    people[role] = await makeUser(app)
    await joinTeam(server, team, person, people[role], role)
  }
  const agents = {} as Record<SeatRole, SeatAgent>
  for (const role of SEAT_ROLES) {
    const agent = await signedIn(server, people[role].email)
    const { forms } = await agent.get(server.at("/settings"))
    const csrf = forms[0]!.fields.find(([name]) => name === "csrf")![1]
    await agent.post(server.at("/acting"), [
      ["csrf", csrf],
      ["team", team],
    ])
    agents[role] = agent
  }
  return { world, team, id, people, agents }
}

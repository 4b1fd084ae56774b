// Who may do what in a team, as a table written by hand: every verb × every role. And invitations: not guessed, not used twice, not passed
// on, not used late; one owner at any time; nothing left in a wallet by the way.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { CTX, giveCredits, makeUser, startTestServer, type TestServer } from "../../test/build.ts"
import { credits, DAY_MS, sha256Hex, VirtualClock } from "../app/index.ts"
import { BRAND } from "../brand/index.ts"
import type { User } from "../identity/index.ts"
import type { Tx } from "../store/index.ts"
import { may, RIGHTS, ROLE_RIGHTS, ROLES, type Role, TEAM_LIMITS } from "./index.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock })
}, 30_000)
afterAll(() => server?.close())

const write = <T>(act: (tx: Tx) => T): Promise<T> => server.app.store.write(CTX, act as never) as Promise<T>
const outcome = (act: Promise<unknown>) =>
  act.then(
    () => "done",
    (error: { code?: string }) => error.code ?? String(error),
  )

/** Somebody whose plan has teams. */
async function host(): Promise<User> {
  const user = await makeUser(server.app)
  await server.app.plans.assign(CTX, { user, planCode: "enterprise" })
  return user
}
const tokenOf = (link: string): string => new URL(link).searchParams.get("token")!

async function join(team: string, by: User, user: User, role: Exclude<Role, "owner">): Promise<void> {
  const input = { userId: by.id, team, email: user.email, role, way: "link" as const }
  const { link } = await write((tx) => server.app.teams.inviteIn(tx, input))
  await write((tx) => server.app.teams.acceptIn(tx, { userId: user.id, token: tokenOf(link) }))
}

/** A team with one of each role, and somebody who is in another team. */
async function world() {
  const { app } = server
  const [owner, other] = [await host(), await host()]
  const team = (await write((tx) => app.teams.createIn(tx, { userId: owner.id, name: "Paper Boat" }))).publicId
  await write((tx) => app.teams.createIn(tx, { userId: other.id, name: "Elsewhere" }))
  const people: Record<Role | "stranger", User> = {
    owner,
    admin: await makeUser(app),
    billing: await makeUser(app),
    viewer: await makeUser(app),
    stranger: other,
  }
  for (const role of ["admin", "billing", "viewer"] as const) await join(team, owner, people[role], role)
  return { team, people, id: app.teams.membership({ userId: owner.id, team }, "see").team.id }
}
type World = Awaited<ReturnType<typeof world>>
/** Every right, by hand. The code's own table is held to it. */
const TABLE: Record<Role, string> = {
  owner: "see audit members money spend build own",
  admin: "see audit members money spend build",
  billing: "see money",
  viewer: "see",
}

test("the table of rights is this one, and an unknown role has none of them", () => {
  for (const role of ROLES) expect([...ROLE_RIGHTS[role]].join(" ")).toBe(TABLE[role])
  expect(RIGHTS.join(" ")).toBe(TABLE.owner)
  expect(may("guest" as Role, "see")).toBe(false)
})

/** Each act on a world of its own, and who may: everybody else is refused and nothing is written. */
const ACTS: Record<string, { may: Role[]; act: (of: World, userId: User["id"]) => Promise<unknown> }> = {
  look: { may: [...ROLES], act: async ({ team }, userId) => server.app.teams.membersOf({ userId, team }) },
  "read invitations": {
    may: ["owner", "admin"],
    act: async ({ team }, userId) => server.app.teams.invitesOf({ userId, team }),
  },
  "read acts": { may: ["owner", "admin"], act: async ({ team }, userId) => server.app.teams.actsOf({ userId, team }) },
  rename: {
    may: ["owner", "admin"],
    act: ({ team }, userId) => write((tx) => server.app.teams.renameIn(tx, { userId, team, name: "New" })),
  },
  ...Object.fromEntries(
    (["admin", "billing", "viewer"] as const).map((role) => [
      `invite a ${role}`,
      {
        may: role === "admin" ? ["owner"] : ["owner", "admin"],
        act: ({ team }: World, userId: User["id"]) =>
          write((tx) => server.app.teams.inviteIn(tx, { userId, team, email: "new@example.com", role, way: "mail" })),
      },
    ]),
  ),
  "take an invitation back": {
    may: ["owner", "admin"],
    act: async ({ team, people }, userId) => {
      const owner = { userId: people.owner.id, team }
      if (server.app.teams.invitesOf(owner).length === 0)
        await write((tx) =>
          server.app.teams.inviteIn(tx, { ...owner, email: "b@example.com", role: "viewer", way: "link" }),
        )
      const [invite] = server.app.teams.invitesOf(owner)
      await write((tx) => server.app.teams.revokeInviteIn(tx, { userId, team, invite: invite!.publicId }))
    },
  },
  "make a viewer a billing manager": {
    may: ["owner", "admin"],
    act: ({ team, people }, userId) =>
      write((tx) => server.app.teams.setRoleIn(tx, { userId, team, member: people.viewer.publicId, role: "billing" })),
  },
  "make a viewer an admin": {
    may: ["owner"],
    act: ({ team, people }, userId) =>
      write((tx) => server.app.teams.setRoleIn(tx, { userId, team, member: people.viewer.publicId, role: "admin" })),
  },
  "make an admin a viewer": {
    may: ["owner"],
    act: ({ team, people }, userId) =>
      write((tx) => server.app.teams.setRoleIn(tx, { userId, team, member: people.admin.publicId, role: "viewer" })),
  },
  "change the owner's role": {
    may: [],
    act: ({ team, people }, userId) =>
      write((tx) => server.app.teams.setRoleIn(tx, { userId, team, member: people.owner.publicId, role: "viewer" })),
  },
  "remove the viewer": {
    may: ["owner", "admin"],
    act: ({ team, people }, userId) =>
      write((tx) => server.app.teams.removeIn(tx, { userId, team, member: people.viewer.publicId })),
  },
  "remove the admin": {
    may: ["owner"],
    act: ({ team, people }, userId) =>
      write((tx) => server.app.teams.removeIn(tx, { userId, team, member: people.admin.publicId })),
  },
  "remove the owner": {
    may: [],
    act: ({ team, people }, userId) =>
      write((tx) => server.app.teams.removeIn(tx, { userId, team, member: people.owner.publicId })),
  },
  leave: {
    may: ["admin", "billing", "viewer"],
    act: ({ team }, userId) => write((tx) => server.app.teams.leaveIn(tx, { userId, team })),
  },
  "hand over": {
    may: ["owner"],
    act: async ({ team, people }, userId) => {
      await server.app.plans.assign(CTX, { user: people.viewer, planCode: "enterprise" }).catch(() => undefined)
      await write((tx) => server.app.teams.handOverIn(tx, { userId, team, member: people.viewer.publicId }))
    },
  },
  delete: {
    may: ["owner"],
    act: ({ team }, userId) => write((tx) => server.app.teams.endIn(tx, { userId, team, forfeit: false })),
  },
}

test("every act × every role: who may does it, whoever may not changes nothing; to strangers there is no such team", async () => {
  const refused = await world()
  const before = () =>
    JSON.stringify([
      server.app.store.read.all("SELECT * FROM team_members WHERE team_id = ? ORDER BY id", refused.id),
      server.app.store.read.all("SELECT * FROM teams WHERE id = ?", refused.id),
      server.app.store.read.all("SELECT * FROM team_invites WHERE team_id = ? AND role = 'admin'", refused.id),
    ])
  const was = before()
  for (const [name, { may, act }] of Object.entries(ACTS)) {
    for (const role of ROLES) {
      if (may.includes(role)) continue
      expect([name, role, await outcome(act(refused, refused.people[role].id))]).toEqual([
        name,
        role,
        expect.stringMatching(/^(forbidden|conflict)$/),
      ])
    }
    expect([name, await outcome(act(refused, refused.people.stranger.id))]).toEqual([name, "not_found"])
  }
  expect(before()).toBe(was)
  for (const [name, { may, act }] of Object.entries(ACTS))
    for (const role of may) {
      clock.advance(DAY_MS)
      const of = await world()
      expect([name, role, await outcome(act(of, of.people[role].id))]).toEqual([name, role, "done"])
    }
}, 120_000)

test("only a plan with teams makes one, invites and takes one over; the name and the number are bounded", async () => {
  const { app } = server
  const plain = await makeUser(app)
  const make = (user: User, name = "Mine") => write((tx) => app.teams.createIn(tx, { userId: user.id, name }))
  expect(await outcome(make(plain))).toBe("plan_required")
  const owner = await host()
  for (const bad of ["", " ", "Support", "x".repeat(81), "a\u202eb"])
    expect(await outcome(make(owner, bad))).toBe("validation_failed")
  const { publicId: team } = await make(owner)
  await join(team, owner, plain, "viewer")
  const over = { userId: owner.id, team, member: plain.publicId }
  expect(await outcome(write((tx) => app.teams.handOverIn(tx, over)))).toBe("plan_required")
  for (let made = 1; made < TEAM_LIMITS.ownedMax; made++) await make(owner)
  expect(await outcome(make(owner))).toBe("conflict")
  // Made and deleted they still count for the day.
  await write((tx) => app.teams.endIn(tx, { userId: owner.id, team, forfeit: false }))
  expect(await outcome(make(owner))).toBe("conflict")
  clock.advance(DAY_MS)
  expect(await outcome(make(owner))).toBe("done")
})

test("an invitation opens to its address alone, once, in time, and is stored as a hash", async () => {
  const { app } = server
  const { team, people } = await world()
  const invited = await makeUser(app)
  const thief = await makeUser(app)
  const input = {
    userId: people.owner.id,
    team,
    email: invited.email.toUpperCase(),
    role: "viewer",
    way: "mail",
  } as const
  const { link, invite } = await write((tx) => app.teams.inviteIn(tx, input))
  const token = tokenOf(link)
  expect(token).toMatch(/^[\w-]{43}$/)
  const row = app.store.read.get<Record<string, unknown>>(
    "SELECT * FROM team_invites WHERE public_id = ?",
    invite.publicId,
  )
  expect([row?.token_hash, JSON.stringify(row).includes(token)]).toEqual([sha256Hex(token), false])
  expect(JSON.stringify(app.store.read.all("SELECT * FROM audit_log")).includes(token)).toBe(false)
  const accept = (user: User, as = token) =>
    outcome(write((tx) => app.teams.acceptIn(tx, { userId: user.id, token: as })))
  // Guessed, cut, passed on, to an address that is not proven.
  for (const guess of ["", "x", token.slice(1), `${token}a`, "A".repeat(43), sha256Hex(token)])
    expect(await accept(invited, guess)).toBe("not_found")
  expect(await accept(thief)).toBe("not_found")
  await write((tx) => tx.run("UPDATE users SET email_verified_ms = NULL WHERE id = ?", invited.id))
  expect(await accept(invited)).toBe("not_found")
  await write((tx) => tx.run("UPDATE users SET email_verified_ms = ? WHERE id = ?", tx.now, invited.id))
  // The same address is not asked twice at a time; whoever is in is not asked.
  expect(await outcome(write((tx) => app.teams.inviteIn(tx, input)))).toBe("validation_failed")
  // Two at once: one is in, once.
  expect((await Promise.all([accept(invited), accept(invited)])).toSorted()).toEqual(["done", "not_found"])
  expect(await accept(invited)).toBe("not_found")
  await write((tx) => app.teams.leaveIn(tx, { userId: invited.id, team }))
  expect(await accept(invited)).toBe("not_found")
  const over = app.store.read.get<{ hash: null; email: null }>(
    "SELECT token_hash AS hash, to_email AS email FROM team_invites WHERE public_id = ?",
    invite.publicId,
  )
  expect(over).toEqual({ hash: null, email: null })

  // Late, taken back, by somebody who may invite no more, to a team that is gone.
  const again = async () => tokenOf((await write((tx) => app.teams.inviteIn(tx, input))).link)
  const late = await again()
  clock.advance(TEAM_LIMITS.inviteMs)
  expect(await accept(invited, late)).toBe("not_found")
  const revoked = await again()
  const [open] = app.teams.invitesOf(input)
  await write((tx) => app.teams.revokeInviteIn(tx, { ...input, invite: open!.publicId }))
  expect(await accept(invited, revoked)).toBe("not_found")
  const { link: byAdmin } = await write((tx) => app.teams.inviteIn(tx, { ...input, userId: people.admin.id }))
  await write((tx) => app.teams.removeIn(tx, { ...input, member: people.admin.publicId }))
  expect(await accept(invited, tokenOf(byAdmin))).toBe("not_found")
  const gone = await again()
  await write((tx) => app.teams.endIn(tx, { ...input, forfeit: false }))
  expect(await accept(invited, gone)).toBe("not_found")
}, 30_000)

test("one person sends so many invitations within a day, and a suspended one none", async () => {
  const { app } = server
  const owner = await host()
  const { publicId: team } = await write((tx) => app.teams.createIn(tx, { userId: owner.id, name: "Many" }))
  const invite = (at: number) =>
    outcome(
      write((tx) =>
        app.teams.inviteIn(tx, { userId: owner.id, team, email: `p${at}@example.com`, role: "viewer", way: "link" }),
      ),
    )
  for (let at = 0; at < TEAM_LIMITS.invitesPerDayMax; at++) expect(await invite(at)).toBe("done")
  expect(await invite(99)).toBe("conflict")
  clock.advance(DAY_MS)
  await app.identity.suspend(CTX, { userId: owner.id, reason: "a test" })
  expect(await invite(99)).toBe("account_suspended")
})

test("a team with credits is not deleted by the way: they are given up plainly, and the books balance", async () => {
  const { app } = server
  const of = await world()
  await giveCredits(app, { id: of.id } as User, credits(5))
  const end = (forfeit: boolean) =>
    outcome(write((tx) => app.teams.endIn(tx, { userId: of.people.owner.id, team: of.team, forfeit })))
  expect(await end(false)).toBe("conflict")
  expect(await end(true)).toBe("done")
  expect(app.ledger.wallet({ kind: "principal", id: of.id }, "live").balanceNano).toBe(0 as never)
  expect(app.teams.of(of.people.viewer.id)).toEqual([])
  expect((await app.verification.run(CTX)).ok).toBe(true)
})

test("whoever owns a team is not erased before it is another's; when it happens all the same, an admin has it, or it ends", async () => {
  const { app } = server
  const of = await world()
  expect(app.privacy.leaving(of.people.owner.id).first).toHaveLength(1)
  expect(app.privacy.leaving(of.people.viewer.id).first).toEqual([])
  await write((tx) => void app.teams.releaseIn(tx, of.people.owner.id, 100))
  expect(
    app.store.read.all("SELECT user_id AS id FROM team_members WHERE team_id = ? AND role = 'owner'", of.id),
  ).toEqual([{ id: of.people.admin.id }])
  // Whoever has it now is told, and it stands among the acts of the team.
  const told = app.store.read.all<{ payload: string }>("SELECT payload FROM outbox WHERE topic = 'mail'")
  const isTheirs = ({ payload }: { payload: string }) =>
    payload.includes("team_member") && payload.includes(of.people.admin.email)
  expect(told.filter(isTheirs)).toHaveLength(1)
  expect(app.teams.actsOf({ userId: of.people.admin.id, team: of.team })[0]).toMatchObject({
    action: "team.handed_over",
    after: JSON.stringify({ member: of.people.admin.publicId }),
  })
  await write((tx) => void app.teams.releaseIn(tx, of.people.admin.id, 100))
  expect(app.teams.of(of.people.viewer.id)).toEqual([])
})

test("no team is called like the house, as its operator named it", async () => {
  const { app } = server
  await app.settings.set(CTX, BRAND.name, { value: "Nova Desk" })
  const owner = await host()
  const make = (name: string) => outcome(write((tx) => app.teams.createIn(tx, { userId: owner.id, name })))
  expect([await make("Nоva Desk Support"), await make("Nova")]).toEqual(["validation_failed", "done"])
  await app.settings.set(CTX, BRAND.name, { value: BRAND.name.default })
})

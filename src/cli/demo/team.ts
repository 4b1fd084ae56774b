// A team of three in the demo: an owner, a billing manager and somebody who builds within a limit. They live through the month as the rest of the
// demo does, by keys and by an app of the team; then the limit holds. A step that does not hold throws.
import { credits, creditsDecimal, nano, randomSecret, type UserId } from "../../app/index.ts"
import type { App } from "../../compose.ts"
import { contextOf, setContext } from "../../http/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Client } from "../../oauth/index.ts"
import { tokenOf } from "./developer.ts"

const CTX = { actor: "cli", requestId: "demo", reason: "demo data" }
const CALLBACK = "http://127.0.0.1/callback"
const GRANTED = credits(5_000)
const NAME = "Night Shift"
/** Sandbox answers of so many tokens: a few credits each. */
const ANSWERS = [120, 300, 60, 200] as const

type Seat = "owner" | "billing" | "member"
const PEOPLE: Readonly<Record<Seat, { name: string; email: string; words: string }>> = {
  owner: { name: "Olga Oslo", email: "olga@demo.example", words: "owner" },
  billing: { name: "Bea Books", email: "bea@demo.example", words: "billing manager" },
  member: { name: "Mia Maker", email: "mia@demo.example", words: "builds, within a limit" },
}
/** In the order that people read them, with their roles. */
export const TEAM_LOGINS: readonly { email: string; words: string }[] = Object.values(PEOPLE)

export interface DemoTeam {
  id: UserId
  publicId: string
  people: Record<Seat, { id: UserId; publicId: string }>
  /** Of the owner and of the member. */
  keys: { owner: string; member: string }
  client: Client
}

function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`the team did not hold: ${what}`)
}

/** In the past: the team, its wallet, its keys and its app. */
export async function makeTeam(app: App, password: string): Promise<DemoTeam> {
  const make = async (seat: Seat) => {
    const { name, email } = PEOPLE[seat]
    return await app.identity.createUser(CTX, { email, name, password })
  }
  const people = { owner: await make("owner"), billing: await make("billing"), member: await make("member") }
  const userId = people.owner.id
  await app.plans.assign(CTX, { user: people.owner, planCode: "enterprise" })
  const { id, publicId } = await app.store.write(CTX, (tx) => app.teams.createIn(tx, { userId, name: NAME }))
  for (const [seat, role] of [
    ["billing", "billing"],
    ["member", "admin"],
  ] as const)
    await app.store.write(CTX, (tx) => {
      const asked = { userId, team: publicId, email: people[seat].email, role, way: "link" as const }
      const token = new URL(app.teams.inviteIn(tx, asked).link).searchParams.get("token") ?? ""
      app.teams.acceptIn(tx, { userId: people[seat].id, token })
    })
  await app.store.write(CTX, (tx) => {
    app.ledger.grantIn(tx, {
      owner: principal(id),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: GRANTED,
      paid: true,
      key: "demo-team",
    })
    app.billing.setDetailsIn(tx, id, {
      name: "Night Shift GmbH",
      address: "Hafenstraße 4\n20457 Hamburg",
      country: "DE",
      taxId: "DE123456789",
    })
  })
  const keyOf = async (seat: "owner" | "member", name: string) =>
    (await app.keys.create(CTX, { userId: people[seat].id, payerId: id, name, scopes: ["llm"] })).secret
  const keys = { owner: await keyOf("owner", "Night report"), member: await keyOf("member", "Prototype") }
  return { id, publicId, people, keys, client: await teamApp(app, id) }
}

/** The team accepts the agreement for itself, and an app is its own. */
async function teamApp(app: App, teamId: UserId): Promise<Client> {
  const { agreementVersion: version } = app.developers
  await app.developers.acceptAgreement(CTX, { userId: teamId, version, company: NAME })
  const { client } = await app.store.write(CTX, (tx) =>
    app.oauth.registerClientIn(tx, {
      ownerId: teamId,
      type: "public",
      name: "Tide Tables",
      redirectUris: [CALLBACK],
      scopes: ["openid", "llm"],
    }),
  )
  return client
}

/** One day of the past: the owner's report, the same question twice within the week, and what the member tries out. */
export async function dayOfTeam(app: App, { keys }: DemoTeam, day: number): Promise<void> {
  const isWeekend = day % 7 > 4
  await ask(app, keys.owner, ANSWERS[0])
  if (!isWeekend) await ask(app, keys.owner, ANSWERS[0], { "x-credits-cache": "on" })
  for (let at = 0; at < (isWeekend ? 0 : 1 + (day % 3)); at++) await ask(app, keys.member, ANSWERS[(day + at) % 4]!)
}

async function ask(app: App, bearer: string, tokens: number, headers: Record<string, string> = {}): Promise<Response> {
  const request = new Request(`${app.config.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({
      model: "sandbox",
      messages: [{ role: "user", content: `sandbox:cost ${tokens}` }],
      max_tokens: tokens,
    }),
  })
  setContext(request, { ...contextOf(request), requestId: `req_${randomSecret(12)}` })
  const answer = await app.gateway.chatCompletions(request)
  await answer.clone().arrayBuffer()
  return answer
}

/** Now: the member lets the team's app spend its credits, and comes to the end of what they may. */
export async function runTeam(app: App, team: DemoTeam, say: (step: string, detail: string) => void): Promise<void> {
  const { id, publicId, people, keys, client } = team
  const terms = { userId: people.member.id, client, payer: publicId }
  hold(
    (await ask(app, await tokenOf(app, terms), ANSWERS[3])).ok,
    "an app that a member allowed spends the team's credits",
  )
  const { used } = app.limits
    .memberUse({ teamId: id, userId: people.member.id })
    .find(({ kind }) => kind === "spend_month")!
  await app.store.write(CTX, (tx) =>
    app.limits.setMemberLimitsIn(tx, {
      teamId: id,
      userId: people.member.id,
      teamPublicId: publicId,
      person: people.member.publicId,
      limits: { spend_month: nano(used + credits(1)) },
    }),
  )
  const refused = await ask(app, keys.member, ANSWERS[1])
  const { error } = (await refused.json()) as { error: { code: string; limit_of?: string } }
  hold(refused.status === 429 && error.limit_of === "member", `the member's limit refuses: ${JSON.stringify(error)}`)
  hold((await ask(app, keys.owner, ANSWERS[2])).ok, "the owner goes on")
  const { balanceNano } = app.ledger.wallet(principal(id), "live")
  hold(balanceNano > 0 && balanceNano < GRANTED, "the team's wallet pays")
  say(
    "team",
    `three people of ${NAME} share one balance, ${creditsDecimal(balanceNano)} of ${creditsDecimal(GRANTED)} credits; one reached their limit of a month (429), the others go on`,
  )
}

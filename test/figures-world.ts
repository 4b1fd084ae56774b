// A house with months of calls behind it, made by the ledger's own verbs a slice at a time, and the notebook of every call beside it: what any
// figure should be is told from the notebook alone.
import {
  type ClientId,
  createIds,
  DAY_MS,
  dayOf,
  type KeyId,
  nano,
  UpstreamId,
  VirtualClock,
} from "../src/app/index.ts"
import type { App } from "../src/compose.ts"
import type { User } from "../src/identity/index.ts"
import type { Client } from "../src/oauth/index.ts"
import { cachedSnapshot, ownAppRule, snapshot } from "../src/pricing/index.ts"
import type { Tx } from "../src/store/index.ts"
import { CTX, makeClient, makeDeveloper, makeUser, mintTokens, startTestServer, type TestServer } from "./build.ts"

export interface Noted {
  /** `req_…` */
  id: string
  atMs: number
  day: number
  mode: "live" | "test"
  user: number
  /** 0: none. */
  client: number
  key: number
  scope: string
  endpoint: string
  model: string
  /** Who paid the provider. */
  payer: "platform" | "own" | "cache"
  upstream: number
  code: string
  refused: boolean
  failed: boolean
  /** Whoever called closed the connection. */
  gone: boolean
  input: number
  output: number
  latency: number
  firstToken: number | null
  charge: number
  upstreamNano: number
  earned: number
}

export interface FiguresWorld {
  server: TestServer
  clock: VirtualClock
  developers: User[]
  admin: User
  users: { user: User; joinedMs: number; key: { id: KeyId; publicId: string; name: string } }[]
  apps: Client[]
  noted: Noted[]
  /** First permissions. */
  letIn: { client: number; user: number; day: number }[]
}

const KINDS = [
  { endpoint: "chat", scope: "llm", model: "gpt-5-mini", upstream: 1 },
  { endpoint: "chat", scope: "llm", model: "claude-haiku-4-5", upstream: 2 },
  { endpoint: "responses", scope: "llm", model: "gpt-5-mini", upstream: 1 },
  { endpoint: "embeddings", scope: "embeddings", model: "text-embedding-3-small", upstream: 1 },
  { endpoint: "mcp", scope: "mcp", model: "mcp:travel/find", upstream: 0 },
] as const
const PAYERS = ["own", "cache", "platform", "platform", "platform"] as const
const REFUSALS = ["rate_limit_exceeded", "insufficient_credits", "app_daily_limit_exceeded"]
const FAILURES = ["provider_error", "provider_timeout"]
/** The last ones are in test mode. */
const APPS = 10
const TEST_APPS = 2
const DAYS = 95
const SLICE = 250
const GRANT = nano(9_000_000_000_000)
const LEASE_MS = 60_000

/** The same world whenever it is made with the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

export async function makeFiguresWorld(size: { calls: number; users: number }): Promise<FiguresWorld> {
  const clock = new VirtualClock(Date.UTC(2026, 6, 20, 3))
  const server = await startTestServer({ clock })
  const { app } = server
  const developers = await Promise.all(Array.from({ length: 4 }, () => makeDeveloper(app)))
  const admin = await makeUser(app, { isAdmin: true })
  const made = await makeApps(app, developers)
  const world: FiguresWorld = {
    server,
    clock,
    developers,
    admin,
    users: [],
    apps: made.map(({ client }) => client),
    noted: [],
    letIn: [],
  }
  const random = seeded(18)
  const slices = Math.ceil(size.calls / SLICE)
  for (let slice = 0; slice < slices; slice++) {
    // Half of the people are there from the beginning, the others come one by one.
    const due = Math.min(size.users, Math.ceil(size.users / 2 + (size.users * slice) / slices))
    while (world.users.length < due) await join(world, made, random)
    const ids = createIds(clock)
    await app.store.write(CTX, (tx) => {
      for (let at = 0; at < SLICE; at++) oneCall(app, tx, world, random, ids.next("req"))
    })
    await app.usage.flush()
    clock.advance((DAYS * DAY_MS) / slices)
  }
  await app.analytics.flush()
  return world
}

const makeApps = (app: App, developers: readonly User[]) =>
  Promise.all(
    Array.from({ length: APPS }, async (_, at) => {
      const ownerId = developers[at % developers.length]!.id
      if (at < APPS - TEST_APPS) return makeClient(app, { ownerId, name: `App ${at}` })
      const input = {
        ownerId,
        type: "confidential" as const,
        name: `Trial ${at}`,
        redirectUris: ["http://127.0.0.1:9/callback"],
        scopes: ["openid", "llm"],
        mode: "test" as const,
      }
      const { client, secret } = await app.store.write(CTX, (tx) => app.oauth.registerClientIn(tx, input))
      return { client, secret: secret ?? "" }
    }),
  )

async function join(
  { server: { app }, clock, users, letIn }: FiguresWorld,
  apps: readonly { client: Client; secret: string }[],
  random: (below: number) => number,
): Promise<void> {
  const user = await makeUser(app)
  for (const mode of ["live", "test"] as const) {
    await app.store.write(CTX, (tx) =>
      app.ledger.grantIn(tx, {
        owner: { kind: "principal", id: user.id },
        mode,
        type: "topup",
        bucket: "purchase",
        amountNano: GRANT,
        paid: true,
        key: `figures ${user.id} ${mode}`,
      }),
    )
  }
  const name = `Key of ${user.id}`
  const { key } = await app.keys.create(CTX, { userId: user.id, name, scopes: ["llm"] })
  users.push({ user, joinedMs: clock.now(), key: { id: key.id, publicId: key.publicId, name } })
  const { client, secret } = apps[random(APPS - TEST_APPS)]!
  await mintTokens(app, { user, client, secret, scope: "openid llm" })
  letIn.push({ client: client.id, user: user.id, day: dayOf(clock.now()) })
}

/** As a charge of that kind keeps them. */
function pricesOf({ pricing }: App, payer: Noted["payer"]): string {
  const { price } = pricing.anyPrice("sandbox", "sandbox", 0)!
  const rule = pricing.ruleFor("sandbox", "app")
  const prices = snapshot(price, payer === "own" ? ownAppRule(rule, 0) : rule)
  return payer === "cache" ? cachedSnapshot(prices, 1_000) : prices
}

function oneCall(app: App, tx: Tx, world: FiguresWorld, random: (below: number) => number, callId: string): void {
  const { users, apps, developers, noted } = world
  // Some people call much more than others, and some apps are called by few.
  const { user, key } = users[Math.min(random(users.length), random(users.length))]!
  const at = random(APPS + 3)
  const client = apps[at]
  const kind = KINDS[random(KINDS.length)]!
  const mode = client?.mode ?? "live"
  const isKey = client === undefined && random(10) > 0
  const keyId = isKey ? key.id : null
  const base = {
    id: callId,
    atMs: tx.now,
    day: dayOf(tx.now),
    mode,
    user: user.id as number,
    client: (client?.id ?? 0) as number,
    key: (keyId ?? 0) as number,
    scope: kind.scope,
    endpoint: kind.endpoint,
    model: kind.model,
    payer: PAYERS[noted.length % PAYERS.length]!,
  }
  if (random(20) === 0) {
    const code = REFUSALS[random(REFUSALS.length)]!
    app.usage.recordRefused({
      publicId: callId,
      atMs: tx.now,
      mode,
      userId: user.id,
      clientId: client?.id ?? null,
      keyId,
      endpoint: kind.endpoint,
      scope: kind.scope,
      requested: kind.model,
      model: kind.model,
      stream: false,
      status: 429,
      errorCode: code,
      latencyMs: 1,
    })
    const nothing = { input: 0, output: 0, latency: 0, firstToken: null, charge: 0, upstreamNano: 0, earned: 0 }
    noted.push({ ...base, ...nothing, upstream: 0, code, refused: true, failed: false, gone: false })
    return
  }
  const isFailed = random(25) === 0
  const isGone = !isFailed && random(30) === 0
  const code = isFailed ? FAILURES[random(FAILURES.length)]! : isGone ? "client_closed" : null
  const part = isFailed ? 0 : random(900_000)
  const figures = {
    input: random(2_000),
    output: random(900),
    latency: 100 + random(5_000),
    firstToken: random(2) === 0 ? 50 + random(900) : null,
  }
  const owner = { kind: "principal", id: user.id } as const
  const hold = app.ledger.holdIn(tx, {
    owner,
    mode,
    amountNano: nano(4 * part),
    callId,
    scope: kind.scope,
    clientId: (client?.id ?? null) as ClientId | null,
    keyId,
    routeId: app.usage.routeIn(tx, {
      endpoint: kind.endpoint,
      requested: kind.model,
      upstreamId: kind.upstream === 0 ? null : UpstreamId(kind.upstream),
      model: kind.model,
      prices: pricesOf(app, base.payer),
    }),
    leaseMs: LEASE_MS,
    inputCostNano: nano(0),
  })
  const developer = client && { kind: "principal" as const, id: developers[at % developers.length]!.id }
  app.ledger.settleIn(tx, {
    hold,
    charge: {
      totalNano: nano(4 * part),
      upstreamNano: nano(2 * part),
      developerNano: nano(developer ? part : 0),
      platformNano: nano(developer ? part : 2 * part),
    },
    developer: developer ?? null,
    call: {
      status: isFailed ? 502 : isGone ? 499 : 200,
      errorCode: code,
      end: isFailed ? "failed" : isGone ? "client_gone" : "done",
      latencyMs: figures.latency,
      firstTokenMs: figures.firstToken,
      inputTokens: figures.input,
      cachedTokens: 0,
      outputTokens: figures.output,
      reasoningTokens: 0,
      source: "reported",
    },
  })
  const money = { charge: 4 * part, upstreamNano: 2 * part, earned: developer ? part : 0 }
  noted.push({
    ...base,
    ...figures,
    ...money,
    upstream: kind.upstream,
    code: isFailed ? code! : "",
    refused: false,
    failed: isFailed,
    gone: isGone,
  })
}

// For tests of /v1 only: a real server over a real database with real tokens, in front of an upstream that speaks real HTTP.
import {
  createIds,
  createKeyring,
  credits,
  type Log,
  type Nano,
  nano,
  PrincipalId,
  silentLog,
  UserId,
} from "../../app/index.ts"
import {
  createGateway,
  type Gateway,
  type GatewayDeps,
  gatewayPart,
  type Providers,
  type Timeouts,
  type UpstreamFetch,
} from "../../gateway/index.ts"
import { type HttpServer, loadAssets, startServer } from "../../http/index.ts"
import { createKept, type Kept, keptPart } from "../../kept/index.ts"
import { type CreateKey, createKeys, type Keys, type MadeKey } from "../../keys/index.ts"
import { createLedger, type Ledger, type Mode } from "../../ledger/index.ts"
import { createLimits, type Limits } from "../../limits/index.ts"
import { type Client, createOauth, type Oauth } from "../../oauth/index.ts"
import { lentPairs } from "../../oauth/keys/testing.ts"
import { OFFLINE } from "../../oauth/testing.ts"
import { createPricing, type KeyTerms, type Pricing } from "../../pricing/index.ts"
import { createSettings, type Settings } from "../../settings/index.ts"
import { createSponsors, type Pool, type Sponsors } from "../../sponsors/index.ts"
import { openTestStore, type Store, type Tx, testCtx } from "../../store/index.ts"
import { createUsage, type Usage } from "../../usage/index.ts"
import { apiSite } from "./index.ts"
import { CALLBACK, login, MEDIA } from "./login-testing.ts"
import { MOCK_PRICE, MockUpstream } from "./mock-upstream.ts"
import { People } from "./people-testing.ts"
import { insertPeopleIn } from "./pools.testing.ts"

/** What `mock-1` costs its caller: $1 and $2 a million tokens, doubled by the shares. n$ per token. */
export const IN_NANO = 2_000
export const OUT_NANO = 4_000

const KEY_TERMS = {
  overrides: false,
  byok: false,
  planCode: "basic",
  planName: "Basic",
  markupPaidBp: 1_000,
  markupFreeBp: 0,
  freeModelsOnly: false,
  freePer1kNano: nano(0),
}

export { CALLBACK }

export interface V1Kit {
  store: Store
  clock: { now(): number; advance(ms: number): void }
  ledger: Ledger
  oauth: Oauth
  keys: Keys
  /** What the plan of everybody says of own keys, where it is not 10 % on paid models. */
  keyTerms: Partial<KeyTerms & { byok: boolean }>
  usage: Usage
  pricing: Pricing
  kept: Kept
  settings: Settings
  limits: Limits
  gateway: Gateway
  sponsors: Sponsors
  people: People
  upstream: MockUpstream
  server: HttpServer
  write<T>(body: (tx: Tx) => T): Promise<T>
  /** A new app; its tokens through a real login with that daily limit. */
  app(options?: { mode?: Mode; ownerId?: number | null }): Promise<App>
  /** The pool of an app by its person 9, with so much in it, and so much for one person. @returns how it stands */
  pool(app: App, fund: { amountNano: number; capNano: number }): Promise<() => Pool>
  /** Another server over the same data, as a restart or a mistake makes one: what is not in rows it does not know. */
  another(): Gateway
  /** The books as the next start has them. */
  restarted(): Ledger
  /** A key of a person. */
  key(options?: Partial<CreateKey>): Promise<MadeKey>
  /** Balance of person 1, n$. */
  balance(userId?: number): Nano
  post(token: string, body: unknown, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}
export interface App {
  client: Client
  token(userId?: number, options?: { scope?: string; dailyCredits?: number }): Promise<string>
}

/** Accounts that fail are asked again at once: for tests of what callers are told, one failure after the other. */
export const RESTLESS = { routing: { failuresToOpen: 1_000, outMs: 0, outMsMax: 0 } } satisfies V1Options

export interface V1Options {
  routing?: GatewayDeps["routing"]
  timeouts?: Partial<Timeouts>
  balance?: number
  claim?: number
  sandboxWordMs?: number
  log?: Log
  providers?: Providers
  random?: () => number
  fetch?: UpstreamFetch
  openrouterManagementKey?: string
}

export async function openV1(options: V1Options = {}): Promise<V1Kit> {
  const { store, clock, close } = await openTestStore()
  const ids = createIds(clock)
  const keyring = createKeyring(Buffer.alloc(32, 7))
  const people = new People()
  const ledger = createLedger({ store, clock, ids, bootId: "boot_1" })
  const pricing = createPricing({ store, clock })
  const usage = createUsage({ store, log: silentLog })
  const issued = { identity: people, issuer: "https://id.example.com", firstPairs: lentPairs, ...OFFLINE }
  const oauth = await createOauth({ store, clock, ids, keyring, ...issued })
  const settings = createSettings({ store, settings: [...(keptPart.settings ?? []), ...(gatewayPart.settings ?? [])] })
  const kept = createKept({ store, clock, keyring, settings })
  const keys = createKeys({ store, clock, ids, log: silentLog, mails: { queueIn: () => {} }, identity: people })
  const limits = createLimits({ store, clock, ids, log: silentLog })
  const sponsors = createSponsors({ store, ledger, oauth, identity: people as never })
  const upstream = new MockUpstream()
  const given: GatewayDeps = {
    store,
    clock,
    ids,
    keyring,
    log: options.log ?? silentLog,
    ledger,
    pricing,
    oauth,
    keys,
    identity: people,
    usage,
    limits,
    sponsors,
    settings,
    kept,
    plans: {
      allocateDueIn: () => 0,
      claimTermsIn: () => ({ amountNano: nano(options.claim ?? 0), freeBudgetNano: null }),
      keyTermsOf: () => ({ ...KEY_TERMS, ...kit.keyTerms }),
    },
    earnings: { promoCapIn: () => null },
    baseUrl: "https://id.example.com",
    apiUrl: "https://id.example.com",
    timeouts: { tickMs: 20, ...options.timeouts },
    // Accounts in the order they were added, unless a test draws.
    random: options.random ?? (() => 0),
    ...(options.routing === undefined ? {} : { routing: options.routing }),
    ...(options.providers === undefined ? {} : { providers: options.providers }),
    openrouterManagementKey: options.openrouterManagementKey ?? null,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    ...(options.sandboxWordMs === undefined ? {} : { sandboxWordMs: options.sandboxWordMs }),
  }
  const gateway = createGateway(given)
  const others: Gateway[] = []
  const write = <T>(body: (tx: Tx) => T): Promise<T> => store.write(testCtx, body as (tx: Tx) => never)
  await pricing.setModelPrice(testCtx, MOCK_PRICE)
  await gateway.addUpstream(testCtx, { kind: "sandbox", name: "sandbox" })
  await gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "mock",
    baseUrl: upstream.url,
    apiKey: "sk-upstream-secret-key",
    priceProvider: "openai",
    models: ["mock-1", "unpriced-1"],
  })
  const grant = options.balance ?? credits(1_000)
  if (grant > 0) {
    await write((tx) =>
      ledger.grantIn(tx, {
        owner: { kind: "principal", id: PrincipalId(1) },
        mode: "live",
        type: "topup",
        bucket: "purchase",
        amountNano: nano(grant),
        paid: true,
        key: "start",
      }),
    )
  }
  const server = startServer({
    host: "127.0.0.1",
    port: 0,
    sites: [apiSite(gateway, "https://id.example.com", []).routes],
    assets: loadAssets(import.meta.dir),
    ids,
    log: silentLog,
    errorPage: (error) => new Response(error.code, { status: error.status }),
  })
  const kit: V1Kit = {
    store,
    clock,
    ledger,
    oauth,
    keys,
    keyTerms: {},
    usage,
    pricing,
    kept,
    settings,
    limits,
    gateway,
    sponsors,
    people,
    upstream,
    server,
    write,
    async app({ mode = "live", ownerId = 9 } = {}) {
      const { client, secret } = await write((tx) =>
        oauth.registerClientIn(tx, {
          ownerId: ownerId === null ? null : UserId(ownerId),
          type: ownerId === null ? "first-party" : "confidential",
          name: "Chat",
          mode,
          redirectUris: [CALLBACK],
          scopes: ["profile", "email", "llm", ...MEDIA],
        }),
      )
      return { client, token: (userId = 1, more = {}) => login(oauth, client, secret, userId, clock.now(), more) }
    },
    async pool({ client }, { amountNano, capNano }) {
      const ref = { developerId: UserId(9), clientPublicId: client.publicId }
      await write((tx) => {
        insertPeopleIn(tx, [1, 2, 9])
        const owner = { kind: "principal", id: PrincipalId(9) } as const
        const grant = { owner, mode: client.mode, type: "topup", bucket: "purchase", paid: true } as const
        ledger.grantIn(tx, { ...grant, amountNano: nano(amountNano), key: `pool ${client.publicId}` })
        sponsors.setIn(tx, { ...ref, capNano: nano(capNano), isOn: true })
        sponsors.fundIn(tx, { ...ref, amountNano: nano(amountNano), key: "fund" })
      })
      return () => sponsors.poolOf(ref)!
    },
    another() {
      const other = createGateway(given)
      others.push(other)
      return other
    },
    restarted: () => createLedger({ store, clock, ids, bootId: "boot_2" }),
    key: (options = {}) =>
      keys.create(testCtx, {
        userId: UserId(1),
        name: "Test",
        scopes: ["llm", "embeddings", "image-generation", "video-generation", "speech"],
        ...options,
      }),
    balance: (userId = 1) => ledger.wallet({ kind: "principal", id: PrincipalId(userId) }, "live").balanceNano,
    post: (token, body, init = {}) =>
      fetch(`${server.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
      }),
    async close() {
      upstream.stop()
      await server.stop()
      await gateway.drain(2_000)
      for (const one of [gateway, ...others]) one.close()
      await usage.stop()
      await close()
    },
  }
  return kit
}

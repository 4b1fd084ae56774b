// People, apps, permissions and plans on one database, for histories that happen at random: what a hold asks about them, and
// everything that can change an answer.
import {
  type ClientId,
  createIds,
  DAY_MS,
  nano,
  sha256Hex,
  silentLog,
  type UserId,
  type VirtualClock,
} from "../../src/app/index.ts"
import { createDevelopers, type Developers, developersPart } from "../../src/developers/index.ts"
import type { Identity } from "../../src/identity/index.ts"
import { openIdentity } from "../../src/identity/testing.ts"
import { type ApiKeyShown, createKeys, type KeyClaims, type Keys } from "../../src/keys/index.ts"
import { createLedger } from "../../src/ledger/index.ts"
import { createLegal } from "../../src/legal/index.ts"
import { upsertConsent } from "../../src/oauth/consent/store.ts"
import { type AccessClaims, type AiScope, createOauth, type Oauth, oauthPart } from "../../src/oauth/index.ts"
import { OFFLINE } from "../../src/oauth/testing.ts"
import { endGrants, insertGrant, insertRefresh, refreshByHash, spendRefresh } from "../../src/oauth/token/store.ts"
import { insertRevokedToken } from "../../src/oauth/token/store-revoked.ts"
import { deleteRevokedTokens } from "../../src/oauth/token/store-sweep.ts"
import type { Scope } from "../../src/oauth/types.ts"
import { createLifecycle } from "../../src/part/index.ts"
import { createPlans, type Plans, plansPart } from "../../src/plans/index.ts"
import { isDue } from "../../src/plans/store-assignments.ts"
import { createSettings } from "../../src/settings/index.ts"
import type { Store, Tx } from "../../src/store/index.ts"
import { withoutMemory } from "../../src/store/remember.ts"
import type { Random } from "../crash/random.ts"

interface Person {
  id: UserId
  publicId: string
}

const SCOPES: Scope[] = ["openid", "profile", "email", "offline_access", "llm", "embeddings", "speech"]
const AI: AiScope[] = ["llm", "embeddings", "speech"]
const PLANS = ["free", "basic", "pro", "starter", "professional", "enterprise"]

export class World {
  readonly people: Person[] = []
  readonly clients: { id: ClientId; publicId: string }[] = []
  readonly consents: { userId: UserId; publicId: string; id: number; clientId: ClientId }[] = []
  readonly tokens: AccessClaims[] = []
  /** Hashes of refresh tokens. */
  readonly refreshes: string[] = []
  readonly keyClaims: KeyClaims[] = []
  private made = 0

  constructor(
    readonly store: Store,
    readonly clock: VirtualClock,
    readonly identity: Identity,
    readonly oauth: Oauth,
    readonly keys: Keys,
    readonly plans: Plans,
    readonly developers: Developers,
    readonly close: () => Promise<void>,
    readonly faults: { failing: boolean },
  ) {}

  name = (kind: string) => `${kind}_${++this.made}`

  /** Everything a hold asks that may be remembered, for one token. */
  answers(tx: Tx, token: AccessClaims, scope: AiScope | undefined, key: KeyClaims) {
    return [
      said(() => this.oauth.requireGrantIn(tx, token, scope)),
      said(() => this.identity.requireActiveIn(tx, token.userId)),
      isDue(tx, token.userId),
      this.developers.promoCapIn(tx, this.plans.freeBudgetNanoIn(tx)),
      this.developers.earningTermsIn(tx),
      said(() => this.keys.requireKeyIn(tx, key, scope ?? "manage")),
    ]
  }

  /** @returns what memory says and what SQLite says, of the same moment */
  compare(tx: Tx, random: Random) {
    const token = near(random, this.tokens)
    const scope = chance(random, 4) ? undefined : pick(random, AI)
    const key = near(random, this.keyClaims)
    return {
      remembered: this.answers(tx, token, scope, key),
      fresh: withoutMemory(() => this.answers(tx, token, scope, key)),
    }
  }
}

const said = (ask: () => unknown): unknown => {
  try {
    return ask()
  } catch (error) {
    return String(error)
  }
}

export const pick = <T>(random: Random, list: readonly T[]): T => list[random.between(0, list.length - 1)]!
/** Mostly one of the newest few, so that what is asked and what is changed are often the same. */
const near = <T>(random: Random, list: readonly T[]): T => pick(random, chance(random, 5) ? list : list.slice(-4))
export const chance = (random: Random, oneIn: number): boolean => random.between(1, oneIn) === 1
const some = (random: Random, list: readonly Scope[]): Scope[] => list.filter(() => random.between(0, 2) > 0)

export async function openWorld(): Promise<World> {
  const faults = { failing: false }
  const lifecycle = createLifecycle()
  const opened = await openIdentity({
    lifecycle,
    faults: {
      beforeCommit() {
        if (faults.failing) throw new Error("the disk is full")
      },
    },
  })
  const { store, clock, identity, keyring } = opened
  const ids = createIds(clock)
  const oauth = await createOauth({
    store,
    clock,
    ids,
    keyring,
    identity,
    issuer: "https://ai.example.com",
    ...OFFLINE,
  })
  const keys = createKeys({ store, clock, ids, log: silentLog, mails: { queueIn: () => {} }, identity })
  const ledger = createLedger({ store, clock, ids, bootId: "boot_1" })
  const settings = createSettings({
    store,
    settings: [...(plansPart.settings ?? []), ...(developersPart.settings ?? [])],
  })
  const plans = createPlans({ store, clock, ledger, settings })
  const developers = createDevelopers({
    store,
    settings,
    identity,
    legal: createLegal({ store, now: () => clock.now() }),
  })
  lifecycle.add("oauth", oauthPart.run!({ oauth, store }).lifecycle!)
  return new World(store, clock, identity, oauth, keys, plans, developers, opened.close, faults)
}

type Act = (world: World, tx: Tx, random: Random) => unknown

/** Each may throw as its verb does; the mutation is then taken back, with all that it did before. */
export const ACTS: Record<string, Act> = {
  join(world, tx, random) {
    const given = { name: null, passwordHash: null, emailVerified: !chance(random, 3) }
    const user = world.identity.createUserIn(tx, { ...given, email: `${world.name("p")}@example.com` })
    tx.afterCommit(() => world.people.push(user))
  },
  suspend: (world, tx, random) => world.identity.suspendIn(tx, { userId: near(random, world.people).id, reason: "r" }),
  reinstate: (world, tx, random) =>
    world.identity.unsuspendIn(tx, { userId: near(random, world.people).id, reason: "r" }),
  proveAddress: (world, tx, random) =>
    tx.run(
      "UPDATE users SET email_verified_ms = ?, updated_ms = ? WHERE id = ? AND email_verified_ms IS NULL",
      tx.now,
      tx.now,
      near(random, world.people).id,
    ),
  register(world, tx, random) {
    const { client } = world.oauth.registerClientIn(tx, {
      ownerId: near(random, world.people).id,
      type: "public",
      name: "Chat",
      redirectUris: ["https://app.example.com/cb"],
      scopes: [...some(random, SCOPES), "llm"],
    })
    tx.afterCommit(() => world.clients.push(client))
  },
  narrowApp(world, tx, random) {
    const { publicId } = near(random, world.clients)
    const client = world.oauth.clientByPublicId(publicId)!
    const set = {
      name: "Chat",
      homepageUrl: null,
      policyUri: null,
      tosUri: null,
      redirectUris: client.redirectUris,
      scopes: some(random, SCOPES),
    }
    world.oauth.updateClientIn(tx, { ownerId: "any", clientPublicId: publicId, ...set })
  },
  suspendApp: (world, tx, random) =>
    world.oauth.suspendClientIn(tx, { clientPublicId: near(random, world.clients).publicId, reason: "r" }),
  reinstateApp: (world, tx, random) =>
    world.oauth.unsuspendClientIn(tx, { clientPublicId: near(random, world.clients).publicId }),
  consent(world, tx, random) {
    const [person, client] = [near(random, world.people), near(random, world.clients)]
    const limits = chance(random, 2) ? {} : { [pick(random, AI)]: nano(random.between(0, 1_000)) }
    const scopes = [...some(random, SCOPES), "llm"]
    const { id, publicId } = world.oauth.grantConsentIn(tx, { userId: person.id, clientId: client.id, scopes, limits })
    tx.afterCommit(() => world.consents.push({ userId: person.id, publicId, id, clientId: client.id }))
  },
  /** As a person does who unticks what was ticked before. */
  untick(world, tx, random) {
    const { userId, clientId, publicId } = near(random, world.consents)
    upsertConsent(tx, { publicId, userId, clientId, scopes: some(random, SCOPES), declined: [] })
  },
  limits(world, tx, random) {
    const { userId, publicId } = near(random, world.consents)
    const limits = Object.fromEntries(AI.map((scope) => [scope, nano(random.between(0, 1_000))]))
    world.oauth.updateLimitsIn(tx, { userId, consentPublicId: publicId, limits })
  },
  revokeConsent(world, tx, random) {
    const { userId, publicId } = near(random, world.consents)
    world.oauth.revokeConsentIn(tx, { userId, consentPublicId: publicId })
  },
  signIn(world, tx, random) {
    const consent = near(random, world.consents)
    const grantId = insertGrant(tx, {
      publicId: world.name("gnt"),
      userId: consent.userId,
      clientId: consent.clientId,
      consentId: chance(random, 8) ? null : consent.id,
      scopes: [...some(random, SCOPES), "llm"],
      authTimeMs: tx.now,
      sessionId: "1",
    })
    issue(world, tx, { ...consent, grantId }, random)
  },
  refresh(world, tx, random) {
    const spent = refreshByHash(tx, near(random, world.refreshes))
    if (!spent || !spendRefresh(tx, spent.tokenId, "sealed", "llm")) throw new Error("spent already")
    issue(world, tx, { userId: spent.grant.userId, clientId: spent.grant.clientId, grantId: spent.grant.id }, random)
  },
  endGrant: (world, tx, random) => endGrants(tx, [near(random, world.tokens).grantId], "token_revoked"),
  revokeToken: (world, tx, random) => insertRevokedToken(tx, near(random, world.tokens).jti, tx.now + 1_000),
  sweepTokens: (_world, tx) => deleteRevokedTokens(tx, tx.now, 100),
  signOutEverywhere: (world, tx, random) => world.oauth.revokeGrantsOfUserIn(tx, near(random, world.people).id),
  assignPlan: (world, tx, random) =>
    world.plans.changeIn(tx, { user: near(random, world.people), planCode: pick(random, PLANS) }),
  cancelPlan: (world, tx, random) => world.plans.cancelIn(tx, near(random, world.people)),
  renew: (world, tx, random) => world.plans.allocateDueIn(tx, near(random, world.people).id),
  makeKey(world, tx, random) {
    const { id: userId, publicId } = near(random, world.people)
    const scopes = [...AI.filter(() => chance(random, 2)), "manage"]
    const expiresMs = chance(random, 3) ? tx.now + random.between(1, 40 * DAY_MS) : null
    const { key } = world.keys.createIn(tx, { userId, name: "k", scopes, expiresMs })
    rememberKey(world, tx, key, publicId)
  },
  editKey: (world, tx, random) =>
    world.keys.editIn(tx, { ...keyRef(world, random), scopes: [...AI.filter(() => chance(random, 2)), "manage"] }),
  switchKey: (world, tx, random) =>
    world.keys.setDisabledIn(tx, { ...keyRef(world, random), disabled: chance(random, 2) }),
  rollKey(world, tx, random) {
    const { keyPublicId, userId } = keyRef(world, random)
    const { key } = world.keys.rollIn(tx, { userId, keyPublicId, keepMs: random.between(0, 2) * DAY_MS })
    rememberKey(world, tx, key, "usr")
  },
  revokeKey: (world, tx, random) => {
    if (!chance(random, 3)) throw new Error("keys shall live a while")
    world.keys.revokeIn(tx, keyRef(world, random))
  },
  freeBudget: (world, tx, random) =>
    world.plans.setFreeBudgetIn(tx, chance(random, 4) ? null : nano(random.between(0, 1_000))),
  earningTerms: (world, tx, random) =>
    world.developers.setEarningTermsIn(tx, { promoCapBp: random.between(0, 10_000), paidDays: random.between(1, 30) }),
}

/**
 * A refresh and an access token. They are used at once: a hold may come with the very commit that made them; and they stay when the
 * mutation is taken back: their grant's number may be another's then.
 */
function issue(world: World, tx: Tx, of: Pick<AccessClaims, "userId" | "clientId" | "grantId">, random: Random): void {
  const hash = sha256Hex(world.name("rt"))
  insertRefresh(tx, { hash, grantId: of.grantId, expiresMs: tx.now + DAY_MS })
  world.refreshes.push(hash)
  world.tokens.push({
    jti: world.name("jti"),
    userId: of.userId,
    userPublicId: "usr",
    clientId: of.clientId,
    clientPublicId: "cli",
    clientEpoch: chance(random, 4) ? 1 : 0,
    grantId: of.grantId,
    consentId: null,
    developerId: null,
    mode: "live",
    scopes: new Set(SCOPES),
    expMs: Number.MAX_SAFE_INTEGER,
    audiences: ["https://id.example.com/v1"],
    isUsual: true,
    jkt: null,
    limits: null,
  })
}

const keyRef = (world: World, random: Random) => {
  const { userId, keyPublicId } = near(random, world.keyClaims)
  return { userId, keyPublicId }
}

/** With its newest secret. It stays when the mutation is taken back: the numbers may be another key's then. */
function rememberKey(world: World, tx: Tx, key: ApiKeyShown, userPublicId: string): void {
  const { secretId } = tx.get<{ secretId: number }>("SELECT MAX(id) AS secretId FROM api_key_secrets")!
  world.keyClaims.push({
    keyId: key.id,
    keyPublicId: key.publicId,
    secretId,
    userId: key.userId,
    userPublicId,
    payerId: key.payerId,
    mode: key.mode,
    scopes: new Set(key.scopes),
    expiresMs: key.expiresMs,
    isDisabled: false,
    isRevoked: false,
    endsMs: null,
    worksFrom: null,
  })
}

// What a person does with their own keys at providers. Each is audited; keys are sealed before they reach a row, and never shown again.
import { AppError, ensure, limiter, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { sealIn, takeSteps } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { UpstreamFetch } from "../providers/index.ts"
import type { GatewayDeps } from "../types.ts"
import { apiKeyProblem, refuseWrong } from "../upstreams/fields.ts"
import { probe } from "../upstreams/probe.ts"
import type { Registry } from "../upstreams/registry.ts"
import { PROVIDER_KEY_LIMITS } from "./limits.ts"
import { OWN_PROVIDERS, ownProvider } from "./providers.ts"
import { type KeyRing, SEALED_PROVIDER_KEYS } from "./ring.ts"
import {
  askedKeys,
  deleteKey,
  deleteKeysOf,
  deleteTermsOf,
  insertKey,
  type KeyRow,
  keyOf,
  keysOf,
  setPlace,
  setTest,
  setUseCredits,
  usesCredits,
} from "./store.ts"
import type { AskedKey, KeyOwner, PersonalVerbs, ProviderKey } from "./types.ts"

export interface PersonalDeps extends Pick<GatewayDeps, "store" | "clock" | "ids" | "keyring" | "plans"> {
  ring: KeyRing
  registry: Pick<Registry, "provider">
  fetch: UpstreamFetch
  testMs: number
}

const RULE: limiter.WindowRule = {
  kind: "window",
  name: "test",
  window: "minute",
  limit: PROVIDER_KEY_LIMITS.testsPerMinute,
}

export function personalVerbs(deps: PersonalDeps): PersonalVerbs {
  const { store } = deps
  const tests = new limiter.MemoryStates(PROVIDER_KEY_LIMITS.testersMax)
  return {
    providerKeys: {
      providers: OWN_PROVIDERS,
      of: (userId) => ({
        keys: keysOf(store.read, userId).map(shownOf),
        useCredits: usesCredits(store.read, userId),
        isAllowed: deps.plans.keyTermsOf(userId).byok,
      }),
      add: (ctx, input) => store.write(ctx, (tx) => addIn(deps, tx, input)),
      remove: (ctx, input) => store.write(ctx, (tx) => removeIn(deps, tx, input)),
      putFirst: (ctx, input) => store.write(ctx, (tx) => putFirstIn(deps, tx, input)),
      setUseCredits: (ctx, input) => store.write(ctx, (tx) => useCreditsIn(deps, tx, input)),
      async test(ctx, owner) {
        limitTests(tests, owner, deps.clock.now())
        const row = known(keyOf(store.read, owner.userId, owner.keyId))
        const { ok, message } = await tested(deps, row)
        return store.write(ctx, (tx) => {
          known(keyOf(tx, owner.userId, owner.keyId))
          setTest(tx, row.id, ok, message)
          auditIn(tx, { action: "provider_key.tested", subject: row.publicId, after: { ...factsOf(row), ok } })
          return again(deps, tx, owner)
        })
      },
      askedFor: (userId, callId) => askedFor(deps, userId, callId),
      eraseIn: (tx, userId, rows) => eraseIn(deps, tx, userId as UserId, rows),
    },
  }
}

const known = (row: KeyRow | null): KeyRow => {
  ensure(row, "not_found", "There is no such key. Your keys are listed under Provider keys.")
  return row
}

/** What the audit log may know of a key: never how it ends. */
const factsOf = ({ provider }: Pick<KeyRow, "provider">) => ({ provider: ownProvider(provider)?.label ?? provider })

const shownOf = ({ publicId, provider, hint, place, createdMs, testMs, testOk, testMessage }: KeyRow): ProviderKey => ({
  publicId,
  provider,
  label: ownProvider(provider)?.label ?? provider,
  hint,
  place,
  createdMs,
  test: testMs === null ? null : { atMs: testMs, ok: testOk === true, message: testMessage ?? "" },
})

const again = ({ ring }: PersonalDeps, tx: Tx, { userId, keyId }: KeyOwner & { keyId: string }): ProviderKey => {
  tx.afterCommit(() => ring.reload(userId))
  return shownOf(known(keyOf(tx, userId, keyId)))
}

function addIn(deps: PersonalDeps, tx: Tx, input: KeyOwner & { provider: string; key: string }): ProviderKey {
  const { userId } = input
  const provider = ownProvider(input.provider)
  const key = input.key.trim()
  if (!deps.plans.keyTermsOf(userId).byok)
    throw new AppError(
      "plan_required",
      "Your plan does not let calls use keys of your own. See your plan under Settings.",
    )
  refuseWrong({
    provider: provider ? null : "Choose a provider of the list.",
    key: keyProblem(key, provider && deps.registry.provider(provider.kind)?.account),
  })
  const others = keysOf(tx, userId).filter((row) => row.provider === provider!.id)
  const { perProviderMax, hintChars } = PROVIDER_KEY_LIMITS
  ensure(
    others.length < perProviderMax,
    "conflict",
    `At most ${perProviderMax} keys of one provider. Delete one first.`,
  )
  ensure(
    others.every((row) => deps.ring.open(row) !== key),
    "conflict",
    "You have this key already.",
  )
  const publicId = deps.ids.next("pky")
  insertKey(tx, {
    publicId,
    userId,
    provider: provider!.id,
    place: (others.at(-1)?.place ?? -1) + 1,
    keySealed: sealIn(tx, deps.keyring, SEALED_PROVIDER_KEYS, [publicId], key),
    hint: key.slice(-hintChars),
  })
  auditIn(tx, { action: "provider_key.added", subject: publicId, after: factsOf({ provider: provider!.id }) })
  return again(deps, tx, { ...input, keyId: publicId })
}

function keyProblem(key: string, account: Parameters<typeof apiKeyProblem>[1] | undefined): string | null {
  const { charsMin, charsMax } = PROVIDER_KEY_LIMITS
  if (key === "") return "Paste the key."
  if (key.length < charsMin || key.length > charsMax) return "That is no key of a provider. Copy the whole key again."
  return apiKeyProblem(key, account ?? null)
}

function removeIn(deps: PersonalDeps, tx: Tx, { userId, keyId }: KeyOwner & { keyId: string }): ProviderKey {
  const row = known(keyOf(tx, userId, keyId))
  deleteKey(tx, row.id)
  auditIn(tx, { action: "provider_key.removed", subject: keyId, before: factsOf(row) })
  tx.afterCommit(() => deps.ring.reload(userId))
  return shownOf(row)
}

function putFirstIn(deps: PersonalDeps, tx: Tx, owner: KeyOwner & { keyId: string }): ProviderKey {
  const row = known(keyOf(tx, owner.userId, owner.keyId))
  const others = keysOf(tx, owner.userId).filter((one) => one.provider === row.provider && one.id !== row.id)
  for (const [place, { id }] of [row, ...others].entries()) setPlace(tx, id, place)
  auditIn(tx, { action: "provider_key.first", subject: row.publicId, after: factsOf(row) })
  return again(deps, tx, owner)
}

function useCreditsIn(
  { ring }: PersonalDeps,
  tx: Tx,
  { userId, userPublicId, useCredits }: KeyOwner & { useCredits: boolean },
): void {
  const before = usesCredits(tx, userId)
  if (before === useCredits) return
  setUseCredits(tx, userId, useCredits)
  auditIn(tx, {
    action: "provider_key.fallback",
    subject: userPublicId,
    before: { useCredits: before },
    after: { useCredits },
  })
  tx.afterCommit(() => ring.reload(userId))
}

function limitTests(states: limiter.MemoryStates, { userId }: KeyOwner, nowMs: number): void {
  const decision = limiter.decide(states, [{ key: `user:${userId}`, rule: RULE }], nowMs)
  if (decision.admitted) return
  const retryAfterSeconds = ((decision.retryAtMs ?? nowMs) - nowMs) / 1_000
  throw new AppError("rate_limit_exceeded", `At most ${RULE.limit} tests a minute. Wait a little.`, {
    retryAfterSeconds,
  })
}

/** The address is the provider's own and nothing of it is the person's. */
async function tested(deps: PersonalDeps, row: KeyRow): Promise<{ ok: boolean; message: string }> {
  const at = ownProvider(row.provider)
  const provider = at && deps.registry.provider(at.kind)
  const apiKey = deps.ring.open(row)
  if (!provider || apiKey === null)
    return { ok: false, message: "This server cannot use it. Delete it and add it again." }
  const account = { baseUrl: at.baseUrl, apiKey }
  const { ok, message } = await probe({ provider, account, fetch: deps.fetch }, deps.testMs)
  return { ok, message: message.replace(/ Check the address\.$/, " Try again later.") }
}

function askedFor({ store }: PersonalDeps, userId: UserId, callId: string): AskedKey[] {
  const asked = askedKeys(store.read, callId)
  if (asked.length === 0) return []
  const mine = new Map(keysOf(store.read, userId).map((row) => [row.publicId, shownOf(row)]))
  return asked.map(({ ownKey, outcome, status }) => ({ key: mine.get(ownKey ?? "") ?? null, outcome, status }))
}

function eraseIn({ ring }: PersonalDeps, tx: Tx, userId: UserId, rows: number): number {
  tx.afterCommit(() => ring.reload(userId))
  return takeSteps(rows, [(left) => deleteKeysOf(tx, userId, left), () => deleteTermsOf(tx, userId)])
}

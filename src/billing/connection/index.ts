// The door of `connection`: the processor as it can be asked now, and how an admin sets it up. Keys come from the environment or, sealed,
// from rows; whoever asks gets the one of this moment.
import { AppError, type KeyringError, randomSecret } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { createStripe, type Processor, ProcessorError } from "../stripe/index.ts"
import { accountOf, isNamed, type Learned, learn, learnedIn } from "./account.ts"
import { connect, setRight, wantedUrlOf } from "./endpoint.ts"
import { hintOf, openSecret, saveSecretIn } from "./sealed.ts"
import { arrivedMs, connectionRow, dropSecret, saveEndpoint, saveFault, saveProbe, secretOf } from "./store.ts"
import type { Connection, ConnectionDeps, ConnectionRow, ConnectionState, SecretName } from "./types.ts"

export { SEALED_SECRETS } from "./sealed.ts"
export { CONNECTION_SENTENCES } from "./sentences.ts"
export { connectionRow, saveReadThrough } from "./store.ts"
export type * from "./types.ts"

const KEY = /^(sk|rk)_(live|test)_\w+$/
const KEY_SUBJECT = "payments:key"
const CTX = { actor: "system:keep-webhook", requestId: "keep-webhook", reason: "the endpoint at the payment service" }

export async function createConnection(deps: ConnectionDeps): Promise<Connection> {
  const { given } = deps
  let { processor, account } = await open(deps)
  /** Changes of the connection, one after the other. */
  let last: Promise<unknown> = Promise.resolve()
  const alone = <T>(act: () => Promise<T>): Promise<T> => {
    const run = last.then(act, act)
    last = run
    return run
  }
  const changed = (change: () => Promise<void>): Promise<ConnectionState> =>
    alone(async () => {
      await change()
      ;({ processor, account } = await open(deps))
      return stateOf(deps, processor)
    })
  const on = (): Processor => {
    if (processor !== null) return processor
    throw new AppError("conflict", "There is no key of the payment service yet. Enter it first.")
  }
  return {
    get processor() {
      return processor
    },
    get account() {
      // Named in the moment in which what was made before it is: by the row.
      if (processor !== null && !isNamed(account)) account = accountOf(deps.store.read, processor.isTest)
      return account
    },
    state: () => stateOf(deps, processor),
    saveKey: (ctx, secretKey) => changed(() => saveKey(deps, ctx, secretKey)),
    removeKey: (ctx) => changed(() => removeKey(deps, ctx)),
    connect: (ctx) =>
      changed(async () => {
        refuseEnvironment(given.webhookSecret, "PURSER_STRIPE_WEBHOOK_SECRET")
        await told(connect(deps, on(), ctx, `endpoint:${randomSecret(12)}`))
      }),
    probe: (ctx) => alone(() => probe(deps, on(), ctx)),
    keep: () =>
      alone(async () => {
        if (processor === null) return
        await knowAccount(deps, processor)
        account = accountOf(deps.store.read, processor.isTest)
        await keep(deps, processor)
      }),
  }
}

/** With the keys of this moment. */
async function open(deps: ConnectionDeps): Promise<Opened> {
  const { given } = deps
  const secretKey = given.secretKey ?? kept(deps, "secret_key")
  if (secretKey === null) return { processor: null, account: "" }
  const webhookSecret = given.webhookSecret ?? kept(deps, "webhook_secret")
  const processor = await createStripe({ ...given, secretKey, webhookSecret })
  return { processor, account: accountOf(deps.store.read, processor.isTest) }
}

interface Opened {
  processor: Processor | null
  account: string
}

/** The key of the environment may be another one than before; what is made from now on is of its account. */
async function knowAccount({ store, log }: ConnectionDeps, processor: Processor): Promise<void> {
  try {
    const learned = await learn(store.read, processor)
    if (learned.told !== null && learned.told === accountOf(store.read, processor.isTest)) return
    await store.write(CTX, (tx) => learnedIn(tx, learned))
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.not_asked", { account: "", kind: error.kind, why: error.message })
  }
}

function kept({ store, keyring, log }: ConnectionDeps, name: SecretName): string | null {
  try {
    return openSecret(store.read, keyring, name)
  } catch (error) {
    log.error("billing.key_unreadable", { secret: name, error: error as KeyringError })
    return null
  }
}

function stateOf({ store: { read }, given, baseUrl }: ConnectionDeps, processor: Processor | null): ConnectionState {
  const row = connectionRow(read)
  const known = (name: SecretName, own: string | null) => {
    if (own !== null) return { from: "environment" as const, hint: hintOf(own) }
    const kept = secretOf(read, name)
    return kept ? { from: "page" as const, hint: kept.hint } : null
  }
  const key = known("secret_key", given.secretKey)
  const webhook = known("webhook_secret", given.webhookSecret)
  const isMade = webhook?.from === "page"
  const { probeObjectId, probedMs } = row
  return {
    key: key && processor ? { ...key, isTest: processor.isTest } : null,
    account: processor && accountState(row, processor.isTest),
    webhook: webhook && {
      from: webhook.from,
      endpointId: isMade ? row.endpointId : null,
      url: isMade ? row.endpointUrl : null,
      fault: isMade ? row.endpointFault : null,
    },
    wantedUrl: wantedUrlOf({ baseUrl }),
    probe:
      probeObjectId === null || probedMs === null
        ? null
        : { objectId: probeObjectId, sentMs: probedMs, arrivedMs: arrivedMs(read, probeObjectId) },
  }
}

function accountState(row: ConnectionRow, isTest: boolean): ConnectionState["account"] {
  const { accountChangedMs: atMs, accountBefore: before } = row
  const own = (isTest ? row.testAccount : row.liveAccount) ?? ""
  const changed = atMs === null || before === null ? null : { atMs, before }
  return { id: isNamed(own) ? own : null, changed }
}

async function saveKey(deps: ConnectionDeps, ctx: WriteContext, secretKey: string): Promise<void> {
  const { store, keyring, given } = deps
  refuseEnvironment(given.secretKey, "PURSER_STRIPE_SECRET_KEY")
  if (!KEY.test(secretKey))
    throw wrongKey("This is no secret key of Stripe: those begin with sk_live_, sk_test_ or rk_.")
  const asking = await createStripe({ ...given, secretKey, webhookSecret: null })
  const { endpointId } = connectionRow(store.read)
  let isEndpointKnown: boolean
  let learned: Learned
  try {
    const { isLive } = await asking.askSomething()
    if (isLive === asking.isTest) throw wrongKey("Stripe answers in another mode than the key says. Copy it again.")
    learned = await learn(store.read, asking)
    isEndpointKnown = endpointId !== null && (await asking.endpoints()).some(({ id }) => id === endpointId)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    if (error.kind === "unavailable" || error.kind === "rate_limited") throw away(error)
    throw wrongKey(`Stripe does not take this key: ${error.message}`)
  }
  await store.write(ctx, (tx) => {
    const before = secretOf(tx, "secret_key")
    saveSecretIn(tx, keyring, "secret_key", secretKey)
    if (!isEndpointKnown) {
      // Of another account: what it signs is none of ours.
      saveEndpoint(tx, null)
      dropSecret(tx, "webhook_secret")
    }
    learnedIn(tx, learned)
    saveProbe(tx, null)
    const after = { mode: asking.isTest ? "test" : "live", hint: hintOf(secretKey) }
    auditIn(tx, { action: "payments.key_saved", subject: KEY_SUBJECT, before: { hint: before?.hint }, after })
  })
}

async function removeKey({ store, given }: ConnectionDeps, ctx: WriteContext): Promise<void> {
  refuseEnvironment(given.secretKey, "PURSER_STRIPE_SECRET_KEY")
  await store.write(ctx, (tx) => {
    const known = secretOf(tx, "secret_key")
    if (known) auditIn(tx, { action: "payments.key_removed", subject: KEY_SUBJECT, before: { hint: known.hint } })
    dropSecret(tx, "secret_key")
  })
}

async function probe(deps: ConnectionDeps, processor: Processor, ctx: WriteContext): Promise<void> {
  const objectId = await told(processor.provokeEvent(wantedUrlOf(deps), `probe:${randomSecret(12)}`))
  await deps.store.write(ctx, (tx) => {
    saveProbe(tx, objectId)
    auditIn(tx, { action: "payments.tested", subject: objectId })
  })
}

/** The endpoint is there, on, and sends here; else it is set right, or the page says what is wrong. */
async function keep(deps: ConnectionDeps, processor: Processor): Promise<void> {
  const { store, log, given } = deps
  const { endpointId, endpointFault } = connectionRow(store.read)
  if (endpointId === null || given.webhookSecret !== null) return
  try {
    const known = (await processor.endpoints()).find(({ id }) => id === endpointId)
    if (known) return await setRight(deps, processor, CTX, known)
    const fault = "Stripe does not know it: it was deleted, or the key is of another account"
    if (endpointFault !== fault) await store.write(CTX, (tx) => saveFault(tx, fault))
    log.error("billing.endpoint_gone", { endpoint: endpointId })
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.not_asked", { endpoint: endpointId, kind: error.kind, why: error.message })
  }
}

function refuseEnvironment(own: string | null, name: string): void {
  if (own !== null) throw new AppError("conflict", `It comes from ${name}, which goes first. Change it there.`)
}

const wrongKey = (words: string): AppError =>
  new AppError("validation_failed", words, { formErrors: { secretKey: words } })
const away = (error: ProcessorError): AppError =>
  new AppError("unavailable", `Stripe does not answer now: ${error.message}. Try again in a minute.`)

/** The processor's refusals, as a page says them. */
async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    if (error.kind === "unavailable" || error.kind === "rate_limited") throw away(error)
    throw new AppError("conflict", `Stripe refuses: ${error.message}`)
  }
}

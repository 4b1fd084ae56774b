// What every domain stands on: the database, keys, and the ways in and out that know no domain.
import { existsSync } from "node:fs"
import { join } from "node:path"
import {
  type Clock,
  type Config,
  createIds,
  createLog,
  type Ids,
  KeyringError,
  keyFileOf,
  type Log,
  loadMasterKeys,
  type MasterKeyring,
  type MasterKeys,
  type SteadyClock,
  steadyClock,
  systemClock,
  workerScript,
} from "../app/index.ts"
import { createProxies, type Proxies } from "../http/index.ts"
import { createJobs, type Jobs } from "../jobs/index.ts"
import { createMailer, createMails, type Mailer, type Mails } from "../mail/index.ts"
import { createObserve, type Observe } from "../observe/index.ts"
import { createOutbox, type Outbox } from "../outbox/index.ts"
import { createLifecycle, type Declared, type LifecycleHooks } from "../part/index.ts"
import { prepareReplica, type Replica } from "../replica/index.ts"
import { createSettings, type Settings } from "../settings/index.ts"
import {
  type Copier,
  createCopier,
  createReadWorker,
  knownIssuer,
  lastCommitMs,
  openStore,
  type ReadWorker,
  requireIssuer,
  type Store,
} from "../store/index.ts"
import { openTls, type Tls } from "../tls/index.ts"
import { canaryKid, checkCanary, createVault, keyringOf, type Vault } from "../vault/index.ts"
import { fitOf } from "./fit.ts"
import { mailHouseOf } from "./mail-house.ts"

export interface Base {
  config: Config
  /** What everybody goes by. */
  clock: SteadyClock
  /** The machine's, for what others compare with theirs. */
  wall: Clock
  ids: Ids
  log: Log
  keyring: MasterKeyring
  vault: Vault
  store: Store
  replica: Replica
  copier: Copier
  reads: ReadWorker
  /** A read Worker for downloads, and for lists in an order that takes a look at everybody: no page of figures waits for a long one. */
  exports: ReadWorker
  /** …and one that proves books and file: a single step over ten million movements takes seconds, which a page of figures would wait for. */
  proofs: ReadWorker
  outbox: Outbox
  jobs: Jobs
  mailer: Mailer
  mails: Mails
  settings: Settings
  lifecycle: LifecycleHooks
  proxies: Proxies
  observe: Observe
  tls: Tls
}

export async function openBase(
  config: Config,
  { letters, settings, sealed }: Pick<Declared, "letters" | "settings" | "sealed">,
  given: { clock?: Clock; log?: Log; onReplaced?: (error: Error) => void; onShut: () => void; replica?: Replica },
): Promise<Base> {
  const wall = given.clock ?? systemClock
  const clock = steadyClock(wall)
  const log = given.log ?? createLog({ level: config.logLevel, format: config.logFormat })
  const ids = createIds(clock)
  // Settings that can be wrong are read before anything is made in the data folder.
  const proxies = createProxies({ trusted: config.trustedProxies, header: config.clientIpHeader, log })
  const onReplaced = given.onReplaced ?? endReplaced(log)
  const replica =
    given.replica ??
    (await prepareReplica({ config, log, onReplaced, onShut: given.onShut, fit: fitOf(config, sealed) }))
  const store = openStore(join(config.dataDir, "purser.db"), {
    clock,
    onFatal(error) {
      log.error("store.outcome_unknown", { error })
      process.exit(1)
    },
  })
  clock.startFrom(lastCommitMs(store.read))
  const { keys, keyring } = await openKeys(config, store, { log, sealed })
  await requireIssuer(store, config.baseUrl)
  const copier = createCopier(workerScript("copier"), store.path)
  store.checkpointWith(copier.copyLog)
  await startReplica(replica, store, ids)
  const outbox = createOutbox({ store, clock, ids, log })
  const mailer = createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom, demo: config.demo, log })
  const kept = createSettings({ store, settings })
  return {
    config,
    clock,
    wall,
    ids,
    log,
    keyring,
    vault: createVault({ store, keyring, keys, sealed }),
    store,
    replica,
    copier,
    reads: createReadWorker(workerScript("worker"), store.path),
    exports: createReadWorker(workerScript("worker"), store.path),
    proofs: createReadWorker(workerScript("worker"), store.path),
    outbox,
    jobs: createJobs({ store, clock, log, mayRun: () => replica.mayAnswer }),
    mailer,
    mails: createMails({ letters, house: mailHouseOf(config, kept), store, clock, keyring, outbox, mailer }),
    settings: kept,
    lifecycle: createLifecycle(),
    proxies,
    observe: createObserve(config, log),
    tls: await tlsOf({ config, store, keyring, clock, log }),
  }
}

async function tlsOf(deps: Parameters<typeof openTls>[0] & { store: Store }): Promise<Tls> {
  try {
    return await openTls(deps)
  } catch (error) {
    await deps.store.close()
    throw error
  }
}

async function startReplica(replica: Replica, store: Store, ids: Ids): Promise<void> {
  try {
    await replica.start(store, ids)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** What is written after another server took over is lost: nobody may be answered any more. */
export const endReplaced = (log: Log) => (error: Error) => {
  log.error("replica.replaced", { why: error.message })
  process.exit(REPLACED)
}
/** As `EXIT_CODES` of the CLI has it. */
const REPLACED = 5

/** Makes the key of a new data folder. One that is missing later is asked for: a fresh key would open nothing of that data. */
async function openKeys(
  config: Config,
  store: Store,
  { log, sealed }: { log: Log; sealed: Declared["sealed"] },
): Promise<{ keys: MasterKeys; keyring: MasterKeyring }> {
  const file = keyFileOf(config.dataDir)
  try {
    const isNew = knownIssuer(store) === null && canaryKid(store.read) === null
    if (!isNew && !config.secretKey && !existsSync(file))
      throw new KeyringError(
        `${file} is missing, and this data cannot be read without it; put it back, or set PURSER_SECRET_KEY`,
      )
    const { created, ...keys } = loadMasterKeys(config.dataDir, config.secretKey)
    if (created) log.warn("key.created", { file, advice: "keep a copy: backups cannot be opened without it" })
    const keyring = keyringOf(keys, sealed)
    checkCanary(store.read, keyring)
    return { keys, keyring }
  } catch (error) {
    await store.close()
    throw error
  }
}

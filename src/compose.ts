// The only wiring place: builds every domain and site from configuration. Nothing but the CLI and tests imports it.
import { existsSync } from "node:fs"
import { join } from "node:path"
import { setAssetUrl } from "../views/layout/index.ts"
import {
  assetFolder,
  type Clock,
  type Config,
  createIds,
  createKeyring,
  createLog,
  credits,
  HOUR_MS,
  type Ids,
  type Keyring,
  KeyringError,
  type Log,
  loadMasterKey,
  MINUTE_MS,
  type Nano,
  systemClock,
  workerScript,
} from "./app/index.ts"
import { createDevelopers, type Developers } from "./developers/index.ts"
import { createGateway, type Gateway } from "./gateway/index.ts"
import {
  clientAddress,
  createCookies,
  createCsrf,
  createLive,
  createWeb,
  type HttpServer,
  type Live,
  loadAssets,
  parseRanges,
  startServer,
} from "./http/index.ts"
import { createIdentity, type Identity, type MailPayload, type User, type UserLifecycle } from "./identity/index.ts"
import { createJobs, type Jobs } from "./jobs/index.ts"
import { createLedger, type Ledger } from "./ledger/index.ts"
import { createMailer, type Mailer } from "./mail/index.ts"
import { createOauth, type Oauth } from "./oauth/index.ts"
import { createOutbox, type Outbox } from "./outbox/index.ts"
import { createPlans, type Plans } from "./plans/index.ts"
import { createPricing, DEFAULT_RULES, type Pricing } from "./pricing/index.ts"
import { adminChecks, adminSite, createVerification } from "./sites/admin/index.ts"
import { apiSite } from "./sites/api/index.ts"
import { authSite } from "./sites/auth/index.ts"
import { consoleSite } from "./sites/console/index.ts"
import { portalSite } from "./sites/portal/index.ts"
import { errorPageOf, publicSite } from "./sites/public/index.ts"
import { createReadWorker, fixIssuer, knownIssuer, openStore, type ReadWorker, type Store } from "./store/index.ts"
import { createUsage, type Usage } from "./usage/index.ts"

export interface App {
  config: Config
  clock: Clock
  ids: Ids
  log: Log
  keyring: Keyring
  store: Store
  reads: ReadWorker
  outbox: Outbox
  jobs: Jobs
  mailer: Mailer
  ledger: Ledger
  identity: Identity
  plans: Plans
  pricing: Pricing
  oauth: Oauth
  usage: Usage
  developers: Developers
  gateway: Gateway
  live: Live
  /** Resolves what a dead process left, then listens. */
  listen(): Promise<HttpServer>
  /** Red for the load balancer, lets calls end, commits what is owed, closes. */
  stop(): Promise<void>
}

export interface Overrides {
  clock?: Clock
  log?: Log
  /** Pause between two words of the sandbox model; the demo shows streaming with it. */
  sandboxWordMs?: number
}

/** What one typical chat is taken to be: 500 tokens in, 300 out. */
const TYPICAL = { input: 500, output: 300 }

export async function compose(config: Config, overrides: Overrides = {}): Promise<App> {
  const clock = overrides.clock ?? systemClock
  const log = overrides.log ?? createLog({ level: config.logLevel, format: config.logFormat })
  const ids = createIds(clock)
  // Settings that can be wrong are read before anything is made in the data folder.
  const addressOf = clientAddress(parseRanges(config.trustedProxies))
  const store = openStore(join(config.dataDir, "purser.db"), {
    clock,
    onFatal: (error) => {
      log.error("store.outcome_unknown", { error })
      process.exit(1)
    },
  })
  const keyring = createKeyring(await masterKey(config, store, log))
  await fixIssuer(store, config.baseUrl)
  const reads = createReadWorker(workerScript(), store.path)
  store.checkpointWith(reads.copyLog)
  const exports = createReadWorker(workerScript(), store.path)
  const outbox = createOutbox({ store, clock, ids, log })
  const jobs = createJobs({ store, clock, log })
  const mailer = createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom, demo: config.demo, log })

  const lifecycle: UserLifecycle[] = []
  const ledger = createLedger({ store, clock, ids, bootId: ids.next("job") })
  const identity = createIdentity({
    ...{ store, clock, ids, keyring, outbox, lifecycle },
    baseUrl: config.baseUrl,
    adminEmails: config.adminEmails,
  })
  const plans = createPlans({ store, clock, ledger })
  const pricing = createPricing({ store, clock })
  const oauth = await createOauth({ store, clock, ids, keyring, identity, issuer: config.baseUrl })
  const usage = createUsage({ store, ids, log })
  const developers = createDevelopers({ store, identity })
  const gateway = createGateway({
    ...{ store, clock, ids, keyring, log, ledger, pricing, oauth, identity, usage },
    plans,
    earnings: { promoCapIn: (tx) => developers.promoCapIn(tx, plans.freeBudgetNanoIn(tx)) },
    baseUrl: config.baseUrl,
    ...(overrides.sandboxWordMs === undefined ? {} : { sandboxWordMs: overrides.sandboxWordMs }),
  })
  lifecycle.push({ domain: "oauth", passwordChangedIn: (tx, user) => void oauth.revokeGrantsOfUserIn(tx, user.id) })
  lifecycle.push({ domain: "gateway", suspendIn: (tx, user) => tx.afterCommit(() => gateway.cutUser(user.id)) })

  outbox.handle("mail", async ({ payload, eventId }) => {
    const mail = identity.composeMail(payload as MailPayload)
    if (mail) await mailer.send(mail, eventId)
  })

  const firstParty = { key: "console", name: "Purser", redirectUris: [`${config.baseUrl}/console/callback`] }
  const consoleClient = await store.write(
    { actor: "system:boot", requestId: "boot", reason: "the console's own client" },
    (tx) => oauth.ensureFirstPartyIn(tx, firstParty),
  )

  const secure = config.baseUrl.startsWith("https:")
  const cookies = createCookies({ secure })
  const csrf = createCsrf({ keyring, cookies, origin: config.baseUrl })
  const web = createWeb({ cookies, csrf, keyring, origin: config.baseUrl, demo: config.demo })
  const assets = loadAssets(assetFolder("public"))
  setAssetUrl(assets.url)
  const developerName = (ownerId: User["id"]): string =>
    developers.developerOf(ownerId)?.company ?? identity.userById(ownerId)?.name ?? "An unnamed developer"
  const typicalChatNano = (): Nano => {
    const model = gateway.upstreams().find((one) => one.enabled && one.models.length > 0)
    const price = model?.models[0] ? pricing.modelPrice(model.priceProvider, model.models[0], clock.now()) : null
    if (!price) return credits(1)
    return pricing.chargeForHold(price, TYPICAL.input, TYPICAL.output, pricing.ruleFor(price.model, "app")).totalNano
  }
  const verification = createVerification({ reads, ledger, clock })
  const mailRoad = config.demo ? "mailbox" : config.smtpUrl ? "smtp" : "log"
  const live = createLive({ store })
  let stopping = false
  const consoleDeps = {
    ...{
      web,
      clock,
      store,
      identity,
      oauth,
      ledger,
      plans,
      usage,
      developers,
      gateway,
      live,
      developerName,
      typicalChatNano,
      exports,
    },
    console: consoleClient,
    stateSecret: keyring.hmac("console-login", "state"),
    developerSharePercent: DEFAULT_RULES.app.developerBp / 100,
  }
  const userOf = (request: Request) => {
    const session = identity.sessionByToken(cookies.read(request, "console"), "console")
    if (!session) return undefined
    const { name, email, isAdmin } = session
    return { name, email, isAdmin, isDeveloper: developers.developerOf(session.userId) !== null }
  }
  const publicDeps = {
    ...{ web, clock, userOf },
    apiBaseUrl: `${config.baseUrl}/v1`,
    sampleModel: () => gateway.upstreams().find((one) => one.enabled)?.models[0] ?? "sandbox",
    dailyCredits: () => Math.floor((plans.planByCode("free")?.dailyClaimNano ?? 0) / credits(1)),
    mailbox: config.demo ? () => mailer.mailbox.map(({ atMs, ...mail }) => ({ ...mail, sentAtMs: atMs })) : null,
    notReady: () => (stopping ? "stopping" : null),
  }
  let server: HttpServer | null = null

  const app: App = {
    ...{ config, clock, ids, log, keyring, store, reads, outbox, jobs, mailer },
    ...{ ledger, identity, plans, pricing, oauth, usage, developers, gateway, live },
    async listen() {
      const recovered = await ledger.recoverHolds(usage.recordResolvedIn)
      if (recovered.resolved > 0) log.warn("ledger.recovered", { ...recovered })
      await plans.allocateDue().catch((error: unknown) => log.error("plans.allocate_failed", { error }))
      server = startServer({
        host: config.host,
        port: config.port,
        sites: [
          authSite({ web, identity, oauth, developerName, typicalChatNano }),
          consoleSite(consoleDeps),
          portalSite(consoleDeps),
          adminSite({
            ...{ ...consoleDeps, reads, pricing, outbox, verification },
            checks: () => adminChecks({ gateway, jobs, clock, verification, outbox, mail: mailRoad }),
          }),
          publicSite(publicDeps),
          apiSite(gateway),
        ],
        ...{ assets, ids, log, secure },
        clientAddress: addressOf,
        errorPage: errorPageOf(publicDeps),
      })
      outbox.start()
      jobs.start([
        { name: "expire-lots", everyMs: MINUTE_MS, run: async () => void (await ledger.expireDue()) },
        {
          name: "sweep-holds",
          everyMs: MINUTE_MS / 2,
          run: async () => void (await ledger.sweep(gateway.isAlive, usage.recordResolvedIn)),
        },
        { name: "allocate-plans", everyMs: MINUTE_MS, run: async () => void (await plans.allocateDue()) },
        { name: "sweep-oauth", everyMs: 5 * MINUTE_MS, run: () => oauth.sweep() },
        {
          name: "purge-identity",
          everyMs: HOUR_MS,
          run: async () =>
            void (await identity.purge({
              actor: "system:purge-identity",
              requestId: "job",
              reason: "delete what is over",
            })),
        },
        { name: "mature-earnings", everyMs: HOUR_MS, run: matureEarnings },
        { name: "verify-books", everyMs: HOUR_MS, run: verifyBooks },
      ])
      void matureEarnings().catch((error: unknown) => {
        if (!stopping) log.error("ledger.mature_failed", { error })
      })
      void verifyBooks().catch((error: unknown) => {
        if (!stopping) log.error("ledger.verify_failed", { error })
      })
      return server
    },
    async stop() {
      if (stopping) return
      stopping = true
      const deadline = performance.now() + config.drainMs
      // Pages that listen would keep the listener open for the whole drain.
      live.close()
      await server?.stop(config.drainMs)
      const left = await gateway.drain(Math.max(1_000, deadline - performance.now()))
      if (left > 0) log.error("stop.calls_left", { left })
      gateway.close()
      await Promise.all([jobs.stop(), outbox.stop()])
      await Promise.all([reads.stop(), exports.stop()])
      await store.close()
    },
  }
  return app

  async function matureEarnings(): Promise<void> {
    await ledger.matureDue(developers.earningTerms())
  }

  async function verifyBooks(): Promise<void> {
    const ctx = { actor: "system:verify-books", requestId: "job_verify-books", reason: "prove the books" }
    const report = await verification.run(ctx)
    if (!report.ok) log.error("ledger.books_wrong", { checks: report.checks.filter((check) => check.violations > 0) })
  }
}

/** Makes the key of a new data folder. One that is missing later is asked for: a fresh key would open nothing of that data. */
async function masterKey(config: Config, store: Store, log: Log): Promise<Buffer> {
  const file = join(config.dataDir, "secret.key")
  try {
    if (knownIssuer(store) && !config.secretKey && !existsSync(file))
      throw new KeyringError(
        `${file} is missing, and this data cannot be read without it; put it back, or set PURSER_SECRET_KEY`,
      )
    const { key, created } = loadMasterKey(config.dataDir, config.secretKey)
    if (created) log.warn("key.created", { file, advice: "keep a copy: backups cannot be opened without it" })
    return key
  } catch (error) {
    await store.close()
    throw error
  }
}

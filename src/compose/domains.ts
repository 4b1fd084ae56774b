// Builds the domains in their order: each is given only what stands to its left.

import { join } from "node:path"
import { type Analytics, createAnalytics } from "../analytics/index.ts"
import { type Announcements, createAnnouncements } from "../announcements/index.ts"
import { DAY_MS, hostNames, publishedAt, type UserId } from "../app/index.ts"
import { type Backup, createBackup, type ProveCopy } from "../backup/index.ts"
import { type Billing, type ConnectionGiven, createBilling, createConnection } from "../billing/index.ts"
import { type Brand, createBrand } from "../brand/index.ts"
import {
  type AppHosts,
  type AppKeys,
  type AppReviews,
  type AppTransfers,
  createAppHosts,
  createAppKeys,
  createAppReviews,
  createAppTransfers,
  createDevelopers,
  type Developers,
} from "../developers/index.ts"
import { createDirectory, type Directory } from "../directory/index.ts"
import { createGateway, type Gateway, type UpstreamFetch } from "../gateway/index.ts"
import {
  createSafeCheck,
  createSafeFetch,
  createSafeForward,
  type Proving,
  type SafeFetch,
  type SafeForward,
  type SafeStream,
} from "../http/index.ts"
import { createIdentity, type Hasher, type Identity } from "../identity/index.ts"
import { createKept, type Kept } from "../kept/index.ts"
import { createKeys, type Keys } from "../keys/index.ts"
import { createLedger, createVerification, type Ledger, type Verification } from "../ledger/index.ts"
import { createLegal, type Legal } from "../legal/index.ts"
import { createLimits, type Limits } from "../limits/index.ts"
import { createMarketplace, type Marketplace } from "../marketplace/index.ts"
import { createMcp, type Mcp } from "../mcp/index.ts"
import { createMedia, type Media } from "../media/index.ts"
import { createMetering, type Metering } from "../metering/index.ts"
import { createNotices, type Notices } from "../notices/index.ts"
import { CONSENT_DAYS, createOauth, type IdentityPort, type Oauth, type SigningPairs } from "../oauth/index.ts"
import { createPayouts, type Payouts } from "../payouts/index.ts"
import { createPlans, type Plans } from "../plans/index.ts"
import { createPricing, type Pricing } from "../pricing/index.ts"
import { createPrivacy, type Privacy } from "../privacy/index.ts"
import { createReferrals, type Referrals } from "../referrals/index.ts"
import { createSpending, type Spending } from "../spending/index.ts"
import { createSponsors, type Sponsors } from "../sponsors/index.ts"
import { createSupport, type Support } from "../support/index.ts"
import { createTeams, type Teams } from "../teams/index.ts"
import { createUsage, type Usage } from "../usage/index.ts"
import { createWebhooks, type Webhooks } from "../webhooks/index.ts"
import type { Base } from "./base.ts"
import { earningsOf, makersOf, payeesOf, shareLetters } from "./makers.ts"
import { buyersOf, payersOf } from "./payers.ts"
import { keepTeams } from "./team-belongings.ts"
import { endWithTeams } from "./team-ends.ts"

export interface Domains {
  webhooks: Webhooks
  media: Media
  brand: Brand
  ledger: Ledger
  verification: Verification
  identity: Identity
  notices: Notices
  legal: Legal
  plans: Plans
  teams: Teams
  billing: Billing
  referrals: Referrals
  pricing: Pricing
  oauth: Oauth
  keys: Keys
  usage: Usage
  analytics: Analytics
  kept: Kept
  limits: Limits
  sponsors: Sponsors
  developers: Developers
  appKeys: AppKeys
  appHosts: AppHosts
  appReviews: AppReviews
  appTransfers: AppTransfers
  gateway: Gateway
  metering: Metering
  mcp: Mcp
  marketplace: Marketplace
  directory: Directory
  support: Support
  announcements: Announcements
  spending: Spending
  payouts: Payouts
  privacy: Privacy
  backup: Backup
}

/** What tests and the demo give in place of the usual. */
interface Given {
  sandboxWordMs?: number
  upstreamFetch?: UpstreamFetch
  safeFetch?: SafeFetch
  /** TXT records of the world; default: the machine's. */
  dns?: Proving
  /** Reaches publishers' servers. Default: as the settings allow. */
  safeForward?: SafeForward
  /** Asks issuers that people come from. Default: as the settings allow. */
  issuerFetch?: SafeFetch
  /** Asks people's tool servers. Default: as the settings allow. */
  toolStream?: SafeStream
  /** ms that a tool may take. Default: a minute. */
  toolCallMs?: number
  /** ms that a receiver of webhooks may take. Default: 15 seconds. */
  webhookMs?: number
  proveCopy?: ProveCopy
  /** A processor of payments in this very process, in place of the configured one. */
  stripe?: ConnectionGiven
  firstPairs?: () => Promise<SigningPairs>
  hasher?: Hasher
}

export async function createDomains(base: Base, given: Given): Promise<Domains> {
  const { store, clock, ids, keyring, log, settings } = base
  const { baseUrl, hosts, adminEmails } = base.config
  const webhooks = createWebhooks({ ...base, ...webhooksAsk(base, given) })
  const media = createMedia({ store, clock })
  const brand = createBrand({ settings, media })
  const ledger = createLedger({ store, clock, ids, bootId: ids.next("job") })
  const verification = createVerification({ proofs: base.proofs, books: base.store.read, ledger, clock })
  const { mails, lifecycle } = base
  const { hasher } = given
  const known = { baseUrl, adminEmails, ...(hasher && { hasher }) }
  const { google, issuerNetworks } = base.config
  const ownHosts = hostNames(hosts)
  const issuerFetch = given.issuerFetch ?? given.safeFetch ?? createSafeFetch({ ownHosts, allow: issuerNetworks })
  const elsewhere = { google, issuerFetch, outbox: base.outbox, log }
  const identity = createIdentity({ store, clock, ids, keyring, mails, lifecycle, settings, ...known, ...elsewhere })
  const notices = createNotices({ store, clock, ids, keyring, siteUrl: hosts.site, people: identity, mails })
  mails.tellBy(notices.tellIn)
  const legal = createLegal({ store, now: () => clock.now() })
  const plans = createPlans({ store, clock, ledger, settings })
  const teams = createTeams({ store, clock, ids, mails, ledger, identity, plans, baseUrl: hosts.console })
  shareLetters(mails, teams)
  const makers = makersOf(identity, teams, "see")
  const payers = payersOf(identity, teams)
  const paying = { identity: payersOf(identity, teams, "money"), buyers: buyersOf(identity, teams) }
  const connection = await createConnection({ ...base, baseUrl, given: given.stripe ?? base.config.stripe })
  const billing = createBilling({ ...base, ledger, ...paying, plans, baseUrl: hosts.console, connection })
  const referrals = createReferrals({ store, keyring, identity, ledger, settings, cardOf: billing.cardOfCharge })
  const safeFetch = given.safeFetch ?? createSafeFetch({ ownHosts })
  const pricing = createPricing({ store, clock, safeFetch })
  const { firstPairs } = given
  const origins = { issuer: baseUrl, apiOrigin: hosts.api }
  const issued = { ...origins, settings, replicaHolds: () => base.replica.holds(), ...(firstPairs && { firstPairs }) }
  const told = { outbox: base.outbox, safeFetch, teams, identity: asApps(identity, media, baseUrl) }
  const consentMaxAgeMs = () => settings.get(CONSENT_DAYS) * DAY_MS || null
  const oauth = await createOauth({ store, clock, wall: base.wall, ids, keyring, ...told, consentMaxAgeMs, ...issued })
  const keys = createKeys({ store, clock, ids, log, mails, identity })
  const usage = createUsage({ store, log })
  const analytics = createAnalytics(base)
  const kept = createKept({ store, clock, keyring, settings })
  const limits = createLimits({ store, clock, ids, log })
  const sponsors = createSponsors({ store, ledger, oauth, identity: makers })
  const developers = createDevelopers({ store, settings, identity: makers, legal })
  const appKeys = createAppKeys({ store, clock, ids, oauth, identity: makers, mails })
  const moving = { store, clock, ids, oauth, media, mails, identity: makers, teams }
  const appTransfers = createAppTransfers({
    ...moving,
    requireDeveloperIn: (tx, userId) => developers.requireDeveloperIn(tx, userId),
    nameOf: (userId) => developerNameOf({ developers, identity: makers })(userId),
  })
  const appReviews = createAppReviews({ store, oauth, settings, mails, identity: makers })
  const resolving = given.dns ? { dns: given.dns } : {}
  const appHosts = createAppHosts({ ...base, oauth, identity: makers, safeFetch, ...resolving })
  const safeForward = given.safeForward ?? createSafeForward({ ownHosts, allow: base.config.productNetworks })
  const gateway = createGateway({
    store,
    clock,
    ids,
    keyring,
    log,
    ledger,
    pricing,
    oauth,
    keys,
    identity,
    usage,
    limits,
    sponsors,
    settings,
    kept,
    // A team's keys reach what its owner's plan reaches.
    plans: { ...plans, keyTermsOf: (id) => plans.keyTermsOf(teams.answersFor(id)) },
    openrouterManagementKey: base.config.openrouterManagementKey,
    earnings: earningsOf({ teams, developers, plans }),
    baseUrl: hosts.console,
    apiUrl: hosts.api,
    tracer: base.observe.tracer,
    itemsFile: join(base.config.dataDir, "recent-items"),
    uploadDir: base.config.dataDir,
    forward: safeForward,
    ...(given.upstreamFetch ? { fetch: given.upstreamFetch } : {}),
    ...(given.sandboxWordMs === undefined ? {} : { sandboxWordMs: given.sandboxWordMs }),
  })
  const metering = createMetering({ store, gateway, identity })
  const asked = {
    ownHosts,
    baseUrl: hosts.console,
    apiUrl: hosts.api,
    stream: given.toolStream,
    callMs: given.toolCallMs,
  }
  const mcp = createMcp({ ...base, ...asked, gateway, pricing, oauth, identity })
  const trade = { ledger, billing, limits, gateway, oauth, mcp, developers, safeFetch, safeForward, teams }
  const addresses = { consoleUrl: hosts.console, publishedAt: publishedAt(hosts) }
  const marketplace = createMarketplace({ ...base, ...trade, ...addresses, identity: payers, makers })
  const developerName = developerNameOf({ developers, identity: makers })
  const directory = createDirectory({ ...base, identity: makers, oauth, appHosts, media, analytics, developerName })
  const announcements = createAnnouncements({ store, clock, ids, mails, oauth })
  const watched = { payers, oauth, analytics, billing, sponsors, ledger, teamName: teams.nameOf, siteUrl: hosts.site }
  const spending = createSpending({ ...base, identity, teams, ...watched })
  const payees = payeesOf(identity, teams)
  const payouts = createPayouts({ ...base, ...payees, developers, ledger, billing, connection, baseUrl: hosts.console })
  endWithTeams(teams, { keys, oauth, limits, marketplace, payouts })
  keepTeams({ teams, oauth, developers, ledger, payouts, billing, sponsors })
  const support = createSupport({ ...base, identity, plans })
  const sold = { gateway, metering, mcp, marketplace, directory, support, announcements, spending, payouts }
  const privacy = createPrivacy({ ...base, identity, ledger, dataDir: base.config.dataDir })
  const proving = given.proveCopy ? { proveCopy: given.proveCopy } : {}
  const backup = createBackup({ ...base, identity, oauth, billing, ...proving })
  return {
    webhooks,
    media,
    brand,
    ledger,
    verification,
    identity,
    notices,
    legal,
    plans,
    teams,
    billing,
    referrals,
    pricing,
    oauth,
    keys,
    usage,
    analytics,
    kept,
    limits,
    sponsors,
    developers,
    appKeys,
    appHosts,
    appReviews,
    appTransfers,
    ...sold,
    privacy,
    backup,
  }
}

/** As people read of a developer: the company, else their own name. */
export const developerNameOf =
  ({ developers, identity }: { developers: Pick<Developers, "developerOf">; identity: Pick<Identity, "userById"> }) =>
  (ownerId: UserId): string =>
    developers.developerOf(ownerId)?.company ?? identity.userById(ownerId)?.name ?? "Unnamed developer"

/** How receivers are asked, and how their addresses are judged before. */
function webhooksAsk({ config }: Base, { safeFetch, webhookMs: deadlineMs }: Given) {
  const to = { ownHosts: hostNames(config.hosts), allow: config.webhookNetworks }
  return safeFetch
    ? { deadlineMs, safeFetch, safeCheck: async () => {} }
    : { deadlineMs, safeFetch: createSafeFetch(to), safeCheck: createSafeCheck(to) }
}

/** Pixels of the picture that apps are told: large enough for a page of a person. */
const PICTURE_WIDTH = 256

/** People as apps are told of them: with the address of their picture, which is looked up where it is asked for. */
const asApps = (identity: Identity, media: Media, baseUrl: string): IdentityPort => ({
  userById(id) {
    const user = identity.userById(id)
    if (!user) return null
    const { publicId: subject } = user
    return {
      ...user,
      get picture() {
        const path = media.addressOf({ purpose: "avatar", subject }, PICTURE_WIDTH)
        return path === undefined ? null : `${baseUrl}${path}`
      },
    }
  },
  isSuspended: (userId) => identity.isSuspended(userId),
  requireActiveIn: (tx, userId) => identity.requireActiveIn(tx, userId),
  secondStepOf: (userId) => identity.secondStepOf(userId),
})

// Builds the sites from the domains, and the listener's answers to errors. Which pages there are is the sites' own affair.
import { type Brand, setAssetUrl } from "../../views/layout/index.ts"
import { assetFolder, credits, nano } from "../app/index.ts"
import { operatorEmail } from "../billing/index.ts"
import {
  type Assets,
  assetsOf,
  createCookies,
  createCsrf,
  createOrigins,
  createPlaces,
  createSse,
  createWeb,
  type Sse,
  sdkRelease,
  type startServer,
} from "../http/index.ts"
import { principal } from "../ledger/index.ts"
import { DRAW_CARD } from "../media/index.ts"
import type { Client } from "../oauth/index.ts"
import type { Metrics } from "../observe/index.ts"
import type { Merged, NotReady } from "../part/index.ts"
import { developerShares } from "../pricing/index.ts"
import { REFERRAL_LIMITS } from "../referrals/index.ts"
import { adminSite } from "../sites/admin/index.ts"
import { apiSite, keyReportSite, paymentEventsSite, productSite } from "../sites/api/index.ts"
import { type AuthDeps, authSite } from "../sites/auth/index.ts"
import { frameUserOf, seatFor } from "../sites/base/index.ts"
import { type ConsoleDeps, consoleSite } from "../sites/console/index.ts"
import { portalSite } from "../sites/portal/index.ts"
import { errorPageOf, find, hostsOf, navFor, type PublicDeps, publicSite } from "../sites/public/index.ts"
import { docsOf, type GivenDocs } from "./docs.ts"
import { developerNameOf } from "./domains.ts"
import { factsOf } from "./legal-facts.ts"
import { madeLately } from "./made-lately.ts"
import { makersOf } from "./makers.ts"
import { DECLARED, type House } from "./parts.ts"

type Served = Pick<
  Parameters<typeof startServer>[0],
  "sites" | "assets" | "origins" | "published" | "secure" | "errorPage" | "challenge"
>

/** What programs open with a token, and answers errors for programs by itself. `/v1` says it on its own. */
const isProtected = (pathname: string): boolean => pathname === "/userinfo" || pathname.startsWith("/api/v1/")

export interface Sites {
  served: Served
  sse: Sse
}

export function createSites(
  house: House,
  given: {
    consoleClient: Client
    contributed: Merged
    notReady: () => NotReady[]
    metrics: Metrics
    /** What every page says above its own subject. */
    notice?: (() => string | undefined) | undefined
  },
): Sites {
  const { config, keyring, store, gateway } = house
  const { baseUrl, demo } = config
  const secure = baseUrl.startsWith("https:")
  const [cookies, origins] = [createCookies({ secure }), createOrigins(config.hosts, hostsOf)]
  const csrf = createCsrf({ keyring, cookies, originOf: origins.originOf })
  const own = { nav: navFor, now: house.clock.now, ...saidTo(house, given.notice), brand: () => lookOf(house) }
  const web = createWeb({ cookies, csrf, keyring, origins, demo, ...own })
  const assets = assetsOf(assetFolder("public"))
  setAssetUrl(assets.url)
  const sse = createSse({ store })
  const consoleDeps: ConsoleDeps = {
    ...house,
    web,
    sse,
    sentences: DECLARED.sentences,
    console: given.consoleClient,
    legalFacts: () => factsOf(house),
    stateSecret: keyring.hmac("console-login", "state"),
    sdk: sdkRelease(assets),
    developerName: developerNameOf({ ...house, identity: makersOf(house.identity, house.teams, "see") }),
    places: createPlaces(house.config.geoipFile, house.log),
    developerShares: () => developerShares(house.pricing.rules()),
  }
  const { checks, firstRun, system, vitals } = given.contributed
  const admin = adminSite({ ...house, ...consoleDeps, checks, firstRun, system, keeps: DECLARED.keeps })
  const app = { ...house, pictures: baseUrl, apiUrl: config.hosts.api }
  const api = apiSite(gateway, config.hosts.api, admin.api, { ...house, ...app, web, programs: admin.programs, app })
  const publicDeps = publicDepsOf(house, { web, assets }, { ...given, vitals, apiDocument: api.document })
  return {
    sse,
    served: {
      sites: [
        authSite(authDepsOf(house, consoleDeps)),
        consoleSite(consoleDeps),
        portalSite(consoleDeps),
        admin.routes,
        publicSite(publicDeps),
        api.routes,
        ...forPrograms(house),
      ],
      assets,
      origins,
      published: (request) => house.marketplace.calls.forward(request),
      secure,
      errorPage: errorPageOf(publicDeps),
      challenge: (error, pathname) => (isProtected(pathname) ? house.oauth.challengeAt(error, pathname) : null),
    },
  }
}

/** What strangers and their programs call, beside /v1. */
const forPrograms = (house: House) => [
  keyReportSite(house),
  productSite(house.marketplace.calls),
  paymentEventsSite(house),
]

const unreadOf =
  ({ notices }: House) =>
  ({ id }: { id?: string | undefined }) =>
    id === undefined ? 0 : notices.unread(id)

const announcementOf =
  ({ identity, announcements }: House) =>
  ({ id, isDeveloper }: { id?: string | undefined; isDeveloper: boolean }) => {
    const person = id === undefined ? null : identity.userByPublicId(id)
    const banner = person && announcements.bannerFor({ userId: person.id, isDeveloper })
    return banner ? { id: banner.publicId, title: banner.title } : undefined
  }

/** What every page says beside its own subject. */
const saidTo = (house: House, ofAll?: () => string | undefined) => ({
  notice: noticeOf(house, ofAll),
  announcement: announcementOf(house),
  seat: seatFor,
  unread: unreadOf(house),
})

/** What holds for everybody first; else what a person has to know, such as a payment that failed. */
const noticeOf =
  (
    { identity, billing, privacy }: House,
    ofAll?: () => string | undefined,
  ): Parameters<typeof createWeb>[0]["notice"] =>
  (user) => {
    const person = user?.id === undefined ? null : identity.userByPublicId(user.id)
    if (!person) return ofAll?.()
    const leavesMs = privacy.leavesMs(person.id)
    const leaves =
      leavesMs === null
        ? undefined
        : `This account is going to be deleted on ${new Date(leavesMs).toISOString().slice(0, 10)} (UTC). You can keep it under Settings, Your data.`
    return ofAll?.() ?? leaves ?? billing.plans.noticeOf(person.id)
  }

const authDepsOf = (
  {
    identity,
    oauth,
    appHosts,
    media,
    usage,
    ledger,
    clock,
    privacy,
    store,
    mcp,
    teams,
    plans,
    pricing,
    legal,
    sponsors,
    referrals,
  }: House,
  { web, developerName: nameOf }: Pick<ConsoleDeps, "web" | "developerName">,
): AuthDeps => ({
  web,
  identity,
  oauth,
  media,
  now: () => clock.now(),
  developerName: nameOf,
  shareNow: (clientId) => oauth.shareFor({ clientId, consentId: null }, developerShares(pricing.rules()).usualBp),
  verifiedApp(clientPublicId) {
    const client = oauth.clientByPublicId(clientPublicId)
    return client && appHosts.verified(client)
  },
  typicalCharge: (clientId, scope) => usage.typicalCharge(clientId, scope, clock.now()),
  leavesMs: (userId) => privacy.leavesMs(userId),
  acceptTerms: legal.acceptTerms,
  keepAccount: (ctx, userId) => store.write(ctx, (tx) => privacy.keepIn(tx, userId)),
  mcp,
  teams,
  spendable: (userId, mode) => ledger.wallet(principal(userId), mode).spendableNano,
  async followReferral(ctx, code, browser) {
    if (referrals.terms()) await store.write(ctx, (tx) => referrals.followIn(tx, code, browser))
  },
  async noteNewcomer(requestId, userId, browser) {
    const user = referrals.terms() && identity.userById(userId)
    if (!user || user.createdMs < clock.now() - REFERRAL_LIMITS.newMs) return
    const ctx = { actor: `user:${user.publicId}`, requestId, reason: "made an account" }
    await store.write(ctx, (tx) => referrals.joinedIn(tx, userId, browser))
  },
  sponsored: (clientId, userId) => sponsors.offerFor(clientId, userId),
  unclaimed: (userId) =>
    ledger.claimStatus(principal(userId), "live").isDue ? plans.planOf(userId).dailyClaimNano : nano(0),
})

function publicDepsOf(
  house: House,
  { web, assets }: { web: PublicDeps["web"]; assets: Assets },
  {
    notReady,
    vitals,
    apiDocument,
    metrics,
  }: Pick<PublicDeps, "notReady" | "vitals" | "apiDocument"> & { metrics: Metrics },
): PublicDeps {
  const docs: GivenDocs = docsOf(house)
  const { config, clock, identity, media, brand, gateway, plans, billing, pricing, settings, mailer, marketplace } =
    house
  return {
    web,
    clock,
    media,
    notices: house.notices,
    spending: house.spending,
    find(query, user) {
      const known = user?.id === undefined ? null : identity.userByPublicId(user.id)
      return find({ ...house, ...docs }, query, known && user ? { ...user, userId: known.id } : undefined)
    },
    assets,
    sdk: sdkRelease(assets),
    notReady,
    vitals,
    apiDocument,
    metrics: metrics.answer,
    userOf(request) {
      const session = identity.sessionByToken(web.cookies.read(request, "console"), "console")
      if (!session) return undefined
      return frameUserOf(house, session)
    },
    ...docs,
    brandTouch: () => brand.touch(),
    brandSheet: () => brand.sheet(),
    legal: house.legal,
    legalFacts: () => factsOf(house),
    apps: { ...house, siteUrl: config.hosts.site },
    apiBaseUrl: `${config.hosts.api}/v1`,
    capabilities: madeLately(PRICES_KEPT_MS, clock, () => gateway.capabilitiesNow()),
    priceList: madeLately(PRICES_KEPT_MS, clock, () => gateway.priceList()),
    pricing: { billing, plans, operatorEmail: () => operatorEmail(settings) },
    signInUrl: config.baseUrl,
    cards: {
      draw: (words) => house.reads.ask<Uint8Array>(DRAW_CARD, words),
      house: () => ({ house: brand.look().name, accent: brand.accent() }),
      product: (slug) => publicProduct(marketplace.catalog, slug),
    },
    sharesOf: (model) => pricing.ruleFor(model, "app"),
    ...frontOf(house),
    sampleModel: () => gateway.upstreams().find((one) => one.enabled)?.models[0] ?? "sandbox",
    dailyCredits: () => Math.floor((plans.planByCode("free")?.dailyClaimNano ?? 0) / credits(1)),
    mailbox: config.demo ? () => mailer.mailbox.map(({ atMs, ...mail }) => ({ ...mail, sentAtMs: atMs })) : null,
  }
}

/** The name and look of the house, and what stands at the foot of public pages. */
function lookOf({ brand, settings }: House): Brand {
  const support = brand.support() || operatorEmail(settings)
  const help = support === "" ? [] : [{ href: `mailto:${support}`, label: "Get help" }]
  return { ...brand.look(), links: [...help, ...brand.social()] }
}

/** What strangers may see too. */
function publicProduct(catalog: House["marketplace"]["catalog"], slug: string) {
  const product = catalog.productBySlug(slug)
  const publisher = product?.state === "published" ? catalog.publisherById(product.publisherId) : null
  return product && publisher?.suspendedMs === null ? product : null
}

/** What the operator says on the front page. */
const frontOf = ({ brand, gateway, marketplace, clock }: House): Pick<PublicDeps, "claims" | "counts"> => {
  const counted = madeLately(PRICES_KEPT_MS, clock, () => [
    { label: "models", value: gateway.priceList().length },
    { label: "APIs", value: marketplace.showcase.slugs(PRODUCTS_MAX).length },
  ])
  return { claims: brand.claims, counts: () => (brand.countsShown() ? counted() : []) }
}
/** More are not counted. */
const PRODUCTS_MAX = 5_000

/** How long the front page may show prices of before a change. */
const PRICES_KEPT_MS = 10_000

// Builds the sites from the domains, and the listener's answers to errors. Which pages there are is the sites' own affair.
import { setAssetUrl } from "../../views/layout/index.ts"
import { assetFolder, credits, type Nano, type UserId } from "../app/index.ts"
import {
  createCookies,
  createCsrf,
  createSse,
  createWeb,
  loadAssets,
  type Sse,
  type startServer,
} from "../http/index.ts"
import type { Client } from "../oauth/index.ts"
import type { Merged } from "../part/index.ts"
import { DEFAULT_RULES } from "../pricing/index.ts"
import { adminSite, peopleFound } from "../sites/admin/index.ts"
import { apiSite } from "../sites/api/index.ts"
import { authSite } from "../sites/auth/index.ts"
import { type ConsoleDeps, consoleSite } from "../sites/console/index.ts"
import { portalSite } from "../sites/portal/index.ts"
import { errorPageOf, navFor, type PublicDeps, publicSite } from "../sites/public/index.ts"
import { DECLARED, type House } from "./parts.ts"

/** What one typical chat is taken to be: 500 tokens in, 300 out. */
const TYPICAL = { input: 500, output: 300 }

type Served = Pick<Parameters<typeof startServer>[0], "sites" | "assets" | "secure" | "errorPage">

export interface Sites {
  served: Served
  sse: Sse
}

export function createSites(
  house: House,
  given: { consoleClient: Client; contributed: Merged; notReady: () => string | null },
): Sites {
  const { config, keyring, store, identity, oauth, gateway } = house
  const { baseUrl, demo } = config
  const secure = baseUrl.startsWith("https:")
  const cookies = createCookies({ secure })
  const csrf = createCsrf({ keyring, cookies, origin: baseUrl })
  const web = createWeb({ cookies, csrf, keyring, origin: baseUrl, demo, nav: navFor })
  const assets = loadAssets(assetFolder("public"))
  setAssetUrl(assets.url)
  const sse = createSse({ store })
  const consoleDeps: ConsoleDeps = {
    ...house,
    web,
    sse,
    console: given.consoleClient,
    stateSecret: keyring.hmac("console-login", "state"),
    developerName: (ownerId) => developerName(house, ownerId),
    typicalChatNano: () => typicalChatNano(house),
    developerSharePercent: DEFAULT_RULES.app.developerBp / 100,
  }
  const { developerName: nameOf, typicalChatNano: typical } = consoleDeps
  const { checks, firstRun } = given.contributed
  const admin = adminSite({ ...house, ...consoleDeps, checks, firstRun, sentences: DECLARED.sentences })
  const publicDeps = publicDepsOf(house, web, given.notReady)
  return {
    sse,
    served: {
      sites: [
        authSite({ web, identity, oauth, developerName: nameOf, typicalChatNano: typical }),
        consoleSite(consoleDeps),
        portalSite(consoleDeps),
        admin.routes,
        publicSite(publicDeps),
        apiSite(gateway, baseUrl, admin.api),
      ],
      assets,
      secure,
      errorPage: errorPageOf(publicDeps),
    },
  }
}

function publicDepsOf(house: House, web: PublicDeps["web"], notReady: PublicDeps["notReady"]): PublicDeps {
  const { config, clock, identity, developers, gateway, plans, mailer } = house
  return {
    web,
    clock,
    notReady,
    userOf(request) {
      const session = identity.sessionByToken(web.cookies.read(request, "console"), "console")
      if (!session) return undefined
      const { name, email, isAdmin } = session
      return { name, email, isAdmin, isDeveloper: developers.developerOf(session.userId) !== null }
    },
    apiBaseUrl: `${config.baseUrl}/v1`,
    sampleModel: () => gateway.upstreams().find((one) => one.enabled)?.models[0] ?? "sandbox",
    dailyCredits: () => Math.floor((plans.planByCode("free")?.dailyClaimNano ?? 0) / credits(1)),
    things: (query, user) => (user?.isAdmin ? peopleFound(identity, query) : []),
    mailbox: config.demo ? () => mailer.mailbox.map(({ atMs, ...mail }) => ({ ...mail, sentAtMs: atMs })) : null,
  }
}

const developerName = ({ developers, identity }: House, ownerId: UserId): string =>
  developers.developerOf(ownerId)?.company ?? identity.userById(ownerId)?.name ?? "An unnamed developer"

function typicalChatNano({ gateway, pricing, clock }: House): Nano {
  const upstream = gateway.upstreams().find((one) => one.enabled && one.models.length > 0)
  const price = upstream?.models[0] ? pricing.modelPrice(upstream.priceProvider, upstream.models[0], clock.now()) : null
  if (!price) return credits(1)
  return pricing.chargeForHold(price, TYPICAL.input, TYPICAL.output, pricing.ruleFor(price.model, "app")).totalNano
}

// The door of the console: what a signed-in person sees of their credits and their apps.
import { Elysia } from "elysia"
import { admit, createSite, refuseOpen, requireSession } from "../base/index.ts"
import { agreementRoutes } from "./agreement.ts"
import { announcementRoutes } from "./announcements.ts"
import { answersRoutes } from "./answers.ts"
import { appsRoutes } from "./apps.ts"
import { avatarRoutes } from "./avatar.ts"
import { billingDetailsRoutes } from "./billing-details.ts"
import { buyRoutes } from "./buy.ts"
import { cardsRoutes } from "./cards.ts"
import { connectionRoutes } from "./connections.ts"
import { couponRoutes } from "./coupon.ts"
import { creditsRoutes } from "./credits.ts"
import { dashboardRoutes } from "./dashboard.ts"
import { dataRoutes } from "./data.ts"
import { emailRoutes } from "./email.ts"
import { forAppRoutes } from "./for-app.ts"
import { invoiceRoutes } from "./invoices.ts"
import { keyCacheRoutes } from "./key-cache.ts"
import { keyLimitsRoutes } from "./key-limits.ts"
import { keysRoutes } from "./keys.ts"
import { consoleLoginRoutes } from "./login.ts"
import { lowRoutes } from "./low.ts"
import { marketSite, subscriberRoutes } from "./market/index.ts"
import { modelsRoutes } from "./models.ts"
import { noticeRoutes } from "./notices.ts"
import { CONSOLE_PAGES } from "./pages.ts"
import { passkeyRoutes } from "./passkeys.ts"
import { passwordRoutes } from "./password.ts"
import { planRoutes } from "./plan.ts"
import { plansRoutes } from "./plans.ts"
import { playgroundRoutes } from "./playground/index.ts"
import { providerKeyRoutes } from "./provider-keys.ts"
import { referralRoutes } from "./referrals.ts"
import { requestRoutes } from "./requests.ts"
import { settingsRoutes } from "./settings.ts"
import type { ConsoleDeps } from "./site.ts"
import { subscriptionRoutes } from "./subscriptions/index.ts"
import { supportRoutes } from "./support.ts"
import { teamRoutes } from "./teams/index.ts"
import { toolGroupRoutes } from "./tool-groups.ts"
import { toolServerRoutes } from "./tool-servers.ts"
import { toolSignInRoutes } from "./tool-sign-in.ts"
import { toolTryRoutes } from "./tool-try.ts"
import { twoStepRoutes } from "./two-step.ts"
import { unfinishedRoutes } from "./unfinished.ts"
import { usageRoutes } from "./usage.ts"
import { ownWebhookRoutes } from "./webhooks/index.ts"

export { packageCards } from "./buy.ts"
export { givesWords, soldName } from "./coupon-words.ts"
export { creditsCsv } from "./credits-csv.ts"
export { readFilter } from "./credits-filter.ts"
export { appShown, cardShown, type DirectoryShownDeps, draftShown, pictureOf } from "./directory-shown.ts"
export { CONSOLE_PAGES } from "./pages.ts"
export { consolePart } from "./part.ts"
export { pointsOf as planPoints, tablesOf as planTables } from "./plan-words.ts"
export type { ConsoleDeps } from "./site.ts"
export { type WebhookSite, webhookRoutes } from "./webhooks/index.ts"

export function consoleSite(deps: ConsoleDeps) {
  const site = createSite({
    web: deps.web,
    pages: CONSOLE_PAGES,
    enter: (request) => requireSession(deps, request),
    admit,
    admitOpen: (request, path) => refuseOpen(deps, request, path),
  })
  agreementRoutes(site, deps)
  dashboardRoutes(site, deps)
  creditsRoutes(site, deps)
  forAppRoutes(site, deps)
  usageRoutes(site, deps)
  requestRoutes(site, deps)
  buyRoutes(site, deps)
  couponRoutes(site, deps)
  cardsRoutes(site, deps)
  lowRoutes(site, deps)
  billingDetailsRoutes(site, deps)
  invoiceRoutes(site, deps)
  appsRoutes(site, deps)
  teamRoutes(site, deps)
  toolGroupRoutes(site, deps)
  toolServerRoutes(site, deps)
  toolSignInRoutes(site, deps)
  toolTryRoutes(site, deps)
  playgroundRoutes(site, deps)
  keysRoutes(site, deps)
  announcementRoutes(site, deps)
  keyCacheRoutes(site, deps)
  keyLimitsRoutes(site, deps)
  providerKeyRoutes(site, deps)
  noticeRoutes(site, deps)
  referralRoutes(site, deps)
  supportRoutes(site, deps)
  settingsRoutes(site, deps)
  subscriptionRoutes(site, deps)
  answersRoutes(site, deps)
  avatarRoutes(site, deps)
  emailRoutes(site, deps)
  connectionRoutes(site, deps)
  twoStepRoutes(site, deps)
  passkeyRoutes(site, deps)
  passwordRoutes(site, deps)
  dataRoutes(site, deps)
  planRoutes(site, deps)
  plansRoutes(site, deps)
  modelsRoutes(site, deps)
  subscriberRoutes(site, deps)
  ownWebhookRoutes(site, deps)
  unfinishedRoutes(site, deps)
  return new Elysia().use(site.routes).use(marketSite(deps)).use(consoleLoginRoutes(deps))
}

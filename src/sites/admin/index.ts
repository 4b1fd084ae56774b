// The door of the admin site: is everything well, who is here, and which AI providers answer.

import { createSite, requireAdmin, requireAdminApi } from "../base/index.ts"
import { analyticsRoutes } from "./analytics.ts"
import { API_EXAMPLES } from "./api-examples.ts"
import { appReviewRoutes } from "./app-review.ts"
import { appSecretRoutes } from "./app-secrets.ts"
import { applyRoutes } from "./apply.ts"
import { appRoutes } from "./apps.ts"
import { auditRoutes } from "./audit.ts"
import { billingRoutes } from "./billing.ts"
import { booksRoutes } from "./books.ts"
import { brandLogoSite, brandRoutes } from "./brand.ts"
import { couponRoutes } from "./coupons.ts"
import { directoryRoutes } from "./directory.ts"
import { earningsRoutes } from "./earnings.ts"
import { filterRoutes } from "./filters.ts"
import { adminHome } from "./home.ts"
import { houseAppRoutes } from "./house-apps.ts"
import { houseModelRoutes } from "./house-models.ts"
import { invoiceRoutes } from "./invoices.ts"
import { issuerRoutes } from "./issuers.ts"
import { jobRoutes } from "./jobs.ts"
import { wordRoutes } from "./legal.ts"
import { limitRoutes } from "./limits.ts"
import { orderRoutes } from "./orders.ts"
import { packageRoutes } from "./packages.ts"
import { ADMIN_PAGES } from "./pages.ts"
import { paymentRoutes } from "./payment.ts"
import { payoutFileRoutes } from "./payout-files.ts"
import { payoutsRoutes } from "./payouts.ts"
import { planRoutes } from "./plans.ts"
import { priceModelRoutes } from "./price-model.ts"
import { priceRuleRoutes } from "./price-rules.ts"
import { priceRoutes } from "./prices.ts"
import { productRoutes } from "./products.ts"
import { restoreRoutes } from "./restore.ts"
import { reviewRoutes } from "./reviews.ts"
import { saleRoutes } from "./sales.ts"
import { serviceRoutes } from "./services.ts"
import { settingRoutes } from "./settings.ts"
import { signingKeyRoutes } from "./signing-keys.ts"
import type { AdminSite, AdminDeps as Deps } from "./site.ts"
import { supportRoutes } from "./support.ts"
import { systemRoutes } from "./system.ts"
import { teamRoutes } from "./teams.ts"
import { toolServerRoutes } from "./tool-servers.ts"
import { upstreamRoutes } from "./upstreams.ts"
import { userErasureRoutes } from "./user-erasure.ts"
import { userPasskeysRoutes } from "./user-passkeys.ts"
import { userPayoutRoutes } from "./user-payouts.ts"
import { userPlanRoutes } from "./user-plan.ts"
import { userRoleRoutes } from "./user-role.ts"
import { userTwoStepRoutes } from "./user-two-step.ts"
import { userRoutes } from "./users.ts"
import { usersBulkRoutes } from "./users-bulk.ts"
import { userListRoutes } from "./users-list.ts"
import { walletRoutes } from "./wallet.ts"
import { walletActRoutes } from "./wallet-acts.ts"

export { firstTokenOf, houseOf, modelName, monthName, revenueOf } from "./house.ts"
export { ADMIN_PAGES } from "./pages.ts"
export { adminPart } from "./part.ts"
export { createSetupFiles, type SetupChange, secretNames } from "./setup/index.ts"
export type { AdminDeps } from "./site.ts"
export { type ListedUser, USER_STATES, type UsersPage, type UsersQuery } from "./store-users.ts"
export { teamsListed } from "./teams.ts"

/** @returns its routes, its forms as programs may send them, and those for other routes */
export function adminSite(deps: Deps) {
  const site = createSite({
    web: deps.web,
    pages: ADMIN_PAGES,
    enter: (request) => requireAdmin(deps, request),
    enterApi: (request) => requireAdminApi(deps, request),
    apiExamples: API_EXAMPLES,
  })
  site.get("/admin", (page) => adminHome(deps, page))
  analyticsRoutes(site, deps)
  userListRoutes(site, deps)
  usersBulkRoutes(site, deps)
  teamRoutes(site, deps)
  filterRoutes(site, deps)
  appRoutes(site, deps)
  houseAppRoutes(site, deps)
  appReviewRoutes(site, deps)
  appSecretRoutes(site, deps)
  directoryRoutes(site, deps)
  supportRoutes(site, deps)
  personRoutes(site, deps)
  walletRoutes(site, deps)
  walletActRoutes(site, deps)
  auditRoutes(site, deps)
  booksRoutes(site, deps)
  planRoutes(site, deps)
  upstreamRoutes(site, deps)
  priceRoutes(site, deps)
  priceModelRoutes(site, deps)
  priceRuleRoutes(site, deps)
  houseModelRoutes(site, deps)
  limitRoutes(site, deps)
  earningsRoutes(site, deps)
  payoutFileRoutes(site, deps)
  payoutsRoutes(site, deps)
  userPayoutRoutes(site, deps)
  jobRoutes(site, deps)
  systemRoutes(site, deps)
  signingKeyRoutes(site, deps)
  applyRoutes(site, deps)
  restoreRoutes(site, deps)
  settingRoutes(site, deps)
  brandRoutes(site, deps)
  wordRoutes(site, deps)
  serviceRoutes(site, deps)
  productRoutes(site, deps)
  reviewRoutes(site, deps)
  saleRoutes(site, deps)
  packageRoutes(site, deps)
  couponRoutes(site, deps)
  invoiceRoutes(site, deps)
  paymentRoutes(site, deps)
  orderRoutes(site, deps)
  billingRoutes(site, deps)
  issuerRoutes(site, deps)
  toolServerRoutes(site, deps)
  return { routes: site.routes.use(brandLogoSite(deps)), api: site.api, programs: site.programs }
}

/** A person, and what an admin does with their account. */
function personRoutes(site: AdminSite, deps: Deps): void {
  userRoutes(site, deps)
  userRoleRoutes(site, deps)
  userTwoStepRoutes(site, deps)
  userPasskeysRoutes(site, deps)
  userErasureRoutes(site, deps)
  userPlanRoutes(site, deps)
}

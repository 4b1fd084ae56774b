// The management API: /api/v1 of seed 001, and the older names of seed 004 for the same routes.
import { type AdminReadsDeps, adminReadRoutes } from "./admin.ts"
import { type AdminTeamsDeps, adminTeamRoutes } from "./admin-teams.ts"
import { type AppPermissionsDeps, appPermissionRoutes } from "./apps.ts"
import { type CouponRoutesDeps, couponRoutes } from "./coupons.ts"
import { type CreditsDeps, creditRoutes } from "./credits.ts"
import { type DeveloperRoutesDeps, developerRoutes } from "./developer.ts"
import { type HouseDeps, houseRoute } from "./house.ts"
import { type KeyRoutesDeps, keyRoutes } from "./keys.ts"
import { type MeteringRoutesDeps, meteringRoutes } from "./metering.ts"
import { type OpenrouterRoutesDeps, openrouterRoutes } from "./openrouter.ts"
import { type PayeeRoutesDeps, payeeRoutes } from "./payee.ts"
import { type PaymentRoutesDeps, paymentRoutes } from "./payments.ts"
import { type ProviderKeyRoutesDeps, providerKeyRoutes } from "./provider-keys.ts"
import { type HandleDeps, type ManageRoute, manageSite } from "./route.ts"
import { type TeamRoutesDeps, teamRoutes } from "./teams.ts"
import { type TierRoutesDeps, tierRoutes } from "./tiers.ts"
import { type WebhookRoutesDeps, webhookRoutes } from "./webhooks.ts"

export { API_KEY_SCHEME, describeManage, MANAGE_TAGS } from "./describe.ts"
export type { HandleDeps, ManageRoute } from "./route.ts"
export { managerOfApp } from "./who.ts"

export type ManageDeps = HandleDeps &
  CreditsDeps &
  MeteringRoutesDeps &
  AppPermissionsDeps &
  DeveloperRoutesDeps &
  PayeeRoutesDeps &
  KeyRoutesDeps &
  ProviderKeyRoutesDeps &
  OpenrouterRoutesDeps &
  CouponRoutesDeps &
  PaymentRoutesDeps &
  TierRoutesDeps &
  TeamRoutesDeps &
  WebhookRoutesDeps &
  AdminReadsDeps &
  AdminTeamsDeps &
  HouseDeps

export const manageRoutes = (deps: ManageDeps): ManageRoute[] => [
  ...creditRoutes(deps),
  ...meteringRoutes(deps),
  ...appPermissionRoutes(deps),
  ...developerRoutes(deps),
  ...payeeRoutes(deps),
  ...keyRoutes(deps),
  ...providerKeyRoutes(deps),
  ...teamRoutes(deps),
  ...openrouterRoutes(deps),
  ...webhookRoutes(deps),
  ...tierRoutes(deps),
  ...couponRoutes(deps),
  ...paymentRoutes(deps),
  ...adminReadRoutes(deps),
  ...adminTeamRoutes(deps),
  houseRoute(deps),
]

export { manageSite }

// What the portal is made of: the parts of the console that developers' pages need.
import type { PageRequest, Site } from "../base/index.ts"
import type { ConsoleDeps } from "../console/index.ts"
import type { PORTAL_PAGES } from "./pages.ts"

export type PortalDeps = Pick<
  ConsoleDeps,
  | "web"
  | "teams"
  | "clock"
  | "store"
  | "identity"
  | "oauth"
  | "ledger"
  | "legal"
  | "marketplace"
  | "directory"
  | "payouts"
  | "media"
  | "usage"
  | "developers"
  | "appKeys"
  | "webhooks"
  | "appHosts"
  | "appReviews"
  | "appTransfers"
  | "developerName"
  | "analytics"
  | "reads"
  | "settings"
  | "gateway"
  | "sponsors"
  | "limits"
  | "sse"
  | "sdk"
  | "developerShares"
>

export type PortalSite = Site<PageRequest, (typeof PORTAL_PAGES)[number]["path"]>

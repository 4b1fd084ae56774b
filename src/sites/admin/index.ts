// The door of the admin site: is everything well, who is here, and which AI providers answer.
import { Elysia } from "elysia"
import { adminAuditRoutes } from "./audit.ts"
import { adminBooksRoutes } from "./books.ts"
import { adminEarningsRoutes } from "./earnings.ts"
import { adminHome } from "./home.ts"
import { adminPlanRoutes } from "./plans.ts"
import { type AdminDeps, asAdmin } from "./site.ts"
import { adminUpstreamRoutes } from "./upstreams.ts"
import { adminUserPlanRoutes } from "./user-plan.ts"
import { adminUserRoutes } from "./users.ts"
import { adminWalletRoutes } from "./wallet.ts"
import { adminWalletActRoutes } from "./wallet-acts.ts"

export { adminPart } from "./part.ts"
export type { AdminDeps } from "./site.ts"

export const adminSite = (deps: AdminDeps) =>
  new Elysia()
    .get(
      "/admin",
      asAdmin(deps, (visit) => adminHome(deps, visit)),
    )
    .use(adminUserRoutes(deps))
    .use(adminUserPlanRoutes(deps))
    .use(adminWalletRoutes(deps))
    .use(adminWalletActRoutes(deps))
    .use(adminAuditRoutes(deps))
    .use(adminBooksRoutes(deps))
    .use(adminPlanRoutes(deps))
    .use(adminUpstreamRoutes(deps))
    .use(adminEarningsRoutes(deps))

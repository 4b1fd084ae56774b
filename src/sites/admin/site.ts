// What the admin's routes share. Admins come in through the console's session; everybody else finds nothing here.
import type { AdminHomeProps } from "../../../views/admin/home.tsx"
import type { Outbox } from "../../outbox/index.ts"
import type { Pricing } from "../../pricing/index.ts"
import type { ReadWorker } from "../../store/index.ts"
import type { PageRequest, Site } from "../base/index.ts"
import type { ConsoleDeps } from "../console/index.ts"
import type { ADMIN_PAGES } from "./pages.ts"
import type { Verification } from "./verification.ts"

export type Check = AdminHomeProps["checks"][number]

export interface AdminDeps extends ConsoleDeps {
  /** The line of truth: service, upstreams, books, jobs, mail. */
  checks: () => Check[]
  reads: ReadWorker
  pricing: Pricing
  outbox: Pick<Outbox, "counts">
  verification: Verification
}

export type AdminSite = Site<PageRequest, (typeof ADMIN_PAGES)[number]["path"]>

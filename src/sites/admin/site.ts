// What the admin's routes share. Admins come in through the console's session; everybody else finds nothing here.
import { ensure } from "../../app/index.ts"
import type { Verification } from "../../ledger/index.ts"
import type { Check, FirstRunStep } from "../../part/index.ts"
import type { Pricing } from "../../pricing/index.ts"
import type { ReadWorker } from "../../store/index.ts"
import { type ConsoleDeps, signedIn, type Visit } from "../console/index.ts"

export interface AdminDeps extends ConsoleDeps {
  /** The lines of truth, of every part. */
  checks: () => Check[]
  firstRun: readonly FirstRunStep[]
  reads: ReadWorker
  pricing: Pricing
  verification: Verification
}

/** Like `signedIn`, for admins. To others the pages do not exist. */
export const asAdmin = (
  deps: AdminDeps,
  handler: (visit: Visit, params: Record<string, string>) => Response | Promise<Response>,
) =>
  signedIn(deps, (visit, params) => {
    ensure(visit.session.isAdmin, "not_found", "There is nothing here. Check the address for a typing mistake.")
    const asAdminCtx: Visit["ctx"] = (reason) => ({ ...visit.ctx(reason), actor: `admin:${visit.session.publicId}` })
    return handler({ ...visit, ctx: asAdminCtx }, params)
  })

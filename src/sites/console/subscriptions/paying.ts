// A plan that costs something is paid from a team's wallet by nobody whom the team limits: its price counts for no limit, and could be theirs to
// earn.
import type { ProductPlan } from "../../../marketplace/index.ts"
import type { WriteContext } from "../../../store/index.ts"
import { contextOfUnlimited, type PageRequest } from "../../base/index.ts"
import type { ConsoleDeps } from "../site.ts"

export const payingContext = (
  deps: Pick<ConsoleDeps, "limits">,
  page: PageRequest,
  reason: string,
  plan: Pick<ProductPlan, "terms"> | null,
): WriteContext =>
  plan?.terms.priceNano === 0
    ? page.ctx(reason)
    : contextOfUnlimited(deps, page, reason, "subscribes it to what costs something")

// Every section of a set-up file, in the order in which they are made: what others name comes first.
import type { Kind, Secrets, SetupDeps } from "../types.ts"
import { adminsKind } from "./admins.ts"
import { couponsKind } from "./coupons.ts"
import { limitsKind } from "./limits.ts"
import { modelsKind } from "./models.ts"
import { packagesKind } from "./packages.ts"
import { plansKind } from "./plans.ts"
import { pricesKind } from "./prices.ts"
import { rulesKind } from "./rules.ts"
import { settingsKind } from "./settings.ts"
import { upstreamsKind } from "./upstreams.ts"

export const kindsOf = (deps: SetupDeps, secrets: Secrets): readonly Kind[] => [
  settingsKind(deps),
  upstreamsKind(deps, secrets),
  pricesKind(deps),
  rulesKind(deps),
  modelsKind(deps),
  plansKind(deps),
  packagesKind(deps),
  couponsKind(deps),
  limitsKind(deps),
  adminsKind(deps),
]

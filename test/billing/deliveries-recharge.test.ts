// Every order of delivery of what is told of recharges; each variant is a person with a card of their own.

import { proveAll } from "./flows/prove-all.ts"
import { RECHARGES } from "./flows/recharges.ts"

proveAll(RECHARGES, 10)

// Every order of delivery of every purchase: each event twice, thrice, never, late, side by side.

import { proveAll } from "./flows/prove-all.ts"
import { PURCHASES } from "./flows/purchases.ts"

proveAll(PURCHASES)

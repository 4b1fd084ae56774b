// Every order of delivery of purchases with a coupon.
import { DISCOUNTS } from "./flows/discounts.ts"
import { proveAll } from "./flows/prove-all.ts"

proveAll(DISCOUNTS, 15)

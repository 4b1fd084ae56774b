// Every order of delivery of every flow in which money goes back.
import { MONEY_BACK } from "./flows/money-back.ts"
import { proveAll } from "./flows/prove-all.ts"

proveAll(MONEY_BACK, 6)

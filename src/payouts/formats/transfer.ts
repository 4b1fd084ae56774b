// One payment as files have it.
import type { Destination } from "../types.ts"

export interface Transfer {
  /** `pay_…`: the payment's own id, so that what the bank tells can be found again. */
  id: string
  currency: string
  /** In the currency's smallest unit. */
  minor: number
  to: Destination
}

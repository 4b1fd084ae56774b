// A coupon as tests make one: ten dollars of credits, once a person, unless they say otherwise.
import { nano } from "../../src/app/index.ts"
import type { NewCoupon } from "../../src/billing/index.ts"
import { usd } from "../../src/plans/testing.ts"

export const BLANK: NewCoupon = {
  code: "",
  kind: "credits",
  amountNano: usd(10),
  creditDays: 90,
  percent: null,
  planCode: null,
  note: "",
  maxUses: null,
  perPerson: 1,
  minimumNano: nano(0),
  onlyFor: [],
  expiresMs: null,
}

// Pages of the processor's dashboard.
import { expect, test } from "bun:test"
import { dashboardUrl } from "./dashboard.ts"

test("each object has its page, of the mode of the key; what has none is searched for, and what is no id leads nowhere", () => {
  expect(dashboardUrl("ch_1", true)).toBe("https://dashboard.stripe.com/test/payments/ch_1")
  expect(dashboardUrl("du_1", false)).toBe("https://dashboard.stripe.com/disputes/du_1")
  expect(dashboardUrl("txn_1", false)).toBe("https://dashboard.stripe.com/search?query=txn_1")
  for (const odd of ["", "javascript:alert(1)", "ch_1?x=<b>", "../ch_1", "constructor_1 "])
    expect([odd, dashboardUrl(odd, true)]).toEqual([odd, null])
})

// Where an object of the processor's is looked at by the operator: the pages of its dashboard, by what an id begins with. Pure.
const ORIGIN = "https://dashboard.stripe.com"
const PAGES: Readonly<Record<string, string>> = {
  ch: "payments",
  py: "payments",
  pi: "payments",
  re: "refunds",
  pyr: "refunds",
  du: "disputes",
  dp: "disputes",
  po: "payouts",
  in: "invoices",
  sub: "subscriptions",
  cus: "customers",
}

/** What has no page of its own is found by the search. @returns null for what is no id */
export function dashboardUrl(id: string, isTest: boolean): string | null {
  const prefix = /^([a-z]+)_\w+$/.exec(id)?.[1]
  if (prefix === undefined) return null
  const base = isTest ? `${ORIGIN}/test` : ORIGIN
  return Object.hasOwn(PAGES, prefix) ? `${base}/${PAGES[prefix]}/${id}` : `${base}/search?query=${id}`
}

// The road to published APIs: every method below /m/ goes to one handler, which answers everything itself.
import { Elysia } from "elysia"
import type { Marketplace } from "../../marketplace/index.ts"

/** Bodies are passed on as they come; what is hidden has documents of its own. */
const RAW = { parse: "none", detail: { hide: true } } as const

export const productSite = (calls: Pick<Marketplace["calls"], "forward">) =>
  new Elysia()
    .all("/m/*", ({ request }) => calls.forward(request), RAW)
    .all("/m", ({ request }) => calls.forward(request), RAW)

// Whether a call may be made at all: what its key, its product, its subscription and its plan say, each with the reason for a refusal.
import { AppError, ensure } from "../../app/index.ts"
import { opens } from "../plans/index.ts"
import { accessOf } from "../subscriptions/rules.ts"
import type { Asked } from "./asked.ts"
import type { CallsCore } from "./core.ts"
import { READS } from "./keys/rules.ts"
import type { EndpointOffered, ProductOffered, SubscriptionRow } from "./offer.ts"
import type { Match } from "./route.ts"
import type { KeyRow } from "./types.ts"

/** @throws AppError api_key_address_denied, forbidden */
export function assertKey(core: CallsCore, asked: Asked, { allowedIps, deniedIps, access }: KeyRow): void {
  if (asked.as === null && isKeptOut(core, asked, { allowedIps, deniedIps }))
    throw new AppError(
      "api_key_address_denied",
      "This API key does not work from your address. Its owner can change the addresses of the key.",
    )
  const mayCall = access === "all" || READS.has(asked.method)
  ensure(mayCall, "forbidden", `This API key may only read: GET and HEAD, not ${asked.method.slice(0, 20)}.`)
}

type Addresses = Pick<KeyRow, "allowedIps" | "deniedIps">

/** What is denied is, whatever is allowed. */
function isKeptOut({ ranges }: CallsCore, asked: Asked, { allowedIps, deniedIps }: Addresses): boolean {
  if (allowedIps === "" && deniedIps === "") return false
  const ip = asked.ip()
  return (deniedIps !== "" && ranges.has(deniedIps, ip)) || (allowedIps !== "" && !ranges.has(allowedIps, ip))
}

/** Rules of the publisher, which hold for whoever calls and however: the API's and the endpoint's. @throws AppError address_denied */
export function assertAddress(core: CallsCore, asked: Asked, product: Addresses, endpoint: Addresses): void {
  if (!isKeptOut(core, asked, product) && !isKeptOut(core, asked, endpoint)) return
  throw new AppError(
    "address_denied",
    `The publisher of this API takes no such calls from your address, ${asked.ip()}. Call from another one, or ask them to let it in.`,
  )
}

/** What is not offered any more goes on for those who have it; a draft can be tried by its publisher. @throws AppError product_unavailable */
export function assertOpen({ state, suspendedMs, ownerId }: ProductOffered, { userId }: SubscriptionRow): void {
  const goesOn = state === "published" || state === "unpublished"
  const isShown = goesOn || (state !== "suspended" && userId === ownerId)
  if (isShown && suspendedMs === null) return
  throw new AppError("product_unavailable", "This API is not offered now. Nothing was used of your quota.", {
    headers: { "x-should-retry": "false" },
  })
}

/** @throws AppError subscription_ended, subscription_past_due, forbidden */
export function assertSubscribed(subscription: SubscriptionRow, now: number): void {
  const refused = accessOf(subscription, now)
  if (refused === null) return
  const { code, words } = NO_ACCESS[refused]
  throw new AppError(code, words)
}

const NO_ACCESS = {
  ended: { code: "subscription_ended", words: "This subscription is over. Subscribe again to go on." },
  banned: { code: "forbidden", words: "The publisher of this API has closed this subscription." },
  past_due: {
    code: "subscription_past_due",
    words: "This subscription could not be renewed. Pay for it, and the same keys work again.",
  },
} as const

/** @throws AppError not_found, method_not_allowed */
export function routed({ routes }: ProductOffered, { method, path }: Asked): Match {
  const found = routes.match(method, path)
  if ("allow" in found) {
    ensure(
      found.allow.length > 0,
      "not_found",
      "This API has no such endpoint. Its documentation lists those that there are.",
    )
    const allow = found.allow.join(", ")
    throw new AppError("method_not_allowed", `This endpoint takes ${allow}.`, { headers: { allow } })
  }
  return found
}

/** @throws AppError plan_required */
export function assertPlan({ plans }: ProductOffered, endpoint: EndpointOffered, rank: number): void {
  if (opens(rank, endpoint, plans)) return
  const least = plans.find(({ id }) => id === endpoint.minPlanId)?.name ?? "another plan"
  throw new AppError("plan_required", `This endpoint needs the plan ${least}, or one above it.`, {
    fields: { plan: least },
  })
}

// Mails about a change of an API, to subscribers who want them. What the publisher wrote is behind the link, where it is shown as theirs.
import type { Delivery, Letter } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "./core.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { productById } from "./store.ts"
import { changeById, followersAfter, saveChange } from "./store-words.ts"

export interface ChangeData {
  /** The name of the API, as its subscriber knows it. */
  api: string
  slug: string
  breaking: boolean
}

export const apiChanged: Letter<ChangeData> = {
  kind: "market_api_changed",
  subject: ({ breaking }) =>
    breaking ? "An API that you use changes in a way that breaks callers" : "An API that you use has changed",
  body: ({ api, slug, breaking }, { baseUrl }) => [
    breaking
      ? `The publisher of “${api}” says that a change may break programs that call it.`
      : `The publisher of “${api}” wrote about a change.`,
    { text: "Read what changed:", link: `${baseUrl}/marketplace/${slug}/changelog` },
    "You get this mail because you asked for it on that page, where you can also end it.",
  ],
  sample: { api: "Weather", slug: "weather", breaking: true },
  others: [{ api: "Weather", slug: "weather", breaking: false }],
}

/** Somebody who was told their product's state by an admin. */
export const productDecided: Letter<{ api: string; product: string; state: "published" | "draft" | "suspended" }> = {
  kind: "market_product_decided",
  subject: ({ state }, { productName }) =>
    state === "published"
      ? `Your API is published on ${productName}`
      : state === "draft"
        ? "Your API needs a change before it can be published"
        : "Your API was suspended",
  body: ({ api, product, state }, { baseUrl }) => [
    state === "published"
      ? `“${api}” was looked at and is published. People can subscribe to it now.`
      : state === "draft"
        ? `“${api}” was looked at and came back with a remark.`
        : `“${api}” was suspended by the people who run this service. Calls to it are refused.`,
    {
      text: state === "published" ? "See it:" : "Read what they say:",
      link: `${baseUrl}/publisher/products/${product}`,
    },
  ],
  sample: { api: "Weather", product: "prd_01", state: "draft" },
  others: (["published", "suspended"] as const).map((state) => ({ api: "Weather", product: "prd_01", state })),
}

export interface HostData {
  host: string
  /** APIs of it that are published: about to leave the marketplace, or gone from it. */
  apis: number
}

const hostPath = (baseUrl: string, host: string): string =>
  `${baseUrl}/publisher/settings/servers/${encodeURIComponent(host)}`
const apisOf = (count: number): string => (count === 1 ? "one API" : `${count} APIs`)

/** A week before it is over. */
export const hostMissing: Letter<HostData> = {
  kind: "market_host_missing",
  subject: () => "We cannot see any more that a server is yours",
  body: ({ host, apis }, { baseUrl }) => [
    `The DNS record and the file that showed that ${host} is yours are both gone.`,
    apis > 0
      ? `In seven days ${apisOf(apis)} on it will leave the marketplace. People who subscribed go on.`
      : "In seven days it will have to be proven anew before an API on it can be published.",
    { text: "Put one of the two back; we look each day. What to publish:", link: hostPath(baseUrl, host) },
  ],
  sample: { host: "api.weather.example", apis: 2 },
  others: [{ host: "api.weather.example", apis: 0 }],
}

export const hostLost: Letter<HostData> = {
  kind: "market_host_lost",
  subject: ({ apis }) => (apis > 0 ? "Your API left the marketplace" : "A server has to be proven anew"),
  body: ({ host, apis }, { baseUrl }) => [
    `For seven days neither the DNS record nor the file was on ${host}.`,
    apis > 0
      ? `So ${apisOf(apis)} on it left the marketplace. People who subscribed go on; nobody new finds ${apis === 1 ? "it" : "them"}.`
      : "No API on it can be published until it is proven.",
    { text: apis > 0 ? "Prove it again, and then publish again:" : "Prove it again:", link: hostPath(baseUrl, host) },
  ],
  sample: { host: "api.weather.example", apis: 1 },
  others: [0, 3].map((apis) => ({ host: "api.weather.example", apis })),
}

export const CATALOG_LETTERS = [apiChanged, productDecided, hostMissing, hostLost] as const

interface Payload {
  productId: number
  changeId: number
}

/** A slice of its followers a mutation, which also says how far they were told: whatever is delivered twice, nobody is told twice. */
export async function deliverChange(
  core: Core,
  { payload, eventId }: Pick<Delivery, "payload" | "eventId">,
): Promise<void> {
  const ctx = { actor: "system:tell-followers", requestId: eventId, reason: "an API changed" }
  while (await core.store.write(ctx, (tx) => tellSliceIn(core, tx, payload as Payload)));
}

function tellSliceIn(core: Core, tx: Tx, { productId, changeId }: Payload): boolean {
  const product = productById(tx, productId)
  const change = changeById(tx, productId, changeId)
  if (!product || !change || product.state !== "published") return false
  const slice = followersAfter(tx, productId, change.mailedTo, L.followersSlice)
  for (const userId of slice) {
    const user = core.identity.userById(userId)
    if (!user || core.identity.isSuspended(userId)) continue
    const data = { api: product.title, slug: product.slug, breaking: change.breaking }
    core.mails.queueIn(tx, apiChanged, { to: user.email, data, uselessAfterMs: null })
  }
  const last = slice.at(-1)
  if (last === undefined) return false
  saveChange(tx, { ...change, mailedTo: last })
  return slice.length === L.followersSlice
}

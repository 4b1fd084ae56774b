// Keys of a subscription: made (shown once), changed, rotated with a grace, signed or not, revoked.
import {
  MarketKeyPage,
  MarketKeyRevokePage,
  MarketKeyRotatePage,
  type MarketKeyRow,
  MarketKeysPage,
  marketKeyPath,
  marketPath,
} from "../../../../views/console/market/index.ts"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import { CALL_LIMITS, opens } from "../../../marketplace/index.ts"
import { newValues, type PageRequest, type Status } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { callOf } from "./endpoint-shown.ts"
import { EDIT_KEY, keepMs, NEW_KEY, type ProductKey, presentOf, ROTATE, termsOf } from "./key-forms.ts"
import { type Own, ownOf } from "./own.ts"
import { samplesOf } from "./samples/index.ts"
import type { MarketDeps } from "./site.ts"

export function keyRoutes(site: ConsoleSite, deps: MarketDeps): void {
  const { store, marketplace } = deps
  const { calls } = marketplace
  site.form("/marketplace/:api/keys", {
    load: (page, { api }) => ownOf(deps, page, api),
    form: NEW_KEY,
    fresh: true,
    present: () => ({ mode: "live" as const, access: "all" as const }),
    async act(page, { mode, ...terms }, { mine, slug }) {
      const input = { subscriptionId: mine.id, userId: page.session.userId, mode, ...termsOf(terms) }
      const made = await store.write(page.ctx("made a product key"), (tx) => calls.issueKeyIn(tx, input))
      return { to: marketKeyPath(slug, made.publicId), secret: made.secret }
    },
    show: (page, form, own, { status }) => keysPage(deps, page, own, form, status),
  })
  oneKey(site, deps)
  signing(site, deps)
}

interface OwnKey {
  own: Own
  key: ProductKey
}

function oneKey(site: ConsoleSite, deps: MarketDeps): void {
  const { store, marketplace } = deps
  const { calls } = marketplace
  site.form("/marketplace/:api/keys/:productKey", {
    load: (page, params) => keyOf(deps, page, params),
    form: EDIT_KEY,
    fresh: ({ access }, { key }) => access === "all" && key.access !== "all",
    present: ({ key }) => presentOf(key),
    async act(page, values, { own, key }) {
      requireMaker(page, key)
      const input = { userId: page.holder.id, keyPublicId: key.publicId, ...termsOf(values, key) }
      const after = await store.write(page.ctx("changed a product key"), (tx) => calls.editKeyIn(tx, input))
      const words = newValues(EDIT_KEY, presentOf(key), presentOf({ ...key, ...after }))
      return {
        to: marketKeyPath(own.slug, key.publicId),
        say: words === "" ? "Nothing was changed." : `Saved: ${words}.`,
      }
    },
    show: (page, form, own, status) => keyPage(deps, page, own, form, status),
  })
  site.form("/marketplace/:api/keys/:productKey/secret", {
    load: (page, params) => aliveOf(deps, page, params),
    form: ROTATE,
    fresh: true,
    present: () => ({ keep: "day" }),
    async act(page, { keep }, { own, key }) {
      const input = { userId: page.holder.id, keyPublicId: key.publicId, keepMs: keepMs(keep) }
      const made = await store.write(page.ctx("rotated a product key"), (tx) => calls.rotateKeyIn(tx, input))
      return { to: marketKeyPath(own.slug, key.publicId), secret: made.secret }
    },
    show: (page, form, { own, key }, { status }) =>
      page.render((frame) => MarketKeyRotatePage({ frame, slug: own.slug, apiKey: namedOf(key), form }), { status }),
  })
  site.form("/marketplace/:api/keys/:productKey/revocation", {
    load: (page, params) => keyOf(deps, page, params),
    form: button("Revoke", true),
    async act(page, _, { own, key }) {
      const input = { userId: page.holder.id, keyPublicId: key.publicId }
      await store.write(page.ctx("revoked a product key"), (tx) => calls.revokeKeyIn(tx, input))
      return { to: marketPath(own.slug, "keys"), say: `${key.name} no longer works.` }
    },
    show: (page, form, { own, key }, { status }) =>
      page.render((frame) => MarketKeyRevokePage({ frame, slug: own.slug, apiKey: namedOf(key), form }), { status }),
  })
}

/** Whether calls have to be signed: switched on, its secret is shown once. */
function signing(site: ConsoleSite, deps: MarketDeps): void {
  const { store, marketplace } = deps
  const load = (page: PageRequest, params: { api: string; productKey: string }) => aliveOf(deps, page, params)
  const back = ({ own, key }: OwnKey) => marketKeyPath(own.slug, key.publicId)
  const set = (page: PageRequest, { key }: OwnKey, signed: boolean) => {
    const input = { userId: page.holder.id, keyPublicId: key.publicId, signed }
    return store.write(page.ctx("changed a product key"), (tx) => marketplace.calls.setSigningIn(tx, input))
  }
  site.post("/marketplace/:api/keys/:productKey/signatures", {
    load,
    form: button("Ask for signatures"),
    fresh: true,
    async act(page, _, one) {
      const secret = await set(page, one, true)
      return { to: back(one), ...(secret === null ? {} : { secret }) }
    },
    back,
  })
  site.post("/marketplace/:api/keys/:productKey/signatures/end", {
    load,
    form: button("Ask for none"),
    async act(page, _, one) {
      await set(page, one, false)
      return { to: back(one), say: `Calls with ${one.key.name} need no signature any more.` }
    },
    back,
  })
}

const namedOf = ({ publicId, name }: ProductKey) => ({ id: publicId, name })

function keyOf(deps: MarketDeps, page: PageRequest, { api, productKey }: { api: string; productKey: string }): OwnKey {
  const own = ownOf(deps, page, api)
  const key = deps.marketplace.calls.keyOf(page.holder.id, productKey)
  ensure(key?.subscriptionId === own.mine.id && key, "not_found", "There is no such key.")
  return { own, key }
}

function aliveOf(deps: MarketDeps, page: PageRequest, params: { api: string; productKey: string }): OwnKey {
  const one = keyOf(deps, page, params)
  ensure(one.key.revokedMs === null, "conflict", "This key is revoked. Make a new one.")
  requireMaker(page, one.key)
  return one
}

/** It calls in its maker's name, so nobody else of a team gets its secret or lets it do more. */
const requireMaker = ({ session }: PageRequest, { userId }: ProductKey): void =>
  ensure(
    userId === session.userId,
    "forbidden",
    "Another person of this team made this key. Only they change it; you can revoke it.",
  )

const rowOf = (key: ProductKey, now: number): MarketKeyRow => ({
  id: key.publicId,
  name: key.name,
  prefix: key.prefix,
  state: key.revokedMs !== null ? "revoked" : key.expiresMs !== null && key.expiresMs <= now ? "expired" : "active",
  isTest: key.mode === "test",
  access: key.access,
  hasIpRules: key.allowedIps.length + key.deniedIps.length > 0,
  isSigned: key.isSigned,
  createdMs: key.createdMs,
  lastUsedMs: key.lastUsedMs,
  expiresMs: key.expiresMs,
  calls: key.calls,
})

function keysPage(deps: MarketDeps, page: PageRequest, own: Own, form: FormView, status: number): Response {
  const now = deps.clock.now()
  const rows = deps.marketplace.calls.keysOf(own.mine.id).map((key) => rowOf(key, now))
  const keysMax = CALL_LIMITS.keysPerSubscriptionMax
  const isFull = rows.filter(({ state }) => state !== "revoked").length >= keysMax
  const mcpUrl = deps.marketplace.tools.urlOf(own.slug)
  const props = { now, product: own.seen.head, keys: rows, keysMax, mcpUrl, form: isFull ? undefined : form }
  return page.render((frame) => MarketKeysPage({ frame, ...props }), { status })
}

function keyPage(deps: MarketDeps, page: PageRequest, { own, key }: OwnKey, form: FormView, status: Status): Response {
  const { secret, forget } = deps.web.takeSecret(page.request)
  const now = deps.clock.now()
  const props = {
    now,
    product: own.seen.head,
    apiKey: { ...rowOf(key, now), allowedIps: key.allowedIps, deniedIps: key.deniedIps, ending: key.ending },
    made: secret === undefined ? undefined : madeOf(own, secret),
    form,
  }
  return page.render((frame) => MarketKeyPage({ frame, ...props }), { ...status, cookies: [forget] })
}

/** A key with a first call; what signs has none. */
function madeOf({ seen, mine }: Own, secret: string) {
  const isKey = secret.startsWith("api_")
  const { endpoints, plans } = seen
  const mineAlone = endpoints.filter((one) => !one.deprecated && opens(mine.plan.rank, one, plans))
  const first = mineAlone.find(({ method }) => method === "GET") ?? mineAlone[0]
  return { secret, isKey, samples: isKey && first ? samplesOf(callOf(seen, first, secret)) : [] }
}

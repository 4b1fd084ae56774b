// /usage/requests/:ownrequest: one request of a person with its parts, and the newest of them for /usage.
import { toolWords } from "../../../views/console/movement.tsx"
import { providerKeyName } from "../../../views/console/provider-keys.tsx"
import { RequestPage, type RequestPart, type RequestRow } from "../../../views/console/request.tsx"
import { ERRORS, ensure, type Nano, nano } from "../../app/index.ts"
import type { AskedKey } from "../../gateway/index.ts"
import { toolOfPriced } from "../../mcp/index.ts"
import { cachedPart } from "../../pricing/index.ts"
import { isForgotten, requestIdOf, type UsageCall } from "../../usage/index.ts"
import type { PageRequest } from "../base/index.ts"
import { isOwnKey, madeIn, namesOf, priceOf } from "./movements.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "usage" | "oauth" | "keys" | "gateway">

/** The longest name of a call is some 35. */
const ID_CHARS_MAX = 64
const LATEST = 10
/** Looked through for them: a request may be several charges. */
const LOOKED_THROUGH = 60

export function requestRoutes(site: ConsoleSite, deps: Deps): void {
  site.get("/usage/requests/:ownrequest", (page, { ownrequest: id }) => {
    const calls = id.length > ID_CHARS_MAX ? [] : deps.usage.requestOf(page.holder.id, id)
    const [first] = calls
    ensure(first, "not_found", "You made no such request, or it is older than calls are kept.")
    const props = {
      id: first.publicId,
      atMs: first.atMs,
      app: namesOf(deps, [first])(first),
      isTest: first.mode === "test",
      sponsored: sponsoredOf(deps, page.holder.id, calls),
      endpoint: first.endpoint,
      stream: first.stream,
      firstTokenMs: first.firstTokenMs,
      why: first.errorCode === null ? "" : wordsOf(first.errorCode),
      isForgotten: isForgotten(first),
      ownKeys: calls.flatMap(({ publicId }) =>
        deps.gateway.providerKeys.askedFor(page.holder.id, publicId).map(askedWords),
      ),
      parts: calls.map(partOf),
    }
    return page.render((frame) => RequestPage({ frame, ...props }))
  })
}

/** One key and what it said: "OpenAI key …9f3A answered". */
function askedWords({ key, outcome }: AskedKey): string {
  const name = key ? providerKeyName(key) : "A key that you deleted"
  if (outcome === "answered") return `${name} answered`
  if (outcome === "gone") return `${name} was asked`
  if (outcome === "key") return `${name} was refused`
  if (outcome === "credit") return `${name} had no credit`
  if (outcome === "rate") return `${name} was used too often`
  return `${name} did not answer`
}

/** n$ of it that the app paid. */
function sponsoredOf({ usage }: Deps, userId: PageRequest["holder"]["id"], calls: readonly UsageCall[]): Nano {
  const ids = usage.sponsoredOf(
    userId,
    calls.map(({ publicId }) => publicId),
  )
  const theirs = calls.filter(({ publicId }) => ids.has(publicId))
  return nano(theirs.reduce((sum, { collectedNano }) => sum + collectedNano, 0))
}

const wordsOf = (code: string): string => (Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS].title : "")

function whatOf({ model }: UsageCall): string {
  const tool = toolOfPriced(model)
  return tool ? toolWords(tool) : model
}

/** Beside a word that says that it is a tool. */
function partWords({ model }: UsageCall): string {
  const tool = toolOfPriced(model)
  return tool ? `${tool.tool} of ${tool.group}` : model
}

const endOf = ({ status, errorCode, end }: UsageCall) => ({
  status,
  errorCode,
  isGone: end === "client_gone",
  isRefused: end === "refused",
})

const partOf = (call: UsageCall): RequestPart => ({
  id: call.publicId,
  isTool: call.scope === "mcp",
  what: partWords(call),
  ...endOf(call),
  inputTokens: call.inputTokens,
  cachedTokens: call.cachedTokens,
  outputTokens: call.outputTokens,
  reasoningTokens: call.reasoningTokens,
  latencyMs: call.latencyMs,
  charge: nano(call.chargeNano),
  collected: nano(call.collectedNano),
  price: call.prices === null ? null : priceOf(call.prices),
  fromCache: cachedPart(call),
  ...madeIn(call),
})

/** The newest, each once, however many charges it is. */
export function latestOf(deps: Deps, { holder: { id: userId } }: Pick<PageRequest, "holder">): RequestRow[] {
  const calls = deps.usage.recent(userId, LOOKED_THROUGH).filter(({ mode }) => mode === "live")
  const ids = [...new Set(calls.map(({ publicId }) => requestIdOf(publicId)))].slice(0, LATEST)
  const sums = deps.usage.requestSums(userId, ids)
  const known = new Map(calls.map((call) => [call.publicId, call]))
  const firsts = ids.flatMap((id) => known.get(id) ?? deps.usage.requestOf(userId, id)[0] ?? [])
  const nameOf = namesOf(deps, firsts)
  const sponsored = deps.usage.sponsoredOf(
    userId,
    firsts.map(({ publicId }) => publicId),
  )
  return firsts.map((call) => ({
    isSponsored: sponsored.has(call.publicId),
    id: call.publicId,
    atMs: call.atMs,
    app: nameOf(call),
    what: whatOf(call),
    ...endOf(call),
    parts: sums.get(call.publicId)?.parts ?? 1,
    isOwnKey: isOwnKey(call),
    charged: sums.get(call.publicId)?.collectedNano ?? nano(call.collectedNano),
  }))
}

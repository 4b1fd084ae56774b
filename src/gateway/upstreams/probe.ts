// Testing an upstream: asks for its list of models and takes it over. Its faults are the result, never an error.
import { auditIn } from "../../audit/index.ts"
import { BodyReadError, readDecoded } from "../../http/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { clean, utf8 } from "../providers/index.ts"
import type { ReadyUpstream, Upstream } from "../types.ts"
import { known, shown, type UpstreamDeps } from "./accounts.ts"
import { modelNames } from "./fields.ts"
import { replaceModels, setTest, upstreamRow } from "./store.ts"

interface ProbeResult {
  ok: boolean
  message: string
  models: string[]
}
/** Whom to ask: an account of the operator's, or one of a person's. */
type Asked = Pick<ReadyUpstream, "provider" | "account" | "fetch">

const failed = (message: string): ProbeResult => ({ ok: false, message, models: [] })

/** Asks first, then writes down the answer; the request itself is never inside a body. */
export async function testUpstream(deps: UpstreamDeps, ctx: WriteContext, publicId: string): Promise<Upstream> {
  const row = known(upstreamRow(deps.store.read, publicId))
  const upstream = deps.registry.ready(row)
  const result = upstream
    ? await probe(upstream, deps.timeouts.testMs)
    : failed("This server cannot use it: its kind or its key is unknown here. The log says which.")
  return deps.store.write(ctx, (tx) => {
    setTest(tx, row.id, result.ok, result.message)
    if (result.models.length > 0) replaceModels(tx, row.id, result.models)
    auditIn(tx, { action: "upstream.tested", subject: publicId, after: { ok: result.ok, message: result.message } })
    tx.afterCommit(() => {
      deps.registry.load(deps.store.read)
      if (result.ok) deps.router.health.reset(row.id)
    })
    return shown(deps, tx, publicId)
  })
}

export async function probe(upstream: Asked, timeoutMs: number): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(timeoutMs)
  const startMs = performance.now()
  try {
    const { url, headers } = await upstream.provider.modelList(upstream.account, upstream.fetch)
    const response = await upstream.fetch(url, {
      method: "GET",
      headers,
      signal,
      redirect: "manual",
      decompress: false,
      // One of its own: an idle one may be closed by now, and the operator wants to know about the server.
      keepalive: false,
    })
    const text = utf8(await readDecoded(response, GATEWAY_LIMITS.modelListBytesMax))
    if (!response.ok) return failed(refusalWords(upstream, response, text))
    const models = modelNames(listed(upstream, text))
    if (models.length === 0) return failed("The provider answered, but not with a list of models. Check the address.")
    const words = `${models.length} ${models.length === 1 ? "model" : "models"}`
    return { ok: true, message: `Works: ${words} in ${Math.round(performance.now() - startMs)} ms.`, models }
  } catch (error) {
    if (error instanceof BodyReadError && error.why === "too_large") {
      return failed("The provider's list of models is too large. Check the address.")
    }
    if (signal.aborted) return failed(`No answer within ${Math.round(timeoutMs / 1_000)} seconds. Check the address.`)
    return failed("The provider cannot be reached. Check the address.")
  }
}

function refusalWords({ provider, account }: Asked, { status }: Response, body: string): string {
  if (status === 401 || status === 403) return "The provider refused the key. Check it."
  if (status >= 300 && status < 400) return "The address redirects. Enter the final address."
  return `The provider answered ${status}. ${clean(provider.messageIn(body), account.apiKey)}`.trim()
}

/** A list that cannot be read is an empty one. */
function listed({ provider }: Asked, text: string): string[] {
  try {
    return provider.models(text)
  } catch {
    return []
  }
}

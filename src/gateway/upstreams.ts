// Verbs on upstreams: add, enable, test. Each is audited; keys are sealed before they reach a row and never in the log.
import { AppError, ensure, withoutTrailing } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { providerForUrl } from "../pricing/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { GATEWAY_LIMITS, type Timeouts } from "./limits.ts"
import { keyAad, type Registry, SEAL_PURPOSE } from "./registry.ts"
import { clean, messageIn } from "./rules.ts"
import { SANDBOX_MODEL, SANDBOX_URL } from "./sandbox.ts"
import {
  countUpstreams,
  insertUpstream,
  modelsOf,
  nameTaken,
  replaceModels,
  setEnabled,
  setTest,
  toUpstream,
  type UpstreamRow,
  upstreamRow,
  upstreamRows,
} from "./store.ts"
import type { AddUpstream, GatewayDeps, LiveUpstream, Upstream } from "./types.ts"

export type UpstreamDeps = Pick<GatewayDeps, "store" | "ids" | "keyring"> & { registry: Registry; timeouts: Timeouts }

export function addUpstreamIn(deps: UpstreamDeps, tx: Tx, input: AddUpstream): Upstream {
  const name = input.name.trim()
  const typedUrl = input.kind === "sandbox" ? SANDBOX_URL : (input.baseUrl ?? "")
  refuseWrong({
    name: nameProblem(tx, name),
    baseUrl: baseUrlProblem(typedUrl),
    apiKey: apiKeyProblem(input.apiKey),
  })
  const baseUrl = baseUrlOf(typedUrl)
  ensure(
    countUpstreams(tx) < GATEWAY_LIMITS.upstreamsMax,
    "conflict",
    "There are too many providers. Remove one first.",
  )
  const publicId = deps.ids.next("upm")
  const apiKey = apiKeyOf(input.apiKey)
  const id = insertUpstream(tx, {
    public_id: publicId,
    kind: input.kind,
    name,
    base_url: baseUrl,
    api_key_sealed: apiKey ? deps.keyring.seal(SEAL_PURPOSE, keyAad(publicId), apiKey) : null,
    price_provider: priceProviderOf(input, baseUrl),
  })
  replaceModels(tx, id, input.kind === "sandbox" ? [SANDBOX_MODEL] : modelNames(input.models ?? []))
  const added = toUpstream(upstreamRow(tx, publicId)!, modelsOf(tx, id))
  auditIn(tx, {
    action: "upstream.added",
    subject: publicId,
    after: { name, baseUrl, kind: input.kind, key: !!apiKey },
  })
  tx.afterCommit(() => deps.registry.load(deps.store.read))
  return added
}

export function enableUpstreamIn(deps: UpstreamDeps, tx: Tx, publicId: string, enabled: boolean): Upstream {
  const row = known(upstreamRow(tx, publicId))
  setEnabled(tx, row.id, enabled)
  auditIn(tx, {
    action: enabled ? "upstream.enabled" : "upstream.disabled",
    subject: publicId,
    before: { enabled: row.enabled === 1 },
    after: { enabled },
  })
  tx.afterCommit(() => deps.registry.load(deps.store.read))
  return toUpstream(upstreamRow(tx, publicId)!, modelsOf(tx, row.id))
}

/** Asks first, then writes down the answer; the request itself is never inside a body. */
export async function testUpstream(deps: UpstreamDeps, ctx: WriteContext, publicId: string): Promise<Upstream> {
  const row = known(upstreamRow(deps.store.read, publicId))
  const result = await askModels(deps.registry.live(row), deps.timeouts.testMs)
  return deps.store.write(ctx, (tx) => {
    setTest(tx, row.id, result.ok, result.message)
    if (result.models.length > 0) replaceModels(tx, row.id, result.models)
    auditIn(tx, { action: "upstream.tested", subject: publicId, after: { ok: result.ok, message: result.message } })
    tx.afterCommit(() => deps.registry.load(deps.store.read))
    return toUpstream(upstreamRow(tx, publicId)!, modelsOf(tx, row.id))
  })
}

export const listUpstreams = ({ store }: UpstreamDeps): Upstream[] =>
  upstreamRows(store.read).map((row) => toUpstream(row, modelsOf(store.read, row.id)))

export function oneUpstream({ store }: UpstreamDeps, publicId: string): Upstream | null {
  const row = upstreamRow(store.read, publicId)
  return row && toUpstream(row, modelsOf(store.read, row.id))
}

interface TestResult {
  ok: boolean
  message: string
  models: string[]
}

async function askModels(upstream: LiveUpstream, timeoutMs: number): Promise<TestResult> {
  const failed = (message: string): TestResult => ({ ok: false, message, models: [] })
  const signal = AbortSignal.timeout(timeoutMs)
  const startMs = performance.now()
  try {
    const response = await upstream.fetch(upstream.modelsUrl, {
      method: "GET",
      headers: upstream.headers,
      signal,
      redirect: "manual",
    })
    const text = await response.text()
    if (response.status === 401 || response.status === 403) return failed("The provider refused the key. Check it.")
    if (response.status >= 300 && response.status < 400)
      return failed("The address redirects. Enter the final address.")
    if (!response.ok) {
      return failed(`The provider answered ${response.status}. ${clean(messageIn(text), upstream.apiKey)}`.trim())
    }
    const models = modelNames(listed(text))
    if (models.length === 0) return failed("The provider answered, but not with a list of models. Check the address.")
    const words = `${models.length} ${models.length === 1 ? "model" : "models"}`
    return { ok: true, message: `Works: ${words} in ${Math.round(performance.now() - startMs)} ms.`, models }
  } catch {
    if (signal.aborted) return failed(`No answer within ${Math.round(timeoutMs / 1_000)} seconds. Check the address.`)
    return failed("The provider cannot be reached. Check the address.")
  }
}

function listed(text: string): string[] {
  try {
    const parsed = JSON.parse(text) as { data?: unknown; models?: unknown }
    const list = Array.isArray(parsed?.data) ? parsed.data : Array.isArray(parsed?.models) ? parsed.models : []
    return list.map((entry: { id?: unknown }) => String(entry?.id ?? ""))
  } catch {
    return []
  }
}

export const modelNames = (names: readonly string[]): string[] =>
  [...new Set(names.map((name) => name.trim()))]
    .filter((name) => name !== "" && name.length <= GATEWAY_LIMITS.modelCharsMax)
    .slice(0, GATEWAY_LIMITS.modelsPerUpstreamMax)

function nameProblem(tx: Tx, name: string): string | null {
  if (!/^[a-z0-9][a-z0-9._-]{0,39}$/i.test(name)) {
    return "Give a name of 1 to 40 letters, digits, dots, dashes or underscores."
  }
  return nameTaken(tx, name) ? "Another provider has this name. Choose a different one." : null
}

/** @returns null when none was typed */
export const apiKeyOf = (text: string | null | undefined): string | null => text?.trim() || null

export const apiKeyProblem = (text: string | null | undefined): string | null =>
  /[^\x21-\x7e]/.test(apiKeyOf(text) ?? "") ? "A key has no spaces or special characters. Copy it again." : null

/** For an address without a problem. */
export function baseUrlOf(text: string): string {
  const url = new URL(text.trim())
  return `${url.origin}${withoutTrailing(url.pathname, "/")}`
}

export function baseUrlProblem(text: string): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return "Enter a full base URL, such as https://api.openai.com/v1."
  }
  if (url.username || url.password || url.search || url.hash) {
    return "Enter the base URL alone, without key, query or fragment."
  }
  return null
}

function priceProviderOf(input: AddUpstream, baseUrl: string): string {
  if (input.kind === "sandbox") return "sandbox"
  return input.priceProvider?.trim() || (providerForUrl(baseUrl) ?? "openai")
}

export function known(row: UpstreamRow | null): UpstreamRow {
  if (!row) throw new AppError("not_found", "There is no such provider.")
  return row
}

/** Everything that is wrong at once, in the order of the form. */
export function refuseWrong(problems: Readonly<Record<string, string | null>>): void {
  const wrong = Object.entries(problems).filter((pair): pair is [string, string] => pair[1] !== null)
  const [first] = wrong
  if (first)
    throw new AppError("validation_failed", first[1], { param: first[0], formErrors: Object.fromEntries(wrong) })
}

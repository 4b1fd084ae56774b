// The list of models as Anthropic tells it, for its SDKs: whoever sends `anthropic-version` is one.
import type { ModelInfo } from "@anthropic-ai/sdk/resources/models"
import { AppError } from "../../app/index.ts"
import type { ModelJson } from "./schemas.ts"

export const isAnthropic = (request: Request): boolean => request.headers.has("anthropic-version")

/** What a model costs and comes to is ours; Anthropic's list has no words for it. */
type Told = ModelInfo & Pick<ModelJson, "pricing" | "resolves_to">
interface Page {
  data: Told[]
  has_more: boolean
  first_id: string | null
  last_id: string | null
}

/** "If the release date is unknown" (Anthropic's reference). */
const UNKNOWN_DATE = "1970-01-01T00:00:00Z"
const LINES = ["haiku", "sonnet", "opus", "fable", "mythos"] as const

export function modelInfo({ id, context_window, max_output_tokens, pricing, resolves_to }: ModelJson): Told {
  return {
    type: "model",
    id,
    display_name: id,
    created_at: UNKNOWN_DATE,
    // Nobody here knows which of Anthropic's features a provider has; docs/reference/dialects-and-providers.md says it by pair.
    capabilities: null,
    lifecycle: "active",
    line: LINES.find((line) => id.includes("claude") && id.includes(line)) ?? null,
    deprecated_at: null,
    retires_at: null,
    max_input_tokens: context_window,
    max_tokens: max_output_tokens,
    pricing,
    resolves_to,
  }
}

const PAGE = 20
const PAGE_MAX = 1_000

/** Those that answer messages. @throws AppError invalid_request naming the parameter */
export function modelPage(models: readonly ModelJson[], { searchParams }: URL): Page {
  const limit = Number(searchParams.get("limit") ?? PAGE)
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
    throw wrong("limit", `must be a whole number from 1 to ${PAGE_MAX}`)
  }
  const lifecycles = [...searchParams.getAll("lifecycle"), ...searchParams.getAll("lifecycle[]")]
  const isWanted = lifecycles.length === 0 || lifecycles.includes("active")
  const all = isWanted ? models.filter(({ output_modalities }) => output_modalities.includes("text")) : []
  const after = placeOf(all, "after_id", searchParams)
  const before = placeOf(all, "before_id", searchParams)
  const start = after !== null ? after + 1 : Math.max(0, (before ?? 0) - limit)
  const end = before !== null && after === null ? before : Math.min(all.length, start + limit)
  const data = all.slice(start, end).map(modelInfo)
  const has_more = before !== null && after === null ? start > 0 : end < all.length
  return { data, has_more, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
}

function placeOf(all: readonly ModelJson[], name: "after_id" | "before_id", params: URLSearchParams): number | null {
  const id = params.get(name)
  if (id === null) return null
  const place = all.findIndex((one) => one.id === id)
  if (place === -1) throw wrong(name, "must be the id of a model on this list")
  return place
}

const wrong = (param: string, what: string): AppError =>
  new AppError("invalid_request", `\`${param}\` ${what}.`, { param })

// The fields `limit_<scope>` of consent and of the apps page: credits per day, as a person types them, with a slider beside.
import type { DailyLimit } from "../../../views/auth/limit.tsx"
import { credits, type Nano, nano } from "../../app/index.ts"
import { type FieldDef, field, form } from "../../http/index.ts"
import { AI_SCOPES, type AiScope } from "../../oauth/index.ts"

/** The slider's right end; larger limits can be typed. */
const SLIDER_MAX = credits(1_000)

const limitOf = (scope: AiScope): FieldDef<Nano> =>
  field.credits({
    name: `limit_${scope}`,
    label: "At most per day",
    required: true,
    wrong: "Enter credits per day, such as 100.",
  })

/** One field a scope that can spend; those that do not matter are left out by `limitsFor`. */
export const LIMITS_FORM = form(
  Object.fromEntries(AI_SCOPES.map((scope) => [scope, limitOf(scope)])) as Record<AiScope, FieldDef<Nano>>,
  { submit: "Save limits" },
)

export const limitsFor = (scopes: readonly string[]): typeof LIMITS_FORM =>
  LIMITS_FORM.with(
    Object.fromEntries(AI_SCOPES.filter((scope) => !scopes.includes(scope)).map((scope) => [scope, null])),
  )

/** Of the scopes that were given. @param sent what is no amount was not sent, or could not be read */
export function limitsSent(
  scopes: readonly string[],
  sent: Partial<Record<AiScope, Nano | string | null>>,
): Record<string, Nano> {
  const limits: Record<string, Nano> = {}
  for (const scope of AI_SCOPES) {
    const limit = sent[scope]
    if (scopes.includes(scope) && typeof limit === "number") limits[scope] = limit
  }
  return limits
}

/** What one call of a scope is called beside its limit. */
const CALLS: Readonly<Record<AiScope, string>> = {
  llm: "chats",
  embeddings: "searches",
  "image-generation": "images",
  "video-generation": "videos",
  speech: "readings",
  mcp: "uses",
}

/**
 * A limit as its field draws it.
 * @param each what one call usually costs, for "about N chats"; null: no such words
 */
export function dailyLimit(scope: AiScope, perDay: Nano, each: Nano | null, typed?: string): DailyLimit {
  const max = nano(Math.max(SLIDER_MAX, perDay))
  return { perDay, max, typed, estimate: each === null ? undefined : { each, noun: CALLS[scope] } }
}

// What an app secret key may look like and whether it counts: pure decisions.
import { AppError, nameProblem, tidyName } from "../../app/index.ts"
import { APP_KEY_LIMITS as L } from "./limits.ts"
import type { AppKeyInput, AppKeyScope } from "./types.ts"

/** What a key begins with: `app_live_…`, `app_test_…`. */
export const APP_KEY_PREFIX = "app"

/** Whether it begins as one does: what it is worth is asked later. */
export const isAppSecret = (credential: string): boolean => /^app_(live|test)_/.test(credential)

/** What a key may, each by itself: a mailing list has no business with money. The first three read of its app, the others charge its people. */
export const APP_KEY_SCOPES = ["users", "usage", "revenue", "metering", "credits"] as const

/** Known ones of a stored or typed list, each once, in the order of the catalogue. */
export const appKeyScopes = (asked: Iterable<string>): AppKeyScope[] => {
  const set = new Set(asked)
  return APP_KEY_SCOPES.filter((scope) => set.has(scope))
}

export interface CleanAppKey {
  name: string
  scopes: AppKeyScope[]
  expiresMs: number | null
}

/** @throws AppError validation_failed with a message per field */
export function cleanAppKey(input: AppKeyInput, nowMs: number): CleanAppKey {
  const name = tidyName(input.name)
  const expiresMs = input.expiresMs ?? null
  const scopes = appKeyScopes(input.scopes)
  const problems = {
    name: nameProblem(name, { of: "thing", charsMax: L.nameCharsMax }),
    scopes: scopesProblem(input.scopes),
    expiresMs: expiresMs !== null && !(expiresMs > nowMs) ? "Choose a day that is still to come." : null,
  }
  const formErrors = Object.fromEntries(
    Object.entries(problems).flatMap(([field, problem]) => (problem ? [[field, problem]] : [])),
  )
  if (Object.keys(formErrors).length === 0) return { name, scopes, expiresMs }
  throw new AppError("validation_failed", Object.values(formErrors)[0]!, { formErrors })
}

function scopesProblem(asked: readonly string[]): string | null {
  const unknown = asked.find((scope) => !(APP_KEY_SCOPES as readonly string[]).includes(scope))
  if (unknown !== undefined) return `There is no permission ${unknown.slice(0, 40)}.`
  return asked.length === 0 ? "Choose at least one permission." : null
}

/** @throws AppError api_key_revoked, api_key_expired */
export function assertUsable(
  { revokedMs, expiresMs }: { revokedMs: number | null; expiresMs: number | null },
  nowMs: number,
): void {
  if (revokedMs !== null) throw new AppError("api_key_revoked", "This app secret key was revoked. Make a new one.")
  if (expiresMs !== null && nowMs >= expiresMs)
    throw new AppError("api_key_expired", "This app secret key has expired. Make a new one.")
}

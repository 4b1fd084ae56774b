// What a product key may look like and whether it counts: pure decisions.
import { AppError, isSecret, nameProblem, tidyName } from "../../../app/index.ts"
import { cleanRanges } from "../../../keys/index.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import type { KeyRow, KeyTerms } from "../types.ts"

/** `api_live_…`, `api_test_…` (SPEC §2, "key formats"). */
export const PRODUCT_KEY = "api"
/** Signs calls, where its owner wants that; never sent. */
export const SIGNING_KEY = "apisig"

/** A look-alike costs neither a hash nor a read: its checksum stands in it. */
export const isProductKey = (text: string): boolean => text.length <= L.keyCharsMax && isSecret(text, PRODUCT_KEY)

type CleanTerms = Pick<KeyRow, "name" | "access" | "allowedIps" | "deniedIps" | "expiresMs">

/** Checks and tidies what a person typed. @throws AppError validation_failed with a message per field */
export function cleanTerms(input: KeyTerms, nowMs: number): CleanTerms {
  const name = tidyName(input.name)
  const allowed = cleanRanges(input.allowedIps ?? [])
  const denied = cleanRanges(input.deniedIps ?? [])
  const { access = "all", expiresMs = null } = input
  const problems = {
    name: nameProblem(name, { of: "thing", charsMax: L.nameCharsMax }),
    access: access === "all" || access === "read" ? null : "Choose what the key may do.",
    allowedIps: allowed.problem,
    deniedIps: denied.problem,
    expiresMs: expiresMs !== null && !(expiresMs > nowMs) ? "Choose a day that is still to come." : null,
  }
  const formErrors = Object.fromEntries(
    Object.entries(problems).flatMap(([field, problem]) => (problem ? [[field, problem]] : [])),
  )
  if (Object.keys(formErrors).length > 0)
    throw new AppError("validation_failed", Object.values(formErrors)[0]!, { formErrors })
  return { name, access, allowedIps: allowed.ranges.join(" "), deniedIps: denied.ranges.join(" "), expiresMs }
}

/** @param endsMs of the secret that was sent. @throws AppError api_key_revoked, api_key_expired */
export function assertUsable(
  { revokedMs, expiresMs }: Pick<KeyRow, "revokedMs" | "expiresMs">,
  endsMs: number | null,
  nowMs: number,
): void {
  if (revokedMs !== null) throw new AppError("api_key_revoked", "This API key was revoked. Make a new one.")
  if (endsMs !== null && nowMs >= endsMs)
    throw new AppError("api_key_revoked", "This API key was replaced by a newer one. Use that, or make another.")
  if (expiresMs !== null && nowMs >= expiresMs)
    throw new AppError("api_key_expired", "This API key has expired. Give it another day, or make a new one.")
}

/** What only reads. */
export const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"])

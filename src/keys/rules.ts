// What a key may look like and whether it counts: pure decisions.
import ipaddr from "ipaddr.js"
import { AppError, nameProblem, tidyName } from "../app/index.ts"
import { AI_SCOPES } from "../oauth/index.ts"
import { KEY_LIMITS as L } from "./limits.ts"
import type { ApiKey, KeyScope, KeyTermsInput } from "./types.ts"

/** What a key prefix says: `sk_live_…`, `sk_test_…`. */
export const KEY_PREFIX = "sk"

/** Parts of /api/v1/admin, each by its own permission: a program for plans has no business with credits. */
export const ADMIN_SCOPES = [
  "admin:users",
  "admin:credits",
  "admin:plans",
  "admin:prices",
  "admin:upstreams",
  "admin:settings",
] as const
export const KEY_SCOPES: readonly KeyScope[] = [...AI_SCOPES, "manage", ...ADMIN_SCOPES]

export const isAdminScope = (scope: string): boolean => (ADMIN_SCOPES as readonly string[]).includes(scope)

/** Known scopes of a stored or typed list, each once, in the order of the catalogue. */
export const keyScopes = (asked: Iterable<string>): KeyScope[] => {
  const set = new Set(asked)
  return KEY_SCOPES.filter((scope) => set.has(scope))
}

export interface CleanTerms {
  name: string
  scopes: KeyScope[]
  allowedIps: string[]
  expiresMs: number | null
}

/** What a key may be given: all but an admin's (false), an admin's too (true), or what spends and nothing else. */
type Reach = boolean | "spends"

/**
 * Checks and tidies what a person typed.
 * @throws AppError validation_failed with a message per field
 */
export function cleanTerms(input: KeyTermsInput, reach: Reach, nowMs: number): CleanTerms {
  const name = tidyName(input.name)
  const { ranges, problem: rangesProblem } = cleanRanges(input.allowedIps ?? [])
  const expiresMs = input.expiresMs ?? null
  const problems = {
    name: nameProblem(name, { of: "thing", charsMax: L.nameCharsMax }),
    scopes: scopesProblem(input.scopes, reach),
    allowedIps: rangesProblem,
    expiresMs: expiresMs !== null && !(expiresMs > nowMs) ? "Choose a day that is still to come." : null,
  }
  const formErrors = Object.fromEntries(
    Object.entries(problems).flatMap(([field, problem]) => (problem ? [[field, problem]] : [])),
  )
  if (Object.keys(formErrors).length > 0) {
    throw new AppError("validation_failed", Object.values(formErrors)[0]!, { formErrors })
  }
  return { name, scopes: keyScopes(input.scopes), allowedIps: ranges, expiresMs }
}

function scopesProblem(asked: readonly string[], reach: Reach): string | null {
  const unknown = asked.find((scope) => !(KEY_SCOPES as readonly string[]).includes(scope))
  if (unknown !== undefined) return `There is no permission ${unknown.slice(0, 40)}.`
  if (asked.length === 0) return "Choose at least one permission."
  if (reach === "spends" && asked.some((scope) => scope === "manage" || isAdminScope(scope)))
    return "A key of a team calls models and tools. It manages nobody's account."
  if (!reach && asked.some(isAdminScope)) return "Only an admin can give a key the permissions of one."
  return null
}

/** Addresses and ranges in their plain form, each once. */
export function cleanRanges(typed: readonly string[]): { ranges: string[]; problem: string | null } {
  const ranges: string[] = []
  for (const raw of typed) {
    const text = raw.trim()
    if (text === "") continue
    const range = plainRange(text)
    if (range === null)
      return { ranges: [], problem: `${text.slice(0, 60)} is no address or range such as 203.0.113.7 or 10.0.0.0/8.` }
    if (!ranges.includes(range)) ranges.push(range)
  }
  if (ranges.length > L.allowedIpsMax) return { ranges: [], problem: `Give at most ${L.allowedIpsMax} ranges.` }
  return { ranges, problem: null }
}

/** As it is stored: `10.0.0.0/8`, `203.0.113.7`; host bits of a range are cleared, so that it says what it means. */
function plainRange(text: string): string | null {
  const slash = text.indexOf("/")
  const address = slash < 0 ? text : text.slice(0, slash)
  // The library also reads `10.1` and `0x0a000001`, which people do not write on purpose.
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(address) || (address.includes(":") && !address.includes("%"))
  if (!isPlain || !ipaddr.isValid(address)) return null
  const whole = ipaddr.parse(address)
  if (slash < 0) return whole.toString()
  const bits = text.slice(slash + 1)
  const bitsMax = whole.kind() === "ipv4" ? 32 : 128
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > bitsMax) return null
  const network =
    whole.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(`${whole}/${Number(bits)}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${whole}/${Number(bits)}`)
  return `${network}/${Number(bits)}`
}

/** @param ranges as `cleanRanges` gives them. @returns null for none: from anywhere */
export function rangeMatcher(ranges: readonly string[]): ((address: string) => boolean) | null {
  if (ranges.length === 0) return null
  const parsed = ranges.map((range) => {
    if (range.includes("/")) return ipaddr.parseCIDR(range)
    const one = ipaddr.parse(range)
    return [one, one.kind() === "ipv4" ? 32 : 128] as [ipaddr.IPv4 | ipaddr.IPv6, number]
  })
  return (text) => {
    if (!ipaddr.isValid(text)) return false
    const address = ipaddr.process(text)
    return parsed.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))
  }
}

/** What is asked of a key and of one of its secrets, wherever they were read. */
export interface KeyState {
  isRevoked: boolean
  isDisabled: boolean
  expiresMs: number | null
  /** Of the secret. */
  endsMs: number | null
}

/** @throws AppError api_key_revoked, api_key_expired, api_key_disabled */
export function assertUsable({ isRevoked, isDisabled, expiresMs, endsMs }: KeyState, nowMs: number): void {
  if (isRevoked) throw new AppError("api_key_revoked", "This API key was revoked. Make a new one.")
  if (endsMs !== null && nowMs >= endsMs)
    throw new AppError("api_key_revoked", "This API key was replaced by a newer one. Use that, or make another.")
  if (expiresMs !== null && nowMs >= expiresMs)
    throw new AppError("api_key_expired", "This API key has expired. Give it another day, or make a new one.")
  if (isDisabled)
    throw new AppError("api_key_disabled", "This API key is switched off. Its owner can switch it on again.")
}

/** @throws AppError insufficient_scope */
export function assertScope(scopes: Pick<ReadonlySet<string>, "has">, scope: KeyScope): void {
  if (scopes.has(scope)) return
  throw new AppError(
    "insufficient_scope",
    `This API key lacks the permission \`${scope}\`. Edit the key, or use another.`,
    {
      fields: { scope },
    },
  )
}

export const stateOf = (
  key: Pick<ApiKey, "revokedMs" | "disabledMs" | "expiresMs">,
  endsMs: number | null,
): KeyState => ({
  isRevoked: key.revokedMs !== null,
  isDisabled: key.disabledMs !== null,
  expiresMs: key.expiresMs,
  endsMs,
})

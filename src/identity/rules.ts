// Pure decisions of identity: what an address, a password and a name are, when a session lives.
// Sources: OWASP Authentication and Session Management cheat sheets, NIST 800-63B-4, RFC 5321.
import { domainToASCII } from "node:url"
import { isCommonPassword } from "./common-passwords.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { isBreached } from "./lists/index.ts"

/** What a form says about an address it cannot read. */
export const ADDRESS_WORDS = "Enter a full address like ada@example.com."

/**
 * The one spelling of an address: NFKC, lower case, ASCII domain. Mail goes to this spelling and to no other, so a
 * look-alike can never receive somebody else's code.
 * @returns null when it is not an address we can mail to
 */
export function normaliseEmail(raw: string): string | null {
  if (raw.length > L.emailCharsMax) return null
  const text = raw.normalize("NFKC").trim().toLowerCase().normalize("NFKC")
  const at = text.lastIndexOf("@")
  const local = text.slice(0, at)
  const domain = at > 0 ? domainToASCII(text.slice(at + 1)).toLowerCase() : ""
  // No quoted local parts, comments or separators: they are legal, unused, and a way into mail headers.
  const localOk = /^[^\s\p{C}@"(),:;<>[\]\\`]+$/u.test(local) && local.length <= L.emailLocalCharsMax
  if (!localOk || local.startsWith(".") || local.endsWith(".") || local.includes("..")) return null
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
  if (!new RegExp(`^(?:${label}\\.)+(?!\\d+$)${label}$`).test(domain)) return null
  const email = `${local}@${domain}`
  // SQLite's lower() knows ASCII only and agrees with this; anything longer after normalising is refused.
  return email.length <= L.emailCharsMax ? email : null
}

/** The form in which a password is hashed; the same keys give the same bytes on every system. */
export const normalisePassword = (raw: string): string => raw.normalize("NFKC")

/**
 * Whether a new password is acceptable. Length and common ones only: no composition rules.
 * @returns words for the form, or null when it is fine
 */
export function passwordProblem(raw: string, email: string | null): string | null {
  const password = normalisePassword(raw.slice(0, L.passwordCharsMax + 1))
  const length = [...password].length
  if (length < L.passwordCharsMin)
    return `Use a password of at least ${L.passwordCharsMin} characters. A short sentence works well.`
  if (raw.length > L.passwordCharsMax) return `Use a password of at most ${L.passwordCharsMax} characters.`
  const lower = password.toLowerCase()
  const isRepeated = new Set(lower).size <= 2
  if (isCommonPassword(password) || isBreached(password) || isRepeated)
    return "Many people use this password. Choose another one."
  if (email && (lower === email || lower === email.split("@")[0]))
    return "This is your email address. Choose another one."
  return null
}

/**
 * Whether a link may set this account's password. An address nobody proved is left to sign-up, which replaces what
 * stood there before the proof.
 */
export const mayReset = (account: { user: { status: string; emailVerified: boolean } } | null): boolean =>
  account !== null && account.user.status === "active" && account.user.emailVerified

/** What one peer is counted as: an IPv4 address, or the /64 a household or server gets in IPv6. */
export function networkOf(ip: string): string {
  const text = ip.toLowerCase().split("%")[0]!
  const mapped = /^(?:::ffff:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (mapped) return mapped[1]!
  if (!text.includes(":")) return text
  const [head = "", tail = ""] = text.split("::")
  const left = head.split(":").filter(Boolean)
  const right = tail.split(":").filter(Boolean)
  const zeros = text.includes("::") ? Math.max(0, 8 - left.length - right.length) : 0
  const groups = [...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 4)
  return `${groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`
}

/** Six digits as people type them: spaces and dashes are ignored, other digits of the world are understood. */
export const normaliseCode = (raw: string): string => raw.slice(0, 40).normalize("NFKC").replace(/[\s-]/g, "")

/** Absolute and idle end (OWASP session management). */
export const isSessionAlive = (row: { endedMs: number | null; expiresMs: number; seenMs: number }, nowMs: number) =>
  row.endedMs === null && nowMs < row.expiresMs && nowMs - row.seenMs < L.sessionIdleMs

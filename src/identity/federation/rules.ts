// Pure decisions of sign-in with others: what an issuer may be called, which addresses it may bring, what its words mean.
import { domainToASCII } from "node:url"
import { nameProblem, tidyName } from "../../app/index.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import type { IssuerPreset, NewIssuer } from "./types.ts"

/** Issuers that are known by heart. */
export const PRESETS: Readonly<Record<Exclude<IssuerPreset, "oidc">, { issuer: string; name: string; slug: string }>> =
  {
    google: { issuer: "https://accounts.google.com", name: "Google", slug: "google" },
  }

const DISCOVERY_PATH = "/.well-known/openid-configuration"
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]

/** As people paste it: with blanks around it, or as the address of its document. */
export const tidyIssuer = (raw: string): string => {
  const text = raw.trim()
  return text.endsWith(DISCOVERY_PATH) ? text.slice(0, -DISCOVERY_PATH.length) : text
}

/** Microsoft Entra: one document for many tenants, which calls itself by a template; each token names its tenant (`iss`, `tid`). */
const ENTRA = "https://login.microsoftonline.com"
const MANY = new RegExp(`^${ENTRA.replaceAll(".", "\\.")}/(?:common|organizations|consumers)/v2\\.0$`)
export const isManyTenants = (issuer: string): boolean => MANY.test(issuer)
export const isEntra = (issuer: string): boolean => issuer.startsWith(`${ENTRA}/`)
export const MANY_TENANTS_NAME = `${ENTRA}/{tenantid}/v2.0`

const TENANT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** In small letters. */
export const tidyTenants = (raw: readonly string[]): string[] => [
  ...new Set(raw.flatMap((line) => line.toLowerCase().split(/[\s,]+/)).filter(Boolean)),
]

function tenantsProblem(issuer: string, tenants: readonly string[]): string | null {
  // Anybody can make a tenant: without a list anybody's administrator could say who somebody is.
  if (isManyTenants(issuer) && tenants.length === 0)
    return "Name the tenants whose people may come, by their IDs, one a line."
  if (!isManyTenants(issuer) && tenants.length > 0)
    return "Only an issuer for many tenants asks for them. Leave it empty."
  const wrong = tenants.find((each) => !TENANT.test(each))
  if (wrong !== undefined)
    return `"${wrong.slice(0, 60)}" is no tenant ID, such as 6babcaad-604b-40ac-a9d7-9fd97c0b779f.`
  return tenants.length > L.tenantsMax ? `Name ${L.tenantsMax} tenants at most.` : null
}

/** An issuer is an https URL without query and fragment (OpenID Connect Discovery §3); http on this very machine, for development. */
function issuerProblem(issuer: string): string | null {
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const isPlain = url?.protocol === "http:" && LOOPBACK.includes(url.hostname)
  if (!url || issuer.length > L.issuerCharsMax || (url.protocol !== "https:" && !isPlain))
    return "Enter the https address of the issuer, such as https://login.example.com."
  if (url.search || url.hash || url.username || url.password || /[?#\s]/.test(issuer))
    return "Enter the address of the issuer alone, without user, query or fragment."
  return null
}

/** Whether two spellings differ in nothing but the slash at the end, which people leave out. */
export const isSameButSlash = (one: string, other: string): boolean =>
  one.replace(/\/$/, "") === other.replace(/\/$/, "")

/** Where a person's browser, or this server, may be sent by an issuer's document. */
export const isEndpoint = (value: unknown, issuer: string): value is string => {
  if (typeof value !== "string" || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return protocol === "https:" || (protocol === "http:" && issuer.startsWith("http:") && LOOPBACK.includes(hostname))
}

const slugProblem = (slug: string): string | null =>
  /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(slug) && slug.length <= L.slugCharsMax
    ? null
    : `Use small letters, digits and dashes, at most ${L.slugCharsMax}, such as company.`

/** In ASCII and small letters; what is none stays as it is, for `domainProblem` to name. */
export const tidyDomains = (raw: readonly string[]): string[] => [
  ...new Set(
    raw
      .flatMap((line) => line.split(/[\s,]+/))
      .map((each) => each.replace(/^@/, ""))
      .filter(Boolean)
      .map((each) => domainToASCII(each).toLowerCase() || each),
  ),
]

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/

function domainsProblem(domains: readonly string[]): string | null {
  const wrong = domains.find((each) => !DOMAIN.test(each))
  if (wrong !== undefined) return `"${wrong.slice(0, 60)}" is no domain. Write one a line, such as example.com.`
  return domains.length > L.domainsMax ? `Name ${L.domainsMax} domains at most.` : null
}

/** Visible ASCII: both travel in headers and forms. */
const isPrintable = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

type Given = Pick<NewIssuer, "slug" | "name" | "clientId" | "clientSecret" | "domains"> & {
  issuer: string
  tenants: readonly string[]
}

/** What is wrong, by field; null = nothing. */
export function issuerErrors(given: Given): Record<string, string> | null {
  const { slug, name, issuer, clientId, clientSecret, domains, tenants } = given
  const clientOk = isPrintable(clientId) && clientId.length <= L.clientIdCharsMax
  const secretOk = clientSecret === "" || (isPrintable(clientSecret) && clientSecret.length <= L.clientSecretCharsMax)
  const problems = {
    slug: slugProblem(slug),
    name: nameProblem(tidyName(name), { of: "thing", charsMax: L.nameCharsMax }),
    issuer: issuerProblem(issuer),
    clientId: clientOk ? null : "Enter the client ID that the issuer gave you, without blanks.",
    clientSecret: secretOk ? null : "Enter the client secret that the issuer gave you, without blanks.",
    domains: domainsProblem(domains),
    tenants: tenantsProblem(issuer, tenants),
  }
  const wrong = Object.entries(problems).filter((each): each is [string, string] => each[1] !== null)
  return wrong.length > 0 ? Object.fromEntries(wrong) : null
}

export const domainOf = (email: string): string => email.slice(email.lastIndexOf("@") + 1)

/** What an issuer says of a person, as far as anybody here asks. */
export interface Facts {
  subject: string
  /** Normalised; null where it names none that we can mail to. */
  email: string | null
  /** True only for the very word `true`. */
  emailVerified: boolean
  name: string | null
  picture: string | null
  /** RFC 8176 values, as the issuer said them. */
  amr: readonly string[]
  /** How long ago the issuer saw them prove who they are, by its own clock; null = it does not say. */
  provedAgoMs: number | null
}

export const textOf = (value: unknown, charsMax: number): string | null =>
  typeof value === "string" && value !== "" && value.length <= charsMax ? value : null

/** A name that could stand in this house; anything else is no name. */
export function nameOf(value: unknown, charsMax: number, house: string): string | null {
  const name = typeof value === "string" ? tidyName(value.slice(0, 4 * charsMax)) : ""
  return name !== "" && nameProblem(name, { of: "person", charsMax, house }) === null ? name : null
}

// What a group, a server and a tool may be, what counts as changed, and under which names a group offers things. Pure.
import { AppError, nameProblem, sha256Hex, tidyName } from "../app/index.ts"
import type { RecommendedTerms } from "./catalogue/types.ts"
import { MCP_LIMITS as L } from "./limits.ts"
import type { Definition, Exposed, NewGroup, NewServer, Offer, Server, Standing } from "./types.ts"

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
/** RFC 9110 §5.1. */
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Names of parameters that need no quoting. */
const PARAMETER = /^[A-Za-z0-9._~-]+$/
/** What can stand in a header. */
const VISIBLE = /^[\x21-\x7e]+$/
/** Taken: they say where a request goes, whose it is, or how it is read. */
const RESERVED_HEADERS = new Set([
  "host",
  "connection",
  "content-length",
  "content-type",
  "transfer-encoding",
  "accept",
  "accept-encoding",
  "upgrade",
  "cookie",
  "mcp-session-id",
  "mcp-protocol-version",
  "last-event-id",
  "te",
  "trailer",
  "keep-alive",
  "proxy-authorization",
])
/** Groups of the house; a person has none of that name. */
const RESERVED_GROUPS = new Set(["purser", "products", "new", "callback", "clients"])

export const isSlug = (name: string): boolean => name.length <= L.nameCharsMax && SLUG.test(name)

const slugProblem = (name: string, example: string): string | null =>
  isSlug(name) ? null : `Use small letters, digits and dashes, such as ${example}, at most ${L.nameCharsMax}.`

type Errors = Record<string, string>

/** @throws AppError validation_failed with a message per field */
function refuse(found: Record<string, string | null>): void {
  const formErrors = Object.fromEntries(Object.entries(found).filter(([, words]) => words !== null)) as Errors
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
}

export const checkedTitle = (raw: string): string => {
  const title = tidyName(raw)
  refuse({ title: nameProblem(title, { of: "thing", charsMax: L.titleCharsMax }) })
  return title
}

export function checkedGroup({ name, title: raw }: Pick<NewGroup, "name" | "title">): { name: string; title: string } {
  const title = tidyName(raw)
  refuse({
    name: RESERVED_GROUPS.has(name) ? "That name is taken by the server itself." : slugProblem(name, "travel"),
    title: nameProblem(title, { of: "thing", charsMax: L.titleCharsMax }),
  })
  return { name, title }
}

/** Whether it is reachable, and public, is seen by asking. */
function urlProblem(text: string): string | null {
  if (text === "") return "Enter the address of the server."
  if (text.length > L.urlCharsMax || !URL.canParse(text))
    return "Enter a whole address, such as https://mcp.example.com/mcp."
  const { protocol, username, password, hash } = new URL(text)
  if (protocol !== "https:" && protocol !== "http:") return "Enter an https address."
  if (username || password) return "Leave the user and password out of the address; choose how to sign in below."
  return hash ? "Leave out what follows the #." : null
}

export const isVisible = (text: string): boolean => VISIBLE.test(text)

export function credentialProblem(auth: NewServer["auth"], credential: string | null): string | null {
  if (auth === "none" || auth === "oauth") return null
  if (!credential) return auth === "bearer" ? "Enter the token." : "Enter the key."
  if (credential.length > L.credentialCharsMax) return `Use at most ${L.credentialCharsMax} characters.`
  return VISIBLE.test(credential) ? null : "Use letters, digits and signs without blanks."
}

function keyNameProblem({ auth, keyIn, keyName }: Pick<NewServer, "auth" | "keyIn" | "keyName">): string | null {
  if (auth !== "key") return null
  const name = keyName ?? ""
  if (name === "" || name.length > L.keyNameCharsMax) return "Enter the name of the header or parameter."
  if (keyIn === "query") return PARAMETER.test(name) ? null : "Use letters, digits, dots and dashes."
  if (!HEADER.test(name)) return "Use the name of a header, such as X-Api-Key."
  return RESERVED_HEADERS.has(name.toLowerCase()) ? "That header has another meaning." : null
}

/** @throws AppError validation_failed with a message per field */
export function checkedRecommended(input: RecommendedTerms & { slug: string }) {
  const { slug, auth, keyIn = null, keyName = null } = input
  const [title, words, url] = [tidyName(input.title), input.words.trim(), input.url.trim()]
  const isKey = auth === "key"
  refuse({
    title: nameProblem(title, { of: "thing", charsMax: L.titleCharsMax }),
    slug: slugProblem(slug, "github"),
    url: urlProblem(url),
    words: words.length > L.recommendedWordsMax ? `Use at most ${L.recommendedWordsMax} characters.` : null,
    keyName: keyNameProblem({ auth, keyIn, keyName }),
    keyIn: isKey && keyIn === null ? "Choose where the key goes." : null,
  })
  return { title, words, url, auth, keyIn: isKey ? keyIn : null, keyName: isKey ? keyName : null }
}

export type CheckedServer = Pick<Server, "name" | "url" | "auth" | "keyIn" | "keyName"> & { credential: string | null }

export function checkedServer(input: NewServer): CheckedServer {
  const { name, auth, keyIn = null, keyName = null } = input
  const url = input.url.trim()
  const credential = input.credential?.trim() || null
  refuse({
    url: urlProblem(url),
    name: slugProblem(name, "github"),
    keyName: keyNameProblem(input),
    keyIn: auth === "key" && keyIn === null ? "Choose where the key goes." : null,
    credential: credentialProblem(auth, credential),
  })
  const isKey = auth === "key"
  return {
    name,
    url,
    auth,
    keyIn: isKey ? keyIn : null,
    keyName: isKey ? keyName : null,
    credential: auth === "none" || auth === "oauth" ? null : credential,
  }
}

/** In one order of its members, so that the same definition is the same text. */
export const canonical = (value: unknown): string => JSON.stringify(value, sorted)

const sorted = (_: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    : value

/** Words and schemas are what a model obeys, so a change of either is a change of the tool; pictures are not. */
export const standingOf = (definition: string, approved: string | null): Standing =>
  approved === null ? "new" : approved === definition ? "approved" : "changed"

/** Of what waits, as it was shown. */
export const digestOf = (offers: readonly Pick<Offer, "kind" | "name" | "definition">[]): string =>
  sha256Hex(canonical(offers.map(({ kind, name, definition }) => [kind, name, definition])))

/** Between a server's name and a tool's: no name of a server has it, so that no two can come out alike. */
const JOINT = "__"

/**
 * Names within a group: a tool's own where one server has it, else with its server's before it. What would then look like another's
 * prefixed name is prefixed, too.
 */
export function exposedNames(found: readonly { offer: Offer; server: Server }[]): Exposed[] {
  const prefixed = new Set<number>()
  for (let before = -1; before !== prefixed.size; ) {
    before = prefixed.size
    const byName = Map.groupBy(found, (one) => nameIn(prefixed, one))
    for (const same of byName.values()) if (same.length > 1) for (const { offer } of same) prefixed.add(offer.id)
  }
  return found.map((one) => ({ ...one, name: nameIn(prefixed, one) }))
}

const nameIn = (prefixed: ReadonlySet<number>, { offer, server }: { offer: Offer; server: Server }): string =>
  prefixed.has(offer.id) ? `${server.name}${JOINT}${offer.name}` : offer.name

/** What of a definition is kept; null: it is none of ours to pass on. */
export function keptDefinition(kind: Offer["kind"], given: Record<string, unknown>): Definition | null {
  const name = kind === "resource" ? given.uri : kind === "template" ? given.uriTemplate : given.name
  const charsMax = kind === "resource" || kind === "template" ? L.uriCharsMax : L.offerNameCharsMax
  if (typeof name !== "string" || name === "" || name.length > charsMax) return null
  const { icons: _, _meta: __, ...told } = given
  const definition = { ...told, name: String(given.name ?? name) }
  return canonical(definition).length > L.definitionCharsMax ? null : definition
}

export const offerName = (kind: Offer["kind"], definition: Definition): string =>
  String((kind === "resource" ? definition.uri : kind === "template" ? definition.uriTemplate : definition.name) ?? "")

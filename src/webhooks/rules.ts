// What an endpoint may look like, what it listens to, what an event says, and how it is signed: pure decisions.
import { createHmac } from "node:crypto"
import { AppError } from "../app/index.ts"
import { EVENTS, type EventKind, eventsFor, isEventType } from "./events/index.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import type { EndpointInput, Mode } from "./types.ts"

/** @param types as stored: `*`, or names between spaces */
export const wants = (types: string, type: string): boolean => types === "*" || ` ${types} `.includes(` ${type} `)

export const storedTypes = (types: readonly string[] | null): string => (types === null ? "*" : types.join(" "))
export const readTypes = (types: string): string[] | null => (types === "*" ? null : types.split(" "))

/** What is sent, byte for byte, in every try. */
export function bodyOf(type: string, app: string | null, mode: Mode, atMs: number, data: unknown): string {
  const timestamp = new Date(atMs).toISOString()
  return JSON.stringify({ type, timestamp, mode, ...(app === null ? {} : { app }), data })
}

/**
 * Standard Webhooks: `v1,` and the HMAC of id, time and body, one for each secret that counts.
 * @param secrets `whsec_…`
 */
export function headersOf(id: string, atMs: number, body: string, secrets: readonly string[]): Record<string, string> {
  const seconds = Math.floor(atMs / 1_000)
  const signed = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64")
    return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`
  })
  return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": signed.join(" ") }
}

const SECRET_PREFIX = "whsec_"
const SECRET_BYTES = 32
export const newSecret = (): string =>
  `${SECRET_PREFIX}${crypto.getRandomValues(Buffer.alloc(SECRET_BYTES)).toString("base64")}`

export interface CleanEndpoint {
  url: string
  description: string
  types: string
}

/** @throws AppError validation_failed with a message per field */
export function cleanEndpoint(input: EndpointInput, to: EventKind["to"]): CleanEndpoint {
  const url = input.url.trim()
  const description = (input.description ?? "").trim()
  const problems = {
    url: urlProblem(url),
    description: description.length > L.descriptionCharsMax ? `Use at most ${L.descriptionCharsMax} characters.` : null,
    types: typesProblem(input.types, to),
  }
  const formErrors = Object.fromEntries(
    Object.entries(problems).flatMap(([field, problem]) => (problem ? [[field, problem]] : [])),
  )
  if (Object.keys(formErrors).length > 0)
    throw new AppError("validation_failed", Object.values(formErrors)[0]!, { formErrors })
  const asked = new Set(input.types)
  const known = eventsFor(to).filter(({ type }) => asked.has(type))
  return { url, description, types: input.types === null ? "*" : storedTypes(known.map(({ type }) => type)) }
}

function urlProblem(text: string): string | null {
  if (text === "") return "Enter the address that is to be called."
  if (text.length > L.urlCharsMax || !URL.canParse(text))
    return "Enter a full address, such as https://example.com/hooks."
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") return "Enter an address that begins with https://."
  if (url.username || url.password) return "Leave user and password out: the signature proves who calls."
  return url.hash ? "Leave out what follows #: it would not be sent." : null
}

function typesProblem(types: readonly string[] | null, to: EventKind["to"]): string | null {
  if (types === null) return null
  if (types.length === 0) return "Choose at least one event."
  const allowed = new Set<string>(eventsFor(to).map(({ type }) => type))
  const unknown = types.find((type) => !allowed.has(type))
  if (unknown === undefined) return null
  if (isEventType(unknown) && EVENTS[unknown].to !== to)
    return `${unknown} is an event of ${to === "app" ? "people, not of apps" : "apps, not of people"}.`
  return `There is no event ${unknown.slice(0, 60)}.`
}

/** How long an endpoint is left in peace after so many failures in a row. */
export const restMs = (failures: number): number =>
  failures < 2 ? 0 : Math.min(L.restMsMin * 2 ** Math.min(failures - 2, 20), L.restMsMax)

export const isTaken = (status: number): boolean => status >= 200 && status < 300

/** Headers of an answer for the log: bounded, and without what might be a secret of the receiver's. */
export function keptHeaders(headers: Iterable<[string, string]>): Record<string, string> {
  const kept: Record<string, string> = {}
  let n = 0
  for (const [name, value] of headers) {
    if (n++ === L.headersKept) break
    kept[name.slice(0, 100)] = name.toLowerCase() === "set-cookie" ? "(not kept)" : value.slice(0, L.headerCharsKept)
  }
  return kept
}

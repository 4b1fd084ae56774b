// Try-it: what was typed becomes a request, which goes the same road as a program's, as one of the person's keys. The answer is text.
import type { TryAnswer, TryField, TryForm, TryLock } from "../../../../views/console/market/index.ts"
import type { Language } from "../../../../views/ui/index.ts"
import { AppError } from "../../../app/index.ts"
import { contextOf, setContext } from "../../../http/index.ts"
import { accessOf } from "../../../marketplace/index.ts"
import { bodyOf, exampleOf, isSendable, optionsOf } from "./endpoint-shown.ts"
import { linkOf } from "./plans-shown.ts"
import { addressOf, type SampleValue } from "./samples/index.ts"
import type { Seen } from "./seen.ts"
import type { Endpoint, MarketDeps, MarketRequest } from "./site.ts"

/** UTF-16 units of one value; a page is not where long ones are typed. */
const VALUE_CHARS_MAX = 4_000
/** Of a body that is typed. */
const BODY_CHARS_MAX = 50_000
/** Bytes of an answer that are read to be shown; what follows is cut. */
const ANSWER_BYTES_MAX = 65_536

type Parameter = Endpoint["parameters"][number]

export interface Typed {
  /** By name of the field. */
  values: Readonly<Record<string, string>>
  body: string
  key: string
  errors: Readonly<Record<string, string>>
}

/** Those that are fields of their own: all but the body's. */
const fieldsOf = ({ parameters }: Endpoint): [name: string, parameter: Parameter][] =>
  parameters.filter((one) => one.place !== "body" && isSendable(one)).map((one, index) => [`p-${index}`, one])

/** @param sent null = nothing was sent yet: examples stand there */
export function typedOf(endpoint: Endpoint, sent: ((name: string) => string) | null): Typed {
  const values = fieldsOf(endpoint).map(([name, one]) => [
    name,
    sent ? sent(name).slice(0, VALUE_CHARS_MAX) : one.required || one.example !== null ? exampleOf(one) : "",
  ])
  return {
    values: Object.fromEntries(values),
    body: sent ? sent("body").slice(0, BODY_CHARS_MAX) : (bodyOf(endpoint)?.text ?? ""),
    key: sent ? sent("key") : "",
    errors: {},
  }
}

const takesBody = ({ method }: Endpoint): boolean => method !== "GET" && method !== "HEAD"

export function formOf(seen: Seen, endpoint: Endpoint, typed: Typed, keys: TryForm["keys"]): TryForm {
  const body = takesBody(endpoint) ? bodyOf(endpoint) : null
  return {
    action: `/marketplace/${encodeURIComponent(seen.product.slug)}/docs/${encodeURIComponent(endpoint.publicId)}`,
    fields: fieldsOf(endpoint).map(
      ([name, one]): TryField => ({
        name,
        place: one.place as TryField["place"],
        label: one.name,
        type: one.type,
        isRequired: one.required || one.place === "path",
        options: optionsOf(one),
        typed: typed.values[name] ?? "",
        error: typed.errors[name],
      }),
    ),
    body: body ? { type: body.type, typed: typed.body, error: typed.errors.body } : undefined,
    keys,
    key: typed.key,
    error: typed.errors.form,
  }
}

/** Keys that can make a call now. */
export const keysFor = (
  { marketplace, clock }: MarketDeps,
  { mine }: Seen,
): { id: string; name: string; number: number }[] =>
  mine
    ? marketplace.calls
        .keysOf(mine.id)
        .filter(({ revokedMs, expiresMs }) => revokedMs === null && (expiresMs === null || expiresMs > clock.now()))
        .map(({ id, publicId, name }) => ({ number: id, id: publicId, name }))
    : []

/** Why no call can be made here. */
export function lockOf(deps: MarketDeps, seen: Seen, endpoint: Endpoint): TryLock | undefined {
  const { mine, userId } = seen
  if (userId === null) return "signed_out"
  if (!mine) return "not_subscribed"
  if (!seen.head.may.call) return "role"
  if (accessOf(mine, deps.clock.now()) !== null) return "stopped"
  if (linkOf(seen, endpoint).isLocked) return "plan"
  return keysFor(deps, seen).length === 0 ? "no_key" : undefined
}

/** @returns what is missing by field, or the request below /m/ */
export function requestOf(
  seen: Seen,
  endpoint: Endpoint,
  typed: Typed,
): { request: Request } | { errors: Record<string, string> } {
  const errors: Record<string, string> = {}
  const values: SampleValue[] = []
  for (const [name, one] of fieldsOf(endpoint)) {
    const value = typed.values[name] ?? ""
    if (value === "" && (one.required || one.place === "path")) errors[name] = `Enter ${one.name}.`
    if (value !== "") values.push({ place: one.place as SampleValue["place"], name: one.name, value })
  }
  if (Object.keys(errors).length > 0) return { errors }
  const url = addressOf({ baseUrl: seen.baseUrl, path: endpoint.path, values })
  const headers = new Headers({ accept: "application/json, text/*;q=0.9, */*;q=0.5" })
  for (const { place, name, value } of values) {
    if (place !== "header") continue
    try {
      headers.set(name, value)
    } catch {
      return { errors: { form: `“${name}” cannot be sent with that value.` } }
    }
  }
  const body = takesBody(endpoint) ? bodyOf(endpoint) : null
  if (body) headers.set("content-type", body.type)
  return { request: new Request(url, { method: endpoint.method, headers, ...(body ? { body: typed.body } : {}) }) }
}

/** The gateway itself, as the key that was chosen: plan, quota, rate and price are a program's. */
export async function ask(
  deps: MarketDeps,
  seen: Seen,
  { page, key, request }: { page: MarketRequest; key: string; request: Request },
): Promise<TryAnswer> {
  const keys = keysFor(deps, seen)
  const chosen = keys.find(({ id }) => id === key) ?? keys[0]
  if (!chosen) throw new AppError("conflict", "You have no key that works.")
  const startMs = performance.now()
  // The log names the call as the page is named; the caller's address is theirs.
  setContext(request, { ...contextOf(page.request), method: request.method, startMs })
  const response = await deps.marketplace.calls.forward(request, {
    as: { keyId: chosen.number, caller: { userId: page.person!.session.userId, keyId: null } },
  })
  const { bytes, isCut } = await firstBytes(response)
  const type = response.headers.get("content-type") ?? ""
  return {
    isExample: false,
    status: response.status,
    statusText: response.statusText || statusText(response.status),
    ms: Math.round(performance.now() - startMs),
    requestId: response.headers.get("x-request-id"),
    // Cookies would be the API's, for its own site.
    headers: [...response.headers].filter(([name]) => name !== "set-cookie"),
    ...shownBody(type, bytes, isCut),
  }
}

/** The first stored answer that tells of success, or any. */
export function storedAnswer({ examples }: Endpoint): TryAnswer {
  const one = examples.find(({ status }) => status < 400) ?? examples[0]
  const { status, body, bodyType } = one ?? { status: 200, body: "", bodyType: "" }
  return {
    isExample: true,
    status,
    statusText: one?.meaning || statusText(status),
    ms: null,
    requestId: null,
    headers: [],
    ...shownBody(bodyType, new TextEncoder().encode(body), false),
  }
}

const STATUS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
}
const statusText = (status: number): string => STATUS[status] ?? ""

async function firstBytes(response: Response): Promise<{ bytes: Uint8Array; isCut: boolean }> {
  if (!response.body) return { bytes: new Uint8Array(), isCut: false }
  const parts: Uint8Array[] = []
  let size = 0
  const reader = response.body.getReader()
  try {
    while (size <= ANSWER_BYTES_MAX) {
      const { done, value } = await reader.read()
      if (done) return { bytes: Buffer.concat(parts), isCut: false }
      parts.push(value)
      size += value.length
    }
  } catch {
    // What came before it broke off is shown.
    return { bytes: Buffer.concat(parts), isCut: true }
  }
  await reader.cancel().catch(() => {})
  return { bytes: Buffer.concat(parts).subarray(0, ANSWER_BYTES_MAX), isCut: true }
}

const TEXT = /^(text\/|application\/(.*\+)?(json|xml|yaml|javascript|x-www-form-urlencoded|problem\+json)|image\/svg)/i

type Body = Pick<TryAnswer, "type" | "body" | "language" | "bytes" | "isCut">

/** As text whatever it says it is: nothing of it runs, and what is no text is not shown. */
function shownBody(type: string, bytes: Uint8Array, isCut: boolean): Body {
  const said = { type, bytes: bytes.length, isCut }
  if (bytes.length === 0) return { ...said, body: "", language: "text" }
  const text = textOf(bytes, isCut)
  if (text === null || !(type === "" || TEXT.test(type))) return { ...said, body: null, language: "text" }
  if (!/[/+]json/i.test(type)) return { ...said, body: text, language: /html|xml/i.test(type) ? "html" : "text" }
  return { ...said, body: pretty(text), language: "json" satisfies Language }
}

function textOf(bytes: Uint8Array, isCut: boolean): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return null
  }
}

/** Numbers stay as they were written: only what is a document of ours to read again is laid out anew. */
function pretty(text: string): string {
  try {
    const laidOut = JSON.stringify(JSON.parse(text), null, 2)
    return laidOut.replace(/\s/g, "") === text.replace(/\s/g, "") ? laidOut : text
  } catch {
    return text
  }
}

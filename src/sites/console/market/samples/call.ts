// A call of an endpoint as the samples write it: address, headers and body, from the template and the values. Pure.
import { ensure } from "../../../../app/index.ts"

export type SamplePlace = "path" | "query" | "header"

export interface SampleValue {
  place: SamplePlace
  name: string
  value: string
}

export interface SampleInput {
  method: string
  /** Of the product at the gateway, without a slash at the end. */
  baseUrl: string
  /** `/weather/{city}` */
  path: string
  values: readonly SampleValue[]
  /** Of the request; null = none. */
  body: { type: string; text: string } | null
  /** Written into the code: a placeholder, or the real one where somebody asked for it. */
  key: string
}

/** What every language writes down. */
export interface SampleCall {
  method: string
  url: string
  /** Beside that of the key. */
  headers: readonly (readonly [name: string, value: string])[]
  /** Pretty where it is JSON. */
  body: string | null
  /** The body as a value, where writing it as one loses nothing. */
  json: unknown
  key: string
}

/** What stands in the place of the key until somebody puts theirs there; fill-key.js looks for it. */
export const KEY_PLACEHOLDER = "YOUR_KEY"

/** RFC 9110: what a header may be called. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: no header may have them
const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/g

/** @throws AppError validation_failed for a name that no header may have */
export function callOf(input: SampleInput): SampleCall {
  const headers = input.values
    .filter(({ place }) => place === "header")
    .map(({ name, value }): [string, string] => {
      ensure(TOKEN.test(name), "validation_failed", "That is no name of a header.")
      return [name, value.replace(CONTROLS, " ").trim()]
    })
  const type = input.body && (MEDIA_TYPE.exec(input.body.type.split(";")[0]!.trim())?.[0] ?? "application/octet-stream")
  const body = input.body && bodyOf(input.body.text.toWellFormed().replaceAll("\0", ""), type!)
  return {
    method: input.method,
    url: addressOf(input),
    headers: type === null ? headers : [...headers, ["Content-Type", type]],
    body: body?.text ?? null,
    json: body?.json,
    key: input.key,
  }
}

/** The address with its values in place; a path value is one segment. */
export function addressOf({ baseUrl, path, values }: Pick<SampleInput, "baseUrl" | "path" | "values">): string {
  const given = (name: string): string =>
    values.find((one) => one.place === "path" && one.name === name)?.value ?? `{${name}}`
  const filled = path.replace(/\{([^{}]+)\}/g, (_, name: string) => encodeURIComponent(given(name).toWellFormed()))
  const query = new URLSearchParams(
    values.filter(({ place }) => place === "query").map(({ name, value }) => [name, value.toWellFormed()]),
  ).toString()
  return `${baseUrl}${filled}${query === "" ? "" : `?${query}`}`
}

/** JSON is written with line breaks, and as a value of the language unless that would change it. */
function bodyOf(text: string, type: string): { text: string; json: unknown } {
  if (!/[/+]json$/i.test(type)) return { text, json: undefined }
  try {
    const value: unknown = JSON.parse(text)
    const pretty = JSON.stringify(value, null, 2)
    // Numbers beyond a double, and the one name that an object of JavaScript treats in its own way.
    const isExact = !/\d{16}|\d[eE]|__proto__/.test(
      text.replace(/"(?:[^"\\]|\\.)*"/g, (one) => (one === '"__proto__"' ? one : '""')),
    )
    return isExact ? { text: pretty, json: value } : { text, json: undefined }
  } catch {
    return { text, json: undefined }
  }
}

// An example of a call in three languages: what people paste into a terminal, and what official SDKs make of the same. Keys are read from
// the environment, so that nothing that is copied holds a secret. Every value is data, quoted by the rules of its language.
import type { Language } from "../../../views/ui/index.ts"

export interface CodeSample {
  label: string
  language: Language
  code: string
}

/** An operation as the API's document has it, with a body. */
export interface SampleCall {
  method: string
  path: string
  operationId: string
  security: readonly Readonly<Record<string, unknown>>[]
  parameters?: readonly { name: string; in: string; required?: boolean; example?: unknown }[]
  /** Of this server, without a trailing slash. */
  origin: string
  body: unknown
  /** The body is one, and its `file` a file. */
  isForm?: boolean
}

/** A word of a POSIX shell: nothing in single quotes means anything but itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
const text = (value: unknown): string => JSON.stringify(value)

export function codeSamplesOf(call: SampleCall): CodeSample[] {
  const sdk = sdkOf(call)
  return [
    { label: "curl", language: "bash", code: curl(call) },
    { label: "JavaScript", language: "javascript", code: sdk?.javascript ?? fetched(call) },
    { label: "Python", language: "python", code: sdk?.python ?? requested(call) },
  ]
}

const KEY = "PURSER_API_KEY"
/** How an example proves who asks: by a key where one may, else as a browser does. */
type Proof = "key" | "session" | "none"
function proofOf({ security }: SampleCall): Proof {
  if (security.length === 0) return "none"
  const byKey = ["accessToken", "apiKey", "adminKey", "appKey"]
  return security.some((one) => byKey.some((name) => name in one)) ? "key" : "session"
}
/** Whether it may be sent only once, under a name for that. */
export const isOnce = ({ parameters = [] }: Pick<SampleCall, "parameters">): boolean =>
  parameters.some(({ name, required }) => name === "Idempotency-Key" && required === true)

/** The path with examples in the place of its parameters, and what its query needs. */
export function addressOf({
  origin,
  path,
  parameters = [],
}: Pick<SampleCall, "origin" | "path" | "parameters">): string {
  const given = (name: string) => parameters.find((one) => one.in === "path" && one.name === name)?.example ?? name
  const needed = parameters.filter((one) => one.in === "query" && one.required === true)
  const query = new URLSearchParams(needed.map(({ name, example }) => [name, String(example ?? name)])).toString()
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given(name))))
  return `${origin}${address}${query && `?${query}`}`
}

function curl(call: SampleCall): string {
  const proof = proofOf(call)
  const lines = [
    `curl ${call.method === "GET" || (call.method === "POST" && call.body !== undefined) ? "" : `-X ${call.method} `}${quoted(addressOf(call))}`,
    ...(proof === "key" ? [`-H "Authorization: Bearer $${KEY}"`] : []),
    ...(proof === "session" ? [`-H "Cookie: $COOKIE"`, `-H "X-CSRF-Token: $CSRF_TOKEN"`] : []),
    ...(isOnce(call) ? [`-H "Idempotency-Key: $(openssl rand -hex 16)"`] : []),
    ...(call.isForm ? partsOf(call).map(([name, value]) => `-F ${quoted(`${name}=${value}`)}`) : []),
    ...(call.body === undefined || call.isForm
      ? []
      : [`-H 'Content-Type: application/json'`, `-d ${quoted(pretty(call.body).replaceAll("\n", "\n  "))}`]),
  ]
  return lines.join(" \\\n  ")
}

const partsOf = ({ body }: SampleCall): [string, string][] =>
  Object.entries(body as Record<string, unknown>).map(([name, value]) => [
    name,
    name === "file" ? `@${value}` : String(value),
  ])

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)

/** A JSON value as the literal of a language; `names` writes the names of members. */
interface Words {
  names: (name: string) => string
  true: string
  false: string
  null: string
  /** After the last member of what takes several lines. */
  tail: string
}
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/
const JAVASCRIPT: Words = {
  names: (name) => (IDENTIFIER.test(name) ? name : text(name)),
  true: "true",
  false: "false",
  null: "null",
  tail: ",",
}
const PYTHON: Words = { names: text, true: "True", false: "False", null: "None", tail: "," }

function literal(value: unknown, words: Words, indent: string, step: string): string {
  if (value === null) return words.null
  if (typeof value === "boolean") return value ? words.true : words.false
  if (typeof value !== "object") return text(value)
  const [open, close] = Array.isArray(value) ? "[]" : "{}"
  const parts = Array.isArray(value)
    ? value.map((one) => literal(one, words, indent + step, step))
    : Object.entries(value).map(([name, one]) => `${words.names(name)}: ${literal(one, words, indent + step, step)}`)
  if (parts.length === 0) return `${open}${close}`
  const space = open === "{" ? " " : ""
  const line = `${open}${space}${parts.join(", ")}${space}${close}`
  if (line.length + indent.length <= 60 && !line.includes("\n")) return line
  return `${open}\n${parts.map((one) => `${indent}${step}${one}${words.tail}\n`).join("")}${indent}${close}`
}

function fetched(call: SampleCall): string {
  if (call.isForm) return fetchedForm(call)
  const proof = proofOf(call)
  const headers = [
    ...(proof === "key" ? [`Authorization: \`Bearer \${process.env.${KEY}}\``] : []),
    ...(proof === "session" ? ["Cookie: process.env.COOKIE", `"X-CSRF-Token": process.env.CSRF_TOKEN`] : []),
    ...(isOnce(call) ? [`"Idempotency-Key": crypto.randomUUID()`] : []),
    ...(call.body === undefined ? [] : [`"Content-Type": "application/json"`]),
  ]
  const lines = [
    ...(call.method === "GET" ? [] : [`method: ${text(call.method)}`]),
    ...(headers.length === 1 ? [`headers: { ${headers[0]} }`] : []),
    ...(headers.length > 1 ? [`headers: {\n${headers.map((one) => `    ${one},\n`).join("")}  }`] : []),
    ...(call.body === undefined ? [] : [`body: JSON.stringify(${literal(call.body, JAVASCRIPT, "  ", "  ")})`]),
  ]
  const options = lines.length === 0 ? "" : `, {\n${lines.map((one) => `  ${one},\n`).join("")}}`
  return `const response = await fetch(${text(addressOf(call))}${options})
if (!response.ok) throw new Error(await response.text())
console.log(await response.json())`
}

function fetchedForm(call: SampleCall): string {
  const lines = Object.entries(call.body as Record<string, unknown>).map(([name, value]) =>
    name === "file"
      ? `form.append("file", await openAsBlob(${text(value)}), ${text(value)})`
      : `form.append(${text(name)}, ${text(String(value))})`,
  )
  return `import { openAsBlob } from "node:fs"

const form = new FormData()
${lines.join("\n")}
const response = await fetch(${text(addressOf(call))}, {
  method: "POST",
  headers: { Authorization: \`Bearer \${process.env.${KEY}}\` },
  body: form,
})
if (!response.ok) throw new Error(await response.text())
console.log(await response.json())`
}

function requestedForm(call: SampleCall): string {
  const { file, ...data } = call.body as Record<string, unknown>
  return `import os
import requests

response = requests.post(
    ${text(addressOf(call))},
    headers={"Authorization": f"Bearer {os.environ['${KEY}']}"},
    files={"file": open(${text(file)}, "rb")},
    data=${literal(data, PYTHON, "    ", "    ")},
)
response.raise_for_status()
print(response.json())`
}

function requested(call: SampleCall): string {
  if (call.isForm) return requestedForm(call)
  const proof = proofOf(call)
  const headers = [
    ...(proof === "key" ? [`"Authorization": f"Bearer {os.environ['${KEY}']}"`] : []),
    ...(proof === "session" ? [`"Cookie": os.environ["COOKIE"]`, `"X-CSRF-Token": os.environ["CSRF_TOKEN"]`] : []),
    ...(isOnce(call) ? [`"Idempotency-Key": str(uuid.uuid4())`] : []),
  ]
  const lines = [
    text(addressOf(call)),
    ...(headers.length > 0
      ? [
          `headers={${headers.length === 1 ? headers[0] : `\n${headers.map((one) => `        ${one},\n`).join("")}    `}}`,
        ]
      : []),
    ...(call.body === undefined ? [] : [`json=${literal(call.body, PYTHON, "    ", "    ")}`]),
  ]
  const imports = [...(proof === "none" ? [] : ["import os"]), ...(isOnce(call) ? ["import uuid"] : [])]
  return `${imports.map((one) => `${one}\n`).join("")}import requests

response = requests.${call.method.toLowerCase()}(
${lines.map((one) => `    ${one},\n`).join("")})
response.raise_for_status()
print(response.json())`
}

interface Sdk {
  javascript: string
  python: string
}

/** Calls of the SDKs, by operation: a method, and what stands before the body. */
const OPENAI: Readonly<Record<string, { js: string; py: string; named?: boolean }>> = {
  createChatCompletion: { js: "chat.completions.create", py: "chat.completions.create" },
  createResponse: { js: "responses.create", py: "responses.create" },
  createEmbedding: { js: "embeddings.create", py: "embeddings.create" },
  createImage: { js: "images.generate", py: "images.generate" },
  createSpeech: { js: "audio.speech.create", py: "audio.speech.create" },
  createVideo: { js: "videos.create", py: "videos.create" },
  listVideos: { js: "videos.list", py: "videos.list" },
  getVideo: { js: "videos.retrieve", py: "videos.retrieve", named: true },
  getVideoContent: { js: "videos.downloadContent", py: "videos.download_content", named: true },
  deleteVideo: { js: "videos.delete", py: "videos.delete", named: true },
  createModeration: { js: "moderations.create", py: "moderations.create" },
  listModels: { js: "models.list", py: "models.list" },
  getModel: { js: "models.retrieve", py: "models.retrieve", named: true },
  getResponse: { js: "responses.retrieve", py: "responses.retrieve", named: true },
  deleteResponse: { js: "responses.delete", py: "responses.delete", named: true },
  listResponseInput: { js: "responses.inputItems.list", py: "responses.input_items.list", named: true },
}
const ANTHROPIC: typeof OPENAI = {
  createMessage: { js: "messages.create", py: "messages.create" },
  countMessageTokens: { js: "messages.countTokens", py: "messages.count_tokens" },
}

function sdkOf(call: SampleCall): Sdk | null {
  const openai = OPENAI[call.operationId]
  if (openai) return sdk(call, openai, { npm: "openai", name: "OpenAI", base: `${call.origin}/v1` })
  const anthropic = ANTHROPIC[call.operationId]
  return anthropic ? sdk(call, anthropic, { npm: "@anthropic-ai/sdk", name: "Anthropic", base: call.origin }) : null
}

function sdk(
  call: SampleCall,
  { js, py, named }: (typeof OPENAI)[string],
  house: { npm: string; name: string; base: string },
): Sdk {
  const given = named ? text(call.parameters?.find((one) => one.in === "path")?.example ?? "") : ""
  const members = Object.entries((call.body ?? {}) as Record<string, unknown>)
  const python = members.map(([name, one]) => `    ${name}=${literal(one, PYTHON, "    ", "    ")},\n`).join("")
  const body = call.body === undefined ? given : literal(call.body, JAVASCRIPT, "", "  ")
  return {
    javascript: `import ${house.name} from ${text(house.npm)}

const client = new ${house.name}({
  baseURL: ${text(house.base)},
  apiKey: process.env.${KEY},
})
const answer = await client.${js}(${body})
console.log(answer)`,
    python: `import os
from ${house.name.toLowerCase()} import ${house.name}

client = ${house.name}(
    base_url=${text(house.base)},
    api_key=os.environ["${KEY}"],
)
answer = client.${py}(${python === "" ? given : `\n${python}`})
print(answer)`,
  }
}

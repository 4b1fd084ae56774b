// Further rows of the matrix: single wishes, which many providers cannot fulfil. One that can is told it; of one that cannot, the caller
// hears 400 with the place in the request, and nothing is asked or charged.
import type { Column } from "./columns.ts"
import { type Json, type Said, string } from "./meaning.ts"
import { type Rig, streamed } from "./rig.ts"
import { USAGE } from "./scenarios.ts"

export interface Want {
  title: string
  /** Members of a request by dialect; a dialect that is left out has no word for it. */
  by: Readonly<Record<string, Json>>
  /** Stands in whatever a provider is asked that can do it. */
  told: RegExp
  /** Left out where there is no word for it: nothing but the price depends on it. */
  isHint?: true
  /** Where there is no word for it, it is kept here: of what is answered then, the caller hears the first and not the second. */
  kept?: { said: Said; heard: RegExp; unheard: RegExp }
}

const PDF = "JVBERi0xLjQKJWVvZgo="
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="
const chatSays = (part: Json): Json => ({ messages: [{ role: "user", content: [{ type: "text", text: "q" }, part] }] })
const responsesSay = (part: Json): Json => ({
  input: [{ role: "user", content: [{ type: "input_text", text: "q" }, part] }],
})
const tool = { name: "weather", parameters: { type: "object", properties: {} } }
const chatTools = [{ type: "function", function: tool }]
const responsesTools = [{ type: "function", ...tool, strict: false }]
const messagesTools = [{ name: "weather", input_schema: { type: "object" } }]
const document = (more: Json): Json => chatSays({ type: "document", ...more })

export const WANTS: readonly Want[] = [
  {
    title: "A certain tool, by name",
    by: {
      chat: { tools: chatTools, tool_choice: { type: "function", function: { name: "weather" } } },
      responses: { tools: responsesTools, tool_choice: { type: "function", name: "weather" } },
      messages: { tools: messagesTools, tool_choice: { type: "tool", name: "weather" } },
    },
    told: /choice":\{.*"name":"weather"|allowedFunctionNames":\["weather"\]/,
  },
  {
    title: "One tool at a time",
    by: {
      chat: { tools: chatTools, parallel_tool_calls: false },
      responses: { tools: responsesTools, parallel_tool_calls: false },
      messages: { tools: messagesTools, tool_choice: { type: "auto", disable_parallel_tool_use: true } },
    },
    told: /"parallel_tool_calls":false|"disable_parallel_tool_use":true/,
    kept: {
      said: {
        calls: ["first", "second"].map((place) => ({ id: `call_${place}`, name: "weather", args: { place } })),
        seal: "U2VhbA==",
        finish: "tool_calls",
        usage: USAGE,
      },
      heard: /first/,
      unheard: /second/,
    },
  },
  {
    title: "Tools that take free text",
    by: {
      chat: { tools: [{ type: "custom", custom: { name: "sql" } }] },
      responses: { tools: [{ type: "custom", name: "sql" }] },
    },
    told: /"type":"custom".*"name":"sql"/,
  },
  {
    title: "Pictures by address",
    by: {
      chat: chatSays({ type: "image_url", image_url: { url: "https://example.com/a.png" } }),
      responses: responsesSay({ type: "input_image", image_url: "https://example.com/a.png", detail: "auto" }),
      messages: chatSays({ type: "image", source: { type: "url", url: "https://example.com/a.png" } }),
    },
    told: /https:\/\/example\.com\/a\.png/,
  },
  {
    title: "Documents (PDF)",
    by: {
      chat: chatSays({ type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}` } }),
      responses: responsesSay({
        type: "input_file",
        filename: "a.pdf",
        file_data: `data:application/pdf;base64,${PDF}`,
      }),
      messages: document({ source: { type: "base64", media_type: "application/pdf", data: PDF } }),
    },
    told: new RegExp(PDF),
  },
  {
    title: "Documents by address",
    by: {
      responses: responsesSay({ type: "input_file", file_url: "https://example.com/a.pdf" }),
      messages: document({ source: { type: "url", url: "https://example.com/a.pdf" } }),
    },
    told: /https:\/\/example\.com\/a\.pdf/,
  },
  {
    title: "Citations of documents",
    by: {
      messages: document({
        source: { type: "text", media_type: "text/plain", data: "words" },
        citations: { enabled: true },
      }),
    },
    told: /"citations":\{"enabled":true\}/,
  },
  {
    title: "Sound in",
    by: { chat: chatSays({ type: "input_audio", input_audio: { data: WAV, format: "wav" } }) },
    told: new RegExp(WAV),
  },
  {
    title: "JSON without a schema",
    by: {
      chat: { response_format: { type: "json_object" } },
      responses: { text: { format: { type: "json_object" } } },
    },
    told: /json_object|application\/json/,
  },
  { title: "Stop sequences", by: { chat: { stop: ["ENDE"] }, messages: { stop_sequences: ["ENDE"] } }, told: /"ENDE"/ },
  { title: "Several answers", by: { chat: { n: 2 } }, told: /"n":2|"candidateCount":2/ },
  {
    title: "Log probabilities",
    by: {
      chat: { logprobs: true, top_logprobs: 2 },
      responses: { include: ["message.output_text.logprobs"], top_logprobs: 2 },
    },
    told: /"(top_)?logprobs":2/,
  },
  {
    title: "Temperature, top p",
    by: {
      chat: { temperature: 0.25, top_p: 0.75 },
      responses: { temperature: 0.25, top_p: 0.75 },
      messages: { temperature: 0.25, top_p: 0.75 },
    },
    told: /"temperature":0\.25.*"top_?p":0\.75|"top_?p":0\.75.*"temperature":0\.25/i,
  },
  { title: "Top k", by: { chat: { top_k: 37 }, messages: { top_k: 37 } }, told: /"top_?k":37/i },
  {
    title: "Penalties of frequency and presence",
    by: { chat: { frequency_penalty: 0.25, presence_penalty: 0.75 } },
    told: /frequency_?penalty":0\.25.*presence_?penalty":0\.75/i,
  },
  { title: "Seed", by: { chat: { seed: 4_711 } }, told: /"seed":4711/ },
  { title: "Biases of tokens", by: { chat: { logit_bias: { "50256": -100 } } }, told: /"50256":-100/ },
  {
    title: "How long answers are (verbosity)",
    by: { chat: { verbosity: "low" }, responses: { text: { verbosity: "low" } } },
    told: /"verbosity":"low"/,
  },
  {
    title: "Marks for caches",
    by: {
      chat: chatSays({ type: "text", text: "long", cache_control: { type: "ephemeral" } }),
      messages: chatSays({ type: "text", text: "long", cache_control: { type: "ephemeral" } }),
    },
    told: /"cache_control":\{"type":"ephemeral"|"prompt_cache_breakpoint"/,
    isHint: true,
  },
]

const PATHS: Readonly<Record<string, string>> = {
  chat: "chat/completions",
  responses: "responses",
  messages: "messages",
}
const PLAIN: Readonly<Record<string, Json>> = {
  chat: { messages: [{ role: "user", content: "q" }], max_tokens: 500 },
  responses: { input: "q", max_output_tokens: 500 },
  messages: { messages: [{ role: "user", content: "q" }], max_tokens: 500 },
}

/** `param` of a refusal is where the wish stands in the request; `why` tells what is wrong with an answer. */
export type Fulfilled =
  | { is: "told" | "left out" | "kept here" }
  | { is: "refused"; param: string }
  | { is: "wrong"; why: string }

export async function fulfilled(rig: Rig, dialect: string, column: Column, want: Want): Promise<Fulfilled> {
  const whole = await answerTo(rig, dialect, column, want, false)
  if (whole.status === 200) {
    if (want.told.test(whole.asked)) return { is: "told" }
    if (want.isHint) return { is: "left out" }
    if (!want.kept) return { is: "wrong", why: `not told: ${whole.asked}` }
    const { heard, unheard } = want.kept
    const live = await answerTo(rig, dialect, column, want, true)
    const other = [whole, live].find(({ text }) => !heard.test(text) || unheard.test(text))
    return other ? { is: "wrong", why: other.text } : { is: "kept here" }
  }
  const { error } = JSON.parse(whole.text) as { error: { param?: string; details?: Json } }
  const param = string(error.param ?? error.details?.param)
  const isFree = whole.asked === "" && whole.paid === 0 && rig.kit.gateway.callsInFlight === 0
  return whole.status === 400 && param !== "" && isFree ? { is: "refused", param } : { is: "wrong", why: whole.text }
}

async function answerTo(rig: Rig, dialect: string, column: Column, want: Want, stream: boolean) {
  let asked = ""
  const said = want.kept?.said ?? { text: "yes", finish: "stop", usage: USAGE }
  rig.answer = (at, body, isStream) => {
    if (at !== column || isStream !== stream) throw new Error("another one was asked")
    asked = JSON.stringify(body)
    return stream ? streamed(at.played.stream(said)) : Response.json(at.played.whole(said))
  }
  const before = rig.kit.balance()
  const body = { ...PLAIN[dialect], model: `${column.name}/${column.model}`, ...want.by[dialect], stream }
  const response = await fetch(`${rig.kit.server.url}/v1/${PATHS[dialect]}`, {
    method: "POST",
    headers: { authorization: `Bearer ${rig.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  rig.answer = null
  return { status: response.status, text, asked, paid: before - rig.kit.balance() }
}

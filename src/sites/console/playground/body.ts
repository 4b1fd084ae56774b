// What was typed on the playground as the body of a call, as POST /v1/chat/completions takes it. Pure.
import type { Bytes } from "../../../http/index.ts"
import { dataUrl, PICTURE_HERE, pictureType } from "./bytes.ts"

/** The sides that are compared, in the names of their fields. */
export const SIDES = [
  { model: "model", turns: "turns" },
  { model: "model2", turns: "turns2" },
  { model: "model3", turns: "turns3" },
] as const

export interface Typed {
  model: string
  model2: string
  model3: string
  turns: string
  turns2: string
  turns3: string
  system: string
  message: string
  image: Bytes | null
  tools: string
  schema: string
  temperature: string
  topP: string
  maxTokens: string
  effort: string
}

export interface Turn {
  role: "user" | "assistant"
  content: string
}

/** Earlier turns that are sent again. */
const TURNS_MAX = 40

/** Turns as the page kept them; what is none is left out: the field is the browser's. */
export function turnsOf(text: string): Turn[] {
  const said = parsed(text)
  if (!Array.isArray(said)) return []
  return said
    .filter(isTurn)
    .slice(-TURNS_MAX)
    .map(({ role, content }) => ({ role, content }))
}

const isTurn = (one: unknown): one is Turn => {
  const { role, content } = (one ?? {}) as Partial<Turn>
  return (role === "user" || role === "assistant") && typeof content === "string"
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What nobody could send, by key; all else the gateway says in its own words. */
export function problemsOf(typed: Partial<Typed>): Record<string, string | undefined> {
  const number = (text = "") => (text === "" || Number.isFinite(Number(text)) ? undefined : "Give a number.")
  const { tools = "", schema = "", image = null } = typed
  return {
    tools: tools === "" || Array.isArray(parsed(tools)) ? undefined : "Give a JSON array of tools.",
    schema: schema === "" || isObject(parsed(schema)) ? undefined : "Give a JSON object: the schema of the answer.",
    image: image === null || pictureType(image) ? undefined : "Choose a PNG, JPEG, GIF or WebP picture.",
    temperature: number(typed.temperature),
    topP: number(typed.topP),
    maxTokens: number(typed.maxTokens),
  }
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * @param side whose model and earlier turns
 * @param as streamed, whole, or as code, where a word stands for the picture
 */
export function chatBody(
  typed: Typed,
  side: (typeof SIDES)[number],
  as: "stream" | "whole" | "code",
): Record<string, unknown> {
  const { system, temperature, topP, maxTokens, effort, tools, schema } = typed
  const given = (name: string, value: unknown, text: string) => (text === "" ? {} : { [name]: value })
  return {
    model: typed[side.model],
    messages: [
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      ...turnsOf(typed[side.turns]),
      { role: "user", content: contentOf(typed, as === "code") },
    ],
    ...given("temperature", Number(temperature), temperature),
    ...given("top_p", Number(topP), topP),
    ...given("max_completion_tokens", Number(maxTokens), maxTokens),
    ...given("reasoning_effort", effort, effort),
    ...given("tools", parsed(tools), tools),
    ...given(
      "response_format",
      { type: "json_schema", json_schema: { name: "answer", schema: parsed(schema), strict: true } },
      schema,
    ),
    ...(as === "stream" ? { stream: true, stream_options: { include_usage: true } } : {}),
  }
}

function contentOf({ message, image }: Typed, isCode: boolean): unknown {
  const type = image && pictureType(image)
  if (!image || !type) return message
  return [
    { type: "text", text: message },
    { type: "image_url", image_url: { url: isCode ? PICTURE_HERE : dataUrl(type, image) } },
  ]
}

// A conversation in Gemini's words (generateContent, v1beta). Lossless where Gemini has the word; the rest is refused by name.
import type { AppError } from "../../../app/index.ts"
import {
  type Conversation,
  cannot,
  type Param,
  type Part,
  type Reasoning,
  type Sampling,
  type Source,
  type ToolDefinition,
  type Turn,
} from "../conversation.ts"
import type { ModelRequest } from "../provider.ts"

type Json = Record<string, unknown>

/** What Gemini has no word for, with the words of a refusal. */
const UNKNOWN: readonly [member: keyof Sampling | "verbosity", what: string][] = [
  ["minP", "`min_p` cannot be told to this model"],
  ["repetitionPenalty", "A repetition penalty cannot be told to this model"],
  ["logitBias", "Biases of single tokens cannot be told to this model"],
]

export function cannotSay(conversation: Conversation): AppError | null {
  const { params, sampling, tools, verbosity } = conversation
  for (const [member, what] of UNKNOWN) {
    if (sampling[member as keyof Sampling] !== null) return cannot(params[member], what)
  }
  if (verbosity !== null) return cannot(params.verbosity, "How long answers should be cannot be told to this model")
  const custom = tools.find(({ type }) => type === "custom")
  if (custom) return cannot(custom.param, "A tool that takes free text cannot be told to this model")
  return seedProblem(sampling.seed, params.seed) ?? partProblem(conversation.messages.flatMap(({ parts }) => parts))
}

/** A whole number of 32 bits there. */
function seedProblem(seed: unknown, param: Param | undefined): AppError | null {
  if (seed === null || (Number.isInteger(seed) && Math.abs(seed as number) < 2 ** 31)) return null
  return cannot(param, "This model takes seeds of 32 bits")
}

function partProblem(parts: readonly Part[]): AppError | null {
  for (const part of parts) {
    if (part.type === "file" && part.citations) {
      return cannot(part.param, "Citations of documents cannot be had from this model")
    }
    if (part.type === "result") {
      const found = partProblem(part.parts)
      if (found) return found
    }
  }
  return null
}

export function encode({ model, maxTokens, question }: ModelRequest): string {
  const conversation = question.conversation
  if (!conversation) throw new Error("no dialect of ours is Gemini's own")
  const { tools, toolChoice } = conversation
  const { system, rest } = split(conversation.messages)
  const config = toolChoice && tools.length > 0 ? choiceJson(toolChoice) : null
  return JSON.stringify(
    defined({
      systemInstruction: system.length > 0 ? { parts: system.map((text) => ({ text })) } : null,
      contents: contentsOf(rest, model),
      tools: tools.length > 0 ? [{ functionDeclarations: tools.map(toolJson) }] : null,
      toolConfig: config && { functionCallingConfig: config },
      generationConfig: configOf(conversation, model, maxTokens),
    }),
  )
}

const defined = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

/** What stands before everything else instructs; later words of the house stay where they were said, as there is no such role. */
function split(messages: readonly Turn[]): { system: string[]; rest: readonly Turn[] } {
  const first = messages.findIndex(({ role }) => role === "user" || role === "assistant")
  const head = first === -1 ? messages : messages.slice(0, first)
  const system = head.flatMap(({ parts }) => parts.map((part) => (part.type === "text" ? part.text : "")))
  return { system, rest: first === -1 ? [] : messages.slice(first) }
}

/** Two roles that alternate: neighbours of the same role are one. */
function contentsOf(turns: readonly Turn[], model: string): Json[] {
  const names = new Map<string, string>()
  const contents: { role: string; parts: Json[] }[] = []
  for (const turn of turns) {
    const role = turn.role === "assistant" ? "model" : "user"
    const parts = turn.parts.flatMap((part) => partJson(part, names, model))
    if (parts.length === 0) continue
    const last = contents.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else contents.push({ role, parts })
  }
  return contents
}

/** Gemini 3 refuses calls of the past without its seal; this word stands for calls that another model made (Google's documentation). */
const NO_SEAL = "skip_thought_signature_validator"
const wantsSeals = (model: string): boolean => /gemini-([3-9]|\d{2})/i.test(model)

function partJson(part: Part, names: Map<string, string>, model: string): Json[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text === "" ? [] : [{ text: part.text }]
    case "reasoning":
      return part.signature?.format === "google" ? [{ text: part.text, thoughtSignature: part.signature.data }] : []
    case "image":
      return [sourceJson(part.source, "image/jpeg")]
    case "audio":
      return [{ inlineData: { mimeType: audioType(part.format), data: part.data } }]
    case "file":
      return [sourceJson(part.source, "application/pdf")]
    case "call": {
      names.set(part.id, part.name)
      const own = part.signature?.format === "google" ? part.signature.data : null
      const seal = own ?? (wantsSeals(model) ? NO_SEAL : null)
      const call = { functionCall: { name: part.name, args: argumentsOf(part.arguments) } }
      return [seal === null ? call : { ...call, thoughtSignature: seal }]
    }
    case "result":
      return resultJson(part, names, model)
  }
}

function resultJson(part: Extract<Part, { type: "result" }>, names: Map<string, string>, model: string): Json[] {
  const text = part.parts.map((one) => (one.type === "text" ? one.text : "")).join("")
  const name = part.name ?? names.get(part.id) ?? part.id
  const seen = part.parts.filter(({ type }) => type !== "text")
  const functionResponse = { name, response: part.isError ? { error: text } : responseOf(text) }
  return [{ functionResponse }, ...seen.flatMap((one) => partJson(one, names, model))]
}

/** An object there; other words are its `result`. */
function responseOf(text: string): Json {
  const parsed = objectIn(text)
  return parsed ?? { result: text }
}

const argumentsOf = (text: string): Json => objectIn(text) ?? (text.trim() === "" ? {} : { input: text })

function objectIn(text: string): Json | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Json) : null
  } catch {
    return null
  }
}

const audioType = (format: string): string => (format === "mp3" ? "audio/mpeg" : `audio/${format || "wav"}`)

function sourceJson(source: Source, mediaType: string): Json {
  if (source.type === "text") return { text: source.text }
  if (source.type === "data") return { inlineData: { mimeType: source.mediaType, data: source.data } }
  return { fileData: { fileUri: source.url, mimeType: typeByName(source.url) ?? mediaType } }
}

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  heic: "image/heic",
  pdf: "application/pdf",
}
function typeByName(url: string): string | null {
  const ending = /\.([a-z]{3,4})(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ""
  return Object.hasOwn(TYPES, ending) ? TYPES[ending]! : null
}

function toolJson(tool: ToolDefinition): Json {
  if (tool.type === "custom") throw new Error("free text is refused before")
  const { name, description, schema } = tool
  return defined({ name, description, parametersJsonSchema: schema })
}

function choiceJson(choice: NonNullable<Conversation["toolChoice"]>): Json {
  switch (choice.type) {
    case "auto":
    case "none":
      return { mode: choice.type.toUpperCase() }
    case "required":
      return { mode: "ANY" }
    case "tool":
      return { mode: "ANY", allowedFunctionNames: [choice.name] }
    case "allowed":
      return { mode: choice.required ? "ANY" : "VALIDATED", allowedFunctionNames: choice.names }
  }
}

function configOf(conversation: Conversation, model: string, maxTokens: number): Json {
  const { sampling, stop, logprobs, choices, format, reasoning } = conversation
  return defined({
    maxOutputTokens: maxTokens,
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    frequencyPenalty: sampling.frequencyPenalty,
    presencePenalty: sampling.presencePenalty,
    seed: sampling.seed,
    stopSequences: stop.length > 0 ? stop : null,
    candidateCount: choices > 1 ? choices : null,
    responseLogprobs: logprobs === null ? null : true,
    logprobs: logprobs === 0 ? null : logprobs,
    responseMimeType: format && format.type !== "text" ? "application/json" : null,
    responseJsonSchema: format?.type === "schema" ? format.schema : null,
    thinkingConfig: reasoning && thinkingJson(reasoning, model),
  })
}

/** As Google's own compatible endpoint maps efforts: levels from Gemini 3 on, tokens before. */
const BUDGETS: Readonly<Record<string, number>> = { none: 0, minimal: 1_024, low: 1_024, medium: 8_192 }
const BUDGET_HIGH = 24_576
const LEVELS: Readonly<Record<string, string>> = { none: "minimal", minimal: "minimal", low: "low", medium: "medium" }
/** −1: the model decides. */
const DYNAMIC = -1

function thinkingJson({ effort, budget, summary, adaptive }: Reasoning, model: string): Json {
  const isOff = effort === "none" || budget === 0
  const includeThoughts = summary !== "none" && !isOff ? { includeThoughts: true } : {}
  if (budget !== null && effort !== "none") return { thinkingBudget: budget, ...includeThoughts }
  if (effort === null) return adaptive ? { thinkingBudget: DYNAMIC, ...includeThoughts } : includeThoughts
  if (wantsSeals(model)) return { thinkingLevel: LEVELS[effort] ?? "high", ...includeThoughts }
  return { thinkingBudget: BUDGETS[effort] ?? BUDGET_HIGH, ...includeThoughts }
}

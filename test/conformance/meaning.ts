// What a conversation means, whatever words it is in: asked of a dialect, seen by a provider, said by it, heard by the caller. The
// matrix holds the four against each other.

export type Json = Record<string, unknown>
export const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}
export const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : [])
export const string = (value: unknown): string => (typeof value === "string" ? value : "")

export interface Call {
  id: string
  name: string
  args: Json
}

export type Turn =
  | { by: "user"; text: string /** PNG, base64. */; image?: string }
  | { by: "model"; text: string; calls: Call[] }
  | { by: "tools"; results: { id: string; text: string }[] }
  /** What an SDK gave as its answer, sent back as it is. */
  | { by: "sdk"; heard: Heard }

export interface Ask {
  system?: string
  turns: Turn[]
  tools?: string[]
  schema?: Json
  thinks?: boolean
  maxTokens: number
}

export type Finish = "stop" | "tool_calls" | "length" | "content_filter"

/** All tokens; parts are within their totals. */
export interface Usage {
  input: number
  cached: number
  output: number
  reasoning: number
}

export interface Said {
  thought?: string
  seal?: string
  text?: string
  refusal?: string
  calls?: Call[]
  finish: Finish
  usage: Usage
}

/** What the caller's SDK makes of an answer. */
export interface Heard {
  thought: string
  text: string
  refusal: string
  calls: Call[]
  finish: string
  usage: Usage
  /** The assistant's turn in the dialect's own words, for the next request. */
  turn: unknown
}

/** What a provider was asked. Gemini's calls have no ids: results are named by their tool. */
export interface Seen {
  system: string
  turns: SeenTurn[]
  tools: { name: string; schema: Json }[]
  schema: Json | null
  thinks: boolean
  maxTokens: number
}
export interface SeenTurn {
  by: "user" | "model"
  text: string
  images: string[]
  calls: { name: string; args: Json }[]
  results: { name: string; text: string }[]
  seals: string[]
}

/** One API of a provider, played from its public documentation. */
export interface Played {
  /** Bytes of a stream. @param broken it ends in the provider's own error after the text */
  stream(said: Said, broken?: boolean): string
  whole(said: Said): Json
  /** The status and body of a provider that is overloaded. */
  overloaded(): Response
  /** Throws on members that the documentation does not have. */
  seen(body: Json): Seen
}

/** An SDK in front of the gateway. Throws what the SDK throws. */
export interface Spoken {
  whole(at: At, ask: Ask): Promise<Heard>
  /** @param onText each piece of text as it comes */
  stream(at: At, ask: Ask, onText?: (text: string) => void): Promise<Heard>
}
export interface At {
  url: string
  token: string
  model: string
}

export const sse = (events: readonly (Json | string)[]): string =>
  events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("")
export const namedSse = (events: readonly Json[]): string =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join("")

/** Pieces as models make them: a few letters each, also within a character's parts. */
export const pieces = (text: string, length = 7): string[] => text.match(new RegExp(`.{1,${length}}`, "gsu")) ?? []

export const TOOLS: Record<string, { description: string; schema: Json }> = {
  weather: {
    description: "The weather of a place.",
    schema: {
      type: "object",
      properties: { place: { type: "string", description: "A town." } },
      required: ["place"],
      additionalProperties: false,
    },
  },
  time: {
    description: "The time of a place.",
    schema: {
      type: "object",
      properties: { zone: { type: "string" } },
      required: ["zone"],
      additionalProperties: false,
    },
  },
}

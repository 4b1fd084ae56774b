// What the playground shows.

export interface PlaygroundModel {
  id: string
  label: string
  /** Credits for a million tokens. */
  input: string
  output: string
}

/** As an app's person would get it. */
export interface PlaygroundRefusal {
  status: number
  code: string
  message: string
  /** More credits would help. */
  topUp: boolean
}

export interface PlaygroundAnswer {
  model: string
  text: string
  reasoning: string
  /** Calls of tools, JSON each. */
  tools: readonly string[]
  inputTokens: number | null
  outputTokens: number | null
  /** Until the whole answer was there. */
  ms: number
  /** Credits, exact. */
  charged: string | null
  requestId: string | null
  refusal: PlaygroundRefusal | null
}

export interface PlaygroundSide {
  answer: PlaygroundAnswer
  turns: readonly { role: "user" | "assistant"; content: string }[]
}

export interface PlaygroundPicture {
  /** Its bytes, or where the provider keeps it. */
  src: string
}

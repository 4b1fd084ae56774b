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

/** What a call made that is no conversation. */
export interface PlaygroundMade {
  /** Where the bytes of pictures are, or the bytes themselves. */
  pictures?: readonly string[]
  sound?: { src: string; name: string }
  text?: string
  /** Until all of it was there. */
  ms: number
  /** Credits, exact. */
  charged: string | null
  requestId: string | null
  refusal: PlaygroundRefusal | null
}

export interface PlaygroundVideo {
  id: string
  model: string
  status: "queued" | "in_progress" | "completed" | "failed"
  /** Per cent. */
  progress: number
  seconds: string
  /** Width by height in pixels. */
  size: string
  createdMs: number
  /** From then on its provider does not keep it. */
  expiresMs: number | null
  /** Why it failed. */
  error: string | null
  /** Credits, exact; null while it is made. */
  charged: string | null
  requestId: string | null
}

// Token estimates without a tokenizer. Input leans high (it sizes a hold), output is the fair middle (it charges a
// cut stream).

/** What providers' largest default tiles come to; an image's bytes say nothing about its tokens. */
const IMAGE_TOKENS = 1_500
/** Role, separators and name around one message. */
const MESSAGE_TOKENS = 8
/** Base64 characters of the most compressed speech that still is one token (32 tokens a second at 16 kbit/s). */
const AUDIO_CHARS_PER_TOKEN = 64

const IMAGE_TYPES = new Set(["image_url", "input_image", "image"])
const AUDIO_TYPES = new Set(["input_audio", "audio"])

/**
 * An estimate, rarely too low, of the prompt tokens of a request's `messages` (or any part of a body: `tools`,
 * `input`). UTF-8 bytes / 3 for text, a fixed amount per image, by length for audio. Total, never throws, not
 * recursive: a deep body cannot overflow the stack.
 */
export function estimateInputTokens(requestBodyMessages: unknown): number {
  let tokens = 3
  if (Array.isArray(requestBodyMessages)) tokens += requestBodyMessages.length * MESSAGE_TOKENS
  const pending: unknown[] = [requestBodyMessages]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value === "string") tokens += divideUp(Buffer.byteLength(value), 3)
    else if (typeof value === "number" || typeof value === "boolean") tokens += divideUp(String(value).length, 3)
    else if (Array.isArray(value)) for (const item of value) pending.push(item)
    else if (typeof value === "object" && value !== null)
      tokens += objectTokens(value as Record<string, unknown>, pending)
  }
  return tokens
}

/** Tokens of text an upstream has streamed but not reported: characters / 4. */
export const estimateOutputTokens = (text: string): number => divideUp(text.length, 4)

function objectTokens(value: Record<string, unknown>, pending: unknown[]): number {
  const type = typeof value.type === "string" ? value.type : ""
  if (IMAGE_TYPES.has(type)) return IMAGE_TOKENS
  if (AUDIO_TYPES.has(type)) return audioTokens(value)
  let tokens = 0
  for (const [key, member] of Object.entries(value)) {
    tokens += divideUp(Buffer.byteLength(key), 3)
    pending.push(member)
  }
  return tokens
}

function audioTokens(part: Record<string, unknown>): number {
  const audio = part.input_audio
  const data = typeof audio === "object" && audio !== null ? (audio as Record<string, unknown>).data : undefined
  return 100 + divideUp(typeof data === "string" ? data.length : 0, AUDIO_CHARS_PER_TOKEN)
}

const divideUp = (dividend: number, divisor: number): number => Math.ceil(dividend / divisor)

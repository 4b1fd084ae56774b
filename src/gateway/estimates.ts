// Fair estimates where nobody reports: what a call is charged at then. (What a hold covers leans high, see pricing.)
import type { TokenUsage } from "../pricing/index.ts"

/** Average bytes of one streamed piece up to which a piece is one token; larger ones are several. */
const PIECE_BYTES_MAX = 8
const BYTES_PER_TOKEN = 4

/** Tokens of an answer of which only the streamed pieces are known. */
export function streamedTokens(pieces: number, bytes: number): number {
  if (pieces === 0) return 0
  return bytes / pieces <= PIECE_BYTES_MAX ? pieces : wholeTokens(bytes)
}
/** Of a text in one piece, by its UTF-8 bytes. */
export const wholeTokens = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN)

/** What is held leans high by a third. */
export const fairShare = (estimate: number): number => Math.ceil((estimate * 3) / 4)

export const estimatedUsage = (inputTokens: number, outputTokens: number): TokenUsage => ({
  inputTokens,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens,
  reasoningTokens: 0,
  inputAudioTokens: 0,
  outputAudioTokens: 0,
})

// What a request's prompt comes to, gathered while it is checked. Text is counted whole wherever it stands; only the
// data of a picture, a recording or a document counts in another way, and only where the dialect knows it as such.
import { estimateInputTokens } from "../../pricing/index.ts"

/**
 * `likely` leans high and is what a call must be able to pay; `worst` bounds what cannot be seen from outside, such as
 * the pages
 * of a PDF: it is held as far as the balance allows.
 */
export interface PromptTokens {
  likely: number
  worst: number
}

/** Base64 characters of the most compressed speech that still is one token (32 tokens a second at 16 kbit/s). */
const AUDIO_CHARS_PER_TOKEN = 64
const AUDIO_TOKENS_LEAST = 100
/** Bytes of a document per token: a page of 40 kB comes to 2,000 tokens, its text and its picture. */
const DOCUMENT_BYTES_PER_TOKEN = 20
const DOCUMENT_TOKENS_LEAST = 3_000
/** The prompt of a model whose context window nobody told us. */
const CONTEXT_TOKENS_ASSUMED = 200_000

/**
 * Tokens of one picture of the largest size a provider does not shrink, by model; `low` where the caller asks for
 * little detail.
 */
const IMAGE_TOKENS: readonly { model: RegExp; low: number; high: number }[] = [
  // Priced as gpt-4o's pictures by multiplying their tokens: 2,833 and 5,667 for each of eight tiles.
  { model: /gpt-4o-mini/i, low: 2_850, high: 48_200 },
  { model: /(gpt|o4)[\w.-]*-(mini|nano)/i, low: 3_800, high: 3_800 },
  { model: /^/, low: 1_600, high: 1_600 },
]
/** A picture sent at its own size. */
const IMAGE_TOKENS_ORIGINAL = 10_000

export class PromptSize {
  /** Something in it is priced as sound. */
  hasAudio = false
  /** Something in it is to be kept in the provider's cache for an hour. */
  hasLongCache = false
  private textTokens = 0
  private audioTokens = 0
  private documentTokens = 0
  private readonly images: string[] = []

  /** Any JSON that may become prompt: every byte of it. */
  text(value: unknown): void {
    this.textTokens += estimateInputTokens(value)
  }

  image(detail: string): void {
    this.images.push(detail)
  }

  /** Pictures in it, which some prices count one by one. */
  get imageCount(): number {
    return this.images.length
  }

  audio(base64Chars: number): void {
    this.hasAudio = true
    this.audioTokens += AUDIO_TOKENS_LEAST + Math.ceil(base64Chars / AUDIO_CHARS_PER_TOKEN)
  }

  /** Sound that an earlier answer made: at most what one answer may have. */
  earlierAudio(tokensMax: number): void {
    this.hasAudio = true
    this.audioTokens += tokensMax
  }

  document(bytes: number): void {
    this.documentTokens += Math.max(DOCUMENT_TOKENS_LEAST, Math.ceil(bytes / DOCUMENT_BYTES_PER_TOKEN))
  }

  /** Never above the model's context window where it is known: a longer prompt is refused by the provider. */
  tokensFor(model: string, contextWindow: number | null): PromptTokens {
    const images = this.images.reduce((sum, detail) => sum + imageTokens(model, detail), 0)
    const sum = this.textTokens + this.audioTokens + this.documentTokens + images
    const likely = Math.min(sum, contextWindow ?? Number.POSITIVE_INFINITY)
    const worst = this.documentTokens === 0 ? likely : Math.max(likely, contextWindow ?? CONTEXT_TOKENS_ASSUMED)
    return { likely, worst }
  }
}

function imageTokens(model: string, detail: string): number {
  const row = IMAGE_TOKENS.find((one) => one.model.test(model))!
  if (detail === "low") return row.low
  return detail === "original" ? Math.max(row.high, IMAGE_TOKENS_ORIGINAL) : row.high
}

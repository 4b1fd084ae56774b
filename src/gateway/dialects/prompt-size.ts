// What a request's prompt comes to, gathered while it is checked. Text is counted whole wherever it stands; only the
// data of a picture, a recording or a document counts in another way, and only where the dialect knows it as such.
import { estimateInputTokens, fairInputTokens } from "../../pricing/index.ts"
import { fairShare } from "../estimates.ts"
import { type Paper, paperTokens } from "./document-tokens.ts"
import { type Picture, pictureTokens } from "./picture-tokens.ts"

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
/** The prompt of a model whose context window nobody told us. */
const CONTEXT_TOKENS_ASSUMED = 200_000

export class PromptSize {
  /** Something in it is priced as sound. */
  hasAudio = false
  /** Something in it is to be kept in the provider's cache for an hour. */
  hasLongCache = false
  private textTokens = 0
  private ownTokens = 0
  private audioTokens = 0
  private readonly pictures: Picture[] = []
  private readonly papers: Paper[] = []
  /** What `textTokens` counts, kept until the call ends: the fair middle is rarely asked for. */
  private readonly texts: unknown[] = []

  /** Any JSON that may become prompt: every byte of it. */
  text(value: unknown): void {
    this.textTokens += estimateInputTokens(value)
    this.texts.push(value)
  }

  /** Text that the caller has cut into tokens already. */
  tokens(count: number): void {
    this.textTokens += count
    this.ownTokens += count
  }

  image(picture: Picture): void {
    this.pictures.push(picture)
  }

  /** Pictures in it, which some prices count one by one. */
  get imageCount(): number {
    return this.pictures.length
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

  document(paper: Paper): void {
    this.papers.push(paper)
  }

  /** Never above the model's context window where it is known: a longer prompt is refused by the provider. */
  tokensFor(model: string, contextWindow: number | null): PromptTokens {
    const sum = this.textTokens + this.audioTokens + this.seenTokens(model)
    const likely = Math.min(sum, contextWindow ?? Number.POSITIVE_INFINITY)
    const worst = this.papers.length === 0 ? likely : Math.max(likely, contextWindow ?? CONTEXT_TOKENS_ASSUMED)
    return { likely, worst }
  }

  /** The fair middle, for a prompt that nobody reported. */
  fairFor(model: string, contextWindow: number | null): number {
    const text = this.texts.reduce<number>((sum, value) => sum + fairInputTokens(value), this.ownTokens)
    const more = fairShare(this.audioTokens) + this.seenTokens(model)
    return Math.min(text + more, contextWindow ?? Number.POSITIVE_INFINITY)
  }

  private seenTokens(model: string): number {
    const papers = this.papers.reduce((sum, paper) => sum + paperTokens(model, paper), 0)
    return this.pictures.reduce((sum, picture) => sum + pictureTokens(model, picture), papers)
  }
}

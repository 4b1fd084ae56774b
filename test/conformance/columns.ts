// The columns of the matrix: each wire of each provider, and what of an answer it can say at all.
import { PROVIDERS, type Providers } from "../../src/gateway/index.ts"
import type { Played, Said } from "./meaning.ts"
import { chatPlayed } from "./wires/chat.ts"
import { geminiPlayed } from "./wires/gemini.ts"
import { messagesPlayed } from "./wires/messages.ts"
import { responsesPlayed } from "./wires/responses.ts"

export interface Column {
  /** Names the upstream, too. */
  name: string
  title: string
  kind: string
  priceProvider: string
  model: string
  /** Beneath the address of the played server. */
  path: string
  played: Played
  /** It seals thinking, and wants the seal back. */
  seals: boolean
  /** It charges by its own figure. */
  costs?: true
  /** Calls have no names of their own there. */
  namesNoCalls?: true
  /** What it can say of this. */
  means(said: Said): Said
}

const asSaid = (said: Said): Said => said
/** A refusal is a reason to stop there. */
const byReason = (said: Said): Said => (said.refusal === undefined ? said : { ...said, finish: "content_filter" })
/** The same, without words. */
function byReasonAlone(said: Said): Said {
  const { refusal: _, ...rest } = byReason(said)
  return rest
}

const gemini = { played: geminiPlayed, priceProvider: "google", model: "gemini-3-pro-preview", seals: true } as const

export const COLUMNS: readonly Column[] = [
  {
    name: "openai-chat",
    title: "OpenAI-compatible, by chat completions",
    kind: "openai-compatible",
    priceProvider: "openai",
    model: "gpt-5-mini",
    path: "/chat/v1",
    played: chatPlayed(false),
    seals: false,
    means: asSaid,
  },
  {
    name: "openai-responses",
    title: "OpenAI and Azure, by responses",
    kind: "responses-only",
    priceProvider: "openai",
    model: "gpt-5-mini",
    path: "/responses/v1",
    played: responsesPlayed,
    seals: true,
    means: asSaid,
  },
  {
    name: "openrouter",
    title: "OpenRouter",
    kind: "openrouter",
    priceProvider: "openrouter",
    model: "anthropic/claude-sonnet-4.6",
    path: "/router/v1",
    played: chatPlayed(true),
    seals: true,
    costs: true,
    means: asSaid,
  },
  {
    name: "anthropic",
    title: "Anthropic",
    kind: "anthropic",
    priceProvider: "anthropic",
    model: "claude-sonnet-4-6",
    path: "/anthropic",
    played: messagesPlayed,
    seals: true,
    means: byReason,
  },
  {
    name: "gemini",
    title: "Gemini",
    kind: "google",
    path: "/gemini",
    ...gemini,
    namesNoCalls: true,
    means: byReasonAlone,
  },
  {
    name: "vertex",
    title: "Vertex AI",
    kind: "vertex",
    path: "/vertex/v1/projects/p/locations/l",
    ...gemini,
    namesNoCalls: true,
    means: byReasonAlone,
  },
]

/** OpenAI's own address has responses; a played one must be told to have it, and is asked by it whatever the caller speaks. */
export function playedProviders(): Providers {
  const openai = PROVIDERS["openai-compatible"]!
  const wire = openai.wireFor("responses", { baseUrl: "https://api.openai.com/v1", apiKey: "" })
  return { ...PROVIDERS, "responses-only": { ...openai, wireFor: () => wire } }
}

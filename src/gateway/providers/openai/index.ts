// OpenAI and the many servers that speak the same: OpenRouter, vLLM, LiteLLM, Groq, DeepSeek, …
import type { DialectName, Provider, Wire } from "../provider.ts"
import { embeddingsWire } from "./embeddings.ts"
import { editsWire, imagesWire } from "./images.ts"
import { moderationsWire, rerankWire } from "./judging.ts"
import { messageIn } from "./refusal.ts"
import { hasResponses, responsesWire } from "./responses/wire.ts"
import { speechWire, transcriptionsWire, translationsWire } from "./sound.ts"
import { videosWire } from "./videos.ts"
import { bearerAt, chatWire } from "./wire.ts"
import { isXai, xaiVideos } from "./xai-videos.ts"

/** Routes that no other wire is told. */
export const OWN: Partial<Record<DialectName, Wire>> = {
  embeddings: embeddingsWire,
  images: imagesWire,
  "image-edits": editsWire,
  moderations: moderationsWire,
  rerank: rerankWire,
  speech: speechWire,
  transcriptions: transcriptionsWire,
  translations: translationsWire,
  videos: videosWire,
}

export const openai: Provider = {
  label: "OpenAI-compatible",
  help: "OpenAI, OpenRouter, or any server with the same API.",
  account: { baseUrlHelp: "Including /v1.", baseUrlExample: "https://api.openai.com/v1" },
  wireFor(dialect, account) {
    if (dialect === "videos" && isXai(account)) return xaiVideos
    const own = OWN[dialect]
    if (own) return own
    return dialect === "responses" && hasResponses(account) ? responsesWire : chatWire
  },
  // Most bill an answer in one piece whole, whoever still listens.
  leaving: { stream: "stops", whole: "runs-on" },
  modelList: (account) => bearerAt(account, `${account.baseUrl}/models`),
  models,
  messageIn,
}

/** OpenAI's `data`, or `models` of servers that half imitate it. */
function models(text: string): string[] {
  const parsed = JSON.parse(text) as { data?: unknown; models?: unknown } | null
  const list = [parsed?.data, parsed?.models].find((one) => Array.isArray(one)) as unknown[] | undefined
  return (list ?? []).map((entry) => String((entry as { id?: unknown } | null)?.id ?? ""))
}

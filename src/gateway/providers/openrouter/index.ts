// OpenRouter: chat completions with more words (thinking that comes back, marks for caches, documents by address), and the real cost
// of each answer in its report.

import { embeddingsWire } from "../openai/embeddings.ts"
import { cannotCite } from "../openai/from-conversation.ts"
import { openai } from "../openai/index.ts"
import { rerankWire } from "../openai/judging.ts"
import { chatWire } from "../openai/wire.ts"
import { type DialectName, type Frame, type FrameSink, isTold, type Provider, type Wire } from "../provider.ts"
import { costOf } from "./cost.ts"
import { encode } from "./encode.ts"
import { openrouterVideos } from "./videos.ts"

function withCost(frame: Frame): Frame {
  for (const event of frame.events) {
    if (event.type !== "usage") continue
    const cost = costOf(frame.raw?.json.usage)
    if (cost !== null) event.report.costPico = cost
  }
  return frame
}

const costed = (wire: Wire): Wire => ({
  ...wire,
  decodeStream(sink, translated) {
    const told: FrameSink = { frame: (frame) => sink.frame(withCost(frame)), done: () => sink.done() }
    return wire.decodeStream(told, translated)
  },
  decodeWhole: (text, translated) => withCost(wire.decodeWhole(text, translated)),
})

const openrouterChat: Wire = { ...costed(chatWire), encode, cannot: cannotCite }
const OWN: Partial<Record<DialectName, Wire>> = {
  embeddings: costed(embeddingsWire),
  rerank: costed(rerankWire),
  videos: openrouterVideos,
}

export const openrouter: Provider = {
  ...openai,
  label: "OpenRouter",
  help: "Models of many providers behind one key. The cost it reports is what calls are charged by.",
  account: { baseUrlHelp: "Including /api/v1.", baseUrlExample: "https://openrouter.ai/api/v1" },
  wireFor: (dialect) => OWN[dialect] ?? (isTold(dialect) ? openrouterChat : null),
}

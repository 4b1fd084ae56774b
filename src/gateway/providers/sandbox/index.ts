// The sandbox: OpenAI's wire, spoken by this process. Costs nothing upstream, and is what apps in test mode may use.
import { embeddingsWire } from "../openai/embeddings.ts"
import { imagesWire } from "../openai/images.ts"
import { openai } from "../openai/index.ts"
import { moderationsWire, rerankWire } from "../openai/judging.ts"
import { chatWire } from "../openai/wire.ts"
import type { DialectName, Provider, Wire } from "../provider.ts"
import { createSandbox, SANDBOX_MODEL, SANDBOX_URL } from "./answer.ts"

const MEDIA: Partial<Record<DialectName, Wire>> = {
  embeddings: embeddingsWire,
  images: imagesWire,
  moderations: moderationsWire,
  rerank: rerankWire,
}

export const sandbox: Provider = {
  ...openai,
  label: "Sandbox",
  help: "A built-in model that costs nothing upstream. It needs no address and no key.",
  account: null,
  fixed: { baseUrl: SANDBOX_URL, priceProvider: "sandbox", models: [SANDBOX_MODEL] },
  wireFor: (dialect) => MEDIA[dialect] ?? chatWire,
  leaving: { stream: "stops", whole: "stops" },
  connect: ({ wordMs }) => createSandbox(wordMs),
}

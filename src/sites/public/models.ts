// /models: every model that answers here with what it costs, and what names that say a purpose come to now.
import { type CapabilityLine, ModelsPage } from "../../../views/public/models.tsx"
import { ensure } from "../../app/index.ts"
import type { Capability } from "../../gateway/index.ts"
import { astray, wantsJson } from "../../http/index.ts"
import type { PublicDeps, PublicSite } from "./site.ts"

const QUERY_CHARS = 100

const FOR: Readonly<Record<Capability, string>> = {
  fast: "Short answers, soon",
  thinking: "Hard questions",
  balanced: "Everything else",
  cheap: "The lowest price",
  vision: "Questions about pictures",
  code: "Programs",
  "long-context": "Long texts",
  embedding: "Finding what is alike",
  image: "Making pictures",
  video: "Making films",
  speech: "Reading aloud",
}

export function modelRoutes(site: PublicSite, deps: Pick<PublicDeps, "priceList" | "capabilities">): void {
  site.get("/models", (page) => {
    // SDKs whose base URL lacks `/v1` look for models here.
    ensure(!wantsJson(page.request), "not_found", astray(page.request, "/models")?.hint ?? "There is no list here.")
    const query = (new URL(page.request.url).searchParams.get("q") ?? "").trim().slice(0, QUERY_CHARS)
    const all = deps.priceList()
    const wanted = query.toLowerCase()
    const models = all
      .filter(({ id, provider }) => `${provider}/${id}`.toLowerCase().includes(wanted))
      .map(({ inputNano, outputNano, requestNano, ...line }) => ({
        ...line,
        input: inputNano,
        output: outputNano,
        request: requestNano,
      }))
    const capabilities = linesOf(deps)
    return page.render((frame) => ModelsPage({ frame, query, models, total: all.length, capabilities }))
  })
}

const linesOf = ({ capabilities }: Pick<PublicDeps, "capabilities">): CapabilityLine[] =>
  capabilities()
    .filter(({ models }) => models.length > 0)
    .map(({ capability, models }) => ({ name: `capability:${capability}`, goodFor: FOR[capability], models }))

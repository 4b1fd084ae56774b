// Google: the Gemini API by key, and Vertex AI by service account. One wire; they differ in address and proof.
import type { Account, DialectName, Endpoint, ModelRequest, Provider, UpstreamFetch, Wire } from "../provider.ts"
import { decodeStream, decodeWhole } from "./decode.ts"
import { embeddingsWire, methodFor, predictWire } from "./embeddings.ts"
import { cannotSay, encode } from "./encode.ts"
import { editsWire, imageMethodFor, imagesWire } from "./images.ts"
import { messageIn, refusal } from "./refusal.ts"
import { accessToken, serviceAccountProblem } from "./service-account.ts"
import { vertexVideosWire, videosWire } from "./videos.ts"

const HEADERS = { "content-type": "application/json", "accept-encoding": "identity" }

const methodOf = ({ model, stream }: Pick<ModelRequest, "model" | "stream">): string =>
  `${encodeURIComponent(model)}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`

const wireAt = (endpoint: Wire["endpoint"]): Wire => ({
  name: "gemini",
  manyCalls: true,
  endpoint,
  encode,
  cannot: cannotSay,
  decodeStream,
  decodeWhole,
  refusal,
})

const withKey = ({ apiKey }: Account): Record<string, string> => ({ ...HEADERS, "x-goog-api-key": apiKey })
async function withToken({ apiKey }: Account, url: string, fetch: UpstreamFetch): Promise<Endpoint> {
  return { url, headers: { ...HEADERS, authorization: `Bearer ${await accessToken(apiKey, fetch)}` } }
}

const geminiApi = wireAt((account, request) => ({
  url: `${account.baseUrl}/models/${methodOf(request)}`,
  headers: withKey(account),
}))
const geminiEmbeddings = embeddingsWire((account, { model, question }) => ({
  url: `${account.baseUrl}/models/${encodeURIComponent(model)}:${methodFor(question.fields?.input)}`,
  headers: withKey(account),
}))
const vertexEmbeddings = predictWire((account, { model }, fetch) =>
  withToken(account, `${account.baseUrl}/publishers/google/models/${encodeURIComponent(model)}:predict`, fetch),
)
const vertexApi = wireAt((account, request, fetch) =>
  withToken(account, `${account.baseUrl}/publishers/google/models/${methodOf(request)}`, fetch),
)

const geminiPictures: Wire["endpoint"] = (account, { model }) => ({
  url: `${account.baseUrl}/models/${encodeURIComponent(model)}:${imageMethodFor(model)}`,
  headers: withKey(account),
})
const vertexPictures: Wire["endpoint"] = (account, { model }, fetch) => {
  const path = `publishers/google/models/${encodeURIComponent(model)}:${imageMethodFor(model)}`
  return withToken(account, `${account.baseUrl}/${path}`, fetch)
}

type Own = Partial<Record<DialectName, Wire>>
const GEMINI: Own = {
  embeddings: geminiEmbeddings,
  images: imagesWire(geminiPictures),
  "image-edits": editsWire(geminiPictures),
  videos: videosWire(withKey),
}
const VERTEX: Own = {
  videos: vertexVideosWire((account, method, fetch) =>
    withToken(account, `${account.baseUrl}/publishers/google/models/${method}`, fetch),
  ),
  embeddings: vertexEmbeddings,
  images: imagesWire(vertexPictures),
  "image-edits": editsWire(vertexPictures),
}

/** Hanging up does not end the bill at Google: streams run on, too. */
const LEAVING = { stream: "runs-on", whole: "runs-on" } as const

export const google: Provider = {
  label: "Google Gemini",
  help: "The Gemini API with a key of Google AI Studio.",
  account: {
    baseUrlHelp: "Including /v1beta.",
    baseUrlExample: "https://generativelanguage.googleapis.com/v1beta",
  },
  wireFor: (dialect) => GEMINI[dialect] ?? geminiApi,
  leaving: LEAVING,
  modelList: (account) => ({ url: `${account.baseUrl}/models?pageSize=1000`, headers: withKey(account) }),
  models,
  messageIn,
}

export const vertex: Provider = {
  label: "Google Vertex AI",
  help: "Gemini on Google Cloud, with the key file of a service account.",
  account: {
    baseUrlHelp: "With project and location.",
    baseUrlExample: "https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4",
    keyProblem: serviceAccountProblem,
  },
  wireFor: (dialect) => VERTEX[dialect] ?? vertexApi,
  leaving: LEAVING,
  modelList: (account, fetch) => {
    const { origin } = new URL(account.baseUrl)
    return withToken(account, `${origin}/v1beta1/publishers/google/models?pageSize=200`, fetch)
  },
  models,
  messageIn,
}

const METHODS = ["generateContent", "embedContent", "batchEmbedContents", "predict", "predictLongRunning"]

/** `models/gemini-…` there, `publishers/google/models/gemini-…` on Vertex: those that answer here. */
function models(text: string): string[] {
  const { models: own, publisherModels } = JSON.parse(text) as { models?: unknown; publisherModels?: unknown }
  const all = [own, publisherModels].find((one) => Array.isArray(one)) as
    | { name?: unknown; supportedGenerationMethods?: unknown }[]
    | undefined
  return (all ?? [])
    .filter(
      ({ supportedGenerationMethods: methods }) =>
        !Array.isArray(methods) || METHODS.some((one) => methods.includes(one)),
    )
    .map(({ name }) => String(name ?? "").replace(/^(publishers\/google\/)?models\//, ""))
}

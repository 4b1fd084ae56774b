// The addresses of /v1 that are read with GET, and the document that says what programs may send.
import type { PageEntry } from "../base/index.ts"

export const API_PAGES = [
  { path: "/openapi.json", viewer: "anyone", kind: "data", title: "Description of the API" },
  { path: "/v1/me", viewer: "anyone", kind: "data", title: "Who am I" },
  { path: "/v1/models", viewer: "anyone", kind: "data", title: "Models" },
  { path: "/v1/models/:model", viewer: "anyone", kind: "data", title: "A model" },
  { path: "/v1/models/*", viewer: "anyone", kind: "data", title: "A model" },
  { path: "/v1/responses/:response", viewer: "anyone", kind: "data", title: "A kept response" },
  { path: "/v1/responses/:response/input_items", viewer: "anyone", kind: "data", title: "Its input" },
  { path: "/v1/requests/:request", viewer: "anyone", kind: "data", title: "A request" },
] as const satisfies readonly PageEntry[]

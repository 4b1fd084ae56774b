// The addresses of /v1 and /api that are read with GET (each asks for itself who may), and the document that says what programs may send.
import type { PageEntry } from "../base/index.ts"

export const API_PAGES = [
  { path: "/openapi.json", viewer: "anyone", kind: "data", title: "Description of the API" },
  { path: "/api/v1/credits/balance", viewer: "anyone", kind: "data", title: "Balance by API" },
  { path: "/api/v1/credits/transactions", viewer: "anyone", kind: "data", title: "Movements by API" },
  { path: "/api/ai-api/wallet", viewer: "anyone", kind: "data", title: "Wallet by API" },
  { path: "/api/v1/metering/summary", viewer: "anyone", kind: "data", title: "Use by API" },
  { path: "/api/v1/metering/by-model", viewer: "anyone", kind: "data", title: "Use by model by API" },
  { path: "/api/v1/metering/by-date", viewer: "anyone", kind: "data", title: "Use by date by API" },
  { path: "/api/v1/metering/free-tier", viewer: "anyone", kind: "data", title: "Free credits by API" },
  { path: "/api/v1/keys", viewer: "anyone", kind: "data", title: "API keys by API" },
  { path: "/api/ai-api/keys", viewer: "anyone", kind: "data", title: "API keys by API" },
  { path: "/api/v1/admin/users", viewer: "anyone", kind: "data", title: "Users by API" },
  { path: "/api/v1/admin/users/:user", viewer: "anyone", kind: "data", title: "A person by API" },
  { path: "/api/v1/admin/upstreams", viewer: "anyone", kind: "data", title: "Upstreams by API" },
  { path: "/api/v1/admin/plans", viewer: "anyone", kind: "data", title: "Plans by API" },
  { path: "/api/v1/admin/settings", viewer: "anyone", kind: "data", title: "Settings by API" },
  { path: "/api/v1/admin/prices/rules", viewer: "anyone", kind: "data", title: "Price rules by API" },
  { path: "/api/v1/admin/services", viewer: "anyone", kind: "data", title: "Services by API" },
  { path: "/v1/me", viewer: "anyone", kind: "data", title: "Who am I" },
  { path: "/v1/models", viewer: "anyone", kind: "data", title: "Models" },
  { path: "/v1/models/:model", viewer: "anyone", kind: "data", title: "A model" },
  { path: "/v1/models/*", viewer: "anyone", kind: "data", title: "A model" },
  { path: "/v1/responses/:response", viewer: "anyone", kind: "data", title: "A kept response" },
  { path: "/v1/responses/:response/input_items", viewer: "anyone", kind: "data", title: "Its input" },
  { path: "/v1/requests/:request", viewer: "anyone", kind: "data", title: "A request" },
] as const satisfies readonly PageEntry[]

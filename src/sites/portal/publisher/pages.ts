// Addresses of publishers: what they see of the APIs they sell.
import type { PageEntry } from "../../base/index.ts"

const P = "/publisher/products/:product"

export const PUBLISHER_PAGES = [
  {
    path: "/publisher",
    viewer: "developer",
    title: "Publish an API",
    nav: [{ group: "Developer", label: "Your APIs", icon: "server", order: 30 }],
    search: {
      for: "person",
      text: "APIs that you sell on the marketplace: products, plans, consumers.",
      words: "publisher api product sell openapi monetize marketplace provider creator",
    },
  },
  { path: "/publisher/products", viewer: "developer", kind: "redirect", title: "Your APIs" },
  {
    path: "/publisher/products/new",
    viewer: "developer",
    title: "New API",
    search: { text: "Publish an API from an OpenAPI document.", words: "import swagger openapi create product" },
  },
  {
    path: "/publisher/settings",
    viewer: "developer",
    title: "Publisher settings",
    search: {
      text: "Your name and address as a publisher, and servers that are yours.",
      words: "slug domain verify dns host proof logo",
    },
  },
  {
    path: "/publisher/hosting",
    viewer: "developer",
    title: "Hosting fee",
    search: { text: "What the platform charges for hosting your APIs.", words: "platform subscription fee month cost" },
  },
  { path: "/publisher/settings/servers/:server", viewer: "developer", title: "Prove a server" },
  { path: P, viewer: "developer", title: "An API of yours" },
  { path: `${P}/removal`, viewer: "developer", title: "Delete an API" },
  { path: `${P}/signing-key`, viewer: "developer", title: "Signing key of an API" },
  { path: `${P}/openapi.json`, viewer: "developer", kind: "data", title: "An API as OpenAPI" },
  { path: `${P}/import`, viewer: "developer", title: "Import a document" },
  { path: `${P}/endpoints`, viewer: "developer", title: "Endpoints of an API" },
  { path: `${P}/endpoints/new`, viewer: "developer", title: "New endpoint" },
  { path: `${P}/endpoints/:endpoint`, viewer: "developer", title: "An endpoint" },
  { path: `${P}/endpoints/:endpoint/removal`, viewer: "developer", title: "Remove an endpoint" },
  { path: `${P}/calls`, viewer: "developer", title: "Calls of an API", query: "only=errors" },
  { path: `${P}/reviews`, viewer: "developer", title: "Reviews of an API" },
  { path: `${P}/docs`, viewer: "developer", title: "Words about an API" },
  { path: `${P}/docs/new`, viewer: "developer", title: "New guide" },
  { path: `${P}/docs/:guide`, viewer: "developer", title: "A guide" },
  { path: `${P}/changelog`, viewer: "developer", title: "Changes of an API" },
  { path: `${P}/changelog/:change`, viewer: "developer", title: "A change" },
  { path: `${P}/support`, viewer: "developer", title: "Support of an API" },
  { path: `${P}/support/:question`, viewer: "developer", title: "A question" },
] as const satisfies readonly PageEntry[]

// The public site's addresses, and the list of every page of the server, which sidebar, search and tests read.
import { ADMIN_PAGES } from "../admin/index.ts"
import { API_PAGES } from "../api/index.ts"
import { AUTH_PAGES } from "../auth/index.ts"
import type { PageEntry } from "../base/index.ts"
import { CONSOLE_PAGES } from "../console/index.ts"
import { PORTAL_PAGES } from "../portal/index.ts"

export const PUBLIC_PAGES = [
  {
    path: "/",
    viewer: "anyone",
    title: "Front page",
    search: { text: "What this is, for people, developers and operators.", words: "home start about help" },
  },
  {
    path: "/models",
    viewer: "anyone",
    title: "Models and prices",
    query: "q=mini",
    search: { text: "Every model that answers here, and what it costs.", words: "price list tokens cost context" },
  },
  {
    path: "/pricing",
    viewer: "anyone",
    title: "Pricing",
    query: "by=year",
    search: { text: "What credits and plans cost.", words: "price plans packages buy subscribe cost month year" },
  },
  {
    path: "/reference",
    viewer: "anyone",
    title: "API reference",
    nav: { group: "Developer", label: "API reference", icon: "book", order: 90, for: "developer" },
    search: {
      text: "Every operation of the API: what it takes, answers and refuses, with calls that run.",
      words: "docs documentation openapi swagger endpoints curl sdk errors codes",
    },
  },
  { path: "/notices/off", viewer: "anyone", title: "Turn off a kind of mail" },
  { path: "/letter/limit", viewer: "anyone", title: "Limit an app by the link of a letter" },
  { path: "/reference/:operation", viewer: "anyone", title: "An operation of the API" },
  {
    path: "/docs",
    viewer: "anyone",
    title: "Documentation",
    search: {
      text: "How to use credits, build an app, sell an API and run this server.",
      words: "docs documentation guide help manual tutorial how llms",
    },
  },
  { path: "/docs/search", viewer: "anyone", title: "Search the documentation", query: "q=credits" },
  { path: "/docs/:dockind/:doc", viewer: "anyone", title: "A page of the documentation" },
  { path: "/llms.txt", viewer: "anyone", kind: "data", title: "The documentation as a list" },
  { path: "/llms-full.txt", viewer: "anyone", kind: "data", title: "The documentation as one text" },
  { path: "/sitemap.xml", viewer: "anyone", kind: "data", title: "Map of the public pages" },
  {
    path: "/directory",
    viewer: "anyone",
    title: "Apps",
    query: "q=story",
    search: {
      text: "Apps that work with this account, made by developers.",
      words: "directory app store find discover tools",
    },
  },
  { path: "/directory/new.atom", viewer: "anyone", kind: "data", title: "New apps as a feed" },
  { path: "/directory/:listing", viewer: "anyone", title: "An app of the directory" },
  { path: "/directory/:listing/report", viewer: "anyone", title: "Report an app" },
  { path: "/search", viewer: "anyone", title: "Search", query: "q=credits" },
  { path: "/search.json", viewer: "anyone", kind: "data", title: "Search, for the palette", query: "q=credits" },
  { path: "/mailbox", viewer: "anyone", title: "Demo mailbox" },
  {
    path: "/terms",
    viewer: "anyone",
    title: "Terms of service",
    search: { text: "What you agree to with an account.", words: "legal contract conditions" },
  },
  {
    path: "/privacy",
    viewer: "anyone",
    title: "Privacy policy",
    search: { text: "What is kept of you, how long, and who else gets it.", words: "legal data gdpr protection" },
  },
  {
    path: "/developer-agreement",
    viewer: "anyone",
    title: "Developer agreement",
    search: { text: "What developers earn and owe.", words: "legal contract earnings" },
  },
  {
    path: "/cookie-policy",
    viewer: "anyone",
    title: "Cookie policy",
    search: { text: "Every cookie that is set, what for and how long.", words: "legal cookies" },
  },
  { path: "/touch.png", viewer: "anyone", kind: "data", title: "The mark of this house on a phone" },
  { path: "/brand.css", viewer: "anyone", kind: "data", title: "The accent of this house" },
  { path: "/_ui", viewer: "anyone", title: "Parts" },
  { path: "/_ui/confirm", viewer: "anyone", title: "Parts, the question" },
  { path: "/_ui/options", viewer: "anyone", kind: "data", title: "Parts, options of a picker" },
  { path: "/cards/home", viewer: "anyone", kind: "data", title: "Picture of the front page" },
  {
    path: "/cards/docs/:dockind/:doc",
    viewer: "anyone",
    kind: "data",
    title: "Picture of a page of the documentation",
  },
  { path: "/cards/directory/:listing", viewer: "anyone", kind: "data", title: "Picture of an app" },
  { path: "/cards/marketplace/:product", viewer: "anyone", kind: "data", title: "Picture of an API" },
  { path: "/media/:image", viewer: "anyone", kind: "data", title: "A picture" },
  { path: "/media/:image/:width", viewer: "anyone", kind: "data", title: "A picture in one size" },
  { path: "/sdk.js", viewer: "anyone", kind: "data", title: "The newest sdk.js" },
  { path: "/sdk.js.map", viewer: "anyone", kind: "data", title: "Its source map" },
  { path: "/sdk.d.ts", viewer: "anyone", kind: "data", title: "Its types" },
  { path: "/sdk/:release/:sdkfile", viewer: "anyone", kind: "data", title: "A version of sdk.js" },
  { path: "/up", viewer: "anyone", kind: "data", title: "Up" },
  { path: "/livez", viewer: "anyone", kind: "data", title: "Alive" },
  { path: "/readyz", viewer: "anyone", kind: "data", title: "Ready" },
  { path: "/metrics", viewer: "anyone", kind: "data", title: "Metrics" },
  { path: "/robots.txt", viewer: "anyone", kind: "data", title: "Robots" },
] as const satisfies readonly PageEntry[]

/** In the order in which the search names equals. */
export const ALL_PAGES: readonly PageEntry[] = [
  ...PUBLIC_PAGES,
  ...AUTH_PAGES,
  ...CONSOLE_PAGES,
  ...PORTAL_PAGES,
  ...ADMIN_PAGES,
  ...API_PAGES,
]

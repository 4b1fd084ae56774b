// The portal's addresses: what a developer sees of the apps they build.
import type { PageEntry } from "../base/index.ts"
import { PAYOUT_PAGES } from "./payouts/pages.ts"
import { PUBLISHER_PAGES } from "./publisher/pages.ts"
import { SELLING_PAGES } from "./selling/pages.ts"

export const PORTAL_PAGES = [
  {
    path: "/developer",
    viewer: "developer",
    title: "Build an app",
    nav: [
      { group: "Developer", label: "Your apps", icon: "code", order: 10 },
      { group: "Developer", label: "Build an app", icon: "code", order: 10, for: "newcomer" },
    ],
    search: {
      for: "person",
      text: "Apps you build: client ids, secrets, first call.",
      words: "developer oauth api sdk earnings",
    },
  },
  { path: "/developer/apps", viewer: "developer", kind: "redirect", title: "Your apps" },
  {
    path: "/developer/apps/new",
    viewer: "developer",
    title: "New app",
    nav: { group: "Developer", label: "New app", icon: "plus", order: 20, exact: true },
    search: { text: "Register an app and get its client id.", words: "create client oauth" },
  },
  { path: "/developer/apps/redirect-uris", viewer: "developer", kind: "data", title: "Redirect URIs, checked" },
  { path: "/developer/apps/:app", viewer: "developer", title: "An app of yours" },
  {
    path: "/developer/apps/:app/redirect-uris",
    viewer: "developer",
    kind: "data",
    title: "Redirect URIs of an app, checked",
  },
  { path: "/developer/apps/:app/first-call", viewer: "developer", kind: "data", title: "First call" },
  { path: "/developer/apps/:app/first-call/events", viewer: "developer", kind: "stream", title: "First call, live" },
  { path: "/developer/apps/:app/deletion", viewer: "developer", title: "Delete an app" },
  { path: "/developer/apps/:app/cache", viewer: "developer", title: "Cache of an app" },
  { path: "/developer/apps/:app/transfer", viewer: "developer", title: "Hand an app over" },
  { path: "/developer/transfers/:transfer", viewer: "developer", title: "An app that is offered to you" },
  { path: "/developer/transfers/:transfer/refusal", viewer: "developer", title: "Decline an app" },
  { path: "/developer/apps/:app/review", viewer: "developer", title: "Review of an app" },
  { path: "/developer/apps/:app/domain", viewer: "developer", title: "Domain of an app" },
  {
    path: "/developer/apps/:app/pool",
    viewer: "developer",
    title: "Free calls of an app",
  },
  { path: "/developer/apps/:app/listing", viewer: "developer", title: "Directory listing of an app" },
  { path: "/developer/apps/:app/listing/preview", viewer: "developer", title: "Preview of a listing" },
  { path: "/developer/apps/:app/listing/removal", viewer: "developer", title: "Take an app out of the directory" },
  { path: "/developer/apps/:app/listing/shots/:shot/removal", viewer: "developer", title: "Remove a screenshot" },
  { path: "/developer/apps/:app/keys", viewer: "developer", title: "Secret keys of an app" },
  { path: "/developer/apps/:app/keys/:appkey/revocation", viewer: "developer", title: "Revoke a secret key" },
  { path: "/developer/apps/:app/requests", viewer: "developer", title: "Requests of an app" },
  { path: "/developer/apps/:app/requests/:appcall", viewer: "developer", title: "A request of an app" },
  { path: "/developer/apps/:app/health", viewer: "developer", title: "Health of an app" },
  {
    path: "/developer/apps/:app/health/export",
    viewer: "developer",
    kind: "data",
    title: "Health of an app as a file",
  },
  { path: "/developer/apps/:app/users", viewer: "developer", title: "Users of an app" },
  { path: "/developer/apps/:app/users/:appuser/revocation", viewer: "developer", title: "End a permission" },
  { path: "/developer/apps/:app/webhooks", viewer: "developer", title: "Webhooks of an app" },
  { path: "/developer/apps/:app/webhooks/:apphook", viewer: "developer", title: "A webhook endpoint of an app" },
  { path: "/developer/apps/:app/webhooks/:apphook/removal", viewer: "developer", title: "Remove an endpoint" },
  {
    path: "/developer/apps/:app/webhooks/:apphook/deliveries/:appdelivery",
    viewer: "developer",
    title: "An event that was sent for an app",
  },
  {
    path: "/developer/webhooks/events",
    viewer: "developer",
    title: "Webhook events",
    search: {
      text: "What endpoints of apps and people can hear of, with examples.",
      words: "webhook event catalogue payload schema",
    },
  },
  {
    path: "/developer/analytics",
    viewer: "developer",
    title: "Analytics",
    nav: { group: "Developer", label: "Analytics", icon: "gauge", order: 30 },
    search: {
      text: "What your apps did and earned, by day, model and endpoint.",
      words: "statistics revenue usage mau charts",
    },
  },
  { path: "/developer/analytics/export", viewer: "developer", kind: "data", title: "Analytics as a file" },
  {
    path: "/developer/test-users",
    viewer: "developer",
    title: "Test users",
    search: {
      text: "People without a mailbox who sign in to your apps in test mode.",
      words: "test user sandbox account sign in password",
    },
  },
  {
    path: "/developer/settings",
    viewer: "developer",
    title: "Developer settings",
    nav: { group: "Developer", label: "Settings", icon: "settings", order: 38 },
    search: {
      text: "Your company as people read it, payout method and documents.",
      words: "company name payout tax documents agreement",
    },
  },
  { path: "/developer/test-users/:testuser/removal", viewer: "developer", title: "Remove a test user" },
  { path: "/developer/apps/:app/secrets/:secret/revocation", viewer: "developer", title: "Revoke a secret" },
  ...PUBLISHER_PAGES,
  ...SELLING_PAGES,
  ...PAYOUT_PAGES,
] as const satisfies readonly PageEntry[]

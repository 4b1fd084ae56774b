// The console's addresses: what a signed-in person sees of their credits and their apps.
import type { PageEntry } from "../base/index.ts"

export const CONSOLE_PAGES = [
  { path: "/console/login", viewer: "anyone", kind: "redirect", title: "Sign in to the console" },
  { path: "/console/callback", viewer: "anyone", title: "Back from signing in" },
  { path: "/unfinished", viewer: "person", kind: "redirect", title: "What was not finished" },
  {
    path: "/dashboard",
    viewer: "person",
    title: "Dashboard",
    nav: { group: "", label: "Dashboard", icon: "home", order: 10 },
    search: { text: "Your balance, what you used and by whom.", words: "home credits use claim daily" },
  },
  { path: "/dashboard/events", viewer: "person", kind: "stream", title: "Dashboard, live" },
  { path: "/dashboard/figures", viewer: "person", kind: "data", title: "Dashboard, figures" },
  {
    path: "/credits",
    viewer: "person",
    title: "Credits",
    nav: { group: "", label: "Credits", icon: "coin", order: 20 },
    search: { text: "Every movement of your credits.", words: "history charges balance buy export csv money" },
  },
  { path: "/credits.csv", viewer: "person", kind: "data", title: "Credits as a file" },
  { path: "/credits/orders/:order", viewer: "person", title: "An order" },
  {
    path: "/redeem",
    viewer: "person",
    title: "Redeem a code",
    search: {
      text: "A coupon: credits, a month of a plan, or something off.",
      words: "coupon voucher promo gift code discount redeem",
    },
  },
  {
    path: "/apps",
    viewer: "person",
    title: "Apps",
    nav: { group: "", label: "Apps", icon: "apps", order: 30 },
    search: { text: "Apps that can spend your credits; limits; revoke.", words: "connected permissions access" },
  },
  { path: "/apps/:consent/limits", viewer: "person", title: "Daily limits of an app" },
  { path: "/apps/:consent/revocation", viewer: "person", title: "Revoke an app" },
  {
    path: "/keys",
    viewer: "person",
    title: "API keys",
    nav: { group: "", label: "API keys", icon: "key", order: 35 },
    search: {
      text: "Keys for your own programs; what each spent; revoke.",
      words: "api key secret token program script openai sdk curl",
    },
  },
  {
    path: "/keys/new",
    viewer: "person",
    title: "New API key",
    search: { text: "Make a key for a program of yours.", words: "create api key secret token" },
  },
  { path: "/keys/:key", viewer: "person", title: "An API key" },
  { path: "/keys/:key/limits", viewer: "person", title: "Limits of a key" },
  { path: "/keys/:key/secret", viewer: "person", title: "New secret of a key" },
  { path: "/keys/:key/revocation", viewer: "person", title: "Revoke a key" },
  {
    path: "/settings",
    viewer: "person",
    title: "Settings",
    nav: { group: "", label: "Settings", icon: "settings", order: 40 },
    search: {
      text: "Name, password, kept answers, theme, where you are signed in.",
      words: "account profile change dark devices sessions answers keep",
    },
  },
  {
    path: "/settings/email",
    viewer: "person",
    title: "Change your email address",
    search: { text: "Move this account to another address.", words: "mail account new" },
  },
  { path: "/settings/email/code", viewer: "person", title: "Confirm the new address" },
  { path: "/apps/:consent/models", viewer: "person", title: "Models of an app" },
  {
    path: "/settings/models",
    viewer: "person",
    title: "Models",
    search: { text: "Which models answer, and from which providers.", words: "capability prefer provider cost fast" },
  },
  {
    path: "/settings/plan",
    viewer: "person",
    title: "Your plan",
    search: { text: "What your plan gives, until when, and its choice.", words: "subscription monthly free" },
  },
] as const satisfies readonly PageEntry[]

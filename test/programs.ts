// Every program that tests start again and again, in one executable (bundle.ts): the first word says which; without one it is the product.
export const PROGRAMS = {
  "test/billing/kill/server.ts": () => import("./billing/kill/server.ts"),
  "test/books/payouts-mortal.ts": () => import("./books/payouts-mortal.ts"),
  "test/books/transfers-mortal.ts": () => import("./books/transfers-mortal.ts"),
  "test/crash/notices-child.ts": () => import("./crash/notices-child.ts"),
  "test/crash/server.ts": () => import("./crash/server.ts"),
  "test/crash/spending-child.ts": () => import("./crash/spending-child.ts"),
  "test/crash/videos-child.ts": () => import("./crash/videos-child.ts"),
  "test/crash/webhooks-child.ts": () => import("./crash/webhooks-child.ts"),
  "test/marketplace/kill-child.ts": () => import("./marketplace/kill-child.ts"),
  "test/mcp/child.ts": () => import("./mcp/child.ts"),
  "test/privacy/mortal.ts": () => import("./privacy/mortal.ts"),
  "test/replica/server.ts": () => import("./replica/server.ts"),
} as const satisfies Record<string, () => Promise<unknown>>

/** Path below the root of the tree. */
export type Program = keyof typeof PROGRAMS | "src/main.ts"

if (import.meta.main) {
  const named = process.argv[2] ?? ""
  if (named in PROGRAMS) {
    process.argv.splice(2, 1)
    await PROGRAMS[named as keyof typeof PROGRAMS]()
  } else await import("../src/main.ts")
}

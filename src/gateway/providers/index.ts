// The table of providers: a kind of upstream is one folder and one row here. Keys stand in the database as `kind`; never renamed.
import { anthropic } from "./anthropic/index.ts"
import { google, vertex } from "./google/index.ts"
import { openai } from "./openai/index.ts"
import { openrouter } from "./openrouter/index.ts"
import type { Provider } from "./provider.ts"
import { sandbox } from "./sandbox/index.ts"

export type Providers = Readonly<Record<string, Provider>>

export const PROVIDERS: Providers = {
  "openai-compatible": openai,
  openrouter,
  anthropic,
  google,
  vertex,
  sandbox,
}

/** Decoded the way the wire means it: what is no UTF-8 is replaced, never refused. */
export const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

export { citationJson, citationOf } from "./anthropic/index.ts"
export { hasRoom } from "./budget.ts"
export * from "./conversation.ts"
export * from "./failure.ts"
export { FileInJson } from "./file-in-json.ts"
export * from "./jobs.ts"
export * from "./provider.ts"
export * from "./signature.ts"

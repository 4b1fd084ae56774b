// The table of providers: a kind of upstream is one folder and one row here. Keys stand in the database as `kind`; never renamed.
import { openai } from "./openai/index.ts"
import type { Provider } from "./provider.ts"
import { sandbox } from "./sandbox/index.ts"

export type Providers = Readonly<Record<string, Provider>>

export const PROVIDERS: Providers = {
  "openai-compatible": openai,
  sandbox,
}

export * from "./failure.ts"
export type * from "./provider.ts"

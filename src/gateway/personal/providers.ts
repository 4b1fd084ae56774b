// Where people's own keys work: providers whose address is the same for everybody. A person never says where a key is sent.
import { PRESETS } from "../upstreams/presets.ts"

export interface OwnProvider {
  id: string
  /** Of the table of providers. */
  kind: string
  label: string
  baseUrl: string
  priceProvider: string
  /** Where a key is made. */
  help: string
}

const IDS = [
  "openai",
  "anthropic",
  "google",
  "openrouter",
  "groq",
  "mistral",
  "deepseek",
  "xai",
  "together",
  "fireworks",
] as const

export const OWN_PROVIDERS: readonly OwnProvider[] = IDS.map((id) => {
  const { kind, label, baseUrl, priceProvider, help } = PRESETS[id]!
  return { id, kind, label, baseUrl, priceProvider, help }
})

export const ownProvider = (id: string): OwnProvider | null => OWN_PROVIDERS.find((one) => one.id === id) ?? null

// Providers that people have accounts at: what to type once, so that only a key is missing. Shown where their kind exists.
import { extraFieldProblem } from "../dialects/chat/fields.ts"
import type { MaxTokensField } from "../providers/index.ts"
import type { UpstreamPreset } from "./types.ts"

interface Known extends Omit<UpstreamPreset, "id"> {
  /** What its servers know, where the address does not tell. */
  maxTokensField?: MaxTokensField
  /** Fields of its own that cost nothing more. */
  extraFields?: readonly string[]
}

const compatible = (
  label: string,
  baseUrl: string,
  priceProvider: string,
  help: string,
  more: Partial<Known> = {},
) => ({
  kind: "openai-compatible",
  label,
  name: label.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
  baseUrl,
  priceProvider,
  help,
  ...more,
})

export const PRESETS: Readonly<Record<string, Known>> = {
  openai: compatible("OpenAI", "https://api.openai.com/v1", "openai", "A key from platform.openai.com, API keys."),
  anthropic: {
    kind: "anthropic",
    label: "Anthropic",
    name: "anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    priceProvider: "anthropic",
    help: "A key from console.anthropic.com, API keys.",
  },
  google: {
    kind: "google",
    label: "Google Gemini",
    name: "google",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    priceProvider: "google",
    help: "A key from aistudio.google.com. An answer is billed whole there, also when its caller leaves.",
  },
  vertex: {
    kind: "vertex",
    label: "Vertex AI",
    name: "vertex",
    baseUrl: "https://europe-west4-aiplatform.googleapis.com/v1/projects/PROJECT/locations/europe-west4",
    priceProvider: "google",
    help: "Write your project in place of PROJECT, choose the location, and paste the key file of a service account.",
  },
  openrouter: {
    kind: "openrouter",
    label: "OpenRouter",
    name: "openrouter",
    baseUrl: "https://openrouter.ai/api/v1",
    priceProvider: "openrouter",
    help: "A key from openrouter.ai, Keys. Its models are named by maker, such as openai/gpt-5-mini.",
  },
  groq: compatible("Groq", "https://api.groq.com/openai/v1", "groq", "A key from console.groq.com."),
  mistral: compatible("Mistral", "https://api.mistral.ai/v1", "mistral", "A key from console.mistral.ai.", {
    extraFields: ["random_seed", "safe_prompt"],
  }),
  deepseek: compatible("DeepSeek", "https://api.deepseek.com/v1", "deepseek", "A key from platform.deepseek.com."),
  xai: compatible("xAI", "https://api.x.ai/v1", "x-ai", "A key from console.x.ai."),
  together: compatible("Together", "https://api.together.xyz/v1", "together", "A key from api.together.ai."),
  fireworks: compatible(
    "Fireworks",
    "https://api.fireworks.ai/inference/v1",
    "fireworks",
    "A key from fireworks.ai. Models are named accounts/fireworks/models/…",
  ),
  azure: compatible(
    "Azure OpenAI",
    "https://RESOURCE.openai.azure.com/openai/v1",
    "azure",
    "Write your resource in place of RESOURCE. Models are called by the names of their deployments.",
    { maxTokensField: "max_completion_tokens" },
  ),
  ollama: compatible(
    "Ollama",
    "http://127.0.0.1:11434/v1",
    "",
    "No key is needed. Give its models a price under Prices, 0 if they are free.",
    { maxTokensField: "max_tokens" },
  ),
  vllm: compatible(
    "vLLM",
    "http://127.0.0.1:8000/v1",
    "",
    "The key of --api-key, if it was started with one. Give its models a price under Prices.",
    { maxTokensField: "max_tokens", extraFields: ["min_tokens", "guided_json", "guided_regex", "guided_choice"] },
  ),
}

const isKnown = (id: string): boolean => Object.hasOwn(PRESETS, id)

export const presetsOf = (kinds: readonly string[]): UpstreamPreset[] =>
  Object.entries(PRESETS)
    .filter(([, { kind }]) => kinds.includes(kind))
    .map(([id, { kind, label, name, baseUrl, priceProvider, help }]) => ({
      id,
      kind,
      label,
      name,
      baseUrl,
      priceProvider,
      help,
    }))

/** Of a preset, as far as the kind is its own; what the house has come to know since is left out. */
export function quirksOf(id: string | undefined, kind: string): Pick<Known, "maxTokensField" | "extraFields"> {
  const preset = id !== undefined && isKnown(id) ? PRESETS[id]! : null
  if (preset?.kind !== kind) return {}
  const extraFields = (preset.extraFields ?? []).filter((name) => extraFieldProblem(name) === null)
  return { ...(preset.maxTokensField ? { maxTokensField: preset.maxTokensField } : {}), extraFields }
}

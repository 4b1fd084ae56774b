// Scopes as plain sentences, one wording for consent, the developer's form and the apps page.
import type { Scope } from "../../oauth/index.ts"

export const SCOPE_SENTENCES: Readonly<Record<Scope, string>> = {
  openid: "Know it is you when you return",
  profile: "See your name, picture, language and time zone",
  email: "See your email address",
  offline_access: "Use this when you are not in the app",
  llm: "Chat with AI models",
  embeddings: "Search and compare text with AI",
  "image-generation": "Make images",
  "video-generation": "Make videos",
  speech: "Speak text aloud",
  mcp: "Use the tools you have connected",
  "account:read": "See your balance, what was used and spent, your apps and your API keys",
  "account:manage": "Lower what an app may spend, end an app’s permission, and end an API key",
  "developer:read": "See the apps you make: their users, calls, errors and earnings",
}

export const SCOPE_LABELS: Readonly<Record<string, string>> = {
  llm: "Chat",
  embeddings: "Embeddings",
  "image-generation": "Images",
  "video-generation": "Videos",
  speech: "Speech",
  mcp: "Tools",
}

/** What calls are of, in figures: the scopes that spend, and what no scope allows. */
export const KIND_LABELS: Readonly<Record<string, string>> = { ...SCOPE_LABELS, product: "APIs" }

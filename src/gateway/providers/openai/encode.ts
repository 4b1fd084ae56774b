// The question as it is sent: the caller's checked fields, and our own model, stream and usage switches.
import type { ModelRequest, Quirk } from "../provider.ts"

export function encode({ model, stream, body: given }: ModelRequest, quirks: ReadonlySet<Quirk>): string {
  const body = quirks.has("max_tokens") ? withNewerName(given) : given
  if (!stream) return JSON.stringify({ ...body, model })
  const { stream_options: asked, ...rest } = body
  if (quirks.has("stream_options")) return JSON.stringify({ ...rest, model, stream: true })
  const stream_options = { ...(asked as object | null | undefined), include_usage: true }
  return JSON.stringify({ ...rest, model, stream: true, stream_options })
}

function withNewerName({ max_tokens, ...rest }: ModelRequest["body"]): ModelRequest["body"] {
  return max_tokens === undefined ? rest : { ...rest, max_completion_tokens: max_tokens }
}

// The question as it is sent: the caller's checked fields, and our own model, stream and usage switches.
import type { ModelRequest, Quirk } from "../provider.ts"

export function encode({ model, stream, body }: ModelRequest, quirks: ReadonlySet<Quirk>): string {
  if (!stream) return JSON.stringify({ ...body, model })
  const { stream_options: asked, ...rest } = body
  if (quirks.has("stream_options")) return JSON.stringify({ ...rest, model, stream: true })
  const stream_options = { ...(asked as object | null | undefined), include_usage: true }
  return JSON.stringify({ ...rest, model, stream: true, stream_options })
}

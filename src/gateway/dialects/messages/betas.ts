// `anthropic-beta`: names of what a client would like to try. What they open up are fields, which are checked one by one; so a name is
// passed on where it only does that, and left out where nobody here knows it: clients send a handful by default, and a refusal would
// keep them out. Names that change prices by themselves (fast mode, a longer context) are among those left out.
const KNOWN = new Set([
  "claude-code",
  "context-management",
  "effort",
  "extended-cache-ttl",
  "fine-grained-tool-streaming",
  "interleaved-thinking",
  "model-context-window-exceeded",
  "pdfs",
  "prompt-caching",
  "structured-outputs",
  "token-efficient-tools",
])
const HEADER_CHARS_MAX = 2_000

/** @returns those that are passed to Anthropic */
export function betasIn(headers: Headers): string[] {
  const header = headers.get("anthropic-beta") ?? ""
  if (header.length > HEADER_CHARS_MAX) return []
  const names = header.split(",").map((one) => one.trim())
  return names.filter((name) => KNOWN.has(/^([a-z-]+)-\d{4}-?\d{2}-?\d{2}$/.exec(name)?.[1] ?? ""))
}

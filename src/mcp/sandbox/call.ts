// A call of a tool in test mode: answered here, in place of its server. Test mode reaches nothing real (SPEC DE-7), and a tool may do what
// nobody can undo. What the tool takes and gives is what its server said, so a program is built against the real thing.
import type { CallToolResult, Progress } from "@modelcontextprotocol/sdk/types.js"
import { MCP_LIMITS as L } from "../limits.ts"
import { Fault } from "../remote/fault.ts"
import type { Definition } from "../types.ts"
import { sampleOf } from "./sample.ts"

export interface SandboxCall {
  definition: Definition
  args: Record<string, unknown>
  signal: AbortSignal
  onProgress?: ((progress: Progress) => void) | undefined
}

/** At the beginning of any argument that is a text: the words of the sandbox's model that make sense of a tool. */
const TOLD = /^sandbox:(fail|break|stall)(?:\s+(\d{1,4}))?/

/** @throws Fault, where it was told to break, or the caller left */
export async function sandboxCall({ definition, args, signal, onProgress }: SandboxCall): Promise<CallToolResult> {
  const [, act, number] = Object.values(args).reduce<RegExpExecArray | null>(
    (found, value) => found ?? (typeof value === "string" ? TOLD.exec(value) : null),
    null,
  ) ?? [null, null, undefined]
  if (act === "fail") return { ...said("The sandbox failed, as it was told to."), isError: true }
  if (act === "break") throw new Fault("unreachable", "The sandbox broke off, as it was told to.")
  if (act === "stall") await stall(Math.min(Number(number ?? STALL_SECONDS), L.stallSecondsMax), signal, onProgress)
  const answer = said(`Test mode: ${definition.name} was not called. Its arguments were ${JSON.stringify(args)}.`)
  return definition.outputSchema
    ? { ...answer, structuredContent: objectOf(sampleOf(definition.outputSchema)) }
    : answer
}

const STALL_SECONDS = 5

const said = (text: string): CallToolResult => ({ content: [{ type: "text", text }] })

const objectOf = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

async function stall(total: number, signal: AbortSignal, onProgress: SandboxCall["onProgress"]): Promise<void> {
  for (let progress = 1; progress <= total; progress++) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, 1_000)
    signal.addEventListener("abort", () => resolve(), { once: true })
    await promise
    clearTimeout(timer)
    if (signal.aborted) throw new Fault("cancelled", "The call was cancelled.")
    onProgress?.({ progress, total })
  }
}

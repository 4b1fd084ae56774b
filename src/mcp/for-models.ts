// A group's tools for a model that is asked here: what it is offered, and its calls, which are calls like any other (`call.ts`).
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js"
import { nano } from "../app/index.ts"
import type { ToolPort, ToolRun, ToolSaid } from "../gateway/index.ts"
import { callOf, groupOf } from "./call.ts"
import type { Core } from "./core.ts"
import { exposedIn } from "./offers.ts"

export const toolsForModels = (core: Core): ToolPort => ({
  offered(caller, name) {
    const group = groupOf(core, core.store.read, caller, name)
    return exposedIn(core.store.read, group.id, "tool").map(({ name: tool, offer }) => ({
      group: group.name,
      name: tool,
      description: offer.definition.description ?? offer.definition.title ?? null,
      schema: offer.definition.inputSchema ?? { type: "object" },
    }))
  },
  run: (run) => ran(core, run),
})

async function ran(core: Core, run: ToolRun): Promise<ToolSaid> {
  let result: CallToolResult | undefined
  const answer = await callOf(core, {
    ...run,
    once: null,
    onResult: (said) => {
      result = said
    },
  })
  const { charged, balance } = (await answer.json()) as Record<"charged" | "balance", { nano: string }>
  return {
    text: textOf(result!),
    isError: result!.isError === true,
    chargedNano: nano(Number(charged.nano)),
    balanceAfterNano: nano(Number(balance.nano)),
  }
}

/** As every model reads it. What is no text is named, with its size: most models take no picture from a tool. */
function textOf({ content, structuredContent }: CallToolResult): string {
  const words = content.map((block) => {
    if (block.type === "text") return block.text
    if (block.type === "resource" && "text" in block.resource) return block.resource.text
    return JSON.stringify(block, (name, value: unknown) =>
      (name === "data" || name === "blob") && typeof value === "string" ? `${value.length} characters left out` : value,
    )
  })
  if (words.length === 0 && structuredContent !== undefined) return JSON.stringify(structuredContent)
  return words.join("\n")
}

// A product as an MCP server: its address to copy, and what well-known clients take. On its documentation and beside its keys.
import { CodeTabs, CopyLine } from "../../ui/index.ts"
import { agentSamples } from "../agent-samples.ts"

export interface AgentSectionProps {
  slug: string
  mcpUrl: string
  /** Whether the reader has a plan; else it says that it takes one. */
  subscribed: boolean
}

export function AgentSection({ slug, mcpUrl, subscribed }: AgentSectionProps): JSX.Element {
  return (
    <section aria-labelledby="agent-title">
      <h2 id="agent-title">From an agent or an editor</h2>
      <p class="quiet page-form">
        {subscribed
          ? "This API is an MCP server, too: each endpoint that your plan opens is a tool, on the same quota. "
          : "This API is an MCP server, too: each endpoint that a plan opens is a tool, on the plan's quota. "}
        A client signs you in with this address alone, or takes a key of your account with the permission Tools (not a
        key of this API).
      </p>
      <div class="page-form">
        <CopyLine id="mcp-address" text={mcpUrl} />
      </div>
      <CodeTabs
        id="agent"
        title="Connect"
        tabs={agentSamples(slug, mcpUrl).filter(({ label }) => label !== "Address")}
      />
    </section>
  )
}

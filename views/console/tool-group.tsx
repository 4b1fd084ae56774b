// One group of tool servers: where clients log in to it, its servers, how one is added.
import { DetailPage } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, CodeTabs, CopyLine, Empty, FormOf, type FormView, Table, When } from "../ui/index.ts"
import { agentSamples } from "./agent-samples.ts"
import { ToolUse, type ToolUseShown } from "./tool-use.tsx"
import { groupPath, TOOLS_UP, type ToolGroupRef } from "./tools.tsx"

export type ToolServerState = "ok" | "off" | "failing" | "consent" | "waiting"

export interface ToolServerRow {
  id: string
  name: string
  /** As it names itself. */
  title: string
  host: string
  state: ToolServerState
  tools: number
  usedMs: number | null
}

const STATES: Readonly<Record<ToolServerState, { text: string; tone: "ok" | "warn" | "bad" | "neutral" }>> = {
  ok: { text: "Connected", tone: "ok" },
  off: { text: "Off", tone: "neutral" },
  failing: { text: "Failing", tone: "bad" },
  consent: { text: "Sign in again", tone: "warn" },
  waiting: { text: "Waits for your yes", tone: "warn" },
}

export const ToolServerBadge = ({ state }: { state: ToolServerState }): JSX.Element => <Badge {...STATES[state]} />
export const serverPath = (group: string, id: string): string => `${groupPath(group)}/servers/${encodeURIComponent(id)}`

export interface ToolGroupProps {
  frame: Frame
  now: number
  group: ToolGroupRef
  /** Where any MCP client logs in. */
  url: string
  servers: readonly ToolServerRow[]
  rename: FormView
  use: ToolUseShown
}

export function ToolGroupPage({ frame, now, group, url, servers, rename, use }: ToolGroupProps): JSX.Element {
  const add = <Button kind="primary" href={`${groupPath(group.name)}/add`} icon="plus" label="Add a server" />
  return (
    <DetailPage
      frame={frame}
      title={group.title}
      up={TOOLS_UP}
      lead="Servers of this group, and the one address under which agents find all of them."
      action={servers.length > 0 ? add : undefined}
    >
      <section aria-labelledby="servers-title">
        <h2 id="servers-title">Servers</h2>
        <Table
          caption="Servers"
          hideCaption
          columns={[{ label: "Server" }, { label: "State" }, { label: "Tools", numeric: true }, { label: "Last used" }]}
          rows={servers.map((server) => [
            <span class="person">
              <a href={serverPath(group.name, server.id)}>
                <bdi safe>{server.title || server.name}</bdi>
              </a>
              <bdi class="quiet" safe>
                {server.host}
              </bdi>
            </span>,
            <ToolServerBadge state={server.state} />,
            <span safe>{String(server.tools)}</span>,
            <When ms={server.usedMs} now={now} />,
          ])}
          empty={
            <Empty
              title="No server in this group"
              text="Paste the address of a server: what it offers and how it wants to be asked is found out."
              action={add}
            />
          }
        />
      </section>
      <ToolUse group={group.name} use={use} />
      <section aria-labelledby="connect-title">
        <h2 id="connect-title">Use it from an agent or an editor</h2>
        <p class="quiet page-form">
          Any MCP client signs you in with this address alone, and asks for a daily limit of credits. Each call of a
          tool costs what its page says.
        </p>
        <div class="page-form">
          <CopyLine id="address" text={url} />
        </div>
        <CodeTabs id="connect" title="Connect" tabs={samples(group.name, url)} />
      </section>
      <section aria-labelledby="rename-title">
        <h2 id="rename-title">Name</h2>
        <FormOf form={rename} csrf={frame.csrf} class="form page-form" isPlain />
        <p>
          <Button dialog href={`${groupPath(group.name)}/removal`} label="Remove this group" />
        </p>
      </section>
    </DetailPage>
  )
}

/** Programs of one's own use the API as well. */
const samples = (name: string, url: string) => [
  ...agentSamples(name, url).filter(({ label }) => label !== "Address"),
  {
    label: "curl",
    code: `curl ${url.replace(/\/mcp$/, "/tools")} -H "Authorization: Bearer $PURSER_API_KEY"`,
    language: "bash" as const,
  },
]

export function ToolServerNewPage({
  frame,
  group,
  form,
}: {
  frame: Frame
  group: ToolGroupRef
  form: FormView
}): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Add a server"
      lead="Paste its address. It is asked at once what it offers, and what it offers now is what you approve."
      up={{ href: groupPath(group.name), label: group.title }}
      form={form}
      cancelHref={groupPath(group.name)}
      after={
        <p class="quiet page-form">
          Only add servers that you trust: what a tool says of itself is read by the models that use it, and its
          answers, too.
        </p>
      }
    />
  )
}

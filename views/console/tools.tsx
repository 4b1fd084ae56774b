// People's tool servers: their groups, and the pages that make one and end one.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Badge, Button, Credits, Empty, type FormView, When } from "../ui/index.ts"
import { type RecommendedRow, RecommendedServers } from "./tool-recommended.tsx"

export const TOOLS_UP = { href: "/mcp", label: "Tools" }
export const groupPath = (name: string): string => `/mcp/${encodeURIComponent(name)}`

export interface ToolGroupRow {
  name: string
  title: string
  servers: number
  tools: number
  /** Servers that fail, or wait for a yes or a sign-in. */
  needsLook: boolean
  usedMs: number | null
  /** In the last 30 days. */
  spent: Nano
}

export interface ToolsProps {
  frame: Frame
  now: number
  groups: readonly ToolGroupRow[]
  recommended: readonly RecommendedRow[]
}

export function ToolsPage({ frame, now, groups, recommended }: ToolsProps): JSX.Element {
  const make = <Button kind="primary" href="/mcp/new" icon="plus" label="New group" />
  return (
    <ListPage
      frame={frame}
      title="Tools"
      lead="Connect your tool servers (MCP) once. Apps that you allow can use them, and so can your own editor or agent."
      action={groups.length > 0 ? make : undefined}
      after={<RecommendedServers rows={recommended} csrf={frame.csrf} />}
      table={{
        caption: "Groups of tool servers",
        columns: [
          { label: "Group" },
          { label: "Servers", numeric: true },
          { label: "Tools", numeric: true },
          { label: "Last used" },
          { label: "Spent in 30 days", numeric: true },
        ],
        rows: groups.map((group) => [
          <>
            <a href={groupPath(group.name)}>
              <bdi safe>{group.title}</bdi>
            </a>
            {group.needsLook ? (
              <>
                {" "}
                <Badge tone="warn" text="Needs a look" />
              </>
            ) : null}
          </>,
          <span safe>{String(group.servers)}</span>,
          <span safe>{String(group.tools)}</span>,
          <When ms={group.usedMs} now={now} />,
          <Credits amount={group.spent} />,
        ]),
        empty: (
          <Empty
            title="No tool server yet"
            text="A tool server gives apps something to do for you: read your calendar, search your notes, open an issue. Make a group, then add servers to it."
            action={make}
          />
        ),
      }}
    />
  )
}

export function ToolGroupNewPage({ frame, form }: { frame: Frame; form: FormView }): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New group"
      lead="A group holds servers that belong together. Apps and agents see it as one."
      up={TOOLS_UP}
      form={form}
      cancelHref="/mcp"
    />
  )
}

export interface ToolGroupRef {
  name: string
  title: string
}

export function ToolGroupRemovalPage({
  frame,
  group,
  servers,
  form,
}: {
  frame: Frame
  group: ToolGroupRef
  servers: number
  form: FormView
}): JSX.Element {
  const count = servers === 1 ? "its server" : `its ${servers} servers`
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove ${group.title}?`}
      up={{ href: groupPath(group.name), label: group.title }}
      words={[
        `${servers === 0 ? "The group goes" : `The group goes with ${count} and their credentials`}. Apps and agents that use it are refused from the next call on.`,
        "What was spent stays in your history.",
      ]}
      form={form}
      cancelHref={groupPath(group.name)}
    />
  )
}

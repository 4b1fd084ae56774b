// One tool server: how it is, what it offers, what changed and waits for a yes.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { DetailPage } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Badge, Button, Credits, Diff, Empty, Form, type FormView, Notice, Table, When } from "../ui/index.ts"
import { serverPath, ToolServerBadge, type ToolServerState } from "./tool-group.tsx"
import { groupPath, type ToolGroupRef } from "./tools.tsx"

export interface ToolRow {
  /** As its server calls it. */
  name: string
  title: string
  description: string
  active: boolean
  standing: "approved" | "new" | "changed"
  price: Nano
}

export interface ToolChange {
  name: string
  /** Definitions as text; "" where there was none. */
  before: string
  after: string
}

export interface ToolServerView {
  id: string
  name: string
  title: string
  url: string
  auth: string
  state: ToolServerState
  problem: string | null
  active: boolean
  listedMs: number | null
  usedMs: number | null
  /** It has a credential that its person gave. */
  mayChangeCredential: boolean
  /** It is signed in to elsewhere. */
  mayReconnect: boolean
}

export interface ToolServerProps {
  frame: Frame
  now: number
  group: ToolGroupRef
  server: ToolServerView
  tools: readonly ToolRow[]
  /** What waits for a yes; `seen` goes back with it. */
  waiting: { changes: readonly ToolChange[]; seen: string }
  /** Beside tools. */
  resources: number
  prompts: number
}

export const toolPath = (group: string, id: string, tool: string): string =>
  `${serverPath(group, id)}/tools/${encodeURIComponent(tool)}`

export function ToolServerPage(props: ToolServerProps): JSX.Element {
  const { frame, now, group, server, tools, resources, prompts } = props
  const path = serverPath(group.name, server.id)
  return (
    <DetailPage
      frame={frame}
      title={server.title || server.name}
      up={{ href: groupPath(group.name), label: group.title }}
      state={
        <>
          <p>
            <ToolServerBadge state={server.state} />
          </p>
          {server.problem === null ? null : <Notice tone="bad" text={server.problem} />}
        </>
      }
      facts={{
        heading: "Server",
        list: [
          { label: "Address", text: server.url },
          { label: "Name in tools", text: server.name },
          { label: "Signs in by", text: server.auth },
          { label: "Asked what it offers", value: <When ms={server.listedMs} now={now} /> },
          { label: "Last used", value: <When ms={server.usedMs} now={now} /> },
          { label: "Beside its tools", text: `${plural(resources, "resource")}, ${plural(prompts, "prompt")}` },
        ],
      }}
    >
      <Acts frame={frame} path={path} server={server} />
      {props.waiting.changes.length === 0 ? null : <Waiting {...props} path={path} />}
      <section aria-labelledby="tools-title">
        <h2 id="tools-title">Tools</h2>
        <Tools frame={frame} group={group} server={server} tools={tools} />
      </section>
      <p>
        <Button dialog href={`${path}/removal`} label="Remove this server" />
      </p>
    </DetailPage>
  )
}

function Acts({ frame, path, server }: { frame: Frame; path: string; server: ToolServerView }): JSX.Element {
  const act = (to: string, label: string, kind: "plain" | "primary" = "plain") => (
    <Form action={`${path}/${to}`} csrf={frame.csrf} class="cell-form">
      <Button kind={kind} label={label} />
    </Form>
  )
  return (
    <div class="actions">
      {server.mayReconnect ? act("sign-in", "Sign in there", "primary") : null}
      {server.mayReconnect ? <Button href={`${path}/client`} label="Enter an OAuth client" /> : null}
      {act("refresh", "Ask again what it offers")}
      {server.active ? act("deactivation", "Turn off") : act("activation", "Turn on")}
      {server.mayChangeCredential ? <Button href={`${path}/credential`} label="Change its credential" /> : null}
    </div>
  )
}

function Waiting({ frame, path, waiting }: ToolServerProps & { path: string }): JSX.Element {
  const { changes, seen } = waiting
  return (
    <section aria-labelledby="waiting-title">
      <h2 id="waiting-title">Waits for your yes</h2>
      <p class="page-form">
        The server says something new of these tools. Models obey such words, so nobody can call them until you have
        read them.
      </p>
      {changes.map(({ name, before, after }) => (
        <Diff label={name} before={before} after={after} />
      ))}
      <Form action={`${path}/approval`} csrf={frame.csrf} hidden={{ seen }} class="actions">
        <Button
          kind="primary"
          label={changes.length === 1 ? "Allow this tool" : `Allow these ${changes.length} tools`}
        />
      </Form>
    </section>
  )
}

function Tools({
  frame,
  group,
  server,
  tools,
}: Pick<ToolServerProps, "frame" | "group" | "server" | "tools">): JSX.Element {
  return (
    <Table
      caption="Tools"
      hideCaption
      columns={[
        { label: "Tool" },
        { label: "What it does" },
        { label: "A call", numeric: true },
        { label: "Action", silent: true },
      ]}
      rows={tools.map((tool) => {
        const path = toolPath(group.name, server.id, tool.name)
        return [
          <>
            <a href={path}>
              <bdi safe>{tool.title || tool.name}</bdi>
            </a>
            {tool.active ? null : (
              <>
                {" "}
                <Badge text="Off" />
              </>
            )}
          </>,
          <bdi class="quiet" safe>
            {tool.description}
          </bdi>,
          <Credits amount={tool.price} />,
          <Form action={`${path}/${tool.active ? "deactivation" : "activation"}`} csrf={frame.csrf} class="cell-form">
            <Button small label={tool.active ? "Turn off" : "Turn on"} />
          </Form>,
        ]
      })}
      empty={<Empty title="No tool" text="This server offers no tool, or it could not be asked yet." />}
    />
  )
}

export interface ToolServerFormProps {
  frame: Frame
  group: ToolGroupRef
  server: { id: string; title: string }
  form: FormView
}

export function ToolCredentialPage({ frame, group, server, form }: ToolServerFormProps): JSX.Element {
  const path = serverPath(group.name, server.id)
  return (
    <EditPage
      frame={frame}
      title="Change the credential"
      lead="The old one is forgotten. Nobody can read either of them here."
      up={{ href: path, label: server.title }}
      form={form}
      cancelHref={path}
    />
  )
}

export function ToolServerRemovalPage({ frame, group, server, form }: ToolServerFormProps): JSX.Element {
  const path = serverPath(group.name, server.id)
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove ${server.title}?`}
      up={{ href: path, label: server.title }}
      words={["Its tools are gone from the group at once, and its credential is forgotten."]}
      form={form}
      cancelHref={path}
    />
  )
}

// Tool servers that the operator recommends: in the order in which people see them, on or off; one that is new, its terms, its removal.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { Facts } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Badge, Button, Empty, Form, type FormView, RowLink, When } from "../ui/index.ts"

export interface RecommendedServer {
  slug: string
  title: string
  words: string
  url: string
  auth: "none" | "bearer" | "key" | "oauth"
  active: boolean
  createdMs: number
}

const UP = { href: "/admin/mcp", label: "Tool servers" }
export const recommendedPath = (slug: string): string => `/admin/mcp/${encodeURIComponent(slug)}`

/** What somebody needs who adds it. */
export const SIGN_IN_WORDS: Readonly<Record<RecommendedServer["auth"], string>> = {
  none: "Open to everybody",
  oauth: "You sign in there",
  bearer: "Needs a token",
  key: "Needs a key",
}

const State = ({ active }: Pick<RecommendedServer, "active">): JSX.Element =>
  active ? <Badge tone="ok" text="On" /> : <Badge tone="warn" text="Off" />

export interface AdminToolServersProps {
  frame: Frame
  servers: readonly RecommendedServer[]
  /** No more can be recommended. */
  isFull: boolean
}

export function AdminToolServersPage({ frame, servers, isFull }: AdminToolServersProps): JSX.Element {
  const add = <Button kind="primary" icon="plus" href="/admin/mcp/new" label="Recommend a server" />
  return (
    <ListPage
      frame={frame}
      title="Tool servers"
      section="Admin"
      lead="Servers (MCP) that you recommend. People add one with a click, and use it as themselves: nothing of theirs is seen here."
      action={servers.length === 0 || isFull ? undefined : add}
      table={{
        caption: "Recommended servers in the order in which people see them",
        columns: [
          { label: "Server" },
          { label: "State" },
          { label: "What it wants" },
          { label: "Action", silent: true },
        ],
        rows: servers.map((one, at) => [
          <span class="person">
            <RowLink href={recommendedPath(one.slug)} label={one.title} />
            <bdi class="quiet" safe>
              {one.url}
            </bdi>
          </span>,
          <State active={one.active} />,
          <span safe>{SIGN_IN_WORDS[one.auth]}</span>,
          at === 0 ? (
            ""
          ) : (
            <Form action={`${recommendedPath(one.slug)}/up`} csrf={frame.csrf} class="cell-form">
              <Button small label="Move up" />
            </Form>
          ),
        ]),
        empty: (
          <Empty
            title="No server is recommended"
            text="What you recommend stands under Tools, where people add it with a click. They can add any other one by its address."
            action={add}
          />
        ),
      }}
    />
  )
}

export function AdminToolServerNewPage({ frame, form }: { frame: Frame; form: FormView }): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Recommend a server"
      section="Admin"
      lead="Recommend only what you trust: what a server says of its tools is read by the models that use them."
      up={UP}
      form={form}
      cancelHref="/admin/mcp"
    />
  )
}

export interface AdminToolServerProps {
  frame: Frame
  now: number
  server: RecommendedServer
  form: FormView
}

export function AdminToolServerPage({ frame, now, server, form }: AdminToolServerProps): JSX.Element {
  const path = recommendedPath(server.slug)
  return (
    <EditPage
      frame={frame}
      title={server.title}
      section="Admin"
      lead="What you change holds for whoever adds it from now on. Who added it keeps it as it was."
      up={UP}
      form={form}
      heading="Terms"
      before={
        <section aria-labelledby="state-title">
          <h2 id="state-title" class="sr">
            State
          </h2>
          <div class="badges">
            <State active={server.active} />
            <Form
              action={`${path}/${server.active ? "deactivation" : "activation"}`}
              csrf={frame.csrf}
              class="cell-form"
            >
              <Button small label={server.active ? "Turn off" : "Turn on"} />
            </Form>
            <Button small dialog href={`${path}/removal`} label="Remove" />
          </div>
          <div class="page-form">
            <Facts
              facts={[
                { label: "Short name", text: server.slug },
                { label: "Added", value: <When ms={server.createdMs} now={now} /> },
              ]}
            />
          </div>
        </section>
      }
    />
  )
}

export function AdminToolServerRemovalPage({
  frame,
  server,
  form,
}: {
  frame: Frame
  server: RecommendedServer
  form: FormView
}): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove ${server.title}?`}
      section="Admin"
      up={UP}
      words={["It is recommended to nobody any more. Who added it keeps it, with what it offers them."]}
      form={form}
      cancelHref={recommendedPath(server.slug)}
    />
  )
}

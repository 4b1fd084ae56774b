// The AI provider accounts of this server: state, test, and adding one. A key is typed here and never shown again.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  Badge,
  Button,
  Count,
  Empty,
  Fields,
  Form,
  FormOf,
  type FormView,
  RowLink,
  Table,
  type Tone,
  When,
} from "../ui/index.ts"

export interface UpstreamRow {
  id: string
  name: string
  /** Built in: no address, no key. */
  isLocal: boolean
  baseUrl: string | null
  state: "untested" | "healthy" | "failing" | "disabled"
  models: number
  lastTest: { atMs: number; ok: boolean; message: string } | null
  /** The last 24 hours; null without a call. */
  health: { calls: number; errors: number; answerMs: number | null } | null
}

export interface AdminUpstreamsProps {
  frame: Frame
  now: number
  upstreams: readonly UpstreamRow[]
}

export const UPSTREAM_STATE: Record<UpstreamRow["state"], { tone: Tone; text: string }> = {
  untested: { tone: "neutral", text: "Not tested" },
  healthy: { tone: "ok", text: "Healthy" },
  failing: { tone: "bad", text: "Failing" },
  disabled: { tone: "warn", text: "Off" },
}

export const upstreamPath = (id: string): string => `/admin/upstreams/${encodeURIComponent(id)}`

export function AdminUpstreamsPage({ frame, now, upstreams }: AdminUpstreamsProps): JSX.Element {
  const add = <Button kind="primary" icon="plus" href="/admin/upstreams/new" label="Add an upstream" />
  return (
    <ConsoleLayout
      frame={frame}
      title="Upstreams"
      section="Admin"
      lead="The AI provider accounts that answer calls."
      action={upstreams.length === 0 ? undefined : add}
    >
      {upstreams.length === 0 ? (
        <Empty
          title="No upstream yet"
          text="Without one, every call is refused. Add a provider with its key, or the sandbox to try things out."
          action={add}
        />
      ) : (
        <Table
          caption="Upstreams, with the calls of the last 24 hours"
          hideCaption
          columns={[
            { label: "Name" },
            { label: "State" },
            { label: "Models", numeric: true, minor: true },
            { label: "Calls, 24 h", numeric: true },
            { label: "Errors, 24 h", numeric: true },
            { label: "Answers in", numeric: true },
            { label: "Last test" },
            { label: "Action", silent: true },
          ]}
          rows={upstreams.map((upstream) => [
            <span class="person">
              <RowLink href={upstreamPath(upstream.id)} label={upstream.name} />
              <span class="quiet" safe>
                {upstream.baseUrl?.replace(/^https?:\/\//, "") ?? "Built in"}
              </span>
            </span>,
            <Badge {...UPSTREAM_STATE[upstream.state]} />,
            <Count value={upstream.models} />,
            <Count value={upstream.health?.calls ?? 0} />,
            <Count value={upstream.health?.errors ?? 0} />,
            <Latency ms={upstream.health?.answerMs ?? null} />,
            <LastTest now={now} test={upstream.lastTest} />,
            <TestForm csrf={frame.csrf} id={upstream.id} />,
          ])}
        />
      )}
    </ConsoleLayout>
  )
}

export function Latency({ ms }: { ms: number | null }): JSX.Element {
  if (ms === null) return <span class="quiet">–</span>
  return (
    <span class="num" safe>
      {ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1_000)} s`}
    </span>
  )
}

function LastTest({ now, test }: { now: number; test: UpstreamRow["lastTest"] }): JSX.Element {
  if (!test) return <span class="quiet">Never</span>
  return (
    <span class="person">
      <When ms={test.atMs} now={now} />
      {test.ok ? null : (
        <span class="quiet" safe>
          {test.message}
        </span>
      )}
    </span>
  )
}

export function TestForm({ csrf, id, from }: { csrf: string; id: string; from?: "page" }): JSX.Element {
  return (
    <Form action={`${upstreamPath(id)}/test`} csrf={csrf} hidden={{ from }} class="cell-form">
      <Button small label="Test" />
    </Form>
  )
}

export interface AdminUpstreamNewProps {
  frame: Frame
  form: FormView
}

/** Address and key stand in a part of their own, which a sandbox has no use for. */
export function AdminUpstreamNewPage({ frame, form }: AdminUpstreamNewProps): JSX.Element {
  const isLocal = (name: string) => name === "kind" || name === "name"
  return (
    <ConsoleLayout
      frame={frame}
      title="Add an upstream"
      section="Admin"
      lead="It is tested as soon as you save it. Calls to models without a known price are refused."
      up={{ href: "/admin/upstreams", label: "Upstreams" }}
    >
      <FormOf form={form} csrf={frame.csrf} class="form page-form upstream-form">
        <Fields form={{ fields: form.fields.filter(({ name }) => isLocal(name)) }} />
        <div class="remote">
          <Fields form={{ fields: form.fields.filter(({ name }) => !isLocal(name)) }} />
        </div>
      </FormOf>
    </ConsoleLayout>
  )
}

// The AI provider accounts of this server: state, test, and adding one. A key is typed here and never shown again.
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import {
  Badge,
  Button,
  Choices,
  Count,
  Empty,
  ErrorSummary,
  Field,
  Form,
  RowLink,
  Select,
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

/** POST /admin/upstreams/:id/test: csrf. */
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

/** A kind of upstream that can be added. */
export interface UpstreamKindProps {
  kind: string
  label: string
  help: string
  isLocal: boolean
  baseUrlHelp: string
  baseUrlExample: string
}

export interface AdminUpstreamNewProps {
  frame: Frame
  /** In order; the first is the default. */
  kinds: readonly UpstreamKindProps[]
  /** Ids of price lists that models of this upstream can be priced by. */
  providers: readonly { value: string; label: string }[]
  values?:
    | {
        kind?: string | undefined
        name?: string | undefined
        base_url?: string | undefined
        provider?: string | undefined
      }
    | undefined
  errors?: FormErrors | undefined
}

/** POST /admin/upstreams: kind, name, base_url, api_key, provider, csrf. */
export function AdminUpstreamNewPage({ frame, kinds, providers, values, errors }: AdminUpstreamNewProps): JSX.Element {
  const chosen = kinds.find(({ kind }) => kind === values?.kind) ?? kinds[0]
  return (
    <ConsoleLayout
      frame={frame}
      title="Add an upstream"
      section="Admin"
      lead="It is tested as soon as you save it. Calls to models without a known price are refused."
      up={{ href: "/admin/upstreams", label: "Upstreams" }}
    >
      <ErrorSummary errors={errors} />
      <Form action="/admin/upstreams" csrf={frame.csrf} class="form page-form upstream-form">
        <Choices
          legend="Kind"
          name="kind"
          type="radio"
          error={errors?.kind}
          options={kinds.map(({ kind, label, help, isLocal }) => ({
            value: kind,
            label,
            help,
            checked: kind === chosen?.kind,
            alone: isLocal,
          }))}
        />
        <Field
          name="name"
          label="Name"
          required
          maxlength={40}
          help="Letters, digits, dots, dashes or underscores, such as openai."
          value={values?.name}
          error={errors?.name}
        />
        <div class="remote">
          <Field
            name="base_url"
            label="Base URL"
            type="url"
            help={addressHelp(kinds)}
            value={values?.base_url}
            error={errors?.base_url}
            spellcheck={false}
            mono
          />
          <Field
            name="api_key"
            label="API key"
            optional
            type="password"
            autocomplete="off"
            help="Encrypted before it is stored, and never shown again."
            error={errors?.api_key}
            mono
          />
          <Select
            name="provider"
            label="Prices"
            help="Whose price list applies to its models."
            options={providers}
            value={values?.provider}
            error={errors?.provider}
          />
        </div>
        <Button kind="primary" label="Save and test" />
      </Form>
    </ConsoleLayout>
  )
}

/** With one kind its own words; with several, each says how it writes an address. */
function addressHelp(kinds: readonly UpstreamKindProps[]): string {
  const remote = kinds.filter(({ isLocal }) => !isLocal)
  const words = remote.map(({ baseUrlHelp, baseUrlExample }) => `${baseUrlHelp} For instance ${baseUrlExample}`.trim())
  if (words.length === 1) return words[0]!
  return remote.map(({ label }, at) => `${label}: ${words[at]}`).join(" · ")
}

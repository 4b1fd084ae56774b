// One API key: how it stands, what it may do, its newest calls, and what can be done with it.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  Badge,
  Button,
  Count,
  Credits,
  Empty,
  Form,
  FormOf,
  type FormView,
  Id,
  Notice,
  Stat,
  Table,
  When,
} from "../ui/index.ts"
import { type KeyRow, KeyState, keyPath, NewKey, type NewSecretProps } from "./keys.tsx"

export interface KeyCall {
  requestId: string
  atMs: number
  model: string
  status: number
  /** Error code, or null. */
  error: string | null
  latencyMs: number
  firstTokenMs: number | null
  inputTokens: number
  outputTokens: number
  charge: Nano
}

export interface KeyProps {
  frame: Frame
  now: number
  apiKey: KeyRow & {
    calls: number
    allowedIps: readonly string[]
    /** The secret before, while it still works. */
    ending: { prefix: string; endsMs: number } | null
  }
  /** Newest first. */
  log: readonly KeyCall[]
  /** Made by this very request; shown once. */
  made?: Omit<NewSecretProps, "id"> | undefined
  form: FormView
}

/** GET :id/secret and :id/revocation; POST :id, :id/deactivation, :id/activation. */
export function KeyPage(props: KeyProps): JSX.Element {
  const { frame, now, apiKey: key, made } = props
  return (
    <ConsoleLayout frame={frame} title={key.name} up={{ href: "/keys", label: "API keys" }}>
      <p class="badges">
        <KeyState state={key.state} />
        {key.mode === "test" ? <Badge text="Test" /> : null}
        <code safe>{`${key.prefix}…`}</code>
        <span class="quiet">
          {"Created "}
          <When ms={key.createdMs} now={now} />
        </span>
      </p>
      {made ? <NewKey id={key.id} {...made} /> : null}
      {key.state === "reported" ? (
        <Notice
          tone="bad"
          text="Somebody found this key where others can read it, so it was revoked. Look through its calls below."
        />
      ) : null}
      {key.ending ? (
        <Notice text={`The secret before, ${key.ending.prefix}…, still works for a while.`}>
          <p>
            {"It ends "}
            <When ms={key.ending.endsMs} now={now} />
            {"."}
          </p>
        </Notice>
      ) : null}
      <dl class="stats">
        <Stat label="Spent">
          <Credits amount={key.spent} />
        </Stat>
        <Stat label="Paid calls">
          <Count value={key.calls} />
        </Stat>
        <Stat label="Last used">
          <When ms={key.lastUsedMs} now={now} />
        </Stat>
        <Stat label="Works until">
          <When ms={key.expiresMs} now={now} never="Until revoked" />
        </Stat>
      </dl>
      <Acts frame={frame} apiKey={key} />
      <Log log={props.log} now={now} />
      {isOver(key) ? null : (
        <section aria-labelledby="edit-title">
          <h2 id="edit-title">What it may do</h2>
          <FormOf form={props.form} csrf={frame.csrf} class="form page-form" />
        </section>
      )}
    </ConsoleLayout>
  )
}

const isOver = ({ state }: KeyRow): boolean => state === "revoked" || state === "reported"

function Acts({ frame, apiKey: key }: { frame: Frame; apiKey: KeyRow }): JSX.Element {
  if (isOver(key)) return ""
  const path = keyPath(key.id)
  const isOff = key.state === "off"
  return (
    <div class="actions">
      <Form action={`${path}/${isOff ? "activation" : "deactivation"}`} csrf={frame.csrf} class="cell-form">
        <Button label={isOff ? "Switch on" : "Switch off"} />
      </Form>
      <Button href={`${path}/limits`} label="Limits" />
      <Button href={`${path}/cache`} label="Cache" />
      <Button href={`${path}/secret`} dialog label="New secret" />
      <Button kind="danger" href={`${path}/revocation`} dialog label="Revoke" />
    </div>
  )
}

function Log({ log, now }: Pick<KeyProps, "log" | "now">): JSX.Element {
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">Newest calls</h2>
      <Table
        caption="Newest calls"
        hideCaption
        columns={[
          { label: "When" },
          { label: "Model" },
          { label: "Result" },
          { label: "Time", numeric: true, minor: true },
          { label: "Tokens in, out", numeric: true, minor: true },
          { label: "Cost", numeric: true },
          { label: "Request", minor: true },
        ]}
        rows={log.map((call) => [
          <When ms={call.atMs} now={now} />,
          <bdi safe>{call.model || "none named"}</bdi>,
          <Result call={call} />,
          <span
            class="num"
            title={call.firstTokenMs === null ? undefined : `First word after ${call.firstTokenMs} ms`}
            safe
          >
            {seconds(call.latencyMs)}
          </span>,
          <span
            class="num"
            safe
          >{`${call.inputTokens.toLocaleString("en")}, ${call.outputTokens.toLocaleString("en")}`}</span>,
          <Credits amount={call.charge} />,
          <Id text={call.requestId} />,
        ])}
        empty={<Empty title="No call yet" text="Each call with this key appears here, refused ones too." />}
      />
    </section>
  )
}

function Result({ call }: { call: KeyCall }): JSX.Element {
  if (call.error === null && call.status < 400) return <Badge tone="ok" text={String(call.status)} />
  return (
    <>
      <Badge tone={call.status >= 500 ? "bad" : "warn"} text={String(call.status)} />
      {call.error === null ? null : (
        <>
          {" "}
          <code safe>{call.error}</code>
        </>
      )}
    </>
  )
}

const seconds = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`)

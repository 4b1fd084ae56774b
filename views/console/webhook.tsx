// One webhook endpoint: how it does, its log, its secret, its terms; and one delivery with each of its tries.
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  Badge,
  Button,
  CodeBlock,
  Empty,
  Form,
  FormOf,
  type FormView,
  Id,
  JsonView,
  Pager,
  Secret,
  Segments,
  Table,
  type Tone,
  When,
} from "../ui/index.ts"
import { type WebhookPlace, type WebhookRow, WebhookStateBadge, webhookPath } from "./webhooks.tsx"

export type DeliveryShown = "all" | "waiting" | "delivered" | "failed" | "dropped"

export interface DeliveryRow {
  id: string
  type: string
  state: Exclude<DeliveryShown, "all">
  tries: number
  /** Of the last answer. */
  status: number | null
  createdMs: number
}

const STATES: Readonly<Record<DeliveryRow["state"], { text: string; tone: Tone }>> = {
  waiting: { text: "Waiting", tone: "warn" },
  delivered: { text: "Taken", tone: "ok" },
  failed: { text: "Given up", tone: "bad" },
  dropped: { text: "Not sent", tone: "neutral" },
}

const SHOWN: readonly (readonly [DeliveryShown, string])[] = [
  ["all", "All"],
  ["waiting", "Waiting"],
  ["delivered", "Taken"],
  ["failed", "Given up"],
  ["dropped", "Not sent"],
]

export interface WebhookProps {
  frame: Frame
  now: number
  place: WebhookPlace
  row: WebhookRow
  secrets: readonly { madeMs: number; endsMs: number | null }[]
  /** Made by the request before; shown once. */
  newSecret?: string | undefined
  shown: DeliveryShown
  deliveries: readonly DeliveryRow[]
  firstHref?: string | undefined
  nextHref?: string | undefined
  keptDays: number
  form: FormView
}

/** POST <path>: the terms; <path>/activation, /deactivation, /secret, /test, /recovery: csrf. */
export function WebhookPage(props: WebhookProps): JSX.Element {
  const { frame, now, place, row } = props
  const path = webhookPath(place, row.id)
  return (
    <ConsoleLayout
      frame={frame}
      title="Webhook endpoint"
      section={place.section}
      lead={row.description === "" ? undefined : row.description}
      up={{ href: place.path, label: "Webhooks" }}
    >
      {props.newSecret ? (
        <Secret id="new-secret" title="The secret of this endpoint" secret={props.newSecret} doneHref={path} />
      ) : null}
      <section aria-labelledby="state-title">
        <h2 id="state-title">State</h2>
        <Facts
          wide
          facts={[
            { label: "Address", value: <Address url={row.url} /> },
            { label: "State", value: <WebhookStateBadge {...row} /> },
            { label: "Mode", text: row.testMode ? "Test: events of test mode alone" : "Live" },
            { label: "Last day", text: lastDay(row) },
            ...(row.failingMs === null
              ? []
              : [{ label: "Nothing taken since", value: <When ms={row.failingMs} now={now} /> }]),
          ]}
        />
        <div class="actions">
          {row.state === "on" ? (
            <>
              <Act action={`${path}/test`} csrf={frame.csrf} label="Send a test event" />
              <Act action={`${path}/recovery`} csrf={frame.csrf} label="Send again what was missed" />
              <Act action={`${path}/deactivation`} csrf={frame.csrf} label="Turn off" />
            </>
          ) : (
            <Act action={`${path}/activation`} csrf={frame.csrf} label="Turn on" />
          )}
          <Button kind="danger" dialog href={`${path}/removal`} label="Remove" />
        </div>
      </section>
      <Log {...props} />
      <section aria-labelledby="secret-title">
        <h2 id="secret-title">Secret</h2>
        <SecretWords secrets={props.secrets} now={now} />
        <Act action={`${path}/secret`} csrf={frame.csrf} label="Make a new secret" />
      </section>
      <section aria-labelledby="terms-title">
        <h2 id="terms-title">Address and events</h2>
        <FormOf form={props.form} csrf={frame.csrf} class="form page-form" isPlain />
      </section>
    </ConsoleLayout>
  )
}

function Act({ action, csrf, label }: { action: string; csrf: string; label: string }): JSX.Element {
  return (
    <Form action={action} csrf={csrf} class="cell-form">
      <Button label={label} />
    </Form>
  )
}

function lastDay({ delivered, failed, waiting }: WebhookRow): string {
  const [taken, lost, left] = [delivered, failed, waiting].map((n) => n.toLocaleString("en-US"))
  return `${taken} taken, ${lost} given up, ${left} waiting`
}

const Address = ({ url }: { url: string }): JSX.Element => <bdi safe>{url}</bdi>

function SecretWords({ secrets, now }: { secrets: WebhookProps["secrets"]; now: number }): JSX.Element {
  const [newest, before] = secrets
  return (
    <p class="quiet">
      {"Made "}
      <When ms={newest?.madeMs ?? null} now={now} />
      {". "}
      {before?.endsMs ? (
        <>
          {"The one before stops signing "}
          <When ms={before.endsMs} now={now} />
          {"."}
        </>
      ) : (
        "When you make a new one, both sign for a day, so that nothing is lost while you change your server."
      )}
    </p>
  )
}

function Log({ now, place, row, shown, deliveries, firstHref, nextHref, keptDays }: WebhookProps): JSX.Element {
  const path = webhookPath(place, row.id)
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">Log</h2>
      <Segments
        label="Which events"
        links={SHOWN.map(([key, label]) => ({
          label,
          href: key === "all" ? path : `${path}?only=${key}`,
          current: key === shown,
        }))}
      />
      <Table
        caption="Events sent to this endpoint"
        hideCaption
        columns={[
          { label: "When" },
          { label: "Event" },
          { label: "State" },
          { label: "Answer", numeric: true },
          { label: "Tries", numeric: true },
        ]}
        rows={deliveries.map((one) => [
          <a href={`${path}/deliveries/${encodeURIComponent(one.id)}`}>
            <When ms={one.createdMs} now={now} />
          </a>,
          <code safe>{one.type}</code>,
          <Badge {...STATES[one.state]} />,
          <span class="num" safe>
            {String(one.status ?? "–")}
          </span>,
          <span class="num" safe>
            {String(one.tries)}
          </span>,
        ])}
        empty={<Empty title="Nothing here" text="Events stand here in the moment they happen." />}
      />
      <Pager
        label="More events"
        firstHref={firstHref}
        nextHref={nextHref}
        summary={`Kept for ${keptDays} days, 10,000 at most`}
      />
    </section>
  )
}

export interface DeliveryTryRow {
  atMs: number
  tookMs: number
  status: number | null
  problem: string | null
  sent: Readonly<Record<string, string>>
  answered: Readonly<Record<string, string>> | null
  answer: string | null
}

export interface WebhookDeliveryProps {
  frame: Frame
  now: number
  place: WebhookPlace
  endpoint: Pick<WebhookRow, "id" | "url" | "state">
  delivery: DeliveryRow & { eventId: string; subject: string; body: string; nextMs: number | null }
  history: readonly DeliveryTryRow[]
}

/** POST <path>/resend: csrf. */
export function WebhookDeliveryPage(props: WebhookDeliveryProps): JSX.Element {
  const { frame, now, place, endpoint, delivery, history } = props
  const up = webhookPath(place, endpoint.id)
  const path = `${up}/deliveries/${encodeURIComponent(delivery.id)}`
  return (
    <ConsoleLayout frame={frame} title="An event" section={place.section} up={{ href: up, label: "Endpoint" }}>
      <Facts
        wide
        facts={[
          { label: "Event", value: <code safe>{delivery.type}</code> },
          { label: "Its id", value: <Id text={delivery.eventId} /> },
          { label: "Subject", value: <code safe>{delivery.subject}</code> },
          { label: "When", value: <When ms={delivery.createdMs} now={now} /> },
          { label: "State", value: <Badge {...STATES[delivery.state]} /> },
          ...(delivery.nextMs === null ? [] : [{ label: "Next try", value: <When ms={delivery.nextMs} now={now} /> }]),
          { label: "Address", value: <Address url={endpoint.url} /> },
        ]}
      />
      {delivery.state === "waiting" || endpoint.state !== "on" ? null : (
        <Act action={`${path}/resend`} csrf={frame.csrf} label="Send again" />
      )}
      <section aria-labelledby="body-title">
        <h2 id="body-title">What is sent</h2>
        <JsonView id="event-body" label="Body of the event" source={delivery.body} levels={3} />
      </section>
      <section aria-labelledby="tries-title">
        <h2 id="tries-title">Tries</h2>
        {history.length === 0 ? <Empty title="No try yet" text="Each stands here with what was answered." /> : null}
        {history.map((one, at) => (
          <Try one={one} at={at + 1} now={now} />
        ))}
      </section>
    </ConsoleLayout>
  )
}

function Try({ one, at, now }: { one: DeliveryTryRow; at: number; now: number }): JSX.Element {
  const isTaken = one.status !== null && one.status >= 200 && one.status < 300
  return (
    <section aria-labelledby={`try-${at}`}>
      <h3 id={`try-${at}`}>
        <span safe>{`Try ${at}: `}</span>
        <Badge tone={isTaken ? "ok" : "bad"} text={one.status === null ? "No answer" : String(one.status)} />
      </h3>
      <p class="quiet">
        <When ms={one.atMs} now={now} />
        <span safe>{`, ${one.tookMs.toLocaleString("en-US")} ms. ${one.problem ?? ""}`}</span>
      </p>
      <CodeBlock id={`sent-${at}`} title="Headers sent" code={linesOf(one.sent)} />
      {one.answered ? (
        <CodeBlock
          id={`answered-${at}`}
          title="What was answered, to 2 KB"
          code={`${linesOf(one.answered)}\n\n${one.answer ?? ""}`}
        />
      ) : null}
    </section>
  )
}

const linesOf = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n")

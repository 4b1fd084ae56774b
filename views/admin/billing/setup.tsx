// Payments in three steps: a key that is tried, an endpoint that the server makes itself, and an event that proves that it arrives.
import { assetUrl } from "../../layout/assets.ts"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { ConsoleLayout } from "../../layout/console.tsx"
import { Facts } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { Badge, Button, Form, FormOf, type FormView, Id, Notice, Stepper, Time } from "../../ui/index.ts"
import { BILLING_UP, BillingTabs } from "./tabs.tsx"

export type SecretFrom = "environment" | "page"

export interface AdminBillingSetupProps {
  frame: Frame
  parked: number
  /** null = none yet. `hint`: its last characters. */
  secret: { from: SecretFrom; hint: string; isTest: boolean } | null
  /** `acct_…`; null = there is no key, or it may not say. */
  account: string | null
  /** It is of another account than before; null = it is not. */
  moved: string | null
  /** null = none yet. */
  webhook: { from: SecretFrom; endpointId: string | null; url: string | null; fault: string | null } | null
  wantedUrl: string
  /** null = nobody has asked for one. */
  probe: { sentMs: number; arrivedMs: number | null; isLate: boolean } | null
  /** Where a key may be entered. */
  form?: FormView | undefined
}

type Props = AdminBillingSetupProps

/** GET /admin/billing/setup. POST /admin/billing/key, /webhook, /test: csrf. */
export function AdminBillingSetupPage(props: Props): JSX.Element {
  const { frame, parked } = props
  const done = [props.secret !== null, props.webhook !== null && props.webhook.fault === null, hasArrived(props)]
  const current = done.indexOf(false)
  const labels = ["A key", "A webhook", "A test"]
  return (
    <ConsoleLayout
      frame={frame}
      title="Payment setup"
      section="Admin"
      lead="Three steps, some two minutes. People can buy as soon as the first is done."
    >
      <BillingTabs at="setup" parked={parked} />
      <Stepper
        label="Payment setup"
        steps={labels.map((label, at) => ({
          label,
          state: done[at] ? "done" : at === current ? "current" : "next",
          href: `#step-${at + 1}`,
        }))}
      />
      <KeyStep {...props} />
      <WebhookStep {...props} />
      <TestStep {...props} />
    </ConsoleLayout>
  )
}

const hasArrived = ({ probe }: Props): boolean => probe !== null && probe.arrivedMs !== null

function KeyStep({ frame, secret, account, moved, form }: Props): JSX.Element {
  return (
    <section aria-labelledby="step-1">
      <h2 id="step-1">1. A key</h2>
      {secret === null ? (
        <p class="page-form">
          In Stripe's dashboard, under Developers → API keys, copy the secret key. Begin with one of test mode
          (sk_test_…): everything works and no money moves. If you give credits away and sell none,{" "}
          <a href="/admin/settings/billing.sells">say so</a>, and nobody reminds you of this.
        </p>
      ) : (
        <>
          <div class="badges">
            <Badge tone="ok" text="Key works" />
            {secret.isTest ? <Badge tone="warn" text="Test mode" /> : <Badge tone="accent" text="Live mode" />}
            <Id text={`…${secret.hint}`} />
            {account === null ? null : <Id text={account} />}
          </div>
          {moved === null ? null : <Notice tone="warn" text={moved} />}
          <p class="quiet page-form">
            {secret.from === "environment"
              ? "It comes from PURSER_STRIPE_SECRET_KEY and can be changed there only."
              : "It lies sealed in the database, under the server's own key."}
          </p>
        </>
      )}
      {form ? <FormOf form={form} csrf={frame.csrf} class="form page-form" isPlain /> : null}
      {secret?.from === "page" ? (
        <Button dialog small href="/admin/billing/key/removal" label="Remove the key" />
      ) : null}
    </section>
  )
}

function WebhookStep({ frame, secret, webhook, wantedUrl }: Props): JSX.Element {
  const isOurs = webhook?.from === "page"
  return (
    <section aria-labelledby="step-2">
      <h2 id="step-2">2. A webhook</h2>
      <p class="page-form">
        Stripe tells this server of each payment at once. Without it credits come too, up to ten minutes later. The
        server makes the endpoint itself and keeps its signing secret.
      </p>
      {webhook === null ? null : webhook.fault === null ? (
        <div class="badges">
          <Badge tone="ok" text={isOurs ? "Made by this server" : "Signing secret from the environment"} />
          {webhook.endpointId === null ? null : <Id text={webhook.endpointId} />}
        </div>
      ) : (
        <Notice tone="bad" text={`Something is wrong with it: ${webhook.fault}. Make it anew.`} />
      )}
      <Facts facts={[{ label: "Sends to", text: webhook?.url ?? wantedUrl }]} wide />
      {webhook?.from === "environment" ? (
        <p class="quiet page-form">
          It was made by hand, and PURSER_STRIPE_WEBHOOK_SECRET goes first. Take that away and this server makes its
          own.
        </p>
      ) : secret === null ? (
        <p class="quiet">Enter a key first.</p>
      ) : (
        <Form action="/admin/billing/webhook" csrf={frame.csrf} class="inline">
          <Button
            kind={webhook === null || webhook.fault !== null ? "primary" : "plain"}
            label={webhook === null || webhook.fault !== null ? "Make the webhook" : "Set it right again"}
          />
        </Form>
      )}
    </section>
  )
}

function TestStep({ frame, secret, webhook, probe }: Props): JSX.Element {
  const isReady = secret !== null && webhook !== null
  const isWaiting = probe !== null && probe.arrivedMs === null && !probe.isLate
  return (
    <section aria-labelledby="step-3">
      <h2 id="step-3">3. A test</h2>
      <p class="page-form">
        A payment page is opened at Stripe and closed again at once. Stripe sends an event of that, which has to arrive
        here, signed. Nobody is charged.
      </p>
      <ProbeState probe={probe} isWaiting={isWaiting} />
      {isReady ? (
        <div class="actions">
          <Form action="/admin/billing/test" csrf={frame.csrf} class="inline">
            <Button kind={probe === null ? "primary" : "plain"} label="Send a test event" />
          </Form>
          {isWaiting ? <Button href="/admin/billing/setup#step-3" label="Look again" /> : null}
        </div>
      ) : (
        <p class="quiet">Do the first two steps first.</p>
      )}
    </section>
  )
}

function ProbeState({ probe, isWaiting }: { probe: Props["probe"]; isWaiting: boolean }): JSX.Element {
  if (probe === null) return ""
  if (probe.arrivedMs !== null)
    return (
      <p>
        <Badge tone="ok" text="Webhook arrives" />
        {" The last test event was here after "}
        <span class="num" safe>
          {secondsText(probe.arrivedMs - probe.sentMs)}
        </span>
        {", "}
        <Time ms={probe.arrivedMs} />.
      </p>
    )
  if (isWaiting)
    return (
      <p role="status" {...{ "aria-busy": "true", "data-module": assetUrl("js/again.js") }}>
        Waiting for the event. It takes some seconds; this page looks again by itself.
      </p>
    )
  return (
    <Notice
      tone="bad"
      text="The test event did not arrive. Can the internet reach the address above? Stripe's dashboard says under Webhooks what it was answered."
    />
  )
}

const secondsText = (ms: number): string => (ms < 1_000 ? "less than a second" : `${Math.round(ms / 1_000)} s`)

/** GET /admin/billing/key/removal */
export function AdminKeyRemovalPage({ frame, form }: { frame: Frame; form: FormView }): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title="Remove the key?"
      section="Admin"
      up={BILLING_UP}
      words={[
        "Nothing can be bought any more, and what somebody is paying for right now is credited only once there is a key again.",
        "Credits that people have stay theirs.",
      ]}
      form={{ ...form, submit: "Remove the key" }}
      cancelHref="/admin/billing/setup"
    />
  )
}

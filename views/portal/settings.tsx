// A developer's own settings: the name that people read, where money goes, papers, and the agreement.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { FormOf, type FormView, isOffered, Time } from "../ui/index.ts"

export interface DeveloperSettingsProps {
  frame: Frame
  form: FormView
  /** Of the person, for where no company is named. */
  name: string
  company: string | null
  /** "Bank account ending in 3000"; null: none. */
  method: string | null
  /** "VAT ID of Germany ending in 6789"; null: none. */
  taxNumber: string | null
  /** When the agreement was accepted last. */
  acceptedMs: number
}

export function DeveloperSettingsPage(props: DeveloperSettingsProps): JSX.Element {
  const { frame, form, name, company } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Developer settings"
      section="Developer"
      lead="Who makes your apps, and where what they earn goes."
    >
      <section aria-labelledby="company-title">
        <h2 id="company-title">Who people read</h2>
        <p class="quiet">
          {"Where people sign in to your apps and in the directory they read "}
          <bdi class="strong" safe>
            {company ?? name}
          </bdi>
          .
        </p>
        <FormOf form={form} csrf={frame.csrf} class="form page-form" />
      </section>
      <Papers {...props} />
    </ConsoleLayout>
  )
}

function Papers(props: DeveloperSettingsProps): JSX.Element {
  return (
    <section aria-labelledby="paid-title">
      <h2 id="paid-title">Payouts and papers</h2>
      <dl class="facts wide">
        {isOffered("GET", "/developer/payouts") ? (
          <Paid {...props} />
        ) : (
          <div>
            <dt>Payouts, documents and statements</dt>
            <dd>For those who handle the team’s money</dd>
          </div>
        )}
        <div>
          <dt>Developer agreement</dt>
          <dd>
            {"Accepted on "}
            <Time ms={props.acceptedMs} />
            {" · "}
            <a href="/developer-agreement">Read it</a>
          </dd>
        </div>
      </dl>
    </section>
  )
}

function Paid({ method, taxNumber }: Pick<DeveloperSettingsProps, "method" | "taxNumber">): JSX.Element {
  return (
    <>
      <div>
        <dt>Payout method</dt>
        <dd>
          <bdi safe>{method ?? "None yet"}</bdi>
          {" · "}
          <a href="/developer/payouts/method">{method === null ? "Choose one" : "Change"}</a>
        </dd>
      </div>
      <div>
        <dt>Tax number</dt>
        <dd>
          <bdi safe>{taxNumber ?? "None yet"}</bdi>
          {" · "}
          <a href="/developer/payouts/tax-number">{taxNumber === null ? "Add it" : "Change"}</a>
        </dd>
      </div>
      <div>
        <dt>Identity and tax documents</dt>
        <dd>
          <a href="/developer/payouts/documents">Documents</a>
        </dd>
      </div>
      <div>
        <dt>Statements</dt>
        <dd>
          <a href="/developer/payouts/statements">Of each month and year</a>
        </dd>
      </div>
    </>
  )
}

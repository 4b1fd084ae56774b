// Free calls of an app: what its developer pays for each of its users, what is left of it, and the credits that go in and out.
import { CREDITS_WORTH, type Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsExact, creditsText, plural, usdText } from "../ui/format.ts"
import { Badge, FormOf, type FormView, Notice } from "../ui/index.ts"
import { AppTabs, appPath } from "./app-tabs.tsx"

export interface AppPoolProps {
  frame: Frame
  app: { id: string; name: string }
  isTest: boolean
  /** Null: nobody said yet what it pays. */
  pool: { isOn: boolean; cap: Nano; left: Nano; held: Nano; used: Nano; people: number } | null
  /** Paid credits that its developer could put in. */
  spendable: Nano
  /** What its developer owes: it pays for nobody meanwhile. */
  owes: Nano
  forms: { terms: FormView; fund: FormView; takeBack: FormView }
}

export function AppPoolPage({ frame, app, isTest, pool, spendable, owes, forms }: AppPoolProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Free calls"
      section="Developer"
      lead="Pay for the first calls of each user, from credits that you bought. They read it where they allow your app."
      up={{ href: appPath(app.id), label: app.name }}
    >
      <AppTabs app={app} part="pool" />
      <section aria-labelledby="pool-title">
        <h2 id="pool-title">The pool</h2>
        {pool === null ? (
          <p class="quiet">This app pays for nobody yet. Say first what each person gets, then put credits in.</p>
        ) : (
          <>
            <State pool={pool} owes={owes} />
            <Facts wide facts={factsOf(pool)} />
          </>
        )}
      </section>
      <section aria-labelledby="terms-title">
        <h2 id="terms-title">What it pays</h2>
        <FormOf form={forms.terms} csrf={frame.csrf} class="form page-form" />
        <p class="help page-form">
          A call is paid by one of the two, whole: by the pool while it has enough and the person’s part lasts, then by
          their own credits within the limits they set. You earn nothing by calls that you pay for, and they cost that
          much less.
        </p>
      </section>
      {pool === null ? null : (
        <>
          <section aria-labelledby="fund-title">
            <h2 id="fund-title">Put credits in</h2>
            <p class="page-form" safe>
              {isTest
                ? "In test mode they are no money, and come from nowhere."
                : `You have ${creditsText(spendable)} that you bought; ${CREDITS_WORTH}. Free credits cannot be put in.`}
            </p>
            <FormOf form={forms.fund} csrf={frame.csrf} class="form page-form" isPlain />
          </section>
          {pool.left > 0 ? (
            <section aria-labelledby="take-title">
              <h2 id="take-title">Take credits back</h2>
              <p class="page-form">What no call holds, at any time. It is yours to spend as before.</p>
              <FormOf form={forms.takeBack} csrf={frame.csrf} class="form page-form" isPlain />
            </section>
          ) : null}
        </>
      )}
    </ConsoleLayout>
  )
}

function State({ pool, owes }: { pool: NonNullable<AppPoolProps["pool"]>; owes: Nano }): JSX.Element {
  const isPaying = pool.isOn && pool.left > 0 && owes === 0
  return (
    <>
      <p class="badges">
        <Badge tone={isPaying ? "ok" : "warn"} text={isPaying ? "Paying" : pool.isOn ? "Not paying" : "Off"} />
      </p>
      {owes > 0 ? (
        <Notice
          tone="warn"
          text={`It pays for nobody while you owe ${creditsText(owes)}. Buy credits, or take some back.`}
        />
      ) : pool.isOn && pool.left === 0 ? (
        <Notice tone="warn" text="The pool is empty: your users pay for their calls until you put credits in." />
      ) : null}
    </>
  )
}

const factsOf = ({ cap, left, held, used, people }: NonNullable<AppPoolProps["pool"]>) => [
  { label: "Left", value: <Amount amount={left} /> },
  ...(held > 0 ? [{ label: "Held by calls that run", value: <Amount amount={held} /> }] : []),
  { label: "Paid so far", value: <Amount amount={used} /> },
  { label: "For", text: plural(people, "person", "people") },
  { label: "Each at most", value: <Amount amount={cap} /> },
]

const Amount = ({ amount }: { amount: Nano }): JSX.Element => (
  <span class="num" title={creditsExact(amount)} safe>
    {`${creditsText(amount)} (${usdText(amount)})`}
  </span>
)

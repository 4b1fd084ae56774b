// Whose credits an app spends.
import { PayerChoice, type PayerOption } from "../auth/payer.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { FormOf, type FormView } from "../ui/index.ts"

export interface AppPayerProps {
  frame: Frame
  app: { name: string }
  options: readonly PayerOption[]
  form: FormView
}

/** A page that opens as a dialog where scripts run. */
export function AppPayerPage({ frame, app, options, form }: AppPayerProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title={`Credits for ${app.name}`} head={false} up={{ href: "/apps", label: "Apps" }}>
      <section id="confirm" class="confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title">
          {"Whose credits may "}
          <bdi safe>{app.name}</bdi>
          {" spend?"}
        </h1>
        <p class="quiet">Counts from its next call on. Its limits stay as they are.</p>
        <FormOf form={form} csrf={frame.csrf} cancelHref="/apps">
          <PayerChoice options={options} error={form.errors?.payer} />
        </FormOf>
      </section>
    </ConsoleLayout>
  )
}

// The tax number of a payee: given, changed, taken off. Only its end is ever shown.
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { EditPage } from "../../layout/edit-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { Button, type FormView } from "../../ui/index.ts"

const HOME = "/developer/payouts"
const PATH = `${HOME}/tax-number`

export interface TaxNumberProps {
  frame: Frame
  /** "VAT ID of Germany ending in 6789"; null: none was given. */
  name: string | null
  form: FormView
}

/** POST its own address: csrf, country, kind, number. */
export function TaxNumberPage({ frame, name, form }: TaxNumberProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Tax number"
      section="Developer"
      lead="Tax offices ask for it beside what you were paid. Kept sealed; whoever runs this service can read it."
      up={{ href: HOME, label: "Payouts" }}
      heading={name === null ? undefined : "Change it"}
      form={form}
      cancelHref={HOME}
      before={
        name === null ? null : (
          <section aria-labelledby="now-title">
            <h2 id="now-title">Now</h2>
            <p>
              <strong>
                <bdi safe>{name}</bdi>
              </strong>
            </p>
            <div class="actions">
              <Button kind="danger" href={`${PATH}/removal`} dialog label="Take off" />
            </div>
          </section>
        )
      }
    />
  )
}

export interface TaxNumberRemovalProps {
  frame: Frame
  name: string
  form: FormView
}

/** POST its own address: csrf. */
export function TaxNumberRemovalPage({ frame, name, form }: TaxNumberRemovalProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title="Take the tax number off?"
      section="Developer"
      up={{ href: PATH, label: "Tax number" }}
      form={form}
      cancelHref={PATH}
      words={[`${name} is deleted. You can give it again.`]}
    />
  )
}

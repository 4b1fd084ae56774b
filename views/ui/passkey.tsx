// A form that a passkey fills in: the script asks the authenticator and sends what it says. Not there without scripts; the script takes it
// away where the browser knows no passkeys.
import type { Children } from "@kitajs/html"
import { assetUrl } from "../layout/assets.ts"
import { Button } from "./button.tsx"
import { Fields, type FormView } from "./fields.tsx"
import { Form } from "./form.tsx"

/** What an authenticator is asked, as the browser takes it. */
export interface PasskeyAsk {
  options: Readonly<Record<string, unknown>>
  form: FormView
}

export interface PasskeyProps extends PasskeyAsk {
  csrf: string
  /** `new` makes one. */
  kind: "use" | "new"
  /** Offered under the email field too, before anything is pressed. */
  offers?: boolean
  primary?: boolean
  wide?: boolean
  /** Above the button. */
  children?: Children
}

export function Passkey(props: PasskeyProps): JSX.Element {
  const { options, form, csrf, kind, offers, primary, wide } = props
  return (
    <div
      class="passkey js"
      data-module={assetUrl("js/passkey.js")}
      data-kind={kind}
      data-options={JSON.stringify(options)}
      data-offers={offers ? "" : undefined}
    >
      {props.children ?? null}
      <Form action={form.action} csrf={csrf} class="form">
        <Fields form={form} />
        <Button kind={primary ? "primary" : "plain"} icon="key" label={form.submit} wide={wide} />
      </Form>
      <p class="quiet" role="status" />
    </div>
  )
}

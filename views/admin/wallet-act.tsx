// Changing a wallet: a form, then what will happen in plain words, then it is done. The forms and single-step acts open as a dialog
// where scripts run. What was typed is never lost.
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, Confirm, ErrorSummary, Field, Form, Notice, Select } from "../ui/index.ts"
import { userPath } from "./user-tabs.tsx"

interface ActBase {
  frame: Frame
  user: { id: string; label: string }
  /** "Give a bonus". */
  title: string
  /** What it does, a sentence each. */
  words: readonly string[]
  isOwn: boolean
  /** Where the form is sent. */
  action: string
  cancelHref: string
  /** Fields that go along: mode, key. */
  hidden: Record<string, string>
}

export interface ActField {
  name: string
  label: string
  help?: string
  suffix?: string
  options?: readonly { value: string; label: string }[]
  optional?: boolean
}

export interface AdminWalletActProps extends ActBase {
  fields: readonly ActField[]
  values: Record<string, string>
  errors?: FormErrors | undefined
  label: string
  danger?: boolean | undefined
}

function Own({ isOwn }: { isOwn: boolean }): JSX.Element {
  return isOwn ? <Notice tone="warn" text="This is your own wallet. The audit log will say so." /> : ""
}

const trail = (user: ActBase["user"], cancelHref: string) => [
  { href: "/admin/users", label: "Users" },
  { href: userPath(user.id), label: user.label },
  { href: cancelHref, label: "Wallet" },
]

/** GET and POST of every act; POST without `confirmed` answers with the confirm page where there is one. */
export function AdminWalletActPage(props: AdminWalletActProps): JSX.Element {
  const { frame, user, values, errors } = props
  return (
    <ConsoleLayout frame={frame} title={props.title} section="Admin" head={false} up={trail(user, props.cancelHref)}>
      <section id="confirm" class="confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title">
          <bdi safe>{props.title}</bdi>
        </h1>
        {props.words.map((word) => (
          <p class={props.danger ? undefined : "quiet"} safe>
            {word}
          </p>
        ))}
        <Own isOwn={props.isOwn} />
        <ErrorSummary errors={errors} />
        <Form action={props.action} csrf={frame.csrf} hidden={props.hidden}>
          {props.fields.map((field) =>
            field.options ? (
              <Select
                name={field.name}
                label={field.label}
                help={field.help}
                options={field.options}
                value={values[field.name]}
                error={errors?.[field.name]}
              />
            ) : (
              <Field
                name={field.name}
                label={field.label}
                help={field.help}
                suffix={field.suffix}
                inputmode={field.suffix ? "decimal" : undefined}
                optional={field.optional}
                required={!field.optional}
                autocomplete="off"
                maxlength={field.suffix ? 40 : 500}
                value={values[field.name]}
                error={errors?.[field.name]}
              />
            ),
          )}
          <div class="actions">
            <Button kind={props.danger ? "danger" : "primary"} label={props.label} />
            <a class="button plain" href={props.cancelHref} data-close="">
              Cancel
            </a>
          </div>
        </Form>
      </section>
    </ConsoleLayout>
  )
}

export interface AdminWalletConfirmProps extends ActBase {
  reason: string
  label: string
  danger?: boolean | undefined
}

/** What will be posted, before it is. */
export function AdminWalletConfirmPage(props: AdminWalletConfirmProps): JSX.Element {
  const { frame, user } = props
  return (
    <ConsoleLayout frame={frame} title={props.title} section="Admin" head={false} up={trail(user, props.cancelHref)}>
      <Confirm
        title={props.title}
        csrf={frame.csrf}
        action={props.action}
        label={props.label}
        cancelHref={props.cancelHref}
        danger={props.danger ?? false}
        hidden={props.hidden}
      >
        {props.words.map((word) => (
          <p safe>{word}</p>
        ))}
        <p class="quiet">
          {"Reason: "}
          <bdi safe>{props.reason}</bdi>
        </p>
        <Own isOwn={props.isOwn} />
      </Confirm>
    </ConsoleLayout>
  )
}

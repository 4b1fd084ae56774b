// Buttons and links that look like them. Labels are verbs that say what will happen.
import { Icon, type IconName } from "./icon.tsx"
import { isOffered } from "./seat.ts"

export type ButtonKind = "primary" | "plain" | "danger" | "link"

export interface ButtonProps {
  /** User text is fine: it is escaped. */
  label: string
  kind?: ButtonKind | undefined
  /** With `href` it is a link, else a submit button. */
  href?: string | undefined
  type?: "submit" | "button" | undefined
  name?: string | undefined
  value?: string | undefined
  id?: string | undefined
  icon?: IconName | undefined
  wide?: boolean | undefined
  small?: boolean | undefined
  disabled?: boolean | undefined
  /** It works already: announced as busy, and a second press sends nothing. Scripts set it while a form is under way. */
  busy?: boolean | undefined
  /** A link to a confirm page that opens in a dialog where scripts run. */
  dialog?: boolean | undefined
  /** A link whose page is put in place of these parts: ids, separated by spaces. */
  swap?: string | undefined
  /** Only where no scripts run: the fields of its form apply by themselves. */
  isNojs?: boolean | undefined
  /** Id of a form elsewhere on the page. */
  form?: string | undefined
}

export function Button(props: ButtonProps): JSX.Element {
  const { kind = "plain", icon } = props
  const { wide, small, isNojs } = props
  const classes = ["button", kind, wide && "wide", small && "small", isNojs && "nojs"].filter(Boolean).join(" ")
  if (props.href !== undefined && !isOffered("GET", props.href)) return ""
  if (props.href !== undefined) {
    return (
      <a
        class={classes}
        href={props.href}
        id={props.id}
        data-dialog={props.dialog ? "" : undefined}
        data-swap={props.swap}
      >
        <Face icon={icon} label={props.label} />
      </a>
    )
  }
  return (
    <button
      class={classes}
      type={props.type ?? "submit"}
      name={props.name}
      value={props.value}
      id={props.id}
      form={props.form}
      disabled={props.disabled}
      aria-busy={props.busy ? "true" : undefined}
    >
      <Face icon={icon} label={props.label} />
    </button>
  )
}

function Face({ icon, label }: { icon: IconName | undefined; label: string }): JSX.Element {
  return (
    <>
      {icon ? <Icon name={icon} /> : null}
      <span safe>{label}</span>
    </>
  )
}

// The question before a destructive act: what is lost, a named verb, a way back. A page of its own; scripts lift `#confirm`
// into a dialog.
import type { Children } from "@kitajs/html"
import { Button } from "./button.tsx"
import { Form } from "./form.tsx"

export interface ConfirmProps {
  title: string
  csrf: string
  action: string
  /** The verb with its object: "Revoke Storyteller". */
  label: string
  cancelHref: string
  danger?: boolean | undefined
  hidden?: Record<string, string | undefined> | undefined
  /** Only for a second one on the same page: its id in place of "confirm", and the level of its heading. */
  id?: string | undefined
  level?: 1 | 4 | undefined
  /** What happens and what is lost, as paragraphs. */
  children: Children
}

export function Confirm(props: ConfirmProps): JSX.Element {
  const { id = "confirm", level = 1 } = props
  return (
    <section id={id} class="confirm" aria-labelledby={`${id}-title`}>
      {level === 1 ? (
        <h1 id={`${id}-title`} safe>
          {props.title}
        </h1>
      ) : (
        <h4 id={`${id}-title`} safe>
          {props.title}
        </h4>
      )}
      {props.children}
      <Form action={props.action} csrf={props.csrf} hidden={props.hidden} class="actions">
        <Button kind={props.danger === false ? "primary" : "danger"} label={props.label} />
        <a class="button plain" href={props.cancelHref} data-close="">
          Cancel
        </a>
      </Form>
    </section>
  )
}

// The question before an act, with the fields that it still needs. A page of its own; scripts lift `#confirm` into a dialog.
import type { Children } from "@kitajs/html"
import { Confirm } from "../ui/confirm.tsx"
import { FormOf, type FormView } from "../ui/fields.tsx"
import { ConsoleLayout, type ConsoleLayoutProps } from "./console.tsx"

export interface ConfirmPageProps extends Pick<ConsoleLayoutProps, "frame" | "title" | "section" | "up"> {
  form: FormView
  cancelHref: string
  /** What happens and what is lost, a sentence each. */
  words?: readonly string[] | undefined
  /** Quieter than what an act in danger says. */
  isQuiet?: boolean | undefined
  /** Beside the words. */
  children?: Children
}

export function ConfirmPage(props: ConfirmPageProps): JSX.Element {
  const { frame, title, form, words = [], cancelHref, isQuiet } = props
  return (
    <ConsoleLayout frame={frame} title={title} section={props.section} head={false} up={props.up}>
      <section id="confirm" class="confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title">
          <bdi safe>{title}</bdi>
        </h1>
        {words.map((word) => (
          <p class={isQuiet ? "quiet" : undefined} safe>
            {word}
          </p>
        ))}
        {props.children ?? null}
        <FormOf form={form} csrf={frame.csrf} cancelHref={cancelHref} />
      </section>
    </ConsoleLayout>
  )
}

export interface AskedPageProps extends Pick<ConsoleLayoutProps, "frame" | "title" | "section" | "up"> {
  action: string
  /** What was typed, and that it is confirmed. */
  hidden: Record<string, string>
  words: readonly string[]
  label: string
  danger: boolean
  cancelHref: string
  children?: Children
}

/** What will happen with what was typed, before it does. */
export function AskedPage(props: AskedPageProps): JSX.Element {
  const { frame, title } = props
  return (
    <ConsoleLayout frame={frame} title={title} section={props.section} head={false} up={props.up}>
      <Confirm
        title={title}
        csrf={frame.csrf}
        action={props.action}
        label={props.label}
        cancelHref={props.cancelHref}
        danger={props.danger}
        hidden={props.hidden}
      >
        {props.words.map((word) => (
          <p safe>{word}</p>
        ))}
        {props.children ?? null}
      </Confirm>
    </ConsoleLayout>
  )
}

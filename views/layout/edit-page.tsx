// A page around one declared form: head, what stands before it, the form, what stands after it.
import type { Children } from "@kitajs/html"
import { type BelowFields, FormOf, type FormView } from "../ui/fields.tsx"
import { ConsoleLayout, type ConsoleLayoutProps } from "./console.tsx"

export interface EditPageProps extends Omit<ConsoleLayoutProps, "children" | "head"> {
  form: FormView
  /** Of the form's section. Without one it is named for readers by the form's own verb. */
  heading?: string | undefined
  /** Sentences above the form. */
  words?: readonly string[] | undefined
  /** Width and grid of the form. */
  formClass?: string | undefined
  cancelHref?: string | undefined
  below?: BelowFields | undefined
  before?: Children
  after?: Children
}

export function EditPage(props: EditPageProps): JSX.Element {
  const { form, heading, words = [], formClass = "form page-form", cancelHref, below, before, after, ...layout } = props
  return (
    <ConsoleLayout {...layout}>
      {before ?? null}
      <section aria-labelledby="edit-title">
        <h2 id="edit-title" class={heading === undefined ? "sr" : undefined} safe>
          {heading ?? form.submit}
        </h2>
        {words.map((text) => (
          <p class="quiet page-form" safe>
            {text}
          </p>
        ))}
        <FormOf form={form} csrf={props.frame.csrf} class={formClass} cancelHref={cancelHref} below={below} />
      </section>
      {after ?? null}
    </ConsoleLayout>
  )
}

// One thing that can be set, on a page of settings.
import type { Children } from "@kitajs/html"

interface PartProps {
  id: string
  title: string
  note: string
  children: Children
}

/** One thing that can be set: its name and what it means beside its form. */
export function Part({ id, title, note, children }: PartProps): JSX.Element {
  return (
    <section aria-labelledby={`${id}-title`}>
      <div class="head">
        <h2 id={`${id}-title`} safe>
          {title}
        </h2>
        <p class="quiet" safe>
          {note}
        </p>
      </div>
      <div class="form">{children}</div>
    </section>
  )
}

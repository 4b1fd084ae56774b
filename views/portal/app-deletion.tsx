// Deleting an app: what is lost and when, and the way back.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Form, type FormView, Notice, When } from "../ui/index.ts"

export interface AppDeletionProps {
  frame: Frame
  app: { id: string; name: string }
  /** People who allow it now. */
  people: number
  form: FormView
}

const pathOf = (id: string): string => `/developer/apps/${encodeURIComponent(id)}`

export function AppDeletionPage({ frame, app, people, form }: AppDeletionProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Delete ${app.name}?`}
      section="Developer"
      up={{ href: pathOf(app.id), label: app.name }}
      form={{ ...form, submit: `Delete ${app.name}`, danger: true }}
      cancelHref={pathOf(app.id)}
    >
      <p>
        <span safe>
          {people === 0
            ? "Nobody uses it now."
            : people === 1
              ? "One person uses it now."
              : `${people} people use it now.`}
        </span>
        {" From this moment on nobody can sign in to "}
        <bdi class="strong" safe>
          {app.name}
        </bdi>
        {" or spend through it, and its keys are refused."}
      </p>
      <p>
        For seven days you can bring it back, with everything as it was. Then what people allowed, its secrets and its
        keys are gone for good. What it earned stays yours.
      </p>
    </ConfirmPage>
  )
}

/** On the page of an app: that it is deleted, or how. */
export function AppEnd({
  csrf,
  now,
  app,
  endsMs,
}: {
  csrf: string
  now: number
  app: { id: string; name: string }
  endsMs: number | null
}): JSX.Element {
  if (endsMs === null)
    return (
      <>
        <section aria-labelledby="cache-title">
          <h2 id="cache-title">Answer from the cache</h2>
          <p class="quiet">
            The same call of the same person again costs a part of the price, and no provider is asked.
          </p>
          <Button href={`${pathOf(app.id)}/cache`} label="Set the cache" />
        </section>
        <section aria-labelledby="transfer-title">
          <h2 id="transfer-title">Hand it over</h2>
          <p class="quiet">Give it to another developer, who has to accept it.</p>
          <Button href={`${pathOf(app.id)}/transfer`} label="Hand this app over" />
        </section>
        <section aria-labelledby="delete-title">
          <h2 id="delete-title">Delete</h2>
          <p class="quiet">It is closed at once and gone in seven days. Until then you can bring it back.</p>
          <Button dialog href={`${pathOf(app.id)}/deletion`} label="Delete this app" />
        </section>
      </>
    )
  return (
    <Notice tone="warn" text="You deleted this app. Nobody can sign in to it or spend through it.">
      <p>
        {"It is gone for good "}
        <When ms={endsMs} now={now} />.
      </p>
      <Form action={`${pathOf(app.id)}/restoration`} csrf={csrf}>
        <Button kind="primary" label="Bring it back" />
      </Form>
    </Notice>
  )
}

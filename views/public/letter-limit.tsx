// Where a link of the monthly letter leads: it asks once more, and then limits one app.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { plural } from "../ui/format.ts"
import { Button, Form } from "../ui/index.ts"

export interface LetterLimitProps {
  frame: Frame
  /** Null: the address was not made here, is over, or its app has no access any more. */
  offered: { appName: string; most: number; kinds: number; isSet: boolean } | null
  /** The very address, with its signature: that is what lets it do this one thing. */
  action: string
}

export function LetterLimitPage({ frame, offered, action }: LetterLimitProps): JSX.Element {
  const title = offered === null ? "This link limits nothing" : offered.isSet ? "The limit is set" : "Limit this app?"
  return (
    <PublicLayout frame={frame} title={title}>
      <div class="prose">
        <h1>{title}</h1>
        {offered === null ? (
          <p>It may be cut off or too old, or the app has no access any more. You set limits under Apps.</p>
        ) : (
          <p safe>{words(offered)}</p>
        )}
        {offered !== null && !offered.isSet ? (
          <Form action={action} csrf={frame.csrf}>
            <Button kind="primary" type="submit" label="Set the limit" />
          </Form>
        ) : null}
        <p>
          <a href="/apps">All your apps and their limits</a>
        </p>
      </div>
    </PublicLayout>
  )
}

function words({ appName, most, kinds, isSet }: NonNullable<LetterLimitProps["offered"]>): string {
  const amount = `${plural(most, "credit")} a day`
  const what = kinds === 1 ? amount : `${amount} for each of the ${kinds} things that you allowed it`
  if (isSet) return `${appName} may spend at most ${what}. Raising it again needs you to be signed in.`
  return `${appName} may then spend at most ${what}. Limits that are lower already stay. Nothing has changed yet.`
}
